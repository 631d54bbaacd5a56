"""The queue's server is away: what was typed on a page stays there, and the blank form is one press away."""

from http import HTTPStatus

import pytest
from lxml import html

from kpr_portal.ground import clock
from reservations.postal import kept
from reservations.postal.kinds import all_forms
from tests.reservations.postal.filling import (
    CHILD,
    LANGUAGE,
    MOTHER,
    NAME,
    PERSON,
    RESERVE,
    SIGNER,
    faults_on,
    text,
    typed_on,
)
from tests.support.family import enter_family
from tests.support.sign_in import carried, sign_in

pytestmark = pytest.mark.django_db

SUMMARY = "/skjema/oppsummering/"
OFFICE = {"office": "Barnevernet i Lom", "address": "Gata 2\r\n2686 Lom"}
EVERY = [pytest.param(form, basis, id=f"{form.slug} {basis.slug}") for form, basis in all_forms()]
CHOICES = {
    "reservasjon": RESERVE,
    "innsyn": {"several": ["records+", "accesses+"]},
    "innsyn-hjelper": {"several": ["records+", "releases+"]},
    "lagringstid": {"choice_1": "retention_limit-"},
    "sletting": {"choice_1": "block+", "details": "Det fra 2019.\r\n<b>Alt</b>"},
}


@pytest.fixture
def server(settings):
    """The queue's server, which may go away and come back with all that it held."""

    class Server:
        url = settings.REDIS_URL

        def goes_away(self):
            settings.REDIS_URL = "redis://127.0.0.1:1/0"

        def comes_back(self):
            settings.REDIS_URL = self.url

    return Server()


def every_answer(form, basis):
    """Everything that is typed in such a form, by page."""
    ten = clock.today().replace(year=clock.today().year - 10)
    return {
        "valg": CHOICES[form.slug],
        "hvem": {
            **PERSON,
            **({"born": f"{ten:%d.%m.%Y}"} if basis.for_a_child else {}),
            **({"keep": "on"} if basis.is_self else {}),
        },
        **(
            {}
            if basis.is_self
            else {
                "underskrift": {
                    "name": SIGNER,
                    **(OFFICE if basis.for_an_office else {"number": MOTHER.digits}),
                    **({"heard": "on"} if basis.hears else {}),
                }
            }
        ),
        **(
            {"hjelper": {"name": "Lege Lom", "workplace": "Fjordgata", "address": "Gata 1\r\n0001 Oslo"}}
            if form.helper
            else {}
        ),
        "sprak": {**LANGUAGE, "language": "nn", "large_print": "on"},
    }


def listed(typed):
    return {name: value if isinstance(value, list) else [value] for name, value in typed.items()}


def shown(page):
    """What the page would send, as it was typed."""
    typed = typed_on(page)
    return {
        name: [value.replace("\r\n", "\n").replace("\n", "\r\n") for value in values]
        for name, values in typed.items()
        if name not in {"csrfmiddlewaretoken", "skjema"}
    }


