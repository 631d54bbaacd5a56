"""The questions of a form that is open: one at a time, for as long as it lasts, to whoever has the cookie."""

import re
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlencode

import pytest
from django.conf import settings as portal

from kpr_portal.ground import clock
from reservations.postal import kept
from tests.reservations.postal.filling import (
    CHILD,
    LANGUAGE,
    NAME,
    PERSON,
    RESERVE,
    text,
    work,
)

pytestmark = pytest.mark.django_db


# --- The questions


def test_what_was_typed_is_kept_where_something_is_wrong_and_the_faults_are_told(visitor):
    visitor.begins()
    visitor.answers("valg", **RESERVE)

    page = visitor.answers("hvem", name="<script>Ole", number="123")

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    html = text(page)
    assert 'value="&lt;script&gt;Ole"' in html
    assert 'value="123"' in html
    assert re.findall(r'<li><a class="ds-link" href="(#\w+)">', html) == ["#id_name", "#id_number"]
    assert "<title>Feil:" in html
    assert kept.read(visitor.key).draft.answers.person is None


@pytest.mark.parametrize(
    "typed",
    [
        "a" * 10_000,
        "Ole\u202e",
        "\U0001f600",
        "Ole\u0000",
        "=cmd|' /C calc'!A0",
        "\udcff",
        "Ole\r\n\r\nX" * 99,
    ],
)
def test_whatever_is_typed_as_a_name_gives_a_page(visitor, typed):
    visitor.begins()
    visitor.answers("valg", **RESERVE)

    sent = {
        "skjema": visitor.key.mark,
        "name": typed.encode("utf-8", "surrogatepass"),
        "number": CHILD.digits,
    }
    page = visitor.client.post(
        "/skjema/utfylling/hvem/", urlencode(sent), content_type="application/x-www-form-urlencoded"
    )

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize("ahead", ["sprak", "underskrift", "hvem"])
def test_jumping_ahead_leads_to_the_first_question_without_an_answer(visitor, ahead):
    visitor.begins("reservasjon", "verge")

    assert visitor.opens(ahead)["Location"] == "/skjema/utfylling/valg/"
    assert visitor.answers(ahead, **PERSON)["Location"] == "/skjema/utfylling/valg/"
    assert visitor.client.get("/skjema/oppsummering/")["Location"] == "/skjema/utfylling/valg/"
    assert visitor.client.get("/skjema/ferdig/")["Location"] == "/skjema/oppsummering/"
    assert visitor.orders()["Location"] == "/skjema/oppsummering/"


@pytest.mark.parametrize("step", ["hjelper", "underskrift", "finnes-ikke", "VALG"])
def test_question_that_this_form_does_not_ask_is_not_there(visitor, step):
    visitor.begins("reservasjon", "meg-selv")

    assert visitor.opens(step).status_code == HTTPStatus.NOT_FOUND
    assert visitor.answers(step, **PERSON).status_code == HTTPStatus.NOT_FOUND


def test_answer_is_changed_from_the_summary_and_leads_back_there(visitor):
    visitor.fills_in()
    assert 'value="Åse-Marit Nebbdyr D’Arc"' in text(visitor.opens("hvem"))

    assert visitor.answers("hvem", name="Ola", number=CHILD.digits)["Location"] == "/skjema/oppsummering/"
    assert NAME not in text(visitor.client.get("/skjema/oppsummering/"))


@pytest.mark.parametrize(("years", "told"), [(11, False), (12, True), (15, True)])
def test_who_signs_for_a_child_of_twelve_is_told_that_it_has_a_say(visitor, years, told):
    visitor.begins("reservasjon", "barn")
    visitor.answers("valg", **RESERVE)
    born = clock.today().replace(year=clock.today().year - years)
    visitor.answers("hvem", **PERSON, born=f"{born:%d.%m.%Y}")

    assert ("Barnet har fylt 12 år" in text(visitor.opens("underskrift"))) is told


def test_text_in_anothers_form_is_said_to_be_written_to_the_one_it_concerns(visitor):
    visitor.begins("innsyn", "verge")
    assert "Her betyr «du» og «meg» den personen." in text(visitor.opens("valg"))
    visitor.answers("valg", several=["records+"])
    assert "Hva skal du legge ved?" in text(visitor.opens("hvem"))


