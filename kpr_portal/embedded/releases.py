"""What has left the demo's register: the yearly release to Statistics Norway, and a few others.

Statistics Norway is real, and so is its yearly release with numbers; every other recipient is made up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from reservations.releases.members import Members

FIRST_YEAR = 2017
ALL_SOURCES = ["kuhr", "iplos-hendelser", "iplos-aarlig"]
# Of all who had some contact in the period, every one whose id leaves this remainder is in a study.
STUDY_SHARE = 3


@dataclass(frozen=True)
class DemoRelease:
    """One release: its facts, and which persons' data it held."""

    facts: dict[str, Any]
    period: tuple[date, date]
    share: int = 1
    only: frozenset[int] = field(default_factory=frozenset)

    def members(self) -> Members:
        """Everyone with data in the period, or the chosen share of them, and always those in `only`."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT DISTINCT person_id FROM insight_record
                WHERE current AND event_date BETWEEN %s AND %s AND (person_id %% %s = 0 OR person_id = ANY(%s))
                """,
                [*self.period, self.share, list(self.only)],
            )
            return Members.of(in_file=[person for (person,) in cursor.fetchall()])


def demo_releases(*, today: date, much_data: int) -> Iterator[DemoRelease]:
    """The demo's releases up to this day. `much_data` is the person who is to see every case."""
    for year in range(FIRST_YEAR, today.year):
        yield _to_statistics_norway(year)
        yield _without_identifiers(year)
    yield _study(today.year - 4, much_data)
    yield _withheld(today, much_data)


def _period(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _facts(reference: str, period: tuple[date, date], **facts: Any) -> dict[str, Any]:
    return {
        "reference": reference,
        "sources": ALL_SOURCES,
        "period_from": period[0],
        "period_to": period[1],
        **facts,
    }


def _to_statistics_norway(year: int) -> DemoRelease:
    period = _period(year)
    return DemoRelease(
        period=period,
        facts=_facts(
            f"KPR-{year + 1}-001",
            period,
            recipient="Statistisk sentralbyrå",
            organisation_number="971526920",
            recipient_kind="statistics",
            project="Statistikk over kommunale helse- og omsorgstjenester",
            about={
                "nb": "Offisiell statistikk om tjenestene i kommunene. Statistisk sentralbyrå bytter ut "
                "fødselsnummeret med et løpenummer før opplysningene brukes.",
                "nn": "Offisiell statistikk om tenestene i kommunane. Statistisk sentralbyrå byter ut "
                "fødselsnummeret med eit løpenummer før opplysningane blir brukte.",
                "en": "Official statistics on the services in the municipalities. Statistics Norway replaces "
                "the national identity number with a serial number before the data are used.",
            },
            purpose=1,
            legal_basis="statute",
            provision="statistikkloven § 10",
            decision_reference=f"{year + 1}/1001",
            decision_date=date(year + 1, 2, 15),
            released_on=date(year + 1, 3, 20),
            identifier="national_id",
            linked_with=["Folkeregisteret"],
        ),
    )


def _without_identifiers(year: int) -> DemoRelease:
    period = _period(year)
    return DemoRelease(
        period=period,
        share=STUDY_SHARE,
        facts=_facts(
            f"KPR-{year + 1}-014",
            period,
            recipient="Fjellheim universitet",
            organisation_number="312000017",
            recipient_kind="research",
            project="Fastlegebesøk gjennom livet",
            about={"nb": "Forskning på hvor ofte folk er hos fastlegen."},
            purpose=2,
            legal_basis="hregl_19b",
            provision="helseregisterloven § 19 b",
            decision_reference=f"{year + 1}/1440",
            decision_date=date(year + 1, 5, 3),
            released_on=date(year + 1, 6, 10),
            identifier="none",
        ),
    )


def _study(year: int, much_data: int) -> DemoRelease:
    period = (date(year - 2, 1, 1), date(year, 12, 31))
    return DemoRelease(
        period=period,
        share=STUDY_SHARE * 20,
        only=frozenset({much_data}),
        facts=_facts(
            f"KPR-{year + 1}-022",
            period,
            recipient="Havbris forskningsinstitutt",
            organisation_number="312000025",
            recipient_kind="research",
            project="Hofteplager og hjelp hjemme",
            about={
                "nb": "Forskning på om rask hjelp hjemme gir færre sykehusopphold etter brudd i hofta.",
                "nn": "Forsking på om rask hjelp heime gir færre sjukehusopphald etter brot i hofta.",
                "en": "Research on whether early help at home means fewer hospital stays after a hip fracture.",
            },
            purpose=2,
            legal_basis="consent",
            provision="GDPR artikkel 6 nr. 1 bokstav a og artikkel 9 nr. 2 bokstav a",
            decision_reference=f"{year + 1}/2207",
            decision_date=date(year + 1, 8, 30),
            released_on=date(year + 1, 9, 14),
            identifier="national_id_name",
            linked_with=["Norsk pasientregister", "Dødsårsaksregisteret"],
        ),
    )


def _withheld(today: date, much_data: int) -> DemoRelease:
    period = _period(today.year - 1)
    return DemoRelease(
        period=period,
        share=STUDY_SHARE * 20,
        only=frozenset({much_data}),
        facts=_facts(
            f"KPR-{today.year}-030",
            period,
            recipient="Nordlys tilsyn",
            organisation_number="312000033",
            recipient_kind="state",
            project="Tilsyn under arbeid",
            about={"nb": "Tilsyn med tjenestene i en kommune."},
            purpose=1,
            legal_basis="hregl_19e",
            provision="helseregisterloven § 19 e",
            decision_reference=f"{today.year}/3301",
            decision_date=date(today.year, 1, 20),
            released_on=date(today.year, 2, 2),
            identifier="national_id",
            withheld_until=date(today.year + 1, 12, 31),
            withheld_provision="helseregisterloven § 24 andre ledd",
        ),
    )
