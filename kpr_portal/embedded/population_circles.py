"""Those around some of the named people: two families, a marriage that was, and thirty wards of one guardian.

What the register tells of them beside who they are. The wards are nobody to sign in as; their numbers, too,
never change.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from kpr_portal.embedded.population_families import years_before
from kpr_portal.embedded.population_lists import ADJECTIVES, NOUNS, STREETS
from kpr_portal.embedded.population_numbers import NumberMaker
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.population_register import (
    Address,
    Area,
    Guardianship,
    Marriage,
    ParentalResponsibility,
    Protection,
    RegisterPerson,
    ResponsibilityKind,
    Sex,
)

NumberOf = Callable[[str], NationalId]
WARDS = 30
FIRST_WARD_BORN = date(1932, 4, 9)
DAYS_BETWEEN_WARDS = 731


def circles(number_of: NumberOf, *, today: date) -> dict[str, dict[str, Any]]:
    """What to change in the entries of the named people, by slug."""
    return {
        **_apart(
            number_of,
            child="protected_child",
            home=Address(lines=("Åsveien 31",), postcode="7011", city="Trondheim"),
            lives_with="protected_parent",
            lives_elsewhere="parent_elsewhere",
            married=(years_before(today, 11), years_before(today, 3)),
            protection=Protection.CONFIDENTIAL,
        ),
        **_apart(
            number_of,
            child="child_14",
            home=Address(lines=("Ospeveien 34",), postcode="7011", city="Trondheim"),
            lives_with="mother_of_14",
            lives_elsewhere="father_of_14",
        ),
        **_once_married(number_of, "caseworker", "former_husband", today=today),
        "guardian_many": {"guardianships": tuple(_mandates(number_of("guardian_many")))},
    }


def wards(guardian: NationalId) -> list[RegisterPerson]:
    """The thirty, in the order of their birth, each with one guardian for personal matters or for all."""
    return [
        RegisterPerson(
            number=mandate.ward,
            name=name,
            birth_date=born,
            sex=sex,
            municipality="5001",
            district="03",
            address=Address(lines=(f"{street} {house}",), postcode="7011", city="Trondheim"),
            guardianships=(mandate,),
        )
        for house, ((name, born, sex, street), mandate) in enumerate(
            zip(_who(), _mandates(guardian), strict=True), start=1
        )
    ]


def ward_numbers() -> list[NationalId]:
    """Their numbers, in the same order."""
    numbers = NumberMaker(Random("kpr-wards"), taken=set())
    return [numbers.number(born, sex) for _name, born, sex, _street in _who()]


def _who() -> list[tuple[str, date, Sex, str]]:
    rng = Random("kpr-ward-names")
    nouns = rng.sample(NOUNS, WARDS)  # nobody shares a surname, so that each can be found by it
    return [
        (
            f"{rng.choice(ADJECTIVES)} {noun}",
            FIRST_WARD_BORN + timedelta(days=at * DAYS_BETWEEN_WARDS),
            (Sex.FEMALE, Sex.MALE)[at % 2],
            rng.choice(STREETS),
        )
        for at, noun in enumerate(nouns)
    ]


def _mandates(guardian: NationalId) -> list[Guardianship]:
    return [
        Guardianship(
            guardian=guardian,
            ward=ward,
            areas=frozenset(Area) if at % 3 == 0 else frozenset({Area.PERSONAL}),
            since=date(2021, 3, 1),
        )
        for at, ward in enumerate(ward_numbers())
    ]


def _apart(
    number_of: NumberOf,
    *,
    child: str,
    home: Address,
    lives_with: str,
    lives_elsewhere: str,
    married: tuple[date, date] | None = None,
    protection: Protection = Protection.NONE,
) -> dict[str, dict[str, Any]]:
    """A child of two who share the parental responsibility and no home.

    `married` is from when until when they were, if they were; `protection` is that of the child's home alone.
    """
    mother, father = number_of(lives_with), number_of(lives_elsewhere)
    held = {
        holder: ParentalResponsibility(holder, number_of(child), ResponsibilityKind.SHARED)
        for holder in (mother, father)
    }

    def parent(own: NationalId, other: NationalId) -> dict[str, Any]:
        return {
            "children": (number_of(child),),
            "spouses": (Marriage(other, since=married[0], until=married[1]),) if married else (),
            "parental_responsibility": (held[own],),
        }

    return {
        child: {
            "address": home,
            "protection": protection,
            "parents": (mother, father),
            "parental_responsibility": tuple(held.values()),
        },
        lives_with: {**parent(mother, father), "address": home, "protection": protection},
        lives_elsewhere: parent(father, mother),
    }


def _once_married(number_of: NumberOf, one: str, other: str, *, today: date) -> dict[str, dict[str, Any]]:
    since, until = years_before(today, 12), years_before(today, 4)
    return {
        one: {"spouses": (Marriage(number_of(other), since=since, until=until),)},
        other: {"spouses": (Marriage(number_of(one), since=since, until=until),)},
    }
