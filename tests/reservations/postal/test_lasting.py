"""How long a form lasts, as its pages tell it, and that it is so; and the page where there is none any more."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from lxml import html

from kpr_portal.ground import clock
from kpr_portal.ui.formats import clock as told_time
from reservations.postal import kept
from tests.reservations.postal.filling import NAME, PERSON, ordered, text, work

pytestmark = pytest.mark.django_db

GENERAL = "når du ikke har åpnet en side på 60 minutter, og uansett 4 timer etter at du begynte."
PAGES = ["utfylling/valg/", "utfylling/hvem/", "oppsummering/"]


def minutes(number):
    return timedelta(minutes=number)


def words(page):
    return " ".join(html.fromstring(page.content).xpath("string(//main)").split())


def is_over(visitor, path="oppsummering/"):
    return visitor.client.get(f"/skjema/{path}").status_code == HTTPStatus.GONE


@pytest.mark.parametrize("path", PAGES)
def test_page_in_the_last_minute_of_the_four_hours_promises_no_hour_more(visitor, path):
    visitor.fills_in()
    for passed in (50, 100, 150, 200):
        with clock.shift(minutes(passed)):
            visitor.opens("hvem")
    with clock.shift(minutes(239)):
        told = words(visitor.client.get(f"/skjema/{path}"))
    with clock.shift(minutes(240)):
        assert is_over(visitor)

    assert f"Det blir slettet {GENERAL}" in told
    assert "minutter etter at du sist åpnet en side" not in told


def test_times_are_the_settings(visitor, settings):
    settings.POSTAL_FORM_MINUTES, settings.POSTAL_FORM_MOST_HOURS = 1, 1
    visitor.begins()

    told = words(visitor.opens("valg"))

    assert "når du ikke har åpnet en side på 1 minutt, og uansett 1 time etter at du begynte." in told


@pytest.mark.parametrize(
    ("ordered_after", "lasts"), [(10, 70), (230, 240)], ids=["an hour", "the four hours"]
)
def test_waiting_page_tells_the_very_time_however_often_it_is_loaded(visitor, ordered_after, lasts):
    visitor.fills_in()
    until = told_time(clock.now() + minutes(lasts))
    for passed in (50, 100, 150, 200):
        if passed < ordered_after:
            with clock.shift(minutes(passed)):
                visitor.opens("hvem")
    with clock.shift(minutes(ordered_after)):
        visitor.orders()

    for passed in (ordered_after, ordered_after + 5, lasts - 1):
        with clock.shift(minutes(passed)):
            told = words(visitor.waits())
        assert f"Det blir slettet kl. {until} hvis ikke skjemaet blir ferdig før det." in told
        assert "60 minutter" not in told
    with clock.shift(minutes(lasts) + timedelta(seconds=1)):
        assert is_over(visitor, "ferdig/")


def test_form_that_could_not_be_made_lasts_as_any(visitor):
    visitor.fills_in().orders()
    kept.server().hset(kept.name_of(visitor.key.id), "failed", "1")
    ordered()

    assert GENERAL in words(visitor.waits())


def test_finished_form_that_nobody_has_opened_says_what_happens_then(visitor):
    visitor.fills_in().orders()
    work()

    told = words(visitor.waits())

    assert "Alt blir slettet herfra 10 minutter etter at du har åpnet skjemaet." in told
    assert f"Åpner du det ikke, blir alt slettet {GENERAL}" in told


@pytest.mark.parametrize(
    ("opened_after", "lasts"), [(0, 10), (236, 240)], ids=["ten minutes", "the four hours"]
)
def test_every_page_of_a_form_that_was_opened_tells_the_very_time(visitor, opened_after, lasts):
    visitor.fills_in()
    until = told_time(clock.now() + minutes(lasts))
    for passed in (50, 100, 150, 200):
        if passed < opened_after:
            with clock.shift(minutes(passed)):
                visitor.opens("hvem")
    with clock.shift(minutes(opened_after)):
        visitor.orders()
        work()
        visitor.fetches()
    with clock.shift(minutes(lasts - 1)):
        told = [words(visitor.client.get(f"/skjema/{path}")) for path in (*PAGES, "ferdig/")]
    with clock.shift(minutes(lasts) + timedelta(seconds=1)):
        assert is_over(visitor)

    says = f"Du har åpnet det ferdige skjemaet. Alt blir slettet herfra kl. {until}."
    assert [says in each for each in told] == [True] * 4
    assert [re.findall(r"\d+ minutt", each) for each in told] == [[]] * 4


def test_public_pages_promise_no_other_time(client):
    cookies, privacy = (words(client.get(path)) for path in ("/informasjonskapsler/", "/personvern/"))

    assert "Etter høyst 4 timer åpner den ikke noe lenger." in cookies
    assert (
        "60 minutter etter at du sist åpnet en side, 10 minutter etter at du åpnet det ferdige skjemaet, og uansett "
        "4 timer etter at du begynte." in privacy
    )


# --- There is none any more


def lost(visitor):
    """The server was started anew, and holds nothing."""
    kept.server().delete(kept.name_of(visitor.key.id))


def test_form_that_the_server_lost_is_not_said_to_be_out_of_time_and_the_blank_one_is_offered(visitor):
    visitor.fills_in("reservasjon", "meg-selv")
    lost(visitor)

    page = visitor.answers("hvem", **PERSON)

    assert (page.status_code, visitor.cookie) == (HTTPStatus.GONE, "")
    assert heading(page) == ["Skjemaet er ikke her lenger"]
    assert "Har det ikke gått så lang tid, er feilen vår." in words(page)
    assert "tiden er ute" not in text(page).lower()
    assert links(page) == ["/skjema/?hva=reservasjon&for=meg-selv", "/skjema/tomt/reservasjon/meg-selv/"]
    assert NAME not in text(page)


@pytest.mark.parametrize("path", [*PAGES, "ferdig/", "ferdig/skjema.pdf"])
def test_whoever_comes_next_to_the_computer_is_not_told_which_form_it_was(visitor, path):
    visitor.fills_in("innsyn", "avdod")
    lost(visitor)

    page = visitor.client.get(f"/skjema/{path}")

    assert (page.status_code, heading(page)) == (HTTPStatus.GONE, ["Skjemaet er ikke her lenger"])
    assert links(page) == ["/skjema/", "/skjema/"]


def heading(page):
    return html.fromstring(page.content).xpath("//h1/text()")


def links(page):
    return html.fromstring(page.content).xpath('//main//*[@class="buttons"]/a/@href')
