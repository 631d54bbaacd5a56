"""Every page in every language, in the dark, and without signing in: journeys look at each page they pass."""

import pytest

from kpr_portal.people.acting import Acting
from reservations.catalogue import WITHHOLD_NATIONAL_ID
from reservations.operations import place
from reservations.rules import Action, Will
from reservations.texts import confirmation
from tests.support.journey_people import (
    held_about,
    known_to_the_register,
    looked_at_by_a_caseworker,
    released_to_statistics_norway,
)

PAGES = (
    "innsyn/",
    "innsyn/kilde/fastlege-og-legevakt/",
    "innsyn/kilde/fastlege-og-legevakt/?year=2024&words=diabetes",
    "innsyn/kilde/fysioterapi/",
    "innsyn/utleveringer/",
    "innsyn/oppslag/",
    "innsyn/last-ned/",
    "reservasjon/",
    "reservasjon/purpose_2/reserver/",
    "reservasjon/withhold_national_id/opphev/",
    "reservasjon/withhold_national_id/reserver/",
    "reservasjon/historikk/",
    "meldinger/",
    "pa-vegne-av/",
    "logg-inn/ut/",
    "logg-inn/bli/",
    "nowhere/",
)


@pytest.fixture
def stodig(transactional_db, tmp_path):
    """Stødig Bjørk, about whom there is something on every page."""
    known_to_the_register("much_data", "caseworker")
    person = held_about("much_data", tmp_path)
    released_to_statistics_norway(person)
    looked_at_by_a_caseworker(person, reason="Behandlet papirskjema")
    shown = confirmation(WITHHOLD_NATIONAL_ID, Action.PLACED).sha256
    place(WITHHOLD_NATIONAL_ID.kind, acting=Acting.for_oneself(person), will=Will.online(shown=shown))
    return person


@pytest.mark.parametrize(
    ("prefix", "scheme"), [("/", "dark"), ("/nn/", "light"), ("/en/", "light")], ids=["dark", "nn", "en"]
)
def test_pages_about_a_person(begin, stodig, prefix, scheme):
    journey = begin(color_scheme=scheme)
    journey.given_i_am_signed_in_as(stodig)
    for page in PAGES:
        journey.when_i_open(prefix + page)
    journey.when_i_open(prefix + "innsyn/kilde/fastlege-og-legevakt/")
    journey.ask(lambda page: page.locator("tbody a").first.click())
    journey.when_i_open(prefix + "reservasjon/historikk/")
    journey.ask(lambda page: page.locator("tbody a").first.click())


@pytest.mark.usefixtures("transactional_db")
def test_public_pages_are_read_without_signing_in_and_keep_their_place_in_another_language(journey):
    journey.when_i_open("/")
    for name in ("Kontakt oss", "Personvern", "Hva KPR inneholder", "Tilgjengelighet", "Informasjonskapsler"):
        journey.when_i_follow(name, within="Om tjenesten")
        journey.then_the_page_is(name)
    journey.when_i_follow("På papir", within="Hovedmeny")
    journey.then_the_page_is("Gjør det på papir")

    journey.when_i_follow("Nynorsk", within="Språk")
    journey.then_the_page_is("Gjer det på papir")
    journey.when_i_follow("English", within="Språk")
    journey.then_the_address_is("/en/skjema/")
    journey.when_i_follow("Bokmål", within="Language")
    journey.then_the_page_is("Gjør det på papir")


def test_a_list_keeps_its_filters_in_another_language(journey, stodig):
    journey.given_i_am_signed_in_as(stodig)
    journey.when_i_open("/innsyn/kilde/fastlege-og-legevakt/?year=2024")
    journey.then_i_read("2 opplysninger passer")

    journey.when_i_follow("English", within="Språk")

    journey.then_the_address_is("/en/innsyn/kilde/fastlege-og-legevakt/?year=2024")
    assert len(journey.rows()) == 2
