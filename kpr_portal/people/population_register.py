"""The population register as the portal sees it: one small interface, and what it tells about people.

The register in use is named by the setting POPULATION_REGISTER; `embedded_register.py` is the one that comes
along, for demos and tests. Rules about what may be shown or concluded from this are not here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Protocol

import structlog
from django.conf import settings
from django.utils.module_loading import import_string

from kpr_portal.people.national_id import NationalId

log = structlog.get_logger(__name__)


class Sex(StrEnum):
    """Legal sex; the value is its code in code system 3101."""

    MALE = "1"
    FEMALE = "2"


class Protection(StrEnum):
    """Protection of the address (folkeregisterloven § 10-4; the old codes 7 and 6)."""

    NONE = "none"
    CONFIDENTIAL = "confidential"  # fortrolig
    STRICTLY_CONFIDENTIAL = "strictly_confidential"  # strengt fortrolig: a postal address at most


class ResponsibilityKind(StrEnum):
    """Who holds parental responsibility, in the register's own words."""

    SHARED = "felles"
    MOTHER = "mor"
    FATHER = "far"
    CO_MOTHER = "medmor"
    OTHERS = "andre"


class Area(StrEnum):
    """What a mandate covers (vergemålsloven § 21)."""

    ECONOMIC = "economic"
    PERSONAL = "personal"


@dataclass(frozen=True, repr=False)
class Address:
    """Where letters go."""

    lines: tuple[str, ...]
    postcode: str
    city: str

    def __repr__(self) -> str:
        return "Address(******)"


@dataclass(frozen=True)
class NumberPeriod:
    """A number a person holds (`until` None) or held. `since` None: not known."""

    number: NationalId
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Marriage:
    """A spouse, present (`until` None) or former."""

    spouse: NationalId
    since: date | None
    until: date | None = None


@dataclass(frozen=True)
class ParentalResponsibility:
    """That one person answers for a child. Stands with both of them."""

    holder: NationalId
    child: NationalId
    kind: ResponsibilityKind


@dataclass(frozen=True)
class Guardianship:
    """A guardian's mandate. Stands with both guardian and ward. The dates are inclusive."""

    guardian: NationalId
    ward: NationalId
    areas: frozenset[Area]
    since: date
    until: date | None = None


@dataclass(frozen=True)
class FuturePower:
    """A confirmed future power of attorney (vergemålsloven chapter 10). Stands with both."""

    holder: NationalId
    giver: NationalId
    areas: frozenset[Area]
    since: date
    until: date | None = None


@dataclass(frozen=True)
class CapacityLimit:
    """A court's limit in legal capacity (begrensning i rettslig handleevne)."""

    area: Area
    since: date
    until: date | None = None


@dataclass(frozen=True, repr=False)
class RegisterPerson:
    """What the register tells about one person.

    `numbers` holds every number, the one held now first, and is empty where there was never but one.
    `municipality` (code system 3402) and `district` are empty for the emigrated and the strictly protected.
    """

    number: NationalId
    name: str
    birth_date: date
    sex: Sex
    municipality: str = ""
    district: str = ""
    address: Address | None = None
    protection: Protection = Protection.NONE
    death_date: date | None = None
    emigrated: date | None = None
    numbers: tuple[NumberPeriod, ...] = ()
    language: str = "nb"
    parents: tuple[NationalId, ...] = ()
    children: tuple[NationalId, ...] = ()
    siblings: tuple[NationalId, ...] = ()
    spouses: tuple[Marriage, ...] = ()
    parental_responsibility: tuple[ParentalResponsibility, ...] = ()
    guardianships: tuple[Guardianship, ...] = ()
    future_powers: tuple[FuturePower, ...] = ()
    capacity_limits: tuple[CapacityLimit, ...] = ()

    def __repr__(self) -> str:
        return "RegisterPerson(******)"

    @property
    def is_dead(self) -> bool:
        """Whether a death is registered."""
        return self.death_date is not None

    def age_on(self, day: date) -> int:
        """Whole years on that day; those born on 29 February turn a year on 1 March."""
        had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (not had_birthday)


Register = Mapping[NationalId, RegisterPerson]
# What `ask_register` gives where the register does not answer; another empty answer is an answer.
AWAY: Register = MappingProxyType({})


class PopulationRegister(Protocol):
    """What the portal asks a population register."""

    def person(self, number: NationalId) -> RegisterPerson | None:
        """Whoever holds or held the number; None where the register knows no such number."""

    def people(self, numbers: Iterable[NationalId]) -> dict[NationalId, RegisterPerson]:
        """As `person`, in bulk, by the numbers asked for; unknown numbers are left out."""

    def histories(self, numbers: Iterable[NationalId]) -> dict[NationalId, tuple[NumberPeriod, ...]]:
        """The number histories of those among these who have had more than one number."""


def population_register() -> PopulationRegister:
    """The register this installation uses."""
    return _register(settings.POPULATION_REGISTER)


def ask_register(numbers: Iterable[NationalId]) -> Register:
    """The register's answers, or AWAY where it cannot be asked: then nobody may act for another, for now."""
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        return {}
    try:
        return population_register().people(wanted)
    except Exception as error:  # noqa: BLE001 -- whatever is wrong with another system, one's own pages go on
        log.warning("population_register_unavailable", error=type(error).__name__)
        return AWAY


def ask_histories(numbers: Iterable[NationalId]) -> Mapping[NationalId, tuple[NumberPeriod, ...]]:
    """The number histories, empty where the register cannot be asked: they are asked for again later."""
    try:
        return population_register().histories(numbers)
    except Exception as error:  # noqa: BLE001 -- as above
        log.warning("population_register_unavailable", error=type(error).__name__)
        return {}


@lru_cache(maxsize=4)
def _register(path: str) -> PopulationRegister:
    register: PopulationRegister = import_string(path)()
    return register
