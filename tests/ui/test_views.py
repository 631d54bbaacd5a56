import re

import pytest
from django.conf import settings

from kpr_portal.ui.retention import retention_table

pytestmark = pytest.mark.django_db


def test_front_page_begins_with_the_law(client):
    html = client.get("/").content.decode()

    first = re.search(r'<p class="ds-paragraph lead"[^>]*>(.*?)\. ', html, re.DOTALL)[1]
    assert settings.REGULATION_URL in first
    assert re.sub("<[^>]+>", "", first) == (
        "Kommunalt pasient- og brukerregister (KPR) er bestemt ved lov og trenger ikke samtykke"
    )


@pytest.mark.parametrize("name", ["DATA_APPLICATION_URL", "STATISTICS_URL", "REPORTING_URL"])
def test_front_page_leads_to_the_other_services(client, name):
    assert f'href="{getattr(settings, name)}"' in client.get("/").content.decode()


def test_privacy_page_has_one_row_for_each_kind_of_data(client):
    html = client.get("/personvern/").content.decode()

    rows = re.findall(r'<th scope="row">([^<]+)</th>', html)
    assert rows == [kept.what for kept in retention_table()]
    assert len(rows) == len(set(rows))


def test_privacy_page_promises_what_retention_keeps(client, settings):
    settings.ACCESS_LOG_KEPT_YEARS = 7

    assert '<td data-label="Hvor lenge">7 år</td>' in client.get("/personvern/").content.decode()


def test_cookie_page_names_the_cookies_there_are(client):
    html = client.get("/informasjonskapsler/").content.decode()

    assert re.findall(r"<code>([^<]+)</code>", html) == [
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.FORM_COOKIE_NAME,
        "messages",
    ]


def test_contact_page_tells_where_help_is(client):
    html = client.get("/kontakt/").content.decode()

    assert [number for number in ("tel:113", "tel:116117") if f'href="{number}"' not in html] == []
    assert settings.OWNER_PHONE in html


@pytest.mark.parametrize("path", ["/kontakt/", "/personvern/"])
def test_how_to_complain_stands_with_an_address_a_telephone_and_a_link(client, path):
    html = client.get(path).content.decode()

    parts = ("Postboks 458 Sentrum, 0105 Oslo", "22 39 69 00", f'href="{settings.SUPERVISOR_URL}"')
    assert [part for part in parts if part not in html] == []


def test_owner_is_a_setting(client, settings):
    settings.OWNER_NAME = "Registeretaten"

    assert "Registeretaten" in client.get("/personvern/").content.decode()


def test_page_answers_no_other_method(client):
    assert client.post("/kontakt/").status_code == 405


def test_security_txt_tells_whom_to_tell(client):
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()

    assert lines[0] == f"Contact: {settings.OWNER_SECURITY_CONTACT}"
    assert re.fullmatch(r"Expires: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", lines[1])


def test_robots_txt_closes_what_needs_signing_in(client):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert [
        path
        for path in ("/innsyn/", "/nn/innsyn/", "/en/saksbehandling/")
        if f"Disallow: {path}" not in lines
    ] == []


def test_favicon_is_found_where_browsers_look(client):
    assert client.get("/favicon.ico").url == "/static/favicon.svg"


def test_language_choice_keeps_the_page_and_its_query(client):
    html = client.get("/nn/kontakt/?a=1").content.decode()

    assert 'href="/kontakt/?a=1" lang="nb"' in html
    assert 'href="/en/kontakt/?a=1" lang="en"' in html
