"""Who received, and who looked."""

from datetime import UTC, date, datetime

import pytest

from insight.accesses import Access, Summary
from kpr_portal.audit.operations import log_access, log_refusal
from kpr_portal.ground import clock
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.models import Person, Role
from kpr_portal.people.operations import person_for
from kpr_portal.people.population_register import RegisterPerson, Sex
from reservations.releases.members import Members
from reservations.releases.operations import tell_of_gap
from tests.insight.browsing import release, text_of
from tests.support.numbers import synthetic_numbers
from tests.support.sign_in import sign_in

pytestmark = pytest.mark.django_db
ME, OTHER = synthetic_numbers(2)
RELEASE_QUERIES = 8
ACCESS_QUERIES = 9


@pytest.fixture
def me(client, db):
    return sign_in(client, ME)


def is_called(number, name):
    """Let the population register know whose number this is."""
    known = RegisterPerson(number=number, name=name, birth_date=date(1980, 5, 17), sex=Sex.FEMALE)
    EmbeddedPopulationRegister().put_many([known])


def looked_at(person, *, by=None, times=1, at=None, **facts):
    with clock.moved_to(at or datetime(2026, 3, 2, 12, tzinfo=UTC)):
        for _ in range(times):
            log_access(
                actor=(by or Person.objects.create()).key,
                subject=person.key,
                **{"action": "casework.case", "basis": "staff", "role": Role.CASEWORKER.value} | facts,
            )


def test_release_tells_everything_the_law_asks_for(client, me):
    release("2025/1", me, linked_with=["Dødsårsaksregisteret"])

    said = text_of(client.get("/innsyn/utleveringer/"))

    assert (
        "2025 Statistisk sentralbyrå Offisiell statistikk. Utlevert 3. februar 2025 Det som viser hvem du er "
        "Fødselsnummer eller D-nummer Opplysninger Regninger fra behandlere (KUHR) Periode 1. "
        "januar 2024 til "
        "31. desember 2024" in said
    )
    assert (
        "Mottaker Statistisk sentralbyrå (statistikkmyndighet) Organisasjonsnummer 971 526 "
        "920 Prosjekt Kommunale "
        "helse- og omsorgstjenester Formål Formål 1. Planlegge og styre tjenestene: stat og "
        "kommune planlegger, "
        "styrer, finansierer og evaluerer kommunale helse- og omsorgstjenester. Mottakerens "
        "rettslige grunnlag "
        "Lov som gir mottakeren rett til opplysningene (statistikkloven § 10) Vedtak A-1, 7. januar 2025 "
        "Satt sammen med Dødsårsaksregisteret Vår referanse 2025/1" in said
    )


def test_releases_stand_by_year_the_latest_first(client, me):
    for year in (2023, 2025, 2024):
        release(f"{year}/1", me, released_on=date(year, 2, 1))

    page = client.get("/innsyn/utleveringer/")

    assert [(year, len(found)) for year, found in page.context["years"]] == [(2025, 1), (2024, 1), (2023, 1)]


def test_release_of_another_or_without_the_number_is_not_there(client, me):
    other = person_for(OTHER)
    release("2025/other", other, recipient="Noen andre AS")
    release("2025/none", me, identifier="none", recipient="Uten nummer AS")
    release(
        "2025/removed", recipient="Fjernet AS", members=Members.of(in_file=[me.pk], number_removed=[me.pk])
    )

    page = client.get("/innsyn/utleveringer/")

    assert [name in page.content.decode() for name in ("Noen andre", "Uten nummer", "Fjernet AS")] == [
        False
    ] * 3


def test_empty_list_says_since_when_and_out_of_how_many(client, me):
    release("2025/other", person_for(OTHER))
    release("2025/none", me, identifier="none")

    assert (
        "Ingen Ingen har fått opplysninger om deg sammen med navnet eller fødselsnummeret ditt. Loggen over "
        "utleveringer er fullstendig fra 1. desember 2017. Den har 2 utleveringer i alt. Én "
        "av dem hadde navn "
        "eller fødselsnummer på noen." in text_of(client.get("/innsyn/utleveringer/"))
    )


def test_withheld_release_is_counted_and_nothing_more(client, me):
    release("2025/w", me, recipient="Hemmelig AS", withheld_until=date(2099, 1, 1), withheld_provision="§ 24")

    page = client.get("/innsyn/utleveringer/")

    assert "Det er én utlevering vi ikke kan vise deg ennå." in text_of(page)
    assert "Hemmelig" not in page.content.decode()


def test_gap_in_the_log_is_told(client, me):
    tell_of_gap(
        missing_from=date(2023, 3, 1), missing_to=None, told={"nb": "Mars 2023 mangler.", "en": "March."}
    )

    said, english = (text_of(client.get(f"{prefix}/innsyn/utleveringer/")) for prefix in ("", "/en"))

    assert "Noe mangler i denne oversikten Mars 2023 mangler." in said
    assert "March." in english


