"""Signing in as a citizen, against a provider that checks the client as strictly as ID-porten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken

from kpr_portal.ground import clock
from kpr_portal.ground.keyring import keyring
from kpr_portal.login.models import Account, Session
from kpr_portal.login.oidc.metadata import signing_key
from kpr_portal.login.oidc.realms import RealmName, realm
from kpr_portal.login.operations import ID_TOKEN
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.models import Person
from kpr_portal.people.queries import find_person
from tests.login.browser import query_of
from tests.support.numbers import synthetic_number


def test_a_citizen_is_signed_in_and_sent_back_to_the_page(idporten, visitor, registered):
    registered(synthetic_number(), name="Rolig Fjell")

    response = visitor.sign_in(idporten, query="?next=/personvern/")

    assert (response.status_code, response["Location"]) == (302, "/personvern/")
    page = visitor.get("/pa-vegne-av/")
    assert page.status_code == 200
    assert "Rolig Fjell" in page.content.decode()


def test_sign_in_of_a_number_nobody_knows_makes_a_person_who_is_welcome(idporten, visitor):
    before = Person.objects.count()

    visitor.sign_in(idporten)

    assert Person.objects.count() == before + 1
    assert find_person(synthetic_number()) == Account.objects.get().person
    assert visitor.is_signed_in


def test_sign_in_again_finds_the_same_person_and_account(idporten, visitor, another_visitor):
    visitor.sign_in(idporten)
    another_visitor.sign_in(idporten)

    assert (Account.objects.count(), Session.objects.count()) == (1, 2)


def test_what_is_asked_for_is_pushed_and_demands_all_that_idporten_can(idporten, visitor):
    address = visitor.start(idporten, query="?next=/")

    assert set(query_of(address)) == {"client_id", "request_uri"}
    pushed = idporten.pushed[0]
    assert {
        name: pushed[name] for name in ("response_type", "scope", "acr_values", "code_challenge_method")
    } == {
        "response_type": "code",
        "scope": "openid profile",
        "acr_values": "idporten-loa-high",
        "code_challenge_method": "S256",
    }
    assert len(pushed["state"]) >= 40
    assert len(pushed["nonce"]) >= 40
    assert pushed["max_age"] == "7200"
    assert "prompt" not in pushed


@pytest.mark.parametrize(
    "query",
    [
        "auth_params=acr_values%3Didporten-loa-low",
        "auth_params=nonce%3Dmine%26state%3Dmine",
        "scope=email,admin",
        "acr_values=idporten-loa-low",
        "acr=idporten-loa-low",
        "process=connect",
        "action=reauthenticate",
        "prompt=none",
        "client_id=another",
        "redirect_uri=https://example.com/",
        "login_hint=01810112345",
    ],
)
def test_nothing_in_the_query_string_changes_what_is_asked_for(query, idporten, visitor, another_visitor):
    visitor.start(idporten)
    another_visitor.start(idporten, query=f"?{query}")

    changing = {"state", "nonce", "code_challenge", "client_assertion"}
    plain, tampered = ({n: v for n, v in form.items() if n not in changing} for form in idporten.pushed)
    assert tampered == plain


def test_proof_once_more_is_asked_for_when_wanted(idporten, visitor):
    visitor.sign_in(idporten)
    visitor.start(idporten, query="?paa_nytt=1")

    assert idporten.pushed[-1]["prompt"] == "login"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://example.com/",
        "//example.com/",
        "/\\example.com",
        "javascript:alert(1)",
        "/\x01",
        "/" + "a" * 3000,
        "///example.com",
        "%2F%2Fexample.com",
    ],
)
def test_next_never_leads_elsewhere(wanted, idporten, visitor):
    response = visitor.sign_in(idporten, query=f"?next={quote(wanted)}")

    assert response["Location"] == "/"


def test_one_who_is_signed_in_already_goes_straight_on(idporten, visitor):
    visitor.sign_in(idporten)

    response = visitor.get("/logg-inn/?next=/personvern/")

    assert (response.status_code, response["Location"]) == (302, "/personvern/")


def test_the_session_gets_a_new_id_at_sign_in(idporten, visitor):
    address = visitor.start(idporten)
    before = visitor.cookie
    visitor.come_back(idporten.authorize(address))

    assert before
    assert visitor.cookie != before
    assert Session.objects.count() == 1


def test_a_cookie_planted_before_sign_in_opens_nothing_afterwards(idporten, visitor, another_visitor):
    address = visitor.start(idporten)
    another_visitor.client.cookies["session"] = visitor.cookie
    visitor.come_back(idporten.authorize(address))

    assert visitor.is_signed_in
    assert not another_visitor.is_signed_in


def test_a_cookie_of_ones_own_making_is_not_taken_over(idporten, visitor):
    visitor.client.cookies["session"] = "a-cookie-that-somebody-made-up-themselves"

    visitor.start(idporten)

    assert visitor.cookie != "a-cookie-that-somebody-made-up-themselves"


def test_the_cookie_is_kept_from_scripts_and_other_sites(idporten, visitor):
    visitor.sign_in(idporten)

    cookie = visitor.client.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (
        True,
        "Lax",
        "/",
        "",
    )


def test_the_number_is_nowhere_in_clear(idporten, visitor, caplog):
    caplog.set_level("DEBUG")
    idporten.person.pid = number = synthetic_number(3).digits

    visitor.sign_in(idporten)

    session = Session.objects.get()
    stored = (
        f"{session.data} {visitor.client.session.items()} {session.sid} {bytes(session.id_token or b'')!r}"
    )
    assert number not in stored
    assert number not in caplog.text
    assert (SocialAccount.objects.count(), SocialToken.objects.count()) == (0, 0)
    assert keyring().open(bytes(session.id_token or b""), context=ID_TOKEN).count(b".") == 2


def test_the_session_holds_who_when_and_where(idporten, visitor):
    idporten.person.sid = "the-sid"
    idporten.person.auth_time = int((clock.now() - timedelta(minutes=20)).timestamp())

    visitor.sign_in(idporten)

    session = Session.objects.get()
    assert (session.realm, session.issuer, session.sid) == ("citizen", idporten.issuer, "the-sid")
    assert session.auth_time == datetime.fromtimestamp(idporten.person.auth_time, UTC)
    assert (session.last_seen.second, session.last_seen.microsecond) == (0, 0)


def test_two_sign_ins_in_two_tabs_both_come_home(idporten, visitor):
    first = visitor.start(idporten, query="?next=/personvern/")
    second = visitor.start(idporten, query="?next=/kontakt/")

    one = visitor.come_back(idporten.authorize(second))
    other = visitor.come_back(idporten.authorize(first))

    assert (one["Location"], other["Location"]) == ("/kontakt/", "/personvern/")
    assert visitor.is_signed_in
    assert Session.objects.count() == 1


def test_another_person_in_the_same_browser_takes_over_nothing(idporten, visitor, registered):
    registered(synthetic_number(0), name="Rolig Fjell")
    registered(synthetic_number(1), name="Varm Kopp")
    visitor.sign_in(idporten)
    session = visitor.client.session
    session["something"] = "of the first"
    session.save()
    address = visitor.start(idporten, query="?paa_nytt=1")
    idporten.person.pid = synthetic_number(1).digits

    visitor.come_back(idporten.authorize(address))

    assert visitor.client.session["display_name"] == "Varm Kopp"
    assert "something" not in visitor.client.session
    assert Session.objects.count() == 1


def test_the_language_of_the_page_is_sent_along(idporten, visitor):
    visitor.start(idporten, start="/nn/logg-inn/")

    assert idporten.pushed[0]["ui_locales"] == "nn"


@pytest.mark.parametrize(
    ("cookie", "locale", "home"),
    [
        (None, "nb", "/personvern/"),
        (None, "en", "/en/personvern/"),
        (None, "nn", "/nn/personvern/"),
        (None, "se", "/personvern/"),
        ("nb", "en", "/personvern/"),
    ],
)
def test_the_language_at_idporten_is_taken_over_unless_one_was_chosen_here(
    cookie, locale, home, idporten, visitor
):
    idporten.person.locale = locale
    if cookie:
        visitor.client.cookies["language"] = cookie

    response = visitor.sign_in(idporten, query="?next=/personvern/")

    assert response["Location"] == home


def test_one_who_came_by_another_language_keeps_it(idporten, visitor):
    idporten.person.locale = "en"

    response = visitor.sign_in(idporten, start="/nn/logg-inn/", query="?next=/nn/personvern/")

    assert response["Location"] == "/nn/personvern/"


def test_sign_in_works_also_where_the_portals_clock_has_been_moved(idporten, visitor):
    with clock.shift(timedelta(days=400)):
        visitor.sign_in(idporten)

        assert visitor.is_signed_in
        session = Session.objects.get()
        assert session.auth_time is not None
        assert clock.now() - session.auth_time < timedelta(seconds=30)


def test_discovery_and_keys_are_asked_for_once_a_day(idporten, visitor, another_visitor):
    visitor.sign_in(idporten)
    another_visitor.sign_in(idporten)

    assert idporten.calls.count("/.well-known/openid-configuration") == 1
    assert idporten.calls.count("/jwks") == 1


def test_a_key_rotation_is_followed_within_one_sign_in(idporten, visitor, another_visitor):
    visitor.sign_in(idporten)
    idporten.rotate("provider-2")

    response = another_visitor.sign_in(idporten, query="?next=/personvern/")

    assert response["Location"] == "/personvern/"
    assert idporten.calls.count("/jwks") == 2


def test_a_key_rotation_is_followed_by_everybody_who_comes_at_that_moment(idporten, visitor):
    visitor.sign_in(idporten)
    idporten.rotate("provider-2")
    idporten.mischief.slow = {"/jwks": 0.3}

    with ThreadPoolExecutor(4) as at_once:
        found = list(
            at_once.map(lambda _n: signing_key(realm(RealmName.CITIZEN), key_id="provider-2"), range(4))
        )

    assert [key and key["kid"] for key in found] == ["provider-2"] * 4


def test_signing_in_and_out_needs_no_more_than_the_web_role(idporten, visitor, as_web):
    visitor.sign_in(idporten)
    assert visitor.is_signed_in

    visitor.post("/logg-inn/ut/")

    assert not visitor.is_signed_in


def test_sign_in_begins_at_the_one_public_address(idporten, client):
    response = client.get("/nn/logg-inn/?next=/nn/", HTTP_HOST="localhost:8000")

    assert (response.status_code, response["Location"]) == (
        302,
        "http://127.0.0.1:8000/nn/logg-inn/?next=/nn/",
    )
    assert idporten.pushed == []


def test_register_that_does_not_answer_turns_nobody_away(idporten, visitor, monkeypatch):
    def away(*_):
        raise ConnectionError

    monkeypatch.setattr(EmbeddedPopulationRegister, "people", away)
    monkeypatch.setattr(EmbeddedPopulationRegister, "histories", away)

    response = visitor.sign_in(idporten, query="?next=/reservasjon/")

    assert (response.status_code, response["Location"]) == (302, "/reservasjon/")
    page = visitor.get("/reservasjon/withhold_national_id/reserver/")
    assert (page.status_code, "Ja, reserver meg" in page.content.decode()) == (200, True)
