"""How the synthetic people may be told: most by e-mail, some no longer, some by letter alone, some not at all."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from enum import Enum, auto
from random import Random

from kpr_portal.embedded.population_named import NAMED, number_of
from kpr_portal.people.contact_register import FRESH_MONTHS, Contact, ContactStatus, months_before
from kpr_portal.people.population_register import RegisterPerson

YOUNGEST = 15  # who has an eID of their own has usually given an address
YEAR = 365


class Fate(Enum):
    """What became of somebody's contact details."""

    FRESH = auto()
    STALE = auto()
    DIGITAL_RESERVED = auto()
    NONE = auto()


SHARES = {Fate.FRESH: 85, Fate.STALE: 5, Fate.DIGITAL_RESERVED: 5, Fate.NONE: 5}
# Those one signs in as are told by e-mail, save these.
NAMED_FATES = {
    "other_parent": Fate.STALE,
    "attorney_giver": Fate.DIGITAL_RESERVED,
    "ward_economic": Fate.NONE,
}


def contacts_of(people: Iterable[RegisterPerson], *, seed: int, today: date) -> Iterator[Contact]:
    """The contact register of these people. One seed and day give the same."""
    rng = Random(f"kpr-contacts-{seed}")
    named = {one.number: Fate.FRESH for one in NAMED}
    named |= {number_of(slug): fate for slug, fate in NAMED_FATES.items()}
    for index, person in enumerate(people, start=1):
        fresh = _fresh(person, index, rng, today=today)
        (drawn,) = rng.choices(list(SHARES), weights=list(SHARES.values()))
        fate = named.get(person.number, drawn)
        if person.age_on(today) < YOUNGEST or fate is Fate.NONE:
            continue
        if person.is_dead:
            yield replace(fresh, status=ContactStatus.DELETED)
        elif fate is Fate.STALE:
            yield _stale(fresh, rng, today=today)
        else:
            yield replace(fresh, digital_reserved=fate is Fate.DIGITAL_RESERVED)


def _fresh(person: RegisterPerson, index: int, rng: Random, *, today: date) -> Contact:
    """Given some years ago, and confirmed in the last year. Neither address reaches anybody (RFC 2606)."""
    confirmed = today - timedelta(days=rng.randrange(YEAR))
    given = confirmed - timedelta(days=rng.randrange(5 * YEAR))
    return Contact(
        number=person.number,
        email=f"person-{index}@example.com",
        email_updated=given,
        email_verified=confirmed,
        mobile=f"+47000{index:05}",
        mobile_updated=given,
        mobile_verified=confirmed,
        language=person.language,
    )


def _stale(contact: Contact, rng: Random, *, today: date) -> Contact:
    """Confirmed last before the 18 months."""
    confirmed = months_before(today, FRESH_MONTHS) - timedelta(days=1 + rng.randrange(YEAR))
    return replace(
        contact,
        email_updated=confirmed,
        email_verified=confirmed,
        mobile_updated=confirmed,
        mobile_verified=confirmed,
    )
