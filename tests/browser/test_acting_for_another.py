"""A parent chooses to act for a child, reserves for the child in her own name, and is herself again."""

import pytest

from kpr_portal.embedded.population_named import number_of
from kpr_portal.people.operations import person_for
from kpr_portal.people.representation.from_register import refresh_from_register
from reservations.models import ReservationEntry
from tests.support.family import enter_family
from tests.support.journey_people import known_to_the_register

pytestmark = pytest.mark.django_db(transaction=True)
R1 = "Ikke utlever fødselsnummeret mitt"
FOR_CHILD = "Du handler på vegne av Glad Kvist."


@pytest.mark.usefixtures("idporten")
def test_a_parent_switches_to_a_child_and_back(journey):
    enter_family()
    journey.when_i_open("/reservasjon/")
    journey.when_i_follow("Logg inn for å reservere deg")
    journey.when_i_press("Trygg Furu")
    journey.then_the_page_is("Hvem handler du for?")
    journey.then_there_is_a_button("For meg selv")

    journey.when_i_press("Velg: Glad Kvist, foreldreansvar")
    journey.then_the_page_is("Velg testperson")  # proves anew who she is
    journey.when_i_press("Trygg Furu")
    journey.then_the_page_is("Hvem handler du for?")
    journey.when_i_press("Gå videre for Glad Kvist: foreldreansvar")
    journey.then_the_address_is("/reservasjon/")
    journey.then_i_read(FOR_CHILD, "Alt du gjør her, gjelder Glad Kvist.", "på vegne av Glad Kvist")

    journey.when_i_open("/reservasjon/withhold_national_id/reserver/")
    journey.then_i_read(FOR_CHILD)
    press_yes(journey)
    journey.then_i_read(FOR_CHILD, ReservationEntry.objects.get().reference)
    entry = ReservationEntry.objects.get()
    assert (entry.person, entry.actor, entry.basis) == (
        person_for(number_of("child_8")),
        person_for(number_of("parent")),
        "parent",
    )

    journey.when_i_press("Handle for deg selv")
    journey.then_the_address_is("/reservasjon/")
    journey.then_i_do_not_read("Du handler på vegne av")
    journey.when_i_follow("Handle på vegne av en annen")
    journey.then_the_page_is("Hvem handler du for?")
    journey.when_i_press("Velg: Kvikk Spire, foreldreansvar")  # proven already: one click
    journey.then_i_read("Du handler på vegne av Kvikk Spire.")
    journey.when_i_follow("Bytt hvem du handler for")
    journey.then_the_page_is("Hvem handler du for?")
    journey.when_i_press("For meg selv")
    journey.then_i_do_not_read("Du handler på vegne av")


def press_yes(journey):
    journey.ask(lambda page: page.locator("main form button[type=submit]").click())
    journey.then_i_read("Kvittering")


@pytest.mark.usefixtures("idporten")
def test_one_with_nobody_to_act_for_is_asked_nothing(journey):
    known_to_the_register("nothing_held")
    journey.when_i_open("/reservasjon/historikk/")
    journey.when_i_press("Lett Fjær")

    journey.then_the_page_is("Alle endringer og kvitteringer")
    journey.when_i_follow("Handle på vegne av en annen")
    journey.then_i_read("Finner du ikke den du skal handle for?")


@pytest.mark.usefixtures("idporten")
def test_two_windows_the_second_choice_crosses_the_form_of_the_first(begin):
    enter_family()
    journey = begin(scripts=False)
    journey.given_i_am_signed_in_as(number_of("parent"), proven=True)
    signs_in(journey)
    journey.when_i_press("Velg: Glad Kvist, foreldreansvar")
    journey.when_i_open("/reservasjon/withhold_national_id/reserver/")
    other_window(journey, "Velg: Kvikk Spire, foreldreansvar")

    journey.ask(lambda page: page.locator("main form button[type=submit]").click())

    journey.then_i_read(
        "Skjemaet ble åpnet for en annen enn den du handler for nå. Ingenting er endret. "
        "Nå gjelder det Kvikk Spire. Se over, og send på nytt hvis det stemmer."
    )
    assert ReservationEntry.objects.count() == 0


def signs_in(journey):
    refresh_from_register(person_for(number_of("parent")))
    journey.when_i_open("/pa-vegne-av/")


def other_window(journey, choice):
    def choose(page):
        window = page.context.new_page()
        window.goto(f"{journey.portal}/pa-vegne-av/")
        window.get_by_role("button", name=choice).click()
        window.wait_for_load_state("load")
        window.close()

    journey.ask(choose)
