"""What every answer carries, and what no answer may."""

import re

import pytest
from csp.constants import NONE, SELF
from django.conf import settings
from django.http import HttpResponse

from kpr_portal.ui.middleware import HeadersMiddleware, new_reference
from kpr_portal.ui.security import frameable_by_sign_in

pytestmark = pytest.mark.django_db


def policy(response):
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: sorted(values.split()) for name, _, values in parts}


def test_content_security_policy_has_three_exceptions_and_no_more(client):
    # docs/decisions: (1) icons as data:, (2) forms that lead to sign-in, (3) one frameable view.
    assert policy(client.get("/")) == {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": sorted([SELF, "data:"]),
        "connect-src": [SELF],
        "form-action": sorted([SELF, *settings.SIGN_IN_ORIGINS]),
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }


def test_frameable_view_may_be_framed_by_the_sign_in_services_alone(rf):
    response = frameable_by_sign_in(lambda request: HttpResponse())(rf.get("/"))

    assert response._csp_replace == {"frame-ancestors": settings.SIGN_IN_ORIGINS}
    assert response.xframe_options_exempt is True


def test_every_answer_carries_the_headers(client):
    response = client.get("/kontakt/")

    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in response["Permissions-Policy"]
    assert response["Cache-Control"] == "private, no-cache"


def test_reference_is_ours_and_never_the_visitors(client):
    response = client.get("/kontakt/", headers={"X-Request-ID": "forged"})

    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", response["X-Request-Reference"])


def test_references_differ():
    assert len({new_reference() for _ in range(1000)}) == 1000


def test_page_of_somebody_signed_in_is_kept_nowhere(rf):
    request = rf.get("/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"

    response = HeadersMiddleware(lambda _: HttpResponse(headers={"Cache-Control": "max-age=600"}))(request)

    assert response["Cache-Control"] == "private, no-store"


def test_page_that_begins_a_session_is_kept_nowhere(rf):
    answer = HttpResponse()
    answer.set_cookie(settings.SESSION_COOKIE_NAME, "x")

    assert HeadersMiddleware(lambda _: answer)(rf.get("/"))["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "path", ["/", "/personvern/", "/en/kontakt/", "/skjema/tomt/innsyn/barn/", "/skjema/slettet/"]
)
def test_public_page_sets_no_cookie(client, path):
    assert dict(client.get(path).cookies) == {}


def test_public_page_with_a_form_sets_the_cookie_that_guards_it_and_no_other(client):
    assert set(client.get("/skjema/").cookies) == {settings.CSRF_COOKIE_NAME}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/kontakt/?q=%00", 400),
        ("/%00/", 400),
        ("/kontakt/?q=" + "a" * 9000, 400),
        ("/" + "a" * 9000, 400),
        ("/kontakt/?q=%zz", 200),
        ("/kontakt/?%ff%fe=%ed%a0%80", 200),
        ("/%ff%fe/", 404),
        ("/%zz/", 404),
        ("/nn/finnes-ikke/", 404),
        ("/kontakt/?page=99999999999999999999", 200),
    ],
)
def test_malformed_address_is_refused_and_never_an_error_of_ours(client, path, status):
    assert client.get(path).status_code == status


def test_malformed_form_is_refused(client):
    response = client.post("/kontakt/", data=b"--x\r\nbroken", content_type="multipart/form-data; boundary=")

    assert response.status_code in {400, 405}
