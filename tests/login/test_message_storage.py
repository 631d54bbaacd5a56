"""What was said to one person stands in their session: no one else in the same browser is shown it."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from kpr_portal.ground import clock
from tests.support.family import enter_family, number_of
from tests.support.sign_in import carried, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.speaks_numbers]

NAME = "Hjelpsom Måke"


@pytest.fixture
def family(db):
    return enter_family()


@pytest.fixture
def said(client, family):
    """Someone has just given a power of attorney, and has not seen the next page."""
    giver = sign_in(client, family.person("attorney_giver"), proven=True)
    values = {
        "number": number_of("attorney").digits,
        "surname": "Måke",
        "scopes": ["insight"],
        "months": "12",
    }
    summary = client.post(reverse("login:give_power"), {**values, **carried(client)})
    sealed = re.search(r'name="power" value="([^"]+)"', summary.content.decode())[1]
    given = client.post(reverse("login:confirm_power"), {"power": sealed, **carried(client)})
    assert (given.status_code, bool(client.cookies["messages"].value)) == (302, True)
    return giver


def alerts(page):
    return re.findall(r'<p class="ds-alert"[^>]*>([^<]*)</p>', page.content.decode())


def test_next_page_of_the_same_session_says_it_once(client, said):
    page, again = client.get("/"), client.get("/")

    assert [NAME in alert for alert in alerts(page)] == [True]
    assert alerts(again) == []


def test_next_person_in_the_browser_is_not_shown_it(client, family, said):
    sign_in(client, family.person("nothing_held"))

    page = client.get("/")

    assert NAME not in page.content.decode()
    assert client.cookies["messages"].value == ""


def test_nobody_is_shown_it_after_signing_out(client, said):
    kept = client.cookies["messages"].value
    del client.cookies[settings.SESSION_COOKIE_NAME]
    client.cookies["messages"] = kept

    assert NAME not in client.get("/").content.decode()


def test_nobody_is_shown_it_when_the_time_is_out(client, said):
    with clock.shift(timedelta(minutes=settings.SESSION_IDLE_MINUTES + 1)):
        assert NAME not in client.get("/logg-inn/utlopt/").content.decode()


def test_same_person_is_not_shown_it_in_a_later_session(client, said):
    sign_in(client, said)

    assert NAME not in client.get("/").content.decode()


def test_what_is_said_to_nobody_is_shown_to_nobody_in_particular(client):
    assert "Du er logget ut." in client.get("/logg-inn/utlogget/", follow=True).content.decode()


def test_cookie_copied_to_another_browser_says_nothing(client, family, said):
    other = Client()
    sign_in(other, family.person("nothing_held"))
    other.cookies["messages"] = client.cookies["messages"].value

    assert NAME not in other.get("/").content.decode()
