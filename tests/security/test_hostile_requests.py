"""Requests no browser of ours would send: each gets a plain answer, and never an error of the portal's."""

import tempfile
from http import HTTPStatus

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.support.numbers import synthetic_numbers
from tests.support.sign_in import sign_in

pytestmark = pytest.mark.django_db
(ME,) = synthetic_numbers(1)
HOSTS = ("evil.example", "127.0.0.1@evil.example", "a b", "[::1", "å")
HEADERS = (
    {"accept-language": "a" * 9_000},
    {"accept-language": "nb;q=x,*;q=99999999999"},
    {"accept-language": ",".join(["en-aaaaaaa"] * 200)},
    {"cookie": "session=\xff\xfe; language=../../x"},
    {"cookie": "session=; session=a; csrf=x; messages=x"},
    {"cookie": "a=b;" * 3_000},
    {"x-forwarded-for": "1.2.3.4,,,::1,x"},
    {"x-forwarded-host": "evil.example"},
    {"x-request-id": "x" * 500},
)
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "ODD")
BODIES = (
    (b"shown=%ff%fe", "application/x-www-form-urlencoded"),
    (b"shown=%00", "application/x-www-form-urlencoded"),
    (b"shown=a&next=//evil.example", "application/x-www-form-urlencoded"),
    (b"next=/%5Cevil.example", "application/x-www-form-urlencoded"),
    (b"a" * 2_000_000, "application/x-www-form-urlencoded"),
    (b"&".join(b"a%d=1" % n for n in range(300)), "application/x-www-form-urlencoded"),
    (b"shown=a", "application/x-www-form-urlencoded; charset=utf-7"),
    (b"--x\r\n", "multipart/form-data; boundary=x"),
    (b"", "multipart/form-data"),
    (b"{", "application/json"),
)
FORMS = ("/logg-inn/", "/logg-inn/bli/", "/logg-inn/ut/", "/innsyn/last-ned/", "/reservasjon/x/reserver/",
         "/reservasjon/withhold_national_id/reserver/", "/reservasjon/withhold_national_id/opphev/")  # fmt: skip


@pytest.fixture
def stranger():
    """Somebody with a browser of their own making."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.fixture
def me(client):
    client.raise_request_exception = False
    sign_in(client, ME)
    return client


@pytest.mark.parametrize("path", ["/", "/logg-inn/", "/innsyn/last-ned/"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_no_file_is_kept_even_for_a_moment(stranger, path, signed_in, monkeypatch):
    if signed_in:
        sign_in(stranger, ME)
    stranger.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    kept = []
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", lambda *a, **k: kept.append((a, k)))

    answer = stranger.post(path, {"file": SimpleUploadedFile("x.pdf", b"x" * 4_000_000)})

    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert kept == []


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", ["/", "/innsyn/", "/logg-inn/", "/finnes-ikke", "/reservasjon"])
def test_address_of_another_host_is_never_ours(stranger, host, path):
    answer = stranger.get(path, headers={"host": host})

    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert b"evil" not in answer.content


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: str(header)[:40])
def test_odd_header_changes_nothing(me, header):
    answers = [me.generic(method, "/reservasjon/", headers=header) for method in METHODS]

    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    assert [answer for answer in answers if b"evil" in answer.content] == []


@pytest.mark.parametrize("path", FORMS)
def test_odd_body_leads_nowhere(me, path):
    seen = []
    for body, content_type in BODIES:
        sign_in(me, ME)
        answer = me.generic("POST", path, body, content_type)
        if answer.status_code >= 500 or "evil" in answer.headers.get("Location", ""):
            seen.append((body[:30], content_type, answer.status_code))

    assert seen == []
