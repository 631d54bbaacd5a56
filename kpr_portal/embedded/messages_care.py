"""Municipal care services of the synthetic people: who has them, which, and from when to when."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from kpr_portal.people.population_register import RegisterPerson

# Youngest age, and the share who have services from the municipality.
SHARES = ((0, 0.015), (18, 0.03), (67, 0.12), (80, 0.42), (90, 0.78))
YOUNG_SERVICES = ("9", "7", "3", "15", "4")
OLD_SERVICES = ("15", "1", "6", "5", "4", "18", "21", "29")


@dataclass(frozen=True)
class Service:
    """One service to one person; the end is None while it goes on."""

    id: int
    type: str
    begins: date
    ends: date | None
    hours: str
    provider: str
    pause: tuple[date, date] | None = None


@dataclass(frozen=True)
class Care:
    """What a municipality has on one person."""

    person: RegisterPerson
    services: tuple[Service, ...]
    functions: dict[str, str] = field(default_factory=dict)
    diagnoses: tuple[tuple[str, str], ...] = ()
    household: str = "1"
    private_help: str = "6"


def care_of(
    person: RegisterPerson, *, since: date, until: date, sure: bool = False, coerced: bool = False
) -> Care | None:
    """The care of one person, or None; `sure` gives them some, `coerced` one coercive measure."""
    rng = Random(f"care-{person.number.digits}")
    last = min(filter(None, (until, person.death_date, person.emigrated)))
    age = last.year - person.birth_date.year
    share = next(share for youngest, share in reversed(SHARES) if age >= youngest or youngest == 0)
    if not person.municipality or (rng.random() >= share and not (sure or coerced)):
        return None
    old = age >= 67
    first = max(since, person.birth_date)
    services = []
    wanted = rng.randint(4, 7) if sure else rng.choice((1, 1, 2, 2, 3, 4))
    for number in range(wanted):
        begins = first + timedelta(days=rng.randrange(max(1, (last - first).days)))
        ends = begins + timedelta(days=rng.randint(20, 1200))
        kind = rng.choice(OLD_SERVICES if old else YOUNG_SERVICES)
        services.append(
            _service(rng, number + 1, kind, begins=begins, ends=ends if ends < last else None, person=person)
        )
    if coerced:
        begins = last - timedelta(days=200)
        ends = begins + timedelta(days=30)
        services.append(_service(rng, 90, "24", begins=begins, ends=ends, person=person))
    services.sort(key=lambda service: service.begins)
    return Care(
        person,
        tuple(services),
        functions={str(function): rng.choice("122233345") for function in rng.sample(range(1, 19), 8)},
        diagnoses=(
            (("ICPC-2", rng.choice(("P70", "K90", "T90", "N87", "L89"))),) if rng.random() < 0.6 else ()
        ),
        household=rng.choice("113368") if old else "5" if age < 18 else "1",
        private_help=rng.choice("12566"),
    )


def _service(
    rng: Random, number: int, kind: str, *, begins: date, ends: date | None, person: RegisterPerson
) -> Service:
    pause = None
    if (ends is None or (ends - begins).days > 120) and rng.random() < 0.3:
        paused = begins + timedelta(days=rng.randint(20, 60))
        pause = (paused, paused + timedelta(days=rng.randint(5, 40)))
    return Service(
        id=number,
        type=kind,
        begins=begins,
        ends=ends,
        hours=rng.choice(("1.00", "2.50", "4.00", "7.50", "14.00")),
        provider=f"9{person.municipality}{rng.randint(1000, 1003)}",
        pause=pause,
    )


def in_year(care: Care, year: int) -> Iterator[Service]:
    """The services that someone had in a year."""
    for service in care.services:
        if service.begins.year <= year and (service.ends is None or service.ends.year >= year):
            yield service
