"""The synthetic people of a demo: the named ones to sign in as, and a crowd around them.

Deterministic: one seed, size and day give the same people. They go into the embedded population register
alone; a person's row in the portal is made when they are first met, in a file or at sign-in. Only the staff
are met at once, since they need their roles.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

from django.db import transaction

from kpr_portal.embedded.places import write_private
from kpr_portal.embedded.population_circles import wards
from kpr_portal.embedded.population_contacts import contacts_of
from kpr_portal.embedded.population_families import Draft, draft_people, parents_of, siblings_of
from kpr_portal.embedded.population_named import NAMED, OLD_NUMBER, NamedPerson, named_people, number_of
from kpr_portal.embedded.population_numbers import NumberMaker
from kpr_portal.ground.locks import advisory_lock
from kpr_portal.people.embedded_contacts import EmbeddedContactRegister
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.national_id import Kind, NationalId
from kpr_portal.people.operations import grant_role, people_for
from kpr_portal.people.permissions import has_role
from kpr_portal.people.population_register import (
    Address,
    Area,
    CapacityLimit,
    FuturePower,
    Guardianship,
    Marriage,
    NumberPeriod,
    ParentalResponsibility,
    Protection,
    RegisterPerson,
)

__all__ = ["NAMED", "NamedPerson", "load", "people", "write_sign_in_list"]

POSTAL_ADDRESS_OF_THE_STRICTLY_PROTECTED = Address(lines=("Postboks 100",), postcode="0101", city="Oslo")


def people(*, seed: int, size: int, today: date) -> Iterator[RegisterPerson]:
    """All of them, the named and their wards first, `size` in all (never fewer than those)."""
    first = [*named_people(today=today), *wards(number_of("guardian_many"))]
    yield from first
    rng = Random(f"kpr-{seed}")
    taken = {OLD_NUMBER, *(one.number for one in NAMED), *(one.number for one in first)}
    numbers = NumberMaker(rng, taken=taken)
    drafts = draft_people(rng, size=max(0, size - len(first)), today=today)
    held = {
        id(draft): numbers.number(draft.born, draft.sex, kind=Kind.DNR if draft.has_d_number else Kind.FNR)
        for draft in drafts
    }
    for draft in drafts:
        old = numbers.number(draft.born, draft.sex, kind=Kind.DNR) if draft.number_changed else None
        yield _register_person(draft, held, old=old)


@transaction.atomic
def load(*, seed: int, size: int, today: date) -> int:
    """Fill empty registers; gives how many numbers were entered: 0 where they were full before.

    Ages are counted from the day of the first load: later loads leave people as they are.
    """
    advisory_lock("embedded.population")
    register = EmbeddedPopulationRegister()
    written = 0 if register.count() else register.put_many(people(seed=seed, size=size, today=today))
    contacts = EmbeddedContactRegister()
    if not contacts.count():
        contacts.put_many(contacts_of(register.everyone(), seed=seed, today=today))
    staff = [named for named in NAMED if named.is_staff]
    persons = people_for(named.number for named in staff)
    for named in staff:
        for role in named.roles:
            if not has_role(persons[named.number], role):
                grant_role(persons[named.number], role, granted_by=None)
    return written


def write_sign_in_list(path: Path, *, staff: bool) -> None:
    """Write whom one may sign in as, for the local provider of citizens or of staff (`idporten.py`)."""
    entries = [
        {"number": named.number.digits, "name": named.name, "about": named.shows}
        | (
            {"roles": [role.value for role in named.roles], "organisation": named.organisation}
            if staff
            else {}
        )
        for named in NAMED
        if named.is_staff is staff
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_private(path, json.dumps(entries, indent=1))


def _register_person(draft: Draft, held: dict[int, NationalId], *, old: NationalId | None) -> RegisterPerson:
    number = held[id(draft)]
    hidden = draft.protection is Protection.STRICTLY_CONFIDENTIAL or draft.emigrated is not None
    home = None if hidden else draft.home
    address = home.address if home else None
    if draft.protection is Protection.STRICTLY_CONFIDENTIAL:
        address = POSTAL_ADDRESS_OF_THE_STRICTLY_PROTECTED
    return RegisterPerson(
        number=number,
        name=draft.name,
        birth_date=draft.born,
        sex=draft.sex,
        municipality=home.municipality if home else "",
        district=home.district if home else "",
        address=address,
        protection=draft.protection,
        death_date=draft.died,
        emigrated=draft.emigrated,
        numbers=(
            NumberPeriod(number, since=draft.number_changed),
            NumberPeriod(old, until=draft.number_changed),
        )
        if old
        else (),
        language=draft.language,
        parents=tuple(held[id(parent)] for parent in parents_of(draft)),
        children=tuple(held[id(child)] for child in draft.children),
        siblings=tuple(held[id(sibling)] for sibling in siblings_of(draft)),
        spouses=tuple(Marriage(held[id(spouse)], since, until) for spouse, since, until in draft.spouses),
        parental_responsibility=tuple(
            ParentalResponsibility(held[id(holder)], held[id(child)], kind)
            for holder, child, kind in draft.responsibility
        ),
        guardianships=tuple(
            Guardianship(held[id(guardian)], held[id(ward)], areas, since, until)
            for guardian, ward, areas, since, until in draft.guardianships
        ),
        future_powers=tuple(
            FuturePower(held[id(holder)], held[id(giver)], areas, since)
            for holder, giver, areas, since in draft.future_powers
        ),
        capacity_limits=(CapacityLimit(Area.ECONOMIC, since=draft.capacity_limit),)
        if draft.capacity_limit
        else (),
    )
