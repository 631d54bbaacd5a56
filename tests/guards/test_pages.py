"""Every public page and every error page, in three languages, in real Chromium."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from kpr_portal.ui import errors
from tests.support.browser import looks, violations
from tests.support.html import mistakes
from tests.support.pages import LANGUAGES, PUBLIC_PAGES, address

pytestmark = pytest.mark.django_db

ERRORS = {
    "400": errors.bad_request,
    "403": lambda request: errors.forbidden(request, PermissionDenied("Bare godkjennere kan gjøre dette.")),
    "404": errors.not_found,
    "429": lambda request: errors.too_many_requests(request, retry_after=120),
    "500": errors.server_error,
    "503": errors.unavailable,
    "csrf": errors.csrf_failure,
    "waiting": lambda request: errors.waiting(request, retry_after=10),
}


def error_answer(code, language):
    request = RequestFactory().get("/" if language == "nb" else f"/{language}/")
    request.reference = "K7F3-92QM"
    request.resolver_match = None
    return ERRORS[code](request)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PUBLIC_PAGES)
def test_public_page_is_accessible_and_fits(look_at, name, language):
    assert look_at(address(name, language), looks) == ([], 0)


@pytest.mark.parametrize("name", PUBLIC_PAGES)
def test_public_page_is_accessible_in_the_dark(look_at, name):
    assert look_at(address(name, "nb"), violations, color_scheme="dark") == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ERRORS)
def test_error_page_is_accessible_and_fits(chromium, code, language):
    answer = error_answer(code, language)

    assert chromium.look(answer, "/feil/", looks) == ([], 0)
    assert answer.content.decode().count("K7F3-92QM") == 1


def test_every_page_is_valid_html(client, tmp_path):
    for language in LANGUAGES:
        for name in PUBLIC_PAGES:
            html = client.get(address(name, language)).content
            (tmp_path / f"{name.replace(':', '-')}-{language}.html").write_bytes(html)
        for code in ERRORS:
            (tmp_path / f"error-{code}-{language}.html").write_bytes(error_answer(code, language).content)

    assert mistakes(tmp_path) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PUBLIC_PAGES)
def test_public_page_says_its_language(client, name, language):
    assert f'<html lang="{language}"' in client.get(address(name, language)).content.decode()


@pytest.mark.parametrize("name", PUBLIC_PAGES)
def test_public_page_asks_for_nothing_inline(client, name):
    html = client.get(address(name, "nb")).content.decode()

    assert [mark for mark in (" style=", "<style", " onclick=", "javascript:") if mark in html] == []
    assert html.count("<script") == html.count("<script src=")


@pytest.mark.parametrize("name", PUBLIC_PAGES)
def test_public_page_leads_to_itself_in_every_language(client, name):
    html = client.get(address(name, "nb")).content.decode()

    assert [code for code in LANGUAGES if f'hreflang="{code}" href="' not in html] == []
    for code in LANGUAGES:
        assert f'href="{address(name, code)}" lang="{code}"' in html
