"""Each way a sign-in can be wrong: nobody is let in, and the page says what happened and what to do."""

import base64
import hashlib
import hmac
import json
import time
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kpr_portal.login.models import Account, Session
from kpr_portal.people.models import Person
from tests.login.conftest import PORTAL
from tests.people.national_id_vectors import NOT_SYNTHETIC
from tests.support.hostile_provider import public_part
from tests.support.numbers import synthetic_number

UNTRUSTED = "Vi kunne ikke stole på svaret fra innloggingen"
TOO_LATE = "Innloggingen har gått ut på tid"


def assert_refused(response, visitor, *, status, title):
    page = response.content.decode()
    assert response.status_code == status, page
    assert f'<h1 class="ds-heading" data-size="lg">{title}</h1>' in page
    assert "Ring oss på" in page
    assert not visitor.is_signed_in
    assert Account.objects.count() == 0
    assert "no-store" in response["Cache-Control"]


def seconds_from_now(seconds):
    return int(time.time()) + seconds


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"nonce": "of-another-sign-in"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"iss": "https://example.com"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"aud": "another-client"}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": ["kpr-portal", "another-client"]}, "authorised_party"),
        ({"azp": "another-client"}, "authorised_party"),
        ({"exp": None}, "no_exp"),
        ({"iat": None}, "no_iat"),
        ({"auth_time": None}, "no_auth_time"),
        ({"auth_time": "yesterday"}, "no_auth_time"),
        ({"auth_time": 1e300}, "no_auth_time"),
    ],
)
def test_a_token_that_is_not_the_answer_to_this_sign_in(claims, reason, idporten, visitor, caplog):
    idporten.mischief.claims = claims

    response = visitor.sign_in(idporten)

    assert_refused(response, visitor, status=400, title=UNTRUSTED)
    assert reason in logged(caplog)


@pytest.mark.parametrize(
    ("offsets", "title"),
    [
        ({"exp": -61}, TOO_LATE),
        ({"exp": -3600}, TOO_LATE),
        ({"exp": -300}, TOO_LATE),
        ({"iat": 120, "exp": 300}, UNTRUSTED),
        ({"iat": 300, "exp": 420}, UNTRUSTED),
        ({"nbf": 300}, UNTRUSTED),
        ({"auth_time": 300}, UNTRUSTED),
        ({"auth_time": -7201}, TOO_LATE),
        ({"iat": -7300}, TOO_LATE),
        ({"iat": -300, "exp": 3300}, TOO_LATE),
        ({"iat": -300, "exp": -180}, TOO_LATE),
        ({"iat": 300, "exp": 3900}, UNTRUSTED),
    ],
)
def test_a_token_outside_its_time(offsets, title, idporten, visitor):
    idporten.mischief.claims = {name: seconds_from_now(offset) for name, offset in offsets.items()}

    response = visitor.sign_in(idporten)

    assert_refused(response, visitor, status=400, title=title)


@pytest.mark.parametrize(
    "offsets",
    [{"exp": -50}, {"iat": 50, "exp": 170}, {"iat": -60, "exp": 60}, {"nbf": 50}, {"auth_time": 50}],
)
def test_a_clock_that_is_a_minute_wrong_is_forgiven(offsets, idporten, visitor):
    idporten.mischief.claims = {name: seconds_from_now(offset) for name, offset in offsets.items()}

    visitor.sign_in(idporten)

    assert visitor.is_signed_in


def unsigned(token):
    head, body, _ = token.split(".")
    header = json.loads(base64.urlsafe_b64decode(head + "=="))
    return ".".join([encoded({**header, "alg": "none"}), body, ""])


def signed_with_the_public_key(provider):
    """The classic: HS256, with the provider's public key as the shared secret."""

    def forge(token):
        claims = jwt.decode(token, options={"verify_signature": False})
        public = jwt.PyJWK.from_dict(public_part(provider.signing_key)).key
        secret = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        head = encoded({"alg": "HS256", "typ": "JWT", "kid": provider.signing_key["kid"]})
        body = encoded(claims)
        mac = hmac.new(secret, f"{head}.{body}".encode(), hashlib.sha256).digest()
        return f"{head}.{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    return forge


