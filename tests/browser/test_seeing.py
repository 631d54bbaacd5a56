"""A citizen sees what KPR holds, who received it and who looked, and takes it home."""

import json
import re
import subprocess

import pytest

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.embedded.population_named import number_of
from tests.support.journey_people import (
    held_about,
    known_to_the_register,
    looked_at_by_a_caseworker,
    more_held_about,
    released_to_statistics_norway,
)

CLAIMS = "Fastlege og legevakt"


@pytest.fixture
def stodig(transactional_db, tmp_path):
    """Stødig Bjørk, about whom KPR holds much."""
    known_to_the_register("much_data", "caseworker")
    return held_about("much_data", tmp_path)


@pytest.mark.usefixtures("idporten", "stodig")
def test_a_citizen_signs_in_and_reads_what_kpr_holds(journey):
    journey.when_i_open("/")
    journey.then_the_page_is("Se og bestem over opplysningene dine i KPR")
    journey.when_i_follow("Se hva som er registrert")
    journey.then_the_page_is("Velg testperson")
    journey.when_i_press("Stødig Bjørk")
    journey.then_the_page_is("Dette har KPR om deg")
    journey.then_i_read("KPR har 6 opplysninger om deg, fra mars 2023 til")
    journey.then_i_read("Du er logget inn som Stødig Bjørk")

    journey.when_i_follow(CLAIMS)
    journey.then_the_page_is(CLAIMS)
    journey.then_i_read("5 opplysninger, de nyeste først")

    journey.when_i_choose("2024", of="År")
    journey.when_i_press("Vis")
    journey.then_i_read("2 opplysninger passer")
    days = [row[0] for row in journey.rows()]

    journey.when_i_choose("Alle år", of="År")
    journey.when_i_write("hjerte fjordgata", into="Søk")
    journey.when_i_press("Vis")
    journey.then_i_read("Ingen opplysninger passer med det du har valgt.")
    journey.when_i_write("diabetes", into="Søk")
    journey.when_i_press("Vis")
    journey.then_i_read("Én opplysning passer")

    journey.when_i_follow("Konsultasjon hos fastlege, Solsiden legesenter: diabetes (T90).")
    journey.then_i_read("Alt som er registrert", "2. mai 2024")
    journey.when_i_follow("Tilbake til listen")
    journey.then_i_read("Én opplysning passer")

    assert days == ["20. november 2024", "2. mai 2024"]
    assert journey.path() == "/innsyn/kilde/fastlege-og-legevakt/?words=diabetes"


def test_going_back_from_a_record_leads_to_the_same_place_in_a_long_list(journey, stodig, tmp_path):
    more_held_about("much_data", tmp_path, visits=60)
    journey.given_i_am_signed_in_as(stodig)

    journey.when_i_open("/innsyn/kilde/fastlege-og-legevakt/")
    journey.when_i_follow("Eldre", within="Bla i listen")
    journey.then_i_read("Nyere")
    there, rows = journey.path(), journey.rows()
    journey.ask(lambda page: page.locator("tbody a").nth(3).click())
    journey.then_i_read("Alt som er registrert")
    journey.when_i_follow("Tilbake til listen")
    journey.then_i_read("Nyere")

    assert (journey.path(), journey.rows()) == (there, rows)


def test_a_citizen_reads_who_received_and_another_that_nobody_did(begin, stodig):
    released_to_statistics_norway(stodig)
    one, another = begin(), begin()
    one.given_i_am_signed_in_as(stodig)
    another.given_i_am_signed_in_as(number_of("nothing_held"))

    one.when_i_open("/innsyn/")
    one.when_i_follow("Hvem har fått opplysninger om deg?")
    one.then_the_page_is("Hvem har fått opplysninger om deg?")
    one.then_i_read("Statistisk sentralbyrå", "3. februar 2025", "Fødselsnummer eller D-nummer")
    one.when_i_unfold("Mer om utleveringen til Statistisk sentralbyrå")
    one.then_i_read("971 526 920", "statistikkloven § 10")

    another.when_i_open("/innsyn/utleveringer/")
    another.then_the_page_is("Hvem har fått opplysninger om deg?")
    another.then_i_read("Ingen har fått opplysninger om deg sammen med navnet eller fødselsnummeret ditt.")
    another.then_i_read("Loggen over utleveringer er fullstendig fra 1. desember 2017.")
    another.then_i_do_not_read("Statistisk sentralbyrå")


def test_a_citizen_reads_who_looked_with_own_visits_apart(journey_with_scripts, stodig):
    journey = journey_with_scripts
    looked_at_by_a_caseworker(stodig, reason="Behandlet papirskjema")
    journey.given_i_am_signed_in_as(stodig)
    journey.when_i_open("/innsyn/")
    journey.then_i_read("Ett oppslag av andre enn deg siste år: saksbehandler, Folkehelseinstituttet.")

    journey.when_i_follow("Hvem har sett på opplysningene?")

    journey.then_the_page_is("Hvem har sett på opplysningene?")
    journey.then_i_read("Andre enn deg har sett på opplysninger om deg én gang.")
    (row,) = journey.rows()
    assert row[1:] == ["Saksbehandler, Folkehelseinstituttet", "En sak", "Behandlet papirskjema"]
    own = journey.ask(lambda page: page.locator("#own tbody tr").all_inner_texts())
    assert len(own) == 1
    assert AccessLogEntry.objects.filter(subject=stodig.key, action="insight.accesses").count() == 1


@pytest.mark.usefixtures("worker")
def test_a_citizen_takes_it_home_as_pdf_and_as_data(journey_with_scripts, stodig, tmp_path):
    journey = journey_with_scripts
    journey.given_i_am_signed_in_as(stodig)
    journey.when_i_open("/innsyn/")
    journey.when_i_follow("Last ned")
    journey.then_the_page_is("Last ned det KPR-portalen viser om deg")

    name, data = journey.when_i_download("Last ned som JSON")
    journey.when_i_press("Lag PDF")
    journey.then_i_read("PDF-en er ferdig")  # the page looks again by itself
    pdf = journey.when_i_fetch(re.compile("Hent PDF-en"))

    assert name.startswith("kpr-portalen-")
    assert len(json.loads(data)["records"]) == 6
    text = text_of(pdf)
    assert "Det KPR-portalen viser om deg" in text
    assert "Fjordgata legekontor" in text


@pytest.mark.usefixtures("idporten")
def test_someone_nobody_knows_is_welcome_sees_nothing_and_reserves(journey):
    journey.when_i_open("/innsyn/")
    journey.when_i_press("Uvanlig Sti")
    journey.then_the_page_is("Dette har KPR om deg")
    journey.then_i_read(
        "KPR har ingen opplysninger om deg som vi kan vise her.", "Ingenting registrert om deg"
    )

    journey.when_i_follow("Reservasjon", within="Hovedmeny")
    journey.when_i_follow("Reserver meg: Ikke utlever fødselsnummeret mitt")
    journey.then_the_page_is("Ikke utlever fødselsnummeret mitt")
    journey.when_i_press("Ja, reserver meg: Ikke utlever fødselsnummeret mitt")

    journey.then_the_page_is("Kvittering: Du har reservert deg")
    journey.when_i_open("/innsyn/")
    journey.then_i_read("Du har reservert deg")


def text_of(pdf):
    """The words of a PDF, by a program that reads it as anybody's does."""
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())
