"""What the register filled in is there for the one who is signed in, and for nobody who sits down afterwards."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.conf import settings as portal
from django.contrib.auth.signals import user_logged_out
from django.db import OperationalError, connection

from kpr_portal.ground import clock
from kpr_portal.login.models import Session
from kpr_portal.login.operations import end_sessions_of
from reservations.postal import kept
from tests.reservations.postal.filling import LANGUAGE, RESERVE, Visitor, work
from tests.support.family import enter_family, number_of
from tests.support.sign_in import carried, session_of, sign_in

pytestmark = pytest.mark.django_db

PAGES = ("utfylling/valg/", "utfylling/hvem/", "oppsummering/", "ferdig/", "ferdig/skjema.pdf")


@pytest.fixture
def family():
    return enter_family()


@pytest.fixture
def filled_in(visitor, family):
    """A form that the register filled in for the parent, made, and not fetched."""
    sign_in(visitor.client, family.person("parent"))
    visitor.begins("reservasjon", "meg-selv", kjent="on", **carried(visitor.client))
    visitor.answers("valg", **RESERVE)
    visitor.answers("sprak", **LANGUAGE)
    visitor.orders()
    assert work() == 1
    assert "Skjemaet er ferdig" in visitor.waits().content.decode()
    return visitor


def signs_out(visitor):
    return visitor.client.post("/logg-inn/ut/")


def is_there(key):
    return kept.server().exists(kept.name_of(key.id)) == 1


def brought_back(visitor, key):
    """The browser has the form's cookie after all."""
    visitor.client.cookies[portal.FORM_COOKIE_NAME] = key.text


def test_whoever_stays_signed_in_sees_every_page_of_it(filled_in):
    found = [filled_in.client.get(f"/skjema/{path}").status_code for path in PAGES]

    assert found == [HTTPStatus.OK] * 5


@pytest.mark.parametrize("path", PAGES)
def test_form_is_gone_from_browser_and_server_after_signing_out(filled_in, path):
    key = filled_in.key

    response = signs_out(filled_in)

    gone = response.cookies[portal.FORM_COOKIE_NAME]
    assert (response.status_code, gone.value, gone["max-age"], gone["path"]) == (200, "", 0, "/")
    assert not is_there(key)
    assert filled_in.client.get(f"/skjema/{path}").status_code == HTTPStatus.NOT_FOUND
    brought_back(filled_in, key)
    assert filled_in.client.get(f"/skjema/{path}").status_code == HTTPStatus.GONE


def test_form_that_was_typed_goes_too_when_its_writer_signs_out(visitor, family):
    visitor.fills_in()
    sign_in(visitor.client, family.person("parent"))
    key = visitor.key

    signs_out(visitor)

    assert (is_there(key), visitor.cookie) == (False, "")


def test_signing_out_works_without_the_queues_server_and_the_form_opens_no_more(filled_in, settings):
    key, reachable = filled_in.key, settings.REDIS_URL
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert (signs_out(filled_in).status_code, filled_in.cookie) == (HTTPStatus.OK, "")
    assert Session.objects.count() == 0

    settings.REDIS_URL = reachable
    assert is_there(key)
    brought_back(filled_in, key)
    assert filled_in.fetches().status_code == HTTPStatus.GONE
    assert not is_there(key)


def test_signing_out_works_whatever_goes_wrong_in_a_room_above(filled_in):
    def breaks(**_):
        raise RuntimeError

    user_logged_out.connect(breaks)
    try:
        assert signs_out(filled_in).status_code == HTTPStatus.OK
    finally:
        user_logged_out.disconnect(breaks)
    assert Session.objects.count() == 0


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("staff", [False, True])
def test_another_who_signs_in_finds_it_gone(filled_in, family, path, staff):
    key = filled_in.key
    slug, roles = ("caseworker", ["caseworker"]) if staff else ("other_parent", [])
    sign_in(filled_in.client, family.person(slug), staff=staff, roles=roles)

    page = filled_in.client.get(f"/skjema/{path}")

    assert (page.status_code, filled_in.cookie, is_there(key)) == (HTTPStatus.GONE, "", False)
    assert number_of("parent").digits not in page.content.decode()


def test_another_who_signs_in_can_have_nothing_made_of_it(filled_in, family):
    key = filled_in.key
    sign_in(filled_in.client, family.person("other_parent"))

    assert (filled_in.orders().status_code, is_there(key)) == (HTTPStatus.GONE, False)


def test_another_who_signs_in_is_not_asked_about_it_and_begins_anew(filled_in, family):
    key = filled_in.key
    sign_in(filled_in.client, family.person("other_parent"))

    begun = filled_in.begins("innsyn", "meg-selv", **carried(filled_in.client))

    assert (begun.status_code, is_there(key)) == (HTTPStatus.FOUND, False)
    assert filled_in.opens("valg").status_code == HTTPStatus.OK


@pytest.mark.parametrize("path", PAGES)
def test_form_is_gone_when_the_session_has_ended_by_itself(filled_in, path):
    key = filled_in.key
    Session.objects.update(last_seen=clock.now() - timedelta(minutes=portal.SESSION_IDLE_MINUTES))

    page = filled_in.client.get(f"/skjema/{path}")

    assert (page.status_code, filled_in.cookie, is_there(key)) == (HTTPStatus.GONE, "", False)


def test_form_is_gone_when_the_issuer_says_that_the_person_signed_out(filled_in):
    key = filled_in.key
    end_sessions_of(issuer=session_of(filled_in.client).signed_in.issuer, sid="a-sid")

    page = filled_in.client.get("/skjema/oppsummering/")

    assert (page.status_code, is_there(key)) == (HTTPStatus.GONE, False)


def test_form_where_all_that_was_known_is_typed_over_is_still_for_one_alone(filled_in):
    filled_in.answers("hvem", own="1")
    Session.objects.all().delete()

    assert filled_in.opens("hvem").status_code == HTTPStatus.GONE


def test_same_person_who_signs_in_again_goes_on(filled_in, family):
    Session.objects.all().delete()
    sign_in(filled_in.client, family.person("parent"))

    assert filled_in.fetches().content.startswith(b"%PDF-")


def test_typed_form_is_there_for_whoever_has_not_signed_in_and_signs_in_then(visitor, family):
    visitor.fills_in()
    sign_in(visitor.client, family.person("parent"))

    assert visitor.client.get("/skjema/oppsummering/").status_code == HTTPStatus.OK


def test_without_the_database_it_is_neither_shown_nor_deleted(filled_in):
    def lost(execute, sql, params, many, context):
        raise OperationalError

    key = filled_in.key
    with connection.execute_wrapper(lost):
        pages = [filled_in.client.get(f"/skjema/{path}") for path in PAGES]

    assert [page.status_code for page in pages] == [HTTPStatus.SERVICE_UNAVAILABLE] * 5
    assert is_there(key)
    assert filled_in.client.get("/skjema/oppsummering/").status_code == HTTPStatus.OK


def test_draft_tells_whom_it_is_for_in_ciphertext_alone(filled_in, family):
    fields = kept.server().hgetall(kept.name_of(filled_in.key.id))

    whom = str(family.person("parent").key)
    assert kept.read(filled_in.key).draft.filled_in_for == whom
    assert not re.search(whom.encode(), b"".join(fields.values()))
    assert Visitor().client.get("/skjema/oppsummering/").status_code == HTTPStatus.NOT_FOUND
