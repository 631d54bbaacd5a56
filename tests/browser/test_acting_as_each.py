"""Each of those who may act for another, and each who may not: what works for them, and what they are told.

Two or more people in every story, each at a browser of their own.
"""

import re
from datetime import datetime, timedelta

import pytest

from kpr_portal.ground import clock
from kpr_portal.people.models import Representation, RepresentationBlock
from kpr_portal.people.operations import person_for
from kpr_portal.people.population_register import Protection
from kpr_portal.people.representation.from_register import refresh_from_register
from reservations.models import ReservationEntry
from reservations.rules import Action
from tests.support.family import enter_family, number_of
from tests.support.journey_people import employed, held_about

pytestmark = pytest.mark.django_db(transaction=True)
R1 = "Ikke utlever fødselsnummeret mitt"
PLACE = "/reservasjon/withhold_national_id/reserver/"
CHOOSE, MINE, HISTORY = "/pa-vegne-av/", "/innsyn/", "/reservasjon/historikk/"
GONE, NOT_THERE = "Ikke tilgjengelig", "Vi finner ikke siden"
HEARD = "Jeg har hørt hva personen selv mener om dette."
NOBODY = "Finner du ikke den du skal handle for?"
YES = re.compile("^Ja, ")
PROVIDER = "Solsiden legesenter"


@pytest.fixture
def family(transactional_db):
    return enter_family()


@pytest.fixture
def at(begin):
    """`at("parent")`: somebody at a browser, signed in and looked up as at every sign-in."""

    def come(slug, *, scripts=False):
        journey = begin(scripts=scripts)
        person = person_for(number_of(slug))
        refresh_from_register(person)
        journey.given_i_am_signed_in_as(person, proven=True)
        return journey

    return come


def chooses(journey, whom):
    journey.when_i_open(CHOOSE)
    journey.when_i_press(f"Velg: {whom}")
    journey.then_i_read(f"Du handler på vegne av {whom.partition(',')[0]}.")


def reserves(journey):
    journey.when_i_open(PLACE)
    journey.when_i_press(re.compile("^Ja, reserver"))
    journey.then_i_read("Kvittering", ReservationEntry.objects.latest("pk").reference)


def has_nobody_to_choose(journey, *, named):
    """Nobody is named, and the way that is open is."""
    journey.when_i_open(CHOOSE)
    journey.then_the_page_is("Hvem handler du for?")
    journey.then_i_read(NOBODY)
    journey.then_there_is_a_link("Papirskjema for et barn")
    journey.then_i_do_not_read(named, "Andre du kan handle for")
    assert journey.ask(lambda page: page.get_by_role("button", name=re.compile("^Velg")).count()) == 0


def finds_it_over(journey, *, named):
    """At the next click, whatever it is: one sentence that tells nothing, and then one is oneself."""
    journey.then_the_page_is(GONE)
    journey.then_i_do_not_read(named)
    journey.then_there_is_a_link("Bruk papirskjema")
    journey.when_i_follow("Gå videre for deg selv")
    journey.then_i_do_not_read("Du handler på vegne av", named)


def entries():
    """Who did what for whom, by what right."""
    return [(row.actor, row.person, row.basis, row.action) for row in ReservationEntry.objects.order_by("pk")]


def test_a_guardian_for_personal_matters_hears_the_ward_who_sees_it_all(family, at, tmp_path):
    held_about("ward_personal", tmp_path)
    guardian, ward = at("guardian_personal"), at("ward_personal", scripts=True)
    chooses(guardian, "Stille Vann, verge")
    guardian.when_i_open(MINE)
    guardian.then_the_page_is("Dette har KPR om Stille Vann")
    guardian.when_i_open(PLACE)
    guardian.when_i_press(YES)
    guardian.then_i_read("Kryss av for at du har hørt hva personen selv mener.")
    assert ReservationEntry.objects.count() == 0

    guardian.ask(lambda page: page.get_by_role("checkbox", name=HEARD).check())
    guardian.when_i_press(YES)
    guardian.then_the_page_is("Kvittering: Stille Vann er reservert")
    assert entries() == [
        (family.person("guardian_personal"), family.person("ward_personal"), "guardian", Action.PLACED)
    ]

    ward.when_i_open("/meldinger/")
    ward.when_i_follow("Noen har reservert deg")
    ward.then_i_read(f"Våken Lykt (verge) har reservert deg: {R1}.")
    ward.when_i_open("/innsyn/oppslag/")
    ward.then_i_read("Våken Lykt (verge)")
    ward.when_i_open("/pa-vegne-av/meg/")
    ward.when_i_press("Steng: Våken Lykt")
    ward.then_there_is_a_button("Åpne igjen: Våken Lykt")
    guardian.when_i_open(HISTORY)
    finds_it_over(guardian, named="Stille Vann")
    has_nobody_to_choose(guardian, named="Stille Vann")


