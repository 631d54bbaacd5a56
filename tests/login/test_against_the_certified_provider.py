"""The whole way against `oidc-provider`, configured to demand all that ID-porten can.

Digdir's verification of a client: sign-in here and elsewhere first (SSO), sign-out here and elsewhere, forced
sign-in, language.
"""

import html
import re
from datetime import timedelta
from urllib.parse import urljoin

import pytest
import requests
from django.core.cache import cache
from django.test import Client

from kpr_portal.embedded.idporten import ProviderConfig, start_provider, write_people
from kpr_portal.embedded.places import Places, remembered_ports
from kpr_portal.ground import clock
from kpr_portal.login.models import Session
from kpr_portal.people.models import Role
from kpr_portal.people.operations import grant_role, person_for
from tests.login.browser import Browser
from tests.support.numbers import synthetic_number

PORTAL = "http://127.0.0.1:8000"
CITIZEN, CASEWORKER = synthetic_number(20), synthetic_number(21)


def start(kind, folder, *, hostile=()):
    places = Places(folder)
    for part in (places.keys, places.run, places.idporten):
        part.mkdir(exist_ok=True)
    people = folder / "people.json"
    about = {"about": "", "roles": ["caseworker"], "organisation": "Folkehelseinstituttet"}
    number = CITIZEN if kind == "idporten" else CASEWORKER
    write_people(people, [{"number": number.digits, "name": "Rolig Fjell", **about}])
    config = ProviderConfig(
        kind=kind,
        port=remembered_ports(places, [kind])[kind],
        portals=[PORTAL],
        people_file=people,
        keys=places.keys,
        folder=places.idporten,
        hostile=hostile,
    )
    return start_provider(config)


@pytest.fixture(scope="module")
def _citizens(tmp_path_factory):
    with start("idporten", tmp_path_factory.mktemp("certified")) as provider:
        yield provider


@pytest.fixture(scope="module")
def _for_staff(tmp_path_factory):
    with start("staff", tmp_path_factory.mktemp("certified-staff")) as provider:
        yield provider


@pytest.fixture
def use(settings, db):
    """Let the portal use a provider."""

    def use(provider):
        settings.PUBLIC_URL = PORTAL
        for name, value in provider.environment.items():
            setattr(settings, name, value)
        cache.clear()
        return provider

    return use


@pytest.fixture
def certified(_citizens, use):
    return use(_citizens)


@pytest.fixture
def certified_for_staff(_for_staff, use):
    return use(_for_staff)


class Eid:
    """The browser's side at the provider: its cookies, and the page on which one signs in."""

    def __init__(self):
        self.session = requests.Session()

    def follow(self, response):
        while response.is_redirect and not response.headers["Location"].startswith(PORTAL):
            address = urljoin(response.url, response.headers["Location"])
            response = self.session.get(address, allow_redirects=False, timeout=5)
        return response

    def go(self, address):
        return self.follow(self.session.get(address, allow_redirects=False, timeout=5))

    def send(self, address, **fields):
        return self.follow(self.session.post(address, data=fields, allow_redirects=False, timeout=5))

    def sign_in(self, page, *, number=CITIZEN, level="idporten-loa-high"):
        assert page.status_code == 200
        return self.send(page.url, person=number.digits, level=level).headers["Location"]


def begin(visitor, *, query="", door="/logg-inn/"):
    response = visitor.get(door + query)
    assert response.status_code == 302
    return response["Location"]


def sign_in(visitor, eid, *, door="/logg-inn/", query="", **kwargs):
    page = eid.go(begin(visitor, query=query, door=door))
    return visitor.come_back(eid.sign_in(page, **kwargs))


def test_a_citizen_signs_in(certified, visitor):
    response = sign_in(visitor, Eid(), query="?next=/personvern/")

    assert (response.status_code, response["Location"]) == (302, "/personvern/")
    assert visitor.is_signed_in
    session = Session.objects.get()
    assert session.issuer == certified.issuer
    assert session.sid


def test_one_signed_in_elsewhere_comes_straight_in(certified, visitor, another_visitor):
    eid = Eid()
    sign_in(visitor, eid)

    answer = eid.go(begin(another_visitor))

    assert answer.is_redirect
    another_visitor.come_back(answer.headers["Location"])
    assert another_visitor.is_signed_in


def test_proof_once_more_shows_the_sign_in_page_again(certified, visitor):
    eid = Eid()
    sign_in(visitor, eid)

    page = eid.go(begin(visitor, query="?paa_nytt=1"))

    assert page.status_code == 200


def test_proof_once_more_is_believed_where_it_was_given(certified, visitor, settings):
    settings.ROOT_URLCONF = "tests.login.urls"
    eid = Eid()
    sign_in(visitor, eid)
    away = visitor.get("/prove/fullmakt/")
    page = eid.go(visitor.get(away["Location"])["Location"])

    home = visitor.come_back(eid.sign_in(page))

    assert home["Location"] == "/prove/fullmakt/"
    assert visitor.get("/prove/fullmakt/").content.decode() == "Gi fullmakt"


