"""How long a session lives, and what a browser may do to it."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import IntegrityError, connection, transaction

from kpr_portal.ground import clock
from kpr_portal.login.models import Account, Session
from kpr_portal.login.sessions import SessionStore, hash_of
from kpr_portal.login.tasks import end_sessions_long_over
from tests.support.numbers import synthetic_number
from tests.support.sign_in import sign_in

MINUTE = timedelta(minutes=1)
PAGE = "/pa-vegne-av/"


@pytest.fixture
def citizen(client, db):
    return sign_in(client, synthetic_number())


def is_in(client):
    return client.get(PAGE).status_code == 200


def test_thirty_minutes_without_activity_end_it(client, citizen):
    with clock.shift(30 * MINUTE):
        assert not is_in(client)


def test_a_little_less_does_not(client, citizen):
    with clock.shift(29 * MINUTE):
        assert is_in(client)


def test_activity_keeps_it_alive(client, citizen):
    for minutes in (25, 50, 75, 100):
        with clock.shift(minutes * MINUTE):
            assert is_in(client)


def test_a_hundred_and_twenty_minutes_end_it_however_busy(client, citizen):
    for minutes in range(20, 120, 20):
        with clock.shift(minutes * MINUTE):
            assert is_in(client)
    with clock.shift(119 * MINUTE):
        assert is_in(client)
    with clock.shift(120 * MINUTE):
        assert not is_in(client)


def test_the_two_hours_count_from_the_sign_in_at_the_issuer(client, citizen):
    Session.objects.update(auth_time=clock.now() - 119 * MINUTE)
    assert is_in(client)

    with clock.shift(2 * MINUTE):
        assert not is_in(client)


def test_one_whose_time_is_out_is_told_and_comes_back_to_the_page(client, citizen):
    with clock.shift(40 * MINUTE):
        response = client.get(PAGE + "?a=1")
        assert response.status_code == 302
        page = client.get(response["Location"])

    text = page.content.decode()
    assert page.status_code == 200
    assert "ikke har gjort noe på 30 minutter" in text
    assert f'href="/logg-inn/?next={quote(PAGE + "?a=1", safe="")}"' in text


def test_every_window_is_told_and_the_next_sign_in_gets_another_cookie(idporten, visitor):
    visitor.sign_in(idporten)
    before = visitor.cookie
    with clock.shift(40 * MINUTE):
        for _window in range(2):
            assert visitor.get(PAGE)["Location"].startswith("/logg-inn/utlopt/")
            assert visitor.cookie == before
        visitor.sign_in(idporten)

        assert visitor.cookie != before
        assert visitor.is_signed_in
        visitor.client.cookies["session"] = before
        assert not visitor.is_signed_in


def test_an_ended_session_holds_nothing_and_is_not_written_to(client, citizen):
    row = Session.objects.get()
    store = SessionStore(client.cookies["session"].value)
    with clock.shift(40 * MINUTE):
        assert dict(store.items()) == {}
        assert (store.signed_in, store.was_signed_in) == (None, row)
        client.get("/logg-inn/utlopt/")
        client.get(PAGE)

    again = Session.objects.get()
    assert (again.data, again.last_seen) == (row.data, row.last_seen)


def test_the_cookie_lasts_until_the_browser_is_closed(idporten, visitor):
    visitor.sign_in(idporten)

    cookie = visitor.client.cookies["session"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")


def test_what_a_browser_once_had_is_not_alive_again_when_the_clock_goes_on(client, citizen):
    cookie = client.cookies["session"].value
    with clock.shift(40 * MINUTE):
        client.get(PAGE)
        client.cookies["session"] = cookie
        assert not is_in(client)


def test_activity_is_written_at_most_once_a_minute_and_rounded(client, citizen):
    with clock.moved_to(clock.now().replace(second=10) + 5 * MINUTE):
        client.get(PAGE)
        seen = Session.objects.get().last_seen
        assert (seen.second, seen.microsecond) == (0, 0)
        with clock.shift(timedelta(seconds=40)):
            client.get(PAGE)
        assert Session.objects.get().last_seen == seen


@pytest.mark.parametrize(("roles", "queries"), [((), 1), (("caseworker",), 3)], ids=["citizen", "staff"])
def test_knowing_who_asks_takes_a_fixed_number_of_queries(
    roles, queries, client, db, django_assert_num_queries
):
    sign_in(client, synthetic_number(), staff=bool(roles), roles=roles)

    with django_assert_num_queries(queries):
        client.get("/logg-inn/idporten/utlogget-utenfra/")


def test_a_page_without_a_cookie_asks_for_no_session(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/logg-inn/idporten/utlogget-utenfra/")


def test_the_table_does_not_hold_the_cookie(client, citizen):
    cookie = client.cookies["session"].value

    assert not Session.objects.filter(key_hash=cookie).exists()
    assert Session.objects.get().key_hash == hash_of(cookie)


def test_what_is_remembered_of_a_hash_opens_nothing(client, citizen):
    client.cookies["session"] = Session.objects.get().key_hash

    assert not is_in(client)


@pytest.mark.parametrize(
    "cookie", ["", "x", "'; drop table login_session; --", "a" * 5000, "\u00e6\u00f8\u00e5"]
)
def test_a_cookie_that_is_none_is_nobody(client, citizen, cookie):
    client.cookies["session"] = cookie

    assert not is_in(client)


def test_session_data_changed_in_the_table_is_not_believed(client, citizen):
    row = Session.objects.get()
    Session.objects.update(data=row.data[:-4] + "AAAA")

    assert "display_name" not in client.session


def test_pages_of_one_signed_in_are_kept_by_no_cache(client, citizen):
    assert "no-store" in client.get(PAGE)["Cache-Control"]
    assert "no-store" in client.get("/")["Cache-Control"]


def test_staying_by_form_and_by_script(client, citizen):
    with clock.shift(20 * MINUTE):
        assert client.get("/logg-inn/bli/", HTTP_ACCEPT="text/html").status_code == 200
        form = client.post("/logg-inn/bli/", {"next": "/personvern/"}, HTTP_ACCEPT="text/html,*/*")
        script = client.post("/logg-inn/bli/", HTTP_ACCEPT="*/*")
    with clock.shift(45 * MINUTE):
        assert is_in(client)

    assert (form.status_code, form["Location"]) == (302, "/personvern/")
    assert script.status_code == 200
    assert 99 * 60 < script.json()["seconds_left"] <= 100 * 60


def test_staying_after_the_end_is_too_late(client, citizen):
    with clock.shift(40 * MINUTE):
        script = client.post("/logg-inn/bli/", HTTP_ACCEPT="*/*")
        form = client.post("/logg-inn/bli/", HTTP_ACCEPT="text/html")

    assert (script.status_code, script.json()) == (401, {"seconds_left": 0})
    assert (form.status_code, form["Location"]) == (302, "/logg-inn/utlopt/")


def test_sessions_long_over_are_forgotten_and_others_kept(client, citizen):
    with clock.shift(2 * 60 * MINUTE):
        end_sessions_long_over()
        assert Session.objects.count() == 1
    with clock.shift(13 * 60 * MINUTE):
        end_sessions_long_over()
        assert Session.objects.count() == 0


def test_a_session_ended_in_the_middle_of_a_request_is_not_made_again(client, citizen):
    store = SessionStore(client.cookies["session"].value)
    store["something"] = "new"
    Session.objects.all().delete()

    with pytest.raises(UpdateError):
        store.save()
    assert Session.objects.count() == 0


def test_a_session_is_either_signed_in_wholly_or_not_at_all(client, citizen):
    for change in ({"auth_time": None}, {"realm": ""}, {"issuer": ""}, {"account": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Session.objects.update(**change)


def test_there_is_no_password_anywhere(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE column_name LIKE '%passw%'"
        )
        columns = [row for row in cursor.fetchall() if not row[0].startswith(("pg_", "_pg", "user_mapping"))]

    assert columns == []
    assert {field.name for field in Account._meta.get_fields() if field.concrete} == {"id", "person"}


def test_no_name_and_password_signs_anybody_in(client, citizen):
    assert client.login(username=str(citizen.key), password="") is False
    assert client.login(person=citizen, password="x") is False
