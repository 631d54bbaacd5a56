"""People of the register's tests, and short ways to say what they do."""

import uuid
from datetime import date
from itertools import count

import pytest

from kpr_portal.people.acting import Acting, Basis
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.models import Person
from kpr_portal.people.national_id import InvalidNationalId, NationalId
from kpr_portal.people.operations import person_for
from kpr_portal.people.population_register import RegisterPerson, Sex
from reservations import catalogue, operations
from reservations.catalogue import entry_of
from reservations.rules import Action, Will
from reservations.texts import confirmation

_K1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_K2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def synthetic_numbers(born):
    """Skatteetaten's kind: month + 80."""
    for individual in count(500):
        digits = [int(d) for d in f"{born.day:02}{born.month + 80:02}{born.year % 100:02}{individual:03}"]
        k1 = -sum(w * d for w, d in zip(_K1, digits, strict=True)) % 11
        k2 = -sum(w * d for w, d in zip(_K2, [*digits, k1], strict=True)) % 11
        try:
            yield NationalId("".join(map(str, [*digits, k1, k2])))
        except InvalidNationalId:
            continue


_ADULTS = date(1980, 3, 14)


@pytest.fixture
def numbers():
    """Numbers of grown-ups, one after the other."""
    return synthetic_numbers(_ADULTS)


@pytest.fixture
def person(db):
    """Somebody whom the population register does not know."""
    return Person.objects.create()


@pytest.fixture
def born(db):
    """Make somebody of this birth date whom the population register knows."""

    def make(birth_date):
        number = next(synthetic_numbers(birth_date))
        EmbeddedPopulationRegister().put_many(
            [RegisterPerson(number=number, name="Rolig Fjell", birth_date=birth_date, sex=Sex.FEMALE)]
        )
        return person_for(number)

    return make


def oneself(someone):
    return Acting.for_oneself(someone)


def as_parent(child, parent=None):
    return Acting(actor=parent or Person.objects.create(), subject=child, basis=Basis.PARENT)


def confirmed(code, action):
    """An online will that has seen the text as it stands."""
    return Will.online(shown=confirmation(entry_of(code), action).sha256)


def on_paper(declared, received):
    return Will.by_post(declared=declared, received=received, ground_key=uuid.uuid4())


def place(code, someone, will=None):
    kind = entry_of(code).kind
    return operations.place(kind, acting=oneself(someone), will=will or confirmed(code, Action.PLACED))


def lift(code, someone, will=None):
    kind = entry_of(code).kind
    return operations.lift(kind, acting=oneself(someone), will=will or confirmed(code, Action.LIFTED))


R1, R2 = (entry.code for entry in catalogue.entries()[:2])


def no_such_register():
    """A population register that cannot be reached."""
    raise OSError