def encoded(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def with_another_body(token):
    head, _, signature = token.split(".")
    return ".".join([head, encoded({"pid": synthetic_number(9).digits}), signature])


@pytest.mark.parametrize(
    ("rewrite", "reason"),
    [
        (unsigned, "algorithm"),
        (with_another_body, "signature"),
        (lambda _: "", "no_token"),
        (lambda _: None, "no_token"),
        (lambda _: ["a", "list"], "no_token"),
        (lambda _: 7, "no_token"),
        (lambda _: "not a token", "malformed_token"),
        (lambda _: "a.b.c", "malformed_token"),
        (lambda _: "..", "malformed_token"),
        (lambda _: "æ.ø.å", "malformed_token"),
        (lambda token: token + "x" * 20_000, "token_too_large"),
        (lambda token: token.rpartition(".")[0] + ".", "signature"),
        (lambda _: encoded({"alg": "RS256"}) + ".e30.", "unknown_key"),
        (lambda _: encoded({"alg": "RS256", "kid": 7}) + ".e30.", "malformed_token"),
        (lambda _: encoded({"alg": ["RS256"], "kid": "provider-1"}) + ".e30.", "algorithm"),
        (lambda _: encoded({"alg": "PS256", "kid": "provider-1"}) + ".e30.AAAA", "algorithm"),
        (lambda _: encoded({"alg": "RS256", "kid": "provider-1"}) + "." + "W" * 2000 + ".AAAA", "signature"),
    ],
)
def test_a_token_that_nobody_signed(rewrite, reason, idporten, visitor, caplog):
    idporten.mischief.token = rewrite

    response = visitor.sign_in(idporten)

    assert_refused(response, visitor, status=400, title=UNTRUSTED)
    assert reason in logged(caplog)


def test_a_token_signed_with_the_providers_public_key(idporten, visitor, caplog):
    idporten.mischief.token = signed_with_the_public_key(idporten)

    response = visitor.sign_in(idporten)

    assert_refused(response, visitor, status=400, title=UNTRUSTED)
    assert "algorithm" in logged(caplog)


def test_a_token_signed_by_somebody_else(idporten, visitor, caplog):
    idporten.mischief.signed_by_another = True

    response = visitor.sign_in(idporten)

    assert_refused(response, visitor, status=400, title=UNTRUSTED)
    assert "signature" in logged(caplog)


def test_a_key_that_the_provider_does_not_have_is_looked_for_only_so_often(
    idporten, visitor, another_visitor
):
    visitor.sign_in(idporten)
    Session.objects.all().delete()
    Account.objects.all().delete()
    idporten.mischief.header = {"kid": "invented"}

    for _ in range(4):
        assert_refused(another_visitor.sign_in(idporten), another_visitor, status=400, title=UNTRUSTED)

    assert idporten.calls.count("/jwks") == 2


@pytest.mark.parametrize("acr", ["idporten-loa-substantial", "idporten-loa-low", "Level4", "", 4])
def test_a_level_that_is_too_low_or_unknown(acr, idporten, visitor):
    idporten.mischief.claims = {"acr": acr}

    response = visitor.sign_in(idporten)

    assert_refused(response, visitor, status=403, title="Du må logge inn med høyere sikkerhet")
    assert 'href="/skjema/"' in response.content.decode()


def test_no_level_at_all(idporten, visitor):
    idporten.mischief.claims = {"acr": None}

    assert_refused(
        visitor.sign_in(idporten), visitor, status=403, title="Du må logge inn med høyere sikkerhet"
    )


def test_a_higher_level_than_demanded_is_fine(idporten, visitor, settings):
    settings.IDPORTEN_ACR = "idporten-loa-substantial"

    visitor.sign_in(idporten)

    assert visitor.is_signed_in


@pytest.mark.parametrize(
    "response",
    [{"iss": "https://example.com"}, {"iss": None}, {"iss": ""}],
)
def test_an_answer_from_another_issuer_is_not_even_redeemed(response, idporten, visitor):
    idporten.mischief.response = response

    answer = visitor.sign_in(idporten)

    assert_refused(answer, visitor, status=400, title=UNTRUSTED)
    assert "/token" not in idporten.calls


def test_a_code_that_was_used_before(idporten, visitor):
    first = idporten.authorize(visitor.start(idporten))
    visitor.come_back(first)
    Session.objects.all().delete()
    Account.objects.all().delete()
    second = idporten.authorize(visitor.start(idporten))
    used = dict(parse_qsl(urlsplit(first).query))["code"]
    query = {**dict(parse_qsl(urlsplit(second).query)), "code": used}

    response = visitor.come_back(f"/logg-inn/idporten/retur/?{urlencode(query)}")

    assert_refused(response, visitor, status=400, title="Innloggingen er allerede brukt")


def test_the_same_answer_twice(idporten, visitor, another_visitor):
    address = idporten.authorize(visitor.start(idporten))
    visitor.come_back(address)

    response = visitor.come_back(address)

    assert response.status_code == 400
    assert "Vi kjenner ikke igjen innloggingen" in response.content.decode()
    assert visitor.is_signed_in  # what one had is not lost by it


@pytest.mark.parametrize("query", ["", "?state=invented&code=x", "?code=x", "?state=" + "a" * 5000])
def test_an_answer_to_what_nobody_asked(query, idporten, visitor):
    response = visitor.come_back(f"/logg-inn/idporten/retur/{query}")

    assert_refused(response, visitor, status=400, title="Vi kjenner ikke igjen innloggingen")


def test_an_answer_in_another_browser_than_the_one_that_asked(idporten, visitor, another_visitor):
    address = idporten.authorize(visitor.start(idporten))
    another_visitor.start(idporten)

    response = another_visitor.come_back(address)

    assert_refused(response, another_visitor, status=400, title="Vi kjenner ikke igjen innloggingen")


def test_an_answer_after_too_long(idporten, visitor, monkeypatch):
    address = idporten.authorize(visitor.start(idporten))
    later = time.time() + 700
    monkeypatch.setattr("allauth.socialaccount.internal.statekit.time.time", lambda: later)

    response = visitor.come_back(address)

    assert_refused(response, visitor, status=400, title="Vi kjenner ikke igjen innloggingen")


def test_a_citizens_answer_at_the_door_for_staff(idporten, staff_issuer, visitor):
    address = idporten.authorize(visitor.start(idporten))

    response = visitor.come_back(f"/logg-inn/ansatt/retur/?{urlsplit(address).query}")

    assert_refused(response, visitor, status=400, title="Vi kjenner ikke igjen innloggingen")
    assert "/token" not in staff_issuer.calls


def test_an_answer_with_a_parameter_twice(idporten, visitor):
    address = idporten.authorize(visitor.start(idporten))

    response = visitor.come_back(address + "&code=another")

    assert_refused(response, visitor, status=400, title=UNTRUSTED)


@pytest.mark.parametrize("code", ["", "x" * 5000])
def test_an_answer_without_a_usable_code(code, idporten, visitor):
    idporten.mischief.response = {"code": code}

    response = visitor.sign_in(idporten)

    assert_refused(response, visitor, status=400, title=UNTRUSTED)
    assert "/token" not in idporten.calls


def test_cancelled_at_idporten(idporten, visitor):
    idporten.mischief.response = {"code": None, "error": "access_denied"}

    response = visitor.sign_in(idporten, query="?next=/personvern/")

    assert_refused(response, visitor, status=403, title="Du avbrøt innloggingen")
    assert 'href="/logg-inn/?next=%2Fpersonvern%2F"' in response.content.decode()


@pytest.mark.parametrize("error", ["invalid_request", "<script>", "login_required", "a" * 500])
def test_another_error_from_idporten_is_never_shown_as_it_came(error, idporten, visitor):
    idporten.mischief.response = {"code": None, "error": error, "error_description": "<b>surprise</b>"}

    response = visitor.sign_in(idporten)

    assert_refused(response, visitor, status=400, title=UNTRUSTED)
    assert "surprise" not in response.content.decode()


def test_nobody_without_a_number_gets_in_but_may_sign_out_again(idporten, visitor):
    idporten.person.pid = None

    response = visitor.sign_in(idporten)

    assert_refused(
        response, visitor, status=403, title="Innloggingen ga oss ikke fødselsnummer eller D-nummer"
    )
    page = response.content.decode()
    assert 'href="/skjema/"' in page
    assert f'action="{idporten.issuer}/logout"' in page
    assert Person.objects.count() == 0


@pytest.mark.parametrize(
    "pid", ["12345678901", "0181015000", "abcdefghijk", "01810150000 ", "0" * 300, 1810150000, ["x"]]
)
def test_a_number_that_is_none(pid, idporten, visitor):
    idporten.mischief.claims = {"pid": pid}

    response = visitor.sign_in(idporten)

    assert response.status_code == 403
    assert not visitor.is_signed_in
    assert Person.objects.count() == 0
    assert str(pid) not in response.content.decode()


def test_a_synthetic_person_in_production(idporten, visitor, settings):
    settings.NATIONAL_ID_SYNTHETIC = "refuse"

    assert_refused(
        visitor.sign_in(idporten), visitor, status=403, title="Testpersoner kan ikke logge inn her"
    )


def test_a_real_person_in_the_demo(idporten, visitor):
    idporten.person.pid = NOT_SYNTHETIC

    response = visitor.sign_in(idporten)

    assert_refused(response, visitor, status=403, title="Bare testpersoner kan logge inn her")
    assert Person.objects.count() == 0


def test_the_dead_are_pointed_to_paper(idporten, visitor, registered):
    registered(synthetic_number(), died=date(2025, 2, 3))

    response = visitor.sign_in(idporten)

    assert_refused(response, visitor, status=403, title="Du kan ikke logge inn som denne personen")
    page = response.content.decode()
    assert 'href="/skjema/"' in page
    assert "Logg inn på nytt" not in page


@pytest.mark.parametrize(
    "claims",
    [{"pid": None}, {"pid": "12345678901"}, {"pid": NOT_SYNTHETIC}, {"acr": "idporten-loa-low"}],
    ids=str,
)
def test_whoever_is_in_there_and_not_here_can_sign_out_there(claims, idporten, visitor):
    idporten.mischief.claims = claims

    page = visitor.sign_in(idporten).content.decode()

    assert f'<form method="post" action="{idporten.issuer}/logout"' in page
    assert 'name="client_id" value="kpr-portal"' in page
    assert f'name="post_logout_redirect_uri" value="{PORTAL}/logg-inn/utlogget/"' in page


@pytest.mark.parametrize("language", ["nn", "en"])
def test_the_refusal_is_in_the_language_one_began_in(language, idporten, visitor):
    idporten.mischief.claims = {"nonce": "wrong"}

    response = visitor.sign_in(idporten, start=f"/{language}/logg-inn/")

    assert f'<html lang="{language}"' in response.content.decode()


def test_no_refusal_is_logged_with_anything_about_the_person(idporten, visitor, caplog):
    caplog.set_level("DEBUG")
    idporten.mischief.claims = {"acr": "idporten-loa-low"}

    visitor.sign_in(idporten)

    assert synthetic_number().digits not in caplog.text
    assert idporten.person.sid not in caplog.text
    assert "sign_in_refused" in caplog.text


def logged(caplog):
    return caplog.text
