"""ID-porten is away, slow or not itself: a page that says when to try again, and nobody let in."""

import json
import re

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured

from kpr_portal.ground.keyring import new_generation
from kpr_portal.login.oidc import calls
from kpr_portal.login.oidc.client_key import client_key
from tests.support.hostile_provider import new_key

DISCOVERY = "/.well-known/openid-configuration"


def assert_wait(response, visitor):
    if response.status_code == 302:
        response = visitor.get(response["Location"])
    page = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "120"
    assert re.search(r"Prøv igjen etter kl. \d\d\.\d\d\.", page)
    assert "Traceback" not in page
    assert not visitor.is_signed_in


def test_away_altogether(idporten, visitor, settings):
    settings.IDPORTEN_ISSUER = "http://127.0.0.1:9"

    assert_wait(visitor.get("/logg-inn/?next=/personvern/"), visitor)


def test_the_way_back_is_kept_while_waiting(idporten, visitor, settings):
    settings.IDPORTEN_ISSUER = "http://127.0.0.1:9"

    page = visitor.get(visitor.get("/logg-inn/?next=/personvern/")["Location"]).content.decode()

    assert 'href="/logg-inn/?next=%2Fpersonvern%2F"' in page


@pytest.mark.parametrize("path", [DISCOVERY, "/par", "/jwks"])
@pytest.mark.parametrize("where", ["start", "callback"])
def test_one_broken_line_is_tried_again(path, where, idporten, visitor):
    idporten.mischief.fails = {path: 1}

    visitor.sign_in(idporten)

    assert visitor.is_signed_in


def test_a_code_that_never_reached_idporten_is_sent_again(idporten, visitor, monkeypatch):
    idporten.mischief.fails = {"/token": 1}

    visitor.sign_in(idporten)

    assert visitor.is_signed_in


def test_a_code_that_may_have_been_used_is_not_sent_again(idporten, visitor):
    idporten.mischief.answers = {"/token": (500, b"")}

    response = visitor.sign_in(idporten)

    assert idporten.calls.count("/token") == 1
    assert_wait(response, visitor)


@pytest.mark.parametrize("path", [DISCOVERY, "/par"])
@pytest.mark.parametrize(
    "answer",
    [
        (500, b"{}"),
        (503, b"{}"),
        (429, b"{}"),
        (404, b"{}"),
        (400, b'{"error": "invalid_request"}'),
        (401, b'{"error": "invalid_client"}'),
        (302, b""),
        (200, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b"7"),
        (200, b"{}"),
        (201, b"{}"),
        (201, b'{"request_uri": 7}'),
        (200, b"[" * 5000),
        (200, b'{"a": "' + b"x" * 300_000 + b'"}'),
    ],
    ids=lambda answer: f"{answer[0]}-{answer[1][:12]!r}",
)
def test_an_answer_that_is_none(path, answer, idporten, visitor):
    idporten.mischief.answers = {path: answer}

    assert_wait(visitor.get("/logg-inn/"), visitor)


@pytest.mark.parametrize(
    "answer", [(200, b"<html>"), (401, b'{"error": "invalid_client"}'), (200, b"[]"), (503, b"")], ids=repr
)
def test_a_code_answered_with_nonsense(answer, idporten, visitor):
    idporten.mischief.answers = {"/token": answer}

    assert_wait(visitor.sign_in(idporten), visitor)


@pytest.mark.parametrize(
    "answer", [(500, b""), (200, b"{}"), (200, b'{"keys": 7}'), (200, b'{"keys": [7, {}]}')], ids=repr
)
def test_keys_that_cannot_be_had(answer, idporten, visitor):
    idporten.mischief.answers = {"/jwks": answer}

    response = visitor.sign_in(idporten)

    assert response.status_code in {400, 503}
    assert not visitor.is_signed_in


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://example.com"},
        {"authorization_endpoint": None},
        {"token_endpoint": 7},
        {"pushed_authorization_request_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
        {"end_session_endpoint": ""},
    ],
)
def test_a_discovery_document_that_is_not_usable(change, idporten, visitor):
    content = {**idporten._discovery(), **change}
    idporten.mischief.answers = {DISCOVERY: (200, json.dumps(content).encode())}

    assert_wait(visitor.get("/logg-inn/"), visitor)


def test_addresses_without_encryption_are_not_used_in_production(idporten, visitor, settings, tmp_path):
    settings.PRODUCTION = True
    settings.KEYRING_FILE = str(tmp_path / "keyring.json")  # not the tests' own, which production refuses
    (tmp_path / "keyring.json").write_text(json.dumps({"generations": [new_generation()]}))
    cache.clear()

    assert_wait(visitor.get("/logg-inn/"), visitor)


@pytest.mark.parametrize("error", ["server_error", "temporarily_unavailable"])
def test_idporten_says_itself_that_it_is_away(error, idporten, visitor):
    idporten.mischief.response = {"code": None, "error": error}

    assert_wait(visitor.sign_in(idporten), visitor)


def test_idporten_is_slow(idporten, visitor, monkeypatch):
    monkeypatch.setattr(calls, "READ_SECONDS", 0.05)
    idporten.mischief.slow = {"/par": 0.3}

    assert_wait(visitor.get("/logg-inn/"), visitor)


def test_sign_in_works_also_where_the_cache_is_away(idporten, visitor, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "kpr_portal.ground.cache.PatientRedisCache",
            "LOCATION": "redis://127.0.0.1:9/0",
            "OPTIONS": {"socket_connect_timeout": 0.2},
        }
    }

    visitor.sign_in(idporten)

    assert visitor.is_signed_in


def test_our_own_key_is_read_again_when_it_changes(idporten, visitor, another_visitor, settings):
    visitor.sign_in(idporten)
    file = settings.IDPORTEN_CLIENT_JWK_FILE
    before = idporten.client_key
    idporten.client_key = new_key("client-next")
    try:
        with open(file, "w") as out:  # noqa: PTH123
            json.dump({"keys": [idporten.client_key]}, out)
        another_visitor.sign_in(idporten)
    finally:
        idporten.client_key = before

    assert another_visitor.is_signed_in


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not json",
        "[]",
        '{"keys": []}',
        json.dumps({"kty": "oct", "k": "c2VjcmV0", "kid": "x", "alg": "HS256"}),
        json.dumps({n: v for n, v in new_key("ours").items() if n != "kid"}),
        json.dumps({n: v for n, v in new_key("ours").items() if n in {"kty", "n", "e", "kid", "alg"}}),
    ],
    ids=["empty", "text", "list", "no keys", "shared secret", "no kid", "public"],
)
def test_a_key_file_that_is_no_use_says_so(content, tmp_path):
    file = tmp_path / "client.jwk"
    file.write_text(content)

    with pytest.raises(ImproperlyConfigured, match="sign-in client"):
        client_key(str(file))


def test_a_key_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        client_key(str(tmp_path / "missing"))
