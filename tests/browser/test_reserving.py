"""A citizen reserves and lifts it again, gets receipts, and finds all of it again."""

import re
import subprocess

import pytest

from kpr_portal.embedded.population_named import number_of
from kpr_portal.people.operations import person_for
from reservations.catalogue import WITHHOLD_NATIONAL_ID
from reservations.models import ReservationEntry
from tests.support.journey_people import known_to_the_register

R1 = "Ikke utlever fødselsnummeret mitt"

# The same way in each language: the address, and what stands on the screen.
WORDS = {
    "nb": {
        "at": "/reservasjon/",
        "sign in": "Logg inn for å reservere deg",
        "place": f"Reserver meg: {R1}",
        "title": R1,
        "yes": f"Ja, reserver meg: {R1}",
        "placed": "Kvittering: Du har reservert deg",
        "fetch": "Åpne kvitteringen som PDF",
        "mine": "Reservasjonene dine",
        "lift": f"Opphev reservasjonen: {R1}",
        "yes, lift": f"Ja, opphev: {R1}",
        "lifted": "Kvittering: Du har opphevet reservasjonen",
        "all": "Alle endringer og kvitteringer",
    },
    "nn": {
        "at": "/nn/reservasjon/",
        "sign in": "Logg inn for å reservere deg",
        "place": "Reserver meg: Ikkje utlever fødselsnummeret mitt",
        "title": "Ikkje utlever fødselsnummeret mitt",
        "yes": "Ja, reserver meg: Ikkje utlever fødselsnummeret mitt",
        "placed": "Kvittering: Du har reservert deg",
        "fetch": "Opne kvitteringa som PDF",
        "mine": "Reservasjonane dine",
        "lift": "Opphev reservasjonen: Ikkje utlever fødselsnummeret mitt",
        "yes, lift": "Ja, opphev: Ikkje utlever fødselsnummeret mitt",
        "lifted": "Kvittering: Du har oppheva reservasjonen",
        "all": "Alle endringar og kvitteringar",
    },
    "en": {
        "at": "/en/reservasjon/",
        "sign in": "Log in to opt out",
        "place": "Opt out: Do not release my national identity number",
        "title": "Do not release my national identity number",
        "yes": "Yes, opt out: Do not release my national identity number",
        "placed": "Receipt: You have opted out",
        "fetch": "Open the receipt as a PDF",
        "mine": "Your opt-outs",
        "lift": "Cancel the opt-out: Do not release my national identity number",
        "yes, lift": "Yes, cancel the opt-out: Do not release my national identity number",
        "lifted": "Receipt: You have cancelled the opt-out",
        "all": "All changes and receipts",
    },
}


@pytest.mark.usefixtures("idporten", "worker")
@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_a_citizen_reserves_in_three_clicks_and_lifts_it_again(begin, words):
    known_to_the_register("nothing_held")
    journey = begin()
    journey.when_i_open(words["at"])
    journey.when_i_follow(words["sign in"])
    journey.when_i_press("Lett Fjær")

    journey.when_i_follow(words["place"])  # the first click after signing in
    journey.then_the_page_is(words["title"])
    journey.when_i_press(words["yes"])  # the second
    journey.then_the_page_is(words["placed"])
    journey.then_there_is_a_link(words["fetch"])  # the page looks again by itself
    receipt = text_of(journey.when_i_fetch(words["fetch"]))  # the third

    journey.when_i_follow(words["mine"])
    journey.when_i_follow(words["lift"])
    journey.then_the_page_is(words["lift"])
    journey.when_i_press(words["yes, lift"])
    journey.then_the_page_is(words["lifted"])
    journey.when_i_follow(words["all"])
    journey.then_the_page_is(words["all"])

    placed, lifted = ReservationEntry.objects.order_by("pk")
    assert [row[3] for row in journey.rows()] == [lifted.reference, placed.reference]
    assert placed.person == person_for(number_of("nothing_held"))
    for part in (words["placed"], words["title"], placed.reference):
        assert part in receipt


@pytest.mark.usefixtures("idporten")
def test_a_citizen_without_scripts_reserves_and_reads_the_receipt_at_once(begin):
    known_to_the_register("nothing_held")
    journey = begin(scripts=False)
    journey.when_i_open("/reservasjon/")
    journey.when_i_follow("Logg inn for å reservere deg")
    journey.when_i_press("Lett Fjær")
    journey.when_i_follow(f"Reserver meg: {R1}")
    journey.when_i_press(f"Ja, reserver meg: {R1}")

    journey.then_the_page_is("Kvittering: Du har reservert deg")
    journey.then_i_read("Valget ditt er lagret.", "Det som allerede er utlevert, hentes ikke tilbake.")
    journey.then_i_read(ReservationEntry.objects.get().reference)
    journey.then_there_is_a_link("Last siden på nytt")


@pytest.mark.usefixtures("idporten", "worker")
def test_a_citizen_does_it_all_by_keyboard(begin):
    known_to_the_register("nothing_held")
    journey = begin()
    journey.when_i_open("/")
    journey.when_i_tab_to("Hopp til hovedinnhold")
    journey.when_i_press_the_key("Enter")
    journey.when_i_tab_to("Reservere deg")
    journey.when_i_press_the_key("Enter")
    journey.then_the_page_is("Reservasjon")
    journey.when_i_tab_to("Logg inn for å reservere deg")
    journey.when_i_press_the_key("Enter")
    journey.then_the_page_is("Velg testperson")
    journey.when_i_tab_to("Lett Fjær")
    journey.when_i_press_the_key("Enter")
    journey.then_the_page_is("Reservasjon")
    journey.when_i_tab_to(re.compile("Reserver meg.*fødselsnummeret", re.DOTALL))
    journey.when_i_press_the_key("Enter")
    journey.then_the_page_is(R1)
    journey.when_i_tab_to(re.compile("Ja, reserver meg"))
    journey.when_i_press_the_key("Enter")
    journey.then_the_page_is("Kvittering: Du har reservert deg")
    journey.then_there_is_a_link("Åpne kvitteringen som PDF")
    journey.when_i_tab_to("Logg ut")
    journey.when_i_press_the_key("Enter")
    journey.then_i_read("Du er logget ut.")

    assert ReservationEntry.objects.get().kind == WITHHOLD_NATIONAL_ID.kind.code


def test_the_receipt_prints_as_what_it_is(begin):
    known_to_the_register("nothing_held")
    journey = begin()
    journey.given_i_am_signed_in_as(number_of("nothing_held"))
    journey.when_i_open("/reservasjon/")
    journey.when_i_follow(f"Reserver meg: {R1}")
    journey.when_i_press(f"Ja, reserver meg: {R1}")
    journey.then_the_page_is("Kvittering: Du har reservert deg")

    printed = text_of(journey.ask(lambda page: page.pdf()))

    for part in ("Kvittering: Du har reservert deg", R1, ReservationEntry.objects.get().reference):
        assert part in printed
    for part in (
        "Logg ut",
        "Nynorsk",
        "Forside",
        "Last siden på nytt",
        "Hopp til hovedinnhold",
        "Personvern",
    ):
        assert part not in printed


def text_of(pdf):
    """The words of a PDF, by a program that reads it as anybody's does."""
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())