def test_after_thirty_minutes_one_is_sent_back_there_and_comes_straight_in(certified, visitor):
    """ID-porten's own session lasts longer than ours: going back there shows no sign-in page."""
    eid = Eid()
    sign_in(visitor, eid, query="?next=/reservasjon/historikk/")
    Session.objects.update(last_seen=clock.now() - timedelta(minutes=31))
    told = visitor.get(visitor.get("/reservasjon/historikk/")["Location"])

    answer = eid.go(visitor.get(told.context["again"])["Location"])

    assert answer.is_redirect
    assert visitor.come_back(answer.headers["Location"])["Location"] == "/reservasjon/historikk/"


def test_the_language_goes_along_and_comes_back(certified, visitor):
    page = Eid().go(begin(visitor, door="/nn/logg-inn/"))

    assert 'lang="nn"' in page.text


@pytest.mark.parametrize(
    "query", ["?auth_params=acr_values%3Didporten-loa-substantial", "?scope=openid+email"]
)
def test_the_query_string_lowers_nothing(query, certified, visitor):
    eid = Eid()
    page = eid.go(begin(visitor, query=query))

    response = visitor.come_back(eid.sign_in(page, level="idporten-loa-substantial"))

    assert response.status_code == 302
    assert visitor.is_signed_in


def test_cancelling_there_is_told_here(certified, visitor):
    eid = Eid()
    page = eid.go(begin(visitor))

    response = visitor.come_back(eid.send(page.url, cancel="1").headers["Location"])

    assert response.status_code == 403
    assert "Du avbrøt innloggingen" in response.content.decode()


def test_a_code_is_worth_nothing_the_second_time(certified, visitor):
    eid = Eid()
    address = eid.sign_in(eid.go(begin(visitor)))
    visitor.come_back(address)
    Session.objects.all().delete()

    assert visitor.come_back(address).status_code == 400
    assert not visitor.is_signed_in


def leave(visitor, eid):
    """Sign out here, and send the form that the page holds; returns the provider's page."""
    page = visitor.post("/logg-inn/ut/").content.decode()
    action = re.search(r'<form method="post" action="([^"]+)" id="leaving"', page)
    fields = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', page)
    assert action
    return eid.send(html.unescape(action[1]), **{name: html.unescape(value) for name, value in fields})


def test_signing_out_here_signs_out_there_and_comes_back(certified, visitor, another_visitor):
    eid = Eid()
    sign_in(visitor, eid)

    page = leave(visitor, eid)

    assert f"{PORTAL}/logg-inn/utlogget/?state=nb" in html.unescape(page.text)
    assert not visitor.is_signed_in
    assert eid.go(begin(another_visitor)).status_code == 200, "there one must sign in again"


def test_signing_out_here_ends_what_else_was_open_on_the_same_sign_in(certified, visitor, another_visitor):
    eid = Eid()
    sign_in(visitor, eid)
    another_visitor.come_back(eid.go(begin(another_visitor)).headers["Location"])
    assert another_visitor.is_signed_in

    page = leave(visitor, eid)
    frames = [html.unescape(src) for src in re.findall(r'<iframe[^>]+src="([^"]+)"', page.text)]

    assert len(frames) == 1
    assert Client().get(frames[0].removeprefix(PORTAL)).status_code == 200
    assert not another_visitor.is_signed_in


def test_staff_sign_in_at_their_own_provider(certified_for_staff, visitor):
    grant_role(person_for(CASEWORKER), Role.CASEWORKER, granted_by=None)

    response = sign_in(
        visitor, Eid(), door="/logg-inn/ansatt/", query="?next=/saksbehandling/", number=CASEWORKER
    )

    assert response["Location"] == "/saksbehandling/"
    assert visitor.get("/saksbehandling/").status_code == 200


@pytest.mark.parametrize(
    ("hostile", "title"),
    [
        ("low_acr", "Du må logge inn med høyere sikkerhet"),
        ("no_pid", "Innloggingen ga oss ikke fødselsnummer eller D-nummer"),
    ],
)
def test_a_provider_that_does_not_give_what_it_was_asked_for(hostile, title, use, tmp_path_factory):
    visitor = Browser(Client(HTTP_HOST=PORTAL.removeprefix("http://")))
    with start("idporten", tmp_path_factory.mktemp(hostile), hostile=[hostile]) as provider:
        use(provider)
        eid = Eid()
        page = eid.go(begin(visitor))
        sent = eid.sign_in(page)
        response = visitor.come_back(sent)

    assert response.status_code == 403
    assert title in response.content.decode()
    assert not visitor.is_signed_in