def test_a_guardian_for_the_economy_alone_is_told_what_is_open(family, at):
    guardian = at("guardian_economic", scripts=True)

    has_nobody_to_choose(guardian, named="Varm Stein")

    guardian.then_i_read(
        "Vergeoppdraget ditt gjelder økonomi. Personen kan selv reservere seg, eller du kan be "
        "Statsforvalteren vurdere oppdraget på nytt."
    )
    assert ReservationEntry.objects.count() == 0


def test_an_attorney_sees_the_records_and_no_reservation_until_the_giver_ends_it(family, at, tmp_path):
    held_about("attorney_giver", tmp_path)
    giver, attorney = at("attorney_giver", scripts=True), at("attorney")
    reserves(giver)
    giver.when_i_open("/pa-vegne-av/gi-fullmakt/")
    giver.when_i_write(
        number_of("attorney").digits, into="Fødselsnummer eller D-nummer til den som skal få fullmakten"
    )
    giver.when_i_write("Måke", into="Etternavn")
    giver.when_i_press("Gå til oppsummering")
    giver.then_the_page_is("Se over fullmakten")
    giver.then_i_read("Bare innsyn.")
    giver.when_i_press("Ja, gi Hjelpsom Måke fullmakt")
    giver.then_the_page_is("Hvem kan handle for meg?")

    chooses(attorney, "Rolig Sang, fullmakt")
    attorney.when_i_open(MINE)
    attorney.then_the_page_is("Dette har KPR om Rolig Sang")
    attorney.when_i_follow("Fastlege og legevakt")
    attorney.then_i_read("5 opplysninger", PROVIDER)
    attorney.when_i_open(MINE)
    attorney.then_i_do_not_read("Reservasjonene til", "Rolig Sang er reservert")
    attorney.when_i_open("/reservasjon/")
    attorney.then_i_read("Du kan ikke reservere for denne personen her.")
    attorney.then_i_do_not_read(ReservationEntry.objects.get().reference, "I kraft")
    for page in (HISTORY, PLACE, "/innsyn/oppslag/", "/meldinger/"):
        attorney.when_i_open(page)
        attorney.then_the_page_is(NOT_THERE)

    giver.when_i_press("Avslutt fullmakten: Hjelpsom Måke")
    giver.then_i_read("Ingen vi vet om, kan handle for deg her nå.")
    attorney.when_i_open("/innsyn/kilde/fastlege-og-legevakt/")
    attorney.then_i_do_not_read(PROVIDER)
    finds_it_over(attorney, named="Rolig Sang")
    has_nobody_to_choose(attorney, named="Rolig Sang")


def test_what_a_14_year_old_chose_alone_no_parent_sees(family, at, tmp_path):
    held_about("child_14", tmp_path)
    child = at("child_14")
    reserves(child)
    reference = ReservationEntry.objects.get().reference

    parents = [at("mother_of_14"), at("father_of_14")]
    for parent in parents:
        chooses(parent, "Oppvakt Meis, foreldreansvar")
        parent.when_i_open("/reservasjon/")
        parent.then_i_read("Oppvakt Meis er ikke reservert")
        parent.then_i_do_not_read(reference, "Oppvakt Meis er reservert", PROVIDER)
        parent.when_i_open(HISTORY)
        parent.then_i_read("Det er ingenting å vise.")
        parent.when_i_open(MINE)
        parent.then_the_page_is(NOT_THERE)
        parent.then_i_do_not_read(PROVIDER, "Trondheim")

    child.when_i_open("/meldinger/")
    child.then_i_read("Du har ingen meldinger.")
    child.when_i_open("/pa-vegne-av/meg/")
    child.when_i_press("Steng: Munter Oter")
    child.then_there_is_a_button("Åpne igjen: Munter Oter")
    mother, father = parents
    father.when_i_open("/reservasjon/")
    finds_it_over(father, named="Oppvakt Meis")
    mother.when_i_open(HISTORY)
    mother.then_i_read("Du handler på vegne av Oppvakt Meis.")
    assert ReservationEntry.objects.count() == 1


def test_a_father_elsewhere_sees_no_place_and_nothing_once_the_address_is_protected(family, at, tmp_path):
    held_about("protected_child", tmp_path)
    for slug in ("protected_child", "protected_parent"):
        family.change(slug, protection=Protection.NONE)
    father = at("parent_elsewhere", scripts=True)
    chooses(father, "Lun Rype, foreldreansvar")
    for page in (MINE, "/innsyn/kilde/fastlege-og-legevakt/"):
        father.when_i_open(page)
        father.then_i_read("Lun Rype", "Hvor hjelpen ble gitt, vises ikke her.")
        father.then_i_do_not_read(PROVIDER, "Fjordgata", "Trondheim", "Åsveien")

    for slug in ("protected_child", "protected_parent"):
        family.change(slug, protection=Protection.CONFIDENTIAL)
    father.when_i_load_the_page_again()
    finds_it_over(father, named="Lun Rype")
    key = str(Representation.objects.get(representative=family.person("parent_elsewhere")).key)
    father.when_i_open(CHOOSE)
    father.ask(lambda page: page.locator("button[name=hvem]").evaluate("(one, key) => one.value = key", key))
    father.when_i_press("For meg selv")  # which his browser has been made to say otherwise
    finds_it_over(father, named="Lun Rype")
    mother = at("protected_parent")
    for parent in (father, mother):
        has_nobody_to_choose(parent, named="Lun Rype")
    mother.when_i_follow("Papirskjema for et barn")
    mother.then_the_page_is("Gjør det på papir")
    for page in (MINE, "/reservasjon/", "/pa-vegne-av/meg/"):
        mother.when_i_open(page)
        mother.then_i_read("Du er logget inn som Stø Ørret")
        mother.then_i_do_not_read("Åsveien", "Trondheim", "7011")