def test_titles_say_nothing_of_what_was_typed(visitor):
    visitor.fills_in()
    pages = [visitor.opens("hvem"), visitor.client.get("/skjema/oppsummering/")]
    visitor.orders()
    pages.append(visitor.waits())

    titles = [re.search(r"<title>(.*?)</title>", text(page))[1] for page in pages]

    assert titles == [
        "Deg som skjemaet gjelder – KPR",
        "Se over før vi lager skjemaet – KPR",
        "Vi lager skjemaet ditt – KPR",
    ]


# --- One form at a time


def test_whoever_has_a_form_open_is_asked_before_another_is_begun(visitor):
    visitor.fills_in()
    first = visitor.key

    asked = visitor.begins("innsyn", "barn")
    assert (asked.status_code, visitor.key) == (HTTPStatus.CONFLICT, first)
    assert "Du har et skjema åpent" in text(asked)

    anew = visitor.begins("innsyn", "barn", anew="1")
    assert anew["Location"] == "/skjema/utfylling/valg/"
    assert visitor.key != first
    with pytest.raises(kept.Gone):
        kept.read(first)


def test_page_of_another_form_changes_nothing(visitor):
    visitor.fills_in()
    old = visitor.key.mark
    visitor.begins("innsyn", "barn", anew="1")

    crossed = visitor.answers("valg", skjema=old, several=["records+"])

    assert crossed.status_code == HTTPStatus.CONFLICT
    assert "et annet skjema i en annen fane" in text(crossed)
    assert kept.read(visitor.key).draft.answered == frozenset()


@pytest.mark.parametrize("answered", [False, True])
def test_page_of_another_form_deletes_nothing(visitor, answered):
    visitor.fills_in()
    old = visitor.key.mark
    visitor.begins("innsyn", "meg-selv", anew="1")
    if answered:
        visitor.answers("valg", several=["records+"])
        visitor.answers("hvem", **PERSON)
        visitor.answers("sprak", **LANGUAGE)
    before = kept.read(visitor.key).draft

    crossed = [visitor.deletes(skjema=old), visitor.deletes(skjema="")]

    assert [page.status_code for page in crossed] == [HTTPStatus.CONFLICT] * 2
    assert ["et annet skjema i en annen fane" in text(page) for page in crossed] == [True] * 2
    assert ["Se over før vi lager" in text(page) for page in crossed] == [answered] * 2
    assert kept.read(visitor.key).draft == before
    assert visitor.deletes()["Location"] == "/skjema/slettet/"


# --- As long as it lasts, and to nobody else


@pytest.mark.parametrize("path", ["utfylling/hvem/", "oppsummering/", "ferdig/"])
def test_page_that_is_opened_makes_the_time_begin_anew(visitor, path):
    visitor.fills_in().orders()
    work()

    with clock.shift(timedelta(minutes=59)):
        assert visitor.client.get(f"/skjema/{path}").status_code == HTTPStatus.OK
    with clock.shift(timedelta(minutes=118)):
        assert visitor.waits().status_code == HTTPStatus.OK


@pytest.mark.parametrize("path", ["utfylling/hvem/", "oppsummering/", "ferdig/", "ferdig/skjema.pdf"])
def test_form_whose_hour_is_over_says_so_and_lets_one_begin_anew(visitor, path):
    visitor.fills_in()

    with clock.shift(timedelta(minutes=61)):
        page = visitor.client.get(f"/skjema/{path}")

    assert (page.status_code, visitor.cookie) == (HTTPStatus.GONE, "")
    assert "Skjemaet er ikke her lenger" in text(page)
    assert 'href="/skjema/"' in text(page)


@pytest.mark.parametrize("cookie", [None, "x", "A" * 43 + "="], ids=["none", "short", "guessed"])
@pytest.mark.parametrize("path", ["utfylling/valg/", "oppsummering/", "ferdig/", "ferdig/skjema.pdf"])
def test_guessed_address_or_cookie_opens_nothing(client, line, cookie, path):
    if cookie:
        client.cookies[portal.FORM_COOKIE_NAME] = cookie

    page = client.get(f"/skjema/{path}")

    assert page.status_code == (HTTPStatus.NOT_FOUND if cookie != "A" * 43 + "=" else HTTPStatus.GONE)
    assert page["Cache-Control"] == "private, no-store"


def test_no_page_of_a_form_is_kept_by_browser_or_cache(visitor):
    visitor.fills_in()

    pages = [
        visitor.opens("hvem"),
        visitor.answers("hvem", name=""),
        visitor.client.get("/skjema/oppsummering/"),
    ]

    assert {page["Cache-Control"] for page in pages} == {"private, no-store"}
