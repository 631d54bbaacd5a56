"""Signing out: started here, and started elsewhere."""

import re

import pytest
from django.test import Client

from kpr_portal.login.models import Session
from tests.support.numbers import synthetic_number
from tests.support.sign_in import sign_in

ELSEWHERE = "/logg-inn/idporten/utlogget-utenfra/"


def fields_of(response):
    return dict(
        re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', response.content.decode())
    )


def test_signing_out_ends_the_session_here_before_the_one_at_idporten(idporten, visitor):
    visitor.sign_in(idporten)

    response = visitor.post("/logg-inn/ut/")

    assert Session.objects.count() == 0
    assert not visitor.is_signed_in
    assert f'action="{idporten.issuer}/logout"' in response.content.decode()
    fields = fields_of(response)
    assert {name: value for name, value in fields.items() if name != "id_token_hint"} == {
        "client_id": "kpr-portal",
        "post_logout_redirect_uri": "http://127.0.0.1:8000/logg-inn/utlogget/",
        "state": "nb",
    }
    assert fields["id_token_hint"].count(".") == 2
    assert "no-store" in response["Cache-Control"]


def test_the_page_on_the_way_out_sends_its_form_by_a_script_of_ours_or_a_button(idporten, visitor):
    visitor.sign_in(idporten)

    page = visitor.post("/logg-inn/ut/").content.decode()

    assert "sign-out.js" in page
    assert "Fullfør utloggingen" in page


def test_signing_out_by_a_link_only_asks(idporten, visitor):
    visitor.sign_in(idporten)

    response = visitor.get("/logg-inn/ut/")

    assert response.status_code == 200
    assert visitor.is_signed_in


def test_signing_out_needs_a_token_of_our_own(idporten):
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, synthetic_number())

    assert strict.post("/logg-inn/ut/").status_code == 403
    assert Session.objects.count() == 1


def test_back_from_idporten_the_front_page_says_so(idporten, visitor):
    response = visitor.get("/logg-inn/utlogget/?state=nb")

    assert (response.status_code, response["Location"]) == (302, "/")
    assert "Du er logget ut." in visitor.get("/").content.decode()


@pytest.mark.parametrize(
    ("state", "home"), [("nn", "/nn/"), ("en", "/en/"), ("x", "/"), ("../", "/"), ("", "/")]
)
def test_back_from_idporten_in_the_language_one_left_in(state, home, idporten, visitor):
    assert visitor.get(f"/logg-inn/utlogget/?state={state}")["Location"] == home


def test_signing_out_twice_is_no_mistake(idporten, visitor):
    visitor.sign_in(idporten)
    visitor.post("/logg-inn/ut/")

    response = visitor.post("/logg-inn/ut/")

    assert (response.status_code, response["Location"]) == (302, "/logg-inn/utlogget/?state=nb")


def test_one_is_signed_out_here_also_where_idporten_is_away(idporten, visitor, settings):
    visitor.sign_in(idporten)
    settings.IDPORTEN_ISSUER = "http://127.0.0.1:9"

    response = visitor.post("/logg-inn/ut/")

    assert "Du kan fortsatt være logget inn hos ID-porten" in response.content.decode()
    assert Session.objects.count() == 0


def test_signing_out_elsewhere_ends_the_right_session_here_without_a_cookie(
    idporten, visitor, another_visitor
):
    idporten.person.sid = "one"
    visitor.sign_in(idporten)
    idporten.person.sid = "other"
    another_visitor.sign_in(idporten)

    response = Client().get(ELSEWHERE, {"iss": idporten.issuer, "sid": "one"})

    assert response.status_code == 200
    assert not visitor.is_signed_in
    assert another_visitor.is_signed_in


def test_signing_out_elsewhere_twice_is_the_same_as_once(idporten, visitor):
    idporten.person.sid = "one"
    visitor.sign_in(idporten)

    answers = [Client().get(ELSEWHERE, {"iss": idporten.issuer, "sid": "one"}) for _ in range(3)]

    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"sid": "one"},
        {"iss": "https://example.com", "sid": "one"},
        {"iss": "ISSUER"},
        {"iss": "ISSUER", "sid": ""},
        {"iss": "ISSUER", "sid": "invented"},
        {"iss": "ISSUER", "sid": "x" * 4000},
        {"iss": "STAFF", "sid": "one"},
    ],
)
def test_a_forged_or_unknown_sign_out_learns_nothing_and_does_nothing(query, idporten, staff_issuer, visitor):
    idporten.person.sid = "one"
    visitor.sign_in(idporten)
    known = Client().get(ELSEWHERE, {"iss": idporten.issuer, "sid": "another"})
    names = {"ISSUER": idporten.issuer, "STAFF": staff_issuer.issuer}
    query = {name: names.get(value, value) for name, value in query.items()}

    answer = Client().get(ELSEWHERE, query)

    assert (answer.status_code, answer.content) == (known.status_code, known.content)
    assert set(answer.headers) == set(known.headers)
    assert visitor.is_signed_in


def test_a_session_without_sid_is_ended_by_nobody_else(idporten, visitor):
    idporten.mischief.claims = {"sid": None}
    visitor.sign_in(idporten)

    Client().get(ELSEWHERE, {"iss": idporten.issuer})

    assert visitor.is_signed_in


def test_only_the_sign_out_from_elsewhere_may_be_framed(idporten, visitor, settings):
    framed = visitor.get(ELSEWHERE)
    other = visitor.get("/logg-inn/utlopt/")

    origins = " ".join(settings.SIGN_IN_ORIGINS)
    assert f"frame-ancestors {origins}" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
    assert other["X-Frame-Options"] == "DENY"