def test_one_who_turned_16_decides_alone_and_the_parent_has_nobody_to_choose(family, at):
    parent, young = at("parent_of_newly_16"), at("newly_16")

    has_nobody_to_choose(parent, named="Fersk Morgen")
    reserves(young)

    person = family.person("newly_16")
    assert entries() == [(person, person, "self", Action.PLACED)]


def test_at_midnight_of_the_16th_birthday_the_parents_session_ends_for_the_child(family, at):
    tomorrow = clock.today() + timedelta(days=1)
    family.change("child_13", birth_date=tomorrow.replace(year=tomorrow.year - 16))
    midnight = datetime.combine(tomorrow, datetime.min.time(), tzinfo=clock.OSLO)
    with clock.moved_to(midnight - timedelta(minutes=5)):
        parent = at("parent", scripts=True)
        chooses(parent, "Kvikk Spire, foreldreansvar")
        reserves(parent)
        parent.when_i_open("/reservasjon/withhold_national_id/opphev/")
        parent.then_i_read("Du handler på vegne av Kvikk Spire.")

    with clock.moved_to(midnight + timedelta(seconds=1)):
        parent.when_i_press(YES)
        finds_it_over(parent, named="Kvikk Spire")
        young = at("child_13")
        young.when_i_open("/reservasjon/")
        young.then_i_read("I kraft")
        young.when_i_follow(f"Opphev reservasjonen: {R1}")
        young.when_i_press(YES)
        young.then_the_page_is("Kvittering: Du har opphevet reservasjonen")

    mother, child = family.person("parent"), family.person("child_13")
    assert entries() == [(mother, child, "parent", Action.PLACED), (child, child, "self", Action.LIFTED)]


@pytest.mark.usefixtures("both_providers")
def test_a_caseworker_is_shut_out_from_her_former_husband_and_her_colleague_is_not(family, begin, at):
    number = number_of("former_husband").digits
    caseworker, colleague = begin(scripts=False), begin()
    for slug, name, journey in (
        ("caseworker", "Ryddig Perm", caseworker),
        ("caseworker_2", "Tenksom Blyant", colleague),
    ):
        employed(slug)
        journey.when_i_open("/saksbehandling/steng/")
        journey.when_i_press(name)
        journey.then_the_page_is("Steng for en representant")
        journey.when_i_write(number, into="Nummeret til den det gjelder")
        journey.when_i_mark("På telefon")
        journey.when_i_press("Steng")
        if journey is caseworker:
            journey.then_i_read("Du kan ikke behandle dette. En annen må ta det")
            journey.then_i_do_not_read("Fri Bekk", "gift", "ektefelle")
            assert RepresentationBlock.objects.count() == 0
    colleague.then_the_page_is("Saksbehandling")
    colleague.then_i_read("Det er stengt fra nå av. Personen får en melding.")

    husband = at("former_husband")
    husband.when_i_open("/meldinger/")
    husband.then_i_read("Vi har stengt for en som kunne handle for deg")
    husband.when_i_open("/pa-vegne-av/meg/")
    husband.then_i_read("Alle andre enn deg", "En saksbehandler gjorde det for deg.")
    husband.when_i_open("/innsyn/oppslag/")
    husband.then_i_read("Saksbehandler, Folkehelseinstituttet")
    assert RepresentationBlock.objects.get().represented == family.person("former_husband")


def test_one_person_at_two_browsers_acts_for_another_in_one_alone(family, at):
    here, there = at("parent"), at("parent")
    chooses(here, "Glad Kvist, foreldreansvar")
    chooses(there, "Kvikk Spire, foreldreansvar")
    there.when_i_press("Handle for deg selv")
    there.then_i_do_not_read("Du handler på vegne av")

    here.when_i_load_the_page_again()
    here.then_i_read("Du handler på vegne av Glad Kvist.")
    reserves(here)
    reserves(there)

    mother = family.person("parent")
    assert entries() == [
        (mother, family.person("child_8"), "parent", Action.PLACED),
        (mother, mother, "self", Action.PLACED),
    ]
