"""Time runs out while somebody is typing, and they come back: in Chromium, with and without scripts."""

from datetime import timedelta

import pytest

from kpr_portal.embedded.population_named import number_of
from kpr_portal.ground import clock
from kpr_portal.login.models import KeptForm, Session
from tests.support.journey_people import known_to_the_register

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/prove/henvendelse/"
WORDS = "Dette står feil om meg."
KEPT = "Vi har tatt vare på det du hadde skrevet."


@pytest.fixture(autouse=True)
def _pages(settings):
    settings.ROOT_URLCONF = "tests.login.urls"


def words(journey):
    return journey.ask(lambda page: page.get_by_label("Med dine ord").input_value())


def ticked(journey):
    return journey.ask(
        lambda page: [
            page.get_by_role("checkbox", name=name, exact=True).is_checked() for name in ("En", "To", "Tre")
        ]
    )


@pytest.mark.usefixtures("idporten")
def test_what_i_sent_too_late_is_there_when_i_am_back(journey):
    known_to_the_register("nothing_held")
    journey.when_i_open(PAGE)
    journey.when_i_press("Lett Fjær")
    journey.when_i_write(WORDS, into="Med dine ord")
    journey.ask(lambda page: page.get_by_role("checkbox", name="To", exact=True).check())

    with clock.shift(timedelta(minutes=31)):
        journey.when_i_press("Send")
        journey.then_the_page_is("Du er logget ut")
        journey.then_i_read("Det du hadde skrevet, er tatt vare på i 120 minutter.")
        journey.when_i_follow("Logg inn på nytt")
        journey.then_i_read(KEPT)
        assert (words(journey), ticked(journey)) == (WORDS, [False, True, False])
        assert KeptForm.objects.count() == 0


def test_what_stood_in_the_window_when_it_closed_is_there_when_i_am_back(begin):
    known_to_the_register("nothing_held")
    journey = begin()
    journey.given_i_am_signed_in_as(number_of("nothing_held"))
    journey.given_the_window_has_a_clock_of_its_own()
    journey.when_i_open(PAGE)
    journey.when_i_write(WORDS, into="Med dine ord")

    with clock.shift(timedelta(minutes=31)):
        journey.when_time_passes_in_the_window(minutes=31)
        journey.then_the_page_is("Du er logget ut")
        journey.then_i_read("Det du hadde skrevet, er tatt vare på i 120 minutter.")
        journey.given_i_am_signed_in_as(number_of("nothing_held"))
        journey.when_i_open(PAGE)
        journey.then_i_read(KEPT)
        assert words(journey) == WORDS


def test_another_at_the_same_machine_sees_nothing_of_it(begin):
    known_to_the_register("nothing_held", "much_data")
    journey = begin()
    journey.given_i_am_signed_in_as(number_of("nothing_held"))
    journey.given_the_window_has_a_clock_of_its_own()
    journey.when_i_open(PAGE)
    journey.when_i_write(WORDS, into="Med dine ord")

    with clock.shift(timedelta(minutes=31)):
        journey.when_time_passes_in_the_window(minutes=31)
        journey.then_the_page_is("Du er logget ut")
        journey.given_i_am_signed_in_as(number_of("much_data"))
        journey.when_i_open(PAGE)
        journey.then_the_page_is("Si hva som er galt")
        journey.then_i_do_not_read(KEPT)
        assert words(journey) == ""
        journey.when_i_go_back()
        journey.then_i_do_not_read(WORDS)


@pytest.mark.usefixtures("idporten")
def test_the_back_button_shows_nothing_of_mine_after_signing_out(begin):
    """Back and forth through all that was open, and the page kept by no cache of the browser's."""
    known_to_the_register("nothing_held")
    journey = begin()
    journey.when_i_open("/innsyn/")
    journey.when_i_press("Lett Fjær")
    journey.then_the_page_is("Dette har KPR om deg")
    journey.when_i_open("/reservasjon/historikk/")
    journey.then_the_page_is("Alle endringer og kvitteringer")
    journey.when_i_press("Logg ut")
    journey.then_the_address_is("/")
    assert Session.objects.exclude(account=None).count() == 0

    for _step in range(4):
        journey.when_i_go_back()
        journey.then_i_do_not_read("Lett Fjær er", "Du er logget inn som", "Dette har KPR om deg")
        journey.then_i_do_not_read("Alle endringer og kvitteringer")
