"""What a person sees of what is held: their own, newest first, found by their own words."""

from datetime import date
from itertools import pairwise
from uuid import UUID

import pytest
from django.utils import translation

from insight.errors import BadPosition, RecordNotFound
from insight.operations import show_again, withhold
from insight.queries import every_record, overview, record, records
from kpr_portal.people.acting import Acting
from kpr_portal.people.models import LinkReason
from kpr_portal.people.operations import link_people, person_for
from tests.insight.files import claim, claims_file, event_message, guid, notification
from tests.support.numbers import synthetic_numbers

pytestmark = pytest.mark.django_db
SECTION = "fastlege-og-legevakt"


@pytest.fixture
def numbers():
    return synthetic_numbers(3)


@pytest.fixture
def acting(numbers, db):
    return Acting.for_oneself(person_for(numbers[0]))


def held(acting, **narrowed):
    return [str(line.key) for line in records(acting, SECTION, **narrowed).lines]


def test_overview_counts_each_section_of_the_person_alone(
    as_web, acting, numbers, taken_in, django_assert_num_queries
):
    taken_in(
        claims_file(
            claim(1, numbers[0], dato="2020-01-02"),
            claim(2, numbers[0], dato="2024-05-06", diagnoser="P76"),
            claim(3, numbers[0], praksistype="FYSI"),
            claim(4, numbers[1]),
        )
    )
    taken_in(event_message(notification(5, numbers[0])))

    with django_assert_num_queries(2):
        found = overview(acting)

    assert [(each.section.slug, each.count, each.sensitive) for each in found.held] == [
        (SECTION, 2, 1),
        ("fysioterapi", 1, 0),
        ("hendelser-i-kommunale-tjenester", 1, 0),
    ]
    assert (found.total, found.first, found.held[0].last) == (4, date(2020, 1, 2), date(2024, 5, 6))
    assert found.held[0].counted == "2 kontakter"


def test_overview_holds_what_was_met_under_another_number(as_web, acting, numbers, taken_in):
    taken_in(claims_file(claim(1, numbers[0]), claim(2, numbers[1])))
    link_people(acting.subject, person_for(numbers[1]), reason=LinkReason.REGISTER, evidence="test")

    assert overview(acting).total == 2
    assert sorted(held(acting)) == [guid(1), guid(2)]


@pytest.mark.parametrize("count", [1, 3, 60])
def test_list_walks_every_record_once_in_a_fixed_number_of_queries(  # noqa: PLR0917 -- fixtures
    as_web, acting, numbers, taken_in, django_assert_num_queries, count
):
    taken_in(
        claims_file(
            *(
                claim(n, numbers[0], dato=f"2024-01-{1 + n % 9:02}", behandler_navn=f"Sted {n}")
                for n in range(1, count + 1)
            )
        )
    )
    with django_assert_num_queries(4):
        page = records(acting, SECTION)
    walked, pages = list(page.lines), [page]
    while pages[-1].older:
        pages.append(records(acting, SECTION, position=pages[-1].older))
        walked += pages[-1].lines

    assert len({line.key for line in walked}) == len(walked) == count == page.total
    assert [line.event_date for line in walked] == sorted((line.event_date for line in walked), reverse=True)
    for newer, older in pairwise(pages):
        assert records(acting, SECTION, position=older.newer).lines == newer.lines


def test_list_narrows_by_year_and_provider(as_web, acting, numbers, taken_in):
    taken_in(
        claims_file(
            claim(1, numbers[0], dato="2023-01-02"),
            claim(2, numbers[0], dato="2024-01-02", behandler_navn="Legevakten"),
        )
    )
    page = records(acting, SECTION)

    assert (page.years, [choice.name for choice in page.providers]) == (
        (2024, 2023),
        ["Legevakten", "Solsiden legesenter"],
    )
    assert held(acting, year=2023) == [guid(1)]
    assert held(acting, provider=page.providers[0].id) == [guid(2)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("blodtrykk", [1]),
        ("hjerte", [1]),
        ("K86", [1]),
        ("psykisk", [2]),
        ("sykebesøk", [2]),
        ("sol blodtrykk", [1]),
        ("lege diabetes", []),
        ("bergen", [1, 2]),
        ("2024", [1]),
        ("100%_", []),
        ('" || true', []),
    ],
)
def test_search_is_translated_from_the_readers_words(  # noqa: PLR0917 -- fixtures
    as_web, acting, numbers, taken_in, words, expected
):
    taken_in(
        claims_file(
            claim(1, numbers[0], dato="2024-01-02"),
            claim(
                2, numbers[0], dato="2023-01-02", diagnoser="P76", takster="11ad", behandler_navn="Legevakten"
            ),
        )
    )

    assert held(acting, words=words) == [guid(number) for number in expected]


