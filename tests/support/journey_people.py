"""Who goes on a journey, and what the register has about them: by the same ways as in the portal."""

from datetime import date
from pathlib import Path
from typing import Any

from insight.operations import ingest_file
from kpr_portal.audit.operations import log_access
from kpr_portal.embedded.population_named import BY_SLUG, named_people
from kpr_portal.ground import clock
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.models import Person, Role
from kpr_portal.people.operations import grant_role, person_for
from tests.insight.browsing import release
from tests.insight.files import claim, claims_file, event_message, notification

CLAIMS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("2023-03-14", {"diagnoser": "K86"}),
    ("2024-05-02", {"diagnoser": "T90"}),
    (
        "2024-11-20",
        {"diagnoser": "R05", "behandler_navn": "Fjordgata legekontor", "behandler_orgnr": "999999990"},
    ),
    ("2025-01-08", {"diagnoser": "K86"}),
    (
        "2025-06-17",
        {"diagnoser": "L86", "behandler_navn": "Fjordgata legekontor", "behandler_orgnr": "999999990"},
    ),
)


def known_to_the_register(*slugs: str) -> None:
    """The population register knows these of the people whom one can sign in as."""
    numbers = {BY_SLUG[slug].number for slug in slugs}
    EmbeddedPopulationRegister().put_many(
        [person for person in named_people(today=clock.today()) if person.number in numbers]
    )


def held_about(slug: str, folder: Path) -> Person:
    """KPR holds five visits to doctors over three years, and a service from the municipality."""
    number = BY_SLUG[slug].number
    claims = claims_file(*(claim(n, number, dato=day, **facts) for n, (day, facts) in enumerate(CLAIMS, 1)))
    for name, content in (("claims", claims), ("events", event_message(notification(60, number)))):
        (folder / name).write_bytes(content)
        ingest_file(folder / name)
    return person_for(number)


def more_held_about(slug: str, folder: Path, *, visits: int) -> None:
    """Many visits more, two a month, so that the list has several pages."""
    number = BY_SLUG[slug].number
    days = (date(2018 + n // 24, 1 + n // 2 % 12, 3 + 14 * (n % 2)) for n in range(visits))
    (folder / "more").write_bytes(
        claims_file(*(claim(1_000 + n, number, dato=day.isoformat()) for n, day in enumerate(days)))
    )
    ingest_file(folder / "more")


def released_to_statistics_norway(person: Person) -> None:
    release("2025/1", person)


def looked_at_by_a_caseworker(person: Person, *, reason: str) -> None:
    log_access(
        actor=person_for(BY_SLUG["caseworker"].number).key,
        subject=person.key,
        action="casework.case",
        basis="staff",
        role=Role.CASEWORKER.value,
        organisation="Folkehelseinstituttet",
        reason=reason,
    )


def employed(slug: str) -> Person:
    """The person has here, too, the roles that the staff's provider tells of."""
    named = BY_SLUG[slug]
    person = person_for(named.number)
    for role in named.roles:
        grant_role(person, role, granted_by=None)
    return person
