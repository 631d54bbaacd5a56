"""The end of a form: waiting for it, fetching it, deleting it, and what is said where one of these is not to be had."""

import re
import uuid
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.conf import settings
from django.test import Client

from kpr_portal.ground import clock
from reservations.postal import kept
from reservations.postal.order import LINE, MOVED, TAKES
from tests.reservations.postal.filling import (
    CHILD,
    LANGUAGE,
    NAME,
    PERSON,
    Visitor,
    ordered,
    text,
    work,
)

pytestmark = pytest.mark.django_db


# --- Waiting and fetching


def test_waiting_page_that_loads_itself_makes_the_time_no_longer(visitor):
    visitor.fills_in().orders()

    with clock.shift(timedelta(minutes=59)):
        assert "Vi lager skjemaet ditt" in text(visitor.waits())
    with clock.shift(timedelta(minutes=60)):
        assert visitor.waits().status_code == HTTPStatus.GONE


@pytest.mark.parametrize(
    ("in_front", "says"),
    [(1, "Det er 1 person foran deg i køen."), (12, "Det er 12 personer foran deg i køen.")],
)
def test_waiting_page_says_how_many_are_in_front(visitor, in_front, says):
    visitor.fills_in().orders()
    now = clock.now().timestamp()
    for place in range(in_front):
        kept.server().zadd(LINE, {f"earlier-{place}": now - 30 - place})

    page = text(visitor.waits())

    assert says in page
    assert re.search(r"Det tar omtrent \d+ sekunder\.", page)
    assert '<noscript><meta http-equiv="refresh"' in page


def test_one_who_comes_to_a_line_that_stands_still_is_told_so_and_shown_the_blank_form(visitor):
    visitor.fills_in().orders()
    now = clock.now().timestamp()
    kept.server().set(MOVED, now - 600)
    for place in range(20):
        kept.server().zadd(LINE, {f"earlier-{place}": now - 590 + place})

    page = text(visitor.waits())

    assert "Det tar lengre tid enn vanlig, og vi vet ikke hvor lenge." in page
    assert re.findall(r"Det tar omtrent|personer foran deg|noen sekunder", page) == []
    assert 'href="/skjema/tomt/reservasjon/meg-selv/"' in page


@pytest.mark.parametrize(
    ("takes", "says"),
    [
        (None, "Det tar noen sekunder."),
        (15, "Det tar noen sekunder."),
        (16, "Det tar omtrent 16 sekunder."),
        (40, "Det tar omtrent 40 sekunder."),
        (70, "Det tar omtrent 2 minutter."),
    ],
)
def test_one_with_nobody_in_front_is_told_what_a_form_takes(visitor, takes, says):
    visitor.fills_in().orders()
    if takes:
        kept.server().set(TAKES, takes)

    page = text(visitor.waits())

    assert re.findall(r"Det tar [^.]+\.", page) == [says]
    assert "foran deg" not in page


# --- Limits


PAGES = {
    "utfylling/hvem/": "step",
    "oppsummering/": "summary",
    "ferdig/": "made",
    "ferdig/skjema.pdf": "pdf",
}


@pytest.fixture
def three_a_window(settings):
    """Every page of a form may be asked for three times; the window does not end meanwhile."""
    names = (*PAGES.values(), "order", "delete")
    settings.LIMITS_BY_PLACE = {f"postal:{name}": "3/600" for name in names}
    settings.SECRET_KEY = uuid.uuid4().hex  # counters of its own, beside a parallel run's
    with clock.moved_to(clock.now().replace(minute=1, second=0)):
        yield


def guesses(times, ask):
    """What so many requests with keys that open nothing are answered."""
    stranger, answers = Client(), []
    for _guess in range(times):
        stranger.cookies[settings.FORM_COOKIE_NAME] = kept.FormKey.new().text
        answers.append(ask(stranger).status_code)
    return answers


@pytest.mark.parametrize("place", PAGES)
def test_one_who_guesses_at_keys_finds_nothing_and_is_stopped(visitor, three_a_window, place):
    answers = guesses(5, lambda stranger: stranger.get(f"/skjema/{place}"))

    assert answers == [HTTPStatus.GONE] * 3 + [HTTPStatus.TOO_MANY_REQUESTS] * 2


@pytest.mark.parametrize("place", ["utfylling/hvem/", "lag/", "slett/"])
def test_one_who_guesses_at_keys_by_sending_is_stopped(visitor, three_a_window, place):
    answers = guesses(5, lambda stranger: stranger.post(f"/skjema/{place}"))

    assert answers == [HTTPStatus.GONE] * 3 + [HTTPStatus.TOO_MANY_REQUESTS] * 2


@pytest.mark.parametrize("place", PAGES)
def test_one_who_asks_without_any_key_is_stopped(visitor, three_a_window, place):
    answers = [Client().get(f"/skjema/{place}").status_code for _ in range(5)]

    assert answers == [HTTPStatus.NOT_FOUND] * 3 + [HTTPStatus.TOO_MANY_REQUESTS] * 2


def test_those_who_share_an_address_wait_for_a_form_each_however_many_they_are(visitor, three_a_window):
    """And though somebody there guesses at keys."""
    waiting = [Visitor() for _ in range(3)]
    for one in waiting:
        one.fills_in().orders()
    guesses(5, lambda stranger: stranger.get("/skjema/ferdig/"))

    looks = [one.waits().status_code for one in waiting for _ in range(3)]

    assert looks == [HTTPStatus.OK] * 9
    assert [one.waits().status_code for one in waiting] == [HTTPStatus.TOO_MANY_REQUESTS] * 3