@pytest.mark.parametrize("count", [1, 3, 30])
def test_releases_take_a_fixed_number_of_queries(client, me, django_assert_num_queries, count):
    for number in range(count):
        release(f"2025/{number}", me)

    with django_assert_num_queries(RELEASE_QUERIES):
        client.get("/innsyn/utleveringer/")


def test_access_of_staff_tells_role_organisation_time_and_reason(client, me):
    looked_at(me, organisation="Folkehelseinstituttet", reason="Behandlet papirskjema")
    looked_at(person_for(OTHER), organisation="Et annet sted")

    page = client.get("/innsyn/oppslag/")

    assert (
        "2. mars 2026 kl. 13.00 Saksbehandler, Folkehelseinstituttet En sak Behandlet papirskjema"
        in text_of(page)
    )
    assert "Andre enn deg har sett på opplysninger om deg én gang." in text_of(page)
    assert "Et annet sted" not in page.content.decode()


def test_own_visits_and_automatic_look_ups_stand_apart(client, me):
    client.get("/innsyn/utleveringer/")
    log_access(actor=None, subject=me.key, action="insight.make_report", basis="system")

    page = client.get("/innsyn/oppslag/")

    shown = {
        name: [(d.count, list(map(str, d.what))) for d in page.context[name]] for name in ("own", "automatic")
    }
    assert shown == {
        "own": [(1, ["hvem som har fått opplysninger"])],
        "automatic": [(1, ["alt portalen viser, for å lage kopien som ble bestilt"])],
    }
    assert "Ingen andre enn deg har sett på opplysninger om deg her." in text_of(page)


def test_own_visits_are_grouped_by_the_day_in_oslo(client, me):
    for at in (datetime(2026, 3, 1, 22, 30, tzinfo=UTC), datetime(2026, 3, 1, 23, 30, tzinfo=UTC)):
        looked_at(me, by=me, at=at, basis="self", role="citizen", action="insight.overview")

    page = client.get("/innsyn/oppslag/")

    assert [(day.day, day.count) for day in page.context["own"]] == [
        (date(2026, 3, 2), 1),
        (date(2026, 3, 1), 1),
    ]


def test_refused_attempt_is_no_access(client, me):
    log_refusal(actor=Person.objects.create().key, subject=me.key, action="casework.case", basis="staff")

    assert client.get("/innsyn/oppslag/").context["summary"].count == 0


def test_parent_shows_as_a_parent(client, me):
    looked_at(me, basis="parent", role="citizen", action="insight.overview")

    said = text_of(client.get("/innsyn/oppslag/"))

    assert "De som handler på vegne av deg" in said
    assert "2. mars 2026 kl. 13.00 En forelder Oversikten over hva KPR har Dette var ikke riktig" in said


def test_page_says_what_is_covered_and_what_is_not(client, me, settings):
    settings.ACCESS_LOG_NOT_COVERED = ["Prøvesystemet"]

    said = text_of(client.get("/innsyn/oppslag/"))

    assert "Oversikten viser oppslag i: KPR-portalen: denne nettsiden og saksbehandlingen bak den" in said
    assert "Oversikten viser ikke oppslag i: Prøvesystemet" in said


@pytest.mark.parametrize(("shown", "there"), [("role", False), ("name", True)])
def test_name_is_shown_only_where_the_setting_says_so(client, me, settings, shown, there):
    settings.WHO_LOOKED_SHOWN = shown
    is_called(OTHER, "Travel Elg")
    looked_at(me, by=person_for(OTHER))

    assert ("Travel Elg (saksbehandler)" in text_of(client.get("/innsyn/oppslag/"))) is there


def test_accesses_are_paged(client, me):
    looked_at(me, times=45)

    pages = [client.get("/innsyn/oppslag/", {"page": page}) for page in ("1", "3", "x", "99")]

    assert [len(page.context["accesses"]) for page in pages] == [20, 5, 20, 5]


@pytest.mark.parametrize("count", [1, 3, 300])
def test_accesses_take_a_fixed_number_of_queries(client, me, django_assert_num_queries, count):
    looked_at(me, times=count)
    client.get("/innsyn/oppslag/")

    with django_assert_num_queries(ACCESS_QUERIES):
        client.get("/innsyn/oppslag/")


class RegistersOwnLog:
    """The register's own log, as it may come in one day."""

    title = "KPR selv"

    def by_others(self, keys, *, first):
        return [Access(datetime(2026, 4, 1, 8, tzinfo=UTC), "analytiker", "FHI", "statistikk", "oppdrag")][
            :first
        ]

    def summary(self, keys, *, since=None):
        return Summary(1, (("analytiker", "FHI"),))

    def own_days(self, keys):
        return []

    def automatic_days(self, keys):
        return []


def test_another_log_comes_in_beside_the_portals(client, me, settings):
    settings.ACCESS_LOG_SOURCES = ["insight.accesses.PortalLog", f"{__name__}.RegistersOwnLog"]
    looked_at(me)

    page = client.get("/innsyn/oppslag/")

    assert [access.who for access in page.context["accesses"]] == ["analytiker", "saksbehandler"]
    assert page.context["summary"].count == 2
    assert "KPR selv" in text_of(page)
