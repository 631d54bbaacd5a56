"""Key rings and register people for the tests of this app."""

import json
from datetime import date

import pytest

from kpr_portal.ground.keyring import new_generation
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.population_register import NumberPeriod, RegisterPerson, Sex
from tests.conftest import database_role


@pytest.fixture
def use_keys(settings, tmp_path):
    """Use a ring of these generations, newest first, from now on."""
    used = []

    def use(*generations):
        path = tmp_path / f"keyring-{len(used)}.json"
        path.write_text(json.dumps({"generations": list(generations)}))
        used.append(path)
        settings.KEYRING_FILE = str(path)

    return use


@pytest.fixture
def generation():
    """A maker of new key generations."""
    return new_generation


@pytest.fixture
def register():
    """The embedded population register."""
    return EmbeddedPopulationRegister()


@pytest.fixture
def one_human(register):
    """Let the register know that these numbers, the present one first, are one human."""

    def know(*numbers, name="Rolig Fjell"):
        changed = date(2024, 3, 1)
        periods = [NumberPeriod(numbers[0], since=changed if len(numbers) > 1 else None)]
        periods += [NumberPeriod(number, until=changed) for number in numbers[1:]]
        person = RegisterPerson(
            number=numbers[0],
            name=name,
            birth_date=date(1980, 5, 17),
            sex=Sex.FEMALE,
            numbers=tuple(periods) if len(periods) > 1 else (),
        )
        with database_role("owner"):
            register.put_many([person])
        return person

    return know