def test_one_who_looks_too_often_is_told_to_wait_and_the_page_is_kept_nowhere(visitor, three_a_window):
    visitor.fills_in().orders()
    page = [visitor.waits() for _ in range(4)][-1]

    assert (page.status_code, page["Cache-Control"]) == (HTTPStatus.TOO_MANY_REQUESTS, "private, no-store")
    assert 0 < int(page["Retry-After"]) <= 600
    assert "Ingenting du har gjort, er gått tapt." in text(page)


def test_form_is_deleted_however_often_the_place_has_asked(visitor, three_a_window):
    visitor.fills_in()
    guesses(5, lambda stranger: stranger.post("/skjema/slett/"))

    assert visitor.deletes()["Location"] == "/skjema/slettet/"


def test_orders_are_counted_by_the_address_whatever_the_form(visitor, three_a_window):
    waiting = [Visitor().fills_in() for _ in range(4)]

    orders = [one.orders().status_code for one in waiting]

    assert orders == [HTTPStatus.FOUND] * 3 + [HTTPStatus.TOO_MANY_REQUESTS]


# --- Fetched, changed


def test_what_was_fetched_is_gone_after_ten_minutes_however_often_it_is_looked_at(visitor):
    visitor.fills_in().orders()
    work()
    visitor.fetches()

    with clock.shift(timedelta(minutes=9)):
        assert visitor.waits().status_code == HTTPStatus.OK
        assert visitor.fetches().status_code == HTTPStatus.OK
    assert 590 <= kept.server().ttl(kept.name_of(visitor.key.id)) <= 600
    with clock.shift(timedelta(minutes=10)):
        assert visitor.waits().status_code == HTTPStatus.GONE


def test_changing_an_answer_of_a_finished_form_takes_the_finished_form_away(visitor):
    visitor.fills_in().orders()
    work()
    visitor.answers("hvem", name="Ola", number=CHILD.digits)

    assert visitor.fetches()["Location"] == "/skjema/ferdig/"
    assert visitor.waits()["Location"] == "/skjema/oppsummering/"


# --- Deleting


def test_every_page_of_a_form_says_which_one_it_deletes(visitor):
    def said(page):
        form = re.search(r'<form[^>]*action="/skjema/slett/">(.*?)</form>', text(page), re.DOTALL)[1]
        return re.search(r'name="skjema" value="(\w+)"', form)[1]

    visitor.fills_in()
    pages = [visitor.opens("valg"), visitor.client.get("/skjema/oppsummering/")]
    visitor.orders()
    pages.append(visitor.waits())
    work()
    pages.append(visitor.waits())

    assert [said(page) for page in pages] == [visitor.key.mark] * 4


def test_deletion_is_asked_for_by_a_button_alone(visitor):
    visitor.fills_in()

    assert visitor.client.get("/skjema/slett/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert Client().get("/skjema/slett/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert visitor.opens("hvem").status_code == HTTPStatus.OK


def test_deleting_works_twice_and_without_a_form(visitor):
    visitor.fills_in()

    assert [visitor.deletes()["Location"] for _ in range(2)] == ["/skjema/slettet/"] * 2
    assert Client().post("/skjema/slett/")["Location"] == "/skjema/slettet/"


# --- What it is for


GIVES = "En reservasjon gjelder foreløpig fra den dagen vi får skjemaet."
LIFTS = "En reservasjon som skal oppheves, gjelder til vi har behandlet skjemaet."


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        (("withhold_national_id+", "leave"), [GIVES]),
        (("leave", "purpose_2-"), [LIFTS]),
        (("withhold_national_id-", "purpose_2-"), [LIFTS]),
        (("withhold_national_id-", "purpose_2+"), [GIVES, LIFTS]),
    ],
)
def test_ready_page_tells_when_what_was_chosen_takes_effect(visitor, chosen, told):
    visitor.fills_in()
    visitor.answers("valg", **dict(zip(("choice_1", "choice_2"), chosen, strict=True)))
    visitor.orders()
    work()

    page = text(visitor.waits())

    assert [sentence for sentence in (GIVES, LIFTS) if sentence in page] == told


def test_ready_page_of_another_form_tells_of_no_reservation(visitor):
    visitor.begins("lagringstid", "meg-selv")
    visitor.answers("valg", choice_1="retention_limit-")
    visitor.answers("hvem", **PERSON)
    visitor.answers("sprak", **LANGUAGE)
    visitor.orders()
    work()

    page = text(visitor.waits())

    assert ("Skjemaet er ferdig" in page, GIVES in page, LIFTS in page) == (True, False, False)


# --- When something is away


def test_without_the_queue_the_blank_form_is_offered_and_what_was_typed_stands(visitor, queue_gone):
    visitor.fills_in()

    page = visitor.orders()

    assert page.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert 'href="/skjema/tomt/reservasjon/meg-selv/"' in text(page)
    assert NAME in text(visitor.client.get("/skjema/oppsummering/"))


def test_form_that_could_not_be_made_says_so_and_offers_the_blank_one(visitor):
    visitor.fills_in().orders()
    kept.server().hset(kept.name_of(visitor.key.id), "failed", "1")
    ordered()

    page = text(visitor.waits())
    assert ("Vi fikk ikke laget skjemaet" in page, "/skjema/tomt/reservasjon/meg-selv/" in page) == (
        True,
        True,
    )

    assert visitor.orders()["Location"] == "/skjema/ferdig/"
    assert len(ordered()) == 1
    assert "Vi lager skjemaet ditt" in text(visitor.waits())
