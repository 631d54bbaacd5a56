"""A person signs in with ID-porten, uses two windows, and signs out: in Chromium, under the strict CSP."""

import pytest

from kpr_portal.embedded.idporten import ProviderConfig, start_provider, write_people
from kpr_portal.embedded.places import Places, remembered_ports
from kpr_portal.login.models import Session
from tests.people.numbers import synthetic_number

CITIZEN = synthetic_number(30)


@pytest.fixture
def idporten(live_server, settings, tmp_path):
    """The local ID-porten, for the portal that the test runs."""
    places = Places(tmp_path)
    for part in (places.keys, places.run, places.idporten):
        part.mkdir()
    write_people(tmp_path / "people.json", [{"number": CITIZEN.digits, "name": "Rolig Fjell", "about": ""}])
    config = ProviderConfig(
        kind="idporten",
        port=remembered_ports(places, ["idporten"])["idporten"],
        portals=[live_server.url],
        people_file=tmp_path / "people.json",
        keys=places.keys,
        folder=places.idporten,
    )
    with start_provider(config) as provider:
        settings.PUBLIC_URL = live_server.url
        settings.SIGN_IN_ORIGINS = [provider.issuer]
        for name, value in provider.environment.items():
            setattr(settings, name, value)
        directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        settings.CONTENT_SECURITY_POLICY = {
            "DIRECTIVES": {**directives, "form-action": [*directives["form-action"][:1], provider.issuer]}
        }
        yield provider


class Journey:
    """One window of one browser; the steps are told by the tests."""

    def __init__(self, context, portal):
        self.page = context.new_page()
        self.portal = portal
        self.complaints = []
        self.page.on(
            "console",
            lambda said: (
                self.complaints.append(said.text) if "Content Security Policy" in said.text else None
            ),
        )

    def when_i_open(self, path):
        self.page.goto(self.portal + path)

    def when_i_choose_myself_at_idporten(self):
        self.page.get_by_role("button", name="Rolig Fjell").first.click()

    def when_i_press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def heading(self):
        return self.page.get_by_role("heading", level=1).first.inner_text()


@pytest.fixture
def journey(chromium, live_server, idporten):
    """Run a story in the browser's own thread, with or without JavaScript."""

    def run(story, *, scripts=True):
        def tell(browser):
            context = browser.new_context(java_script_enabled=scripts, locale="nb-NO")
            context.set_default_timeout(15_000)
            try:
                return story(lambda: Journey(context, live_server.url))
            finally:
                context.close()

        return chromium.ask(tell)

    return run


def sign_in(window, path="/logg-inn/hvem/"):
    window.when_i_open(path)
    window.when_i_choose_myself_at_idporten()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_person_signs_in_and_out_again(journey, live_server, scripts):
    def story(window):
        one = window()
        sign_in(one)
        seen = [one.heading()]
        one.when_i_press("Logg ut")
        if not scripts:
            one.when_i_press("Fullfør utloggingen")
        one.page.wait_for_url(f"{live_server.url}/")
        seen.append("Du er logget ut." in one.page.content())
        if scripts:  # without, the way back is a form sent again, which the browser asks about
            one.page.go_back()
        seen.append("Hvem handler du for?" in one.page.content())
        return seen, one.complaints

    seen, complaints = journey(story, scripts=scripts)

    assert seen == ["Hvem handler du for?", True, False]
    assert complaints == []
    assert Session.objects.exclude(account=None).count() == 0


def test_signing_out_in_one_window_ends_the_other_browser_on_the_same_sign_in(journey, live_server):
    def story(window):
        one = window()
        sign_in(one)
        kept = [c for c in one.page.context.cookies() if c["name"] == "session"]
        one.page.context.clear_cookies(name="session")
        two = window()
        two.when_i_open("/logg-inn/hvem/")  # signed in at ID-porten already: straight in, another session
        seen = [two.heading()]
        two.when_i_press("Logg ut")
        two.page.wait_for_url(f"{live_server.url}/")
        one.page.context.clear_cookies(name="session")
        one.page.context.add_cookies(kept)
        one.when_i_open("/logg-inn/hvem/")
        seen.append(one.page.url.startswith(live_server.url))
        return seen

    assert journey(story) == ["Hvem handler du for?", False]
    assert Session.objects.exclude(account=None).count() == 0
