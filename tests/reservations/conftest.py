"""People of the register's tests, and short ways to say what they do."""

import uuid
from datetime import date

import pytest

from kpr_portal.people.acting import Acting, Basis
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.models import Person
from kpr_portal.people.operations import person_for
from kpr_portal.people.population_register import RegisterPerson, Sex
from reservations import catalogue, operations
from reservations.catalogue import entry_of
from reservations.rules import Action, Will
from reservations.texts import confirmation
from tests.support.numbers import numbers_born

_ADULTS = date(1980, 3, 14)


@pytest.fixture
def numbers():
    """Numbers of grown-ups, one after the other."""
    return numbers_born(_ADULTS)


@pytest.fixture
def person(db):
    """Somebody whom the population register does not know."""
    return Person.objects.create()


@pytest.fixture
def born(db):
    """Make somebody of this birth date whom the population register knows."""

    def make(birth_date):
        number = next(numbers_born(birth_date))
        EmbeddedPopulationRegister().put_many(
            [RegisterPerson(number=number, name="Rolig Fjell", birth_date=birth_date, sex=Sex.FEMALE)]
        )
        return person_for(number)

    return make


def oneself(someone):
    return Acting.for_oneself(someone)


def as_parent(child, parent=None):
    """By a right that opens nothing: for what is asked behind the permissions, and for being refused."""
    actor = parent or Person.objects.create()
    return Acting(actor=actor, subject=child, basis=Basis.PARENT, representation=uuid.uuid4())


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