def test_record_tells_every_variable_in_words(as_web, acting, numbers, taken_in):
    taken_in(claims_file(claim(1, numbers[0], praksis_kommune="4601", resultat="Q")))

    found = record(acting, UUID(guid(1)))

    assert found.line.sentence == "Konsultasjon hos fastlege, Solsiden legesenter: høyt blodtrykk (K86)."
    assert {line.label: line.value for line in found.variables} == {
        "Type praksis": "fastlege",
        "Spesialitet": "allmennmedisin",
        "Klokkeslett": "10:15",
        "Diagnose eller grunn for kontakten": "høyt blodtrykk (K86)",
        "Takster": "konsultasjon, tillegg for lengre tid",
        "Egenandel": "179 kroner",
        "Refusjon": "250 kroner",
        "Resultat hos Helfo": "ukjent kode Q",
        "Kommunen til praksisen": "Bergen",
        "Bostedskommunen din da": "Bergen",
        "Kjønn": "kvinne",
        "Alder": "55 år",
        "Regningens nummer": "R1",
    }


def test_record_of_another_is_not_found(as_web, acting, numbers, taken_in):
    taken_in(claims_file(claim(1, numbers[1])))

    with pytest.raises(RecordNotFound):
        record(acting, UUID(guid(1)))


def test_record_keeps_its_key_through_corrections(as_web, acting, numbers, taken_in):
    taken_in(claims_file(claim(1, numbers[0])))
    taken_in(claims_file(claim(2, numbers[0], melding_status="M", melding_ref=guid(1), diagnoser="R74")))

    found = record(acting, UUID(guid(1)))

    assert (str(found.line.key), found.corrected) == (guid(1), True)
    assert "luftveisinfeksjon (R74)" in found.line.sentence


def test_withheld_record_shows_the_provision_and_nothing_it_holds(as_web, acting, numbers, taken_in):
    taken_in(claims_file(claim(1, numbers[0]), claim(2, numbers[0], dato="2020-01-01")))
    withhold(UUID(guid(1)), acting=acting, provision="popplyl § 16 c", sentence="Legen din kan forklare.")
    taken_in(claims_file(claim(3, numbers[0], melding_status="M", melding_ref=guid(1))))

    found = record(acting, UUID(guid(1)))

    assert (found.variables, found.line.sentence, found.line.provider) == ((), "", "")
    assert (found.line.withheld.provision, found.line.withheld.sentence) == (
        "popplyl § 16 c",
        "Legen din kan forklare.",
    )
    assert held(acting, words="blodtrykk") == [guid(2)]
    assert (overview(acting).total, overview(acting).withheld) == (2, 1)

    show_again(UUID(guid(1)), acting=acting)
    assert record(acting, UUID(guid(1))).line.withheld is None


def test_position_no_page_gave_out_is_refused(acting):
    with pytest.raises(BadPosition):
        records(acting, SECTION, position="e2024-99-01_x")


def test_section_there_is_not_is_refused(acting):
    with pytest.raises(RecordNotFound):
        records(acting, "finnes-ikke")


def test_every_record_is_given_for_the_download(as_web, acting, numbers, taken_in):
    taken_in(claims_file(*(claim(n, numbers[0]) for n in range(1, 4))))
    taken_in(event_message(notification(9, numbers[0])))

    with translation.override("nb"):
        found = list(every_record(acting))

    assert [str(each.line.key) for each in found] == [guid(3), guid(2), guid(1), guid(9)]
    assert found[-1].line.sentence == "Helsetjenester i hjemmet: tjenesten startet. Meldt av Bergen."