@pytest.mark.parametrize(("form", "basis"), EVERY)
def test_what_was_typed_on_any_page_stays_and_is_taken_when_the_server_is_back(visitor, server, form, basis):
    visitor.begins(form.slug, basis.slug)
    answers = every_answer(form, basis)
    for step, typed in answers.items():
        server.goes_away()
        page = visitor.answers(step, **typed)

        assert (page.status_code, page["Retry-After"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "30")
        assert page["Cache-Control"] == "private, no-store"
        assert shown(page) == listed(typed)
        assert (faults_on(page), alerts(page)) == ([], ["Vi får ikke lagret det du skrev akkurat nå"])
        assert blank_links(page) == [f"/skjema/tomt/{form.slug}/{basis.slug}/"]

        server.comes_back()
        way = visitor.client.post(f"/skjema/utfylling/{step}/", typed_on(page))["Location"]
    assert way == SUMMARY
    assert [shown(visitor.opens(step)) for step in answers] == [listed(typed) for typed in answers.values()]


def test_what_is_wrong_with_it_is_told_too(visitor, server):
    visitor.begins("reservasjon", "meg-selv")
    visitor.answers("valg", **RESERVE)
    server.goes_away()

    page = visitor.answers("hvem", name=NAME, number="123")

    assert (page.status_code, faults_on(page)) == (HTTPStatus.SERVICE_UNAVAILABLE, ["number"])
    assert shown(page) == {"name": [NAME], "number": ["123"]}


def test_server_that_has_no_room_keeps_what_was_answered_before_and_the_page_what_is_typed_now(
    visitor, own_queue
):
    visitor.begins("reservasjon", "barn")
    visitor.answers("valg", **RESERVE)
    visitor.answers("hvem", **PERSON, born="01.01.2024")
    kept.server().config_set("maxmemory-policy", "noeviction")
    kept.server().config_set("maxmemory", 1)

    page = visitor.answers("underskrift", name=SIGNER, number=CHILD.digits)

    assert (page.status_code, alerts(page)) == (
        HTTPStatus.SERVICE_UNAVAILABLE,
        ["Vi får ikke lagret det du skrev akkurat nå"],
    )
    assert (shown(page)["name"], faults_on(page)) == (
        [SIGNER],
        ["number"],
    )  # the child's number is known still
    kept.server().config_set("maxmemory", 0)
    assert visitor.answers("underskrift", name=SIGNER, number=MOTHER.digits).status_code == HTTPStatus.FOUND


@pytest.mark.speaks_numbers
def test_name_and_number_that_the_register_knows_are_not_asked_for_meanwhile(visitor, server):
    family = enter_family()
    sign_in(visitor.client, family.person("parent"), proven=True)
    visitor.begins("reservasjon", "barn", kjent="on", **carried(visitor.client))
    visitor.answers("valg", **RESERVE)
    visitor.answers("hvem", **PERSON, born="01.01.2024")
    server.goes_away()

    page = visitor.answers("underskrift", heard="on")

    assert (page.status_code, shown(page)) == (HTTPStatus.SERVICE_UNAVAILABLE, {"heard": ["on"]})


def test_page_of_another_form_than_the_cookies_is_not_shown_as_one_of_it(visitor, server):
    visitor.begins("innsyn", "meg-selv")
    server.goes_away()

    page = visitor.answers("hvem", skjema="0" * 16, **PERSON)

    assert (page.status_code, NAME in text(page)) == (HTTPStatus.SERVICE_UNAVAILABLE, False)


@pytest.mark.parametrize("path", ["utfylling/hvem/", "oppsummering/", "ferdig/", "ferdig/skjema.pdf"])
def test_page_that_was_only_opened_tries_again_by_itself(visitor, server, path):
    visitor.fills_in()
    server.goes_away()

    page = visitor.client.get(f"/skjema/{path}")

    assert page.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "Siden prøver igjen av seg selv." in text(page)
    assert pressed(page, "Last siden på nytt") == [""]
    assert blank_links(page) == ["/skjema/tomt/reservasjon/meg-selv/"]


def test_order_that_was_not_taken_leads_back_to_the_summary(visitor, server):
    visitor.fills_in()
    server.goes_away()

    page = visitor.orders()

    assert page.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert (pressed(page, "Prøv igjen"), blank_links(page)) == (
        [SUMMARY],
        ["/skjema/tomt/reservasjon/meg-selv/"],
    )
    server.comes_back()
    assert NAME in text(visitor.client.get(SUMMARY))


@pytest.mark.parametrize("beside", ["", ".x.y", ".reservasjon", ".reservasjon.avdod", "..", ".<b>.<b>"])
def test_cookie_that_does_not_say_which_form_leads_to_the_start(visitor, server, beside):
    visitor.fills_in()
    key = visitor.key
    visitor.client.cookies["form"] = key.text + beside
    assert visitor.opens("hvem").status_code == HTTPStatus.OK
    server.goes_away()

    for page in (visitor.opens("hvem"), visitor.answers("hvem", **PERSON)):
        assert page.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert pressed(page, "Velg et tomt skjema") == ["/skjema/"]


def test_form_is_deleted_all_the_same(visitor, server):
    visitor.fills_in()
    server.goes_away()

    assert (visitor.deletes()["Location"], visitor.cookie) == ("/skjema/slettet/", "")


def test_form_that_was_begun_again_finds_the_blank_one(visitor, server):
    visitor.fills_in()
    server.goes_away()

    page = visitor.begins("reservasjon", "barn", anew="1")

    assert (page.status_code, page["Retry-After"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "30")
    assert blank_links(page) == ["/skjema/tomt/reservasjon/barn/"]


def alerts(page):
    return html.fromstring(page.content).xpath('//main//*[@role="alert"]/h2/text()')


def blank_links(page):
    return html.fromstring(page.content).xpath('//main//a[starts-with(@href, "/skjema/tomt/")]/@href')


def pressed(page, name):
    return html.fromstring(page.content).xpath(f'//main//a[normalize-space()="{name}"]/@href')
