"""The population register: what goes in comes out, sealed meanwhile."""

from dataclasses import fields
from datetime import date

import pytest
from django.db import connection

from kpr_portal.people.models import RegisterEntry
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
    ResponsibilityKind,
    Sex,
    population_register,
)
from tests.support.numbers import synthetic_number, synthetic_numbers

pytestmark = pytest.mark.django_db

OLD, NEW, *OTHERS = synthetic_numbers(12)
FULL = RegisterPerson(
    number=NEW,
    name="Vakker Blomst",
    birth_date=date(1980, 2, 29),
    sex=Sex.FEMALE,
    municipality="0301",
    district="07",
    address=Address(lines=("Granveien 4", "H0201"), postcode="0350", city="Oslo"),
    protection=Protection.CONFIDENTIAL,
    death_date=date(2026, 1, 2),
    emigrated=date(2020, 1, 2),
    numbers=(NumberPeriod(NEW, since=date(2024, 3, 1)), NumberPeriod(OLD, until=date(2024, 3, 1))),
    language="nn",
    parents=(OTHERS[0], OTHERS[1]),
    children=(OTHERS[2],),
    siblings=(OTHERS[3],),
    spouses=(
        Marriage(OTHERS[4], since=date(2010, 1, 1)),
        Marriage(OTHERS[5], since=None, until=date(2009, 1, 1)),
    ),
    parental_responsibility=(ParentalResponsibility(NEW, OTHERS[2], ResponsibilityKind.SHARED),),
    guardianships=(
        Guardianship(
            OTHERS[6],
            NEW,
            frozenset({Area.ECONOMIC, Area.PERSONAL}),
            since=date(2020, 1, 1),
            until=date(2030, 1, 1),
        ),
    ),
    future_powers=(FuturePower(OTHERS[7], NEW, frozenset({Area.PERSONAL}), since=date(2020, 1, 1)),),
    capacity_limits=(CapacityLimit(Area.ECONOMIC, since=date(2020, 1, 1)),),
)
PLAIN = RegisterPerson(number=OTHERS[9], name="Rolig Fjell", birth_date=date(2018, 1, 1), sex=Sex.MALE)


def test_everything_told_of_a_person_comes_back(register):
    register.put_many([FULL, PLAIN])

    assert [register.person(number) for number in (FULL.number, PLAIN.number)] == [FULL, PLAIN]
    unset = [field.name for field in fields(FULL) if not getattr(FULL, field.name)]
    assert unset == []  # the fullest person leaves nothing untested


def test_person_is_found_under_every_number_they_held(register):
    register.put_many([FULL])

    assert register.people([OLD, NEW, OTHERS[9]]) == {OLD: FULL, NEW: FULL}
    assert register.count() == 2


def test_history_is_told_only_of_those_who_have_one(register):
    register.put_many([FULL, PLAIN])

    assert register.histories([OLD, NEW, PLAIN.number]) == {OLD: FULL.numbers, NEW: FULL.numbers}


def test_unknown_number_is_nobody(register):
    assert (register.person(synthetic_number(50)), register.people([]), register.histories([])) == (
        None,
        {},
        {},
    )


def test_putting_again_replaces(register):
    register.put_many([PLAIN])
    moved = RegisterPerson(number=PLAIN.number, name="Rolig Dal", birth_date=PLAIN.birth_date, sex=PLAIN.sex)

    register.put_many([moved])

    assert (register.person(PLAIN.number), register.count()) == (moved, 1)


def test_putting_again_under_new_keys_replaces(register, use_keys, generation):
    old, new = generation(), generation()
    use_keys(old)
    register.put_many([PLAIN])
    use_keys(new, old)
    assert register.person(PLAIN.number) == PLAIN

    register.put_many([PLAIN])

    assert (register.person(PLAIN.number), register.count()) == (PLAIN, 1)


def test_table_tells_nothing_in_clear(register):
    register.put_many([FULL])

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(encode(document || history || fingerprint, 'escape'), '') FROM "
            "vault_register_entry"
        )
        (whole,) = cursor.fetchone()

    assert RegisterEntry.objects.count() == 2
    assert [text for text in ("Blomst", "Granveien", OLD.digits, NEW.digits, "1980") if text in whole] == []


def test_many_are_one_query(register, django_assert_num_queries):
    register.put_many([FULL, PLAIN])

    with django_assert_num_queries(1):
        register.people([NEW, OLD, PLAIN.number, synthetic_number(50)])


def test_setting_names_the_register(settings):
    assert type(population_register()).__name__ == "EmbeddedPopulationRegister"

    settings.POPULATION_REGISTER = "tests.people.test_population_register.Another"
    assert isinstance(population_register(), Another)


class Another:
    """A register of somebody else's."""


def test_person_prints_masked():
    assert (
        f"{FULL} {FULL!r} {FULL.address}" == "RegisterPerson(******) RegisterPerson(******) Address(******)"
    )


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2000, 2, 28), 19),
        (date(2000, 2, 29), 20),
        (date(2001, 2, 28), 20),
        (date(2001, 3, 1), 21),
    ],
)
def test_age_turns_on_the_birthday(day, age):
    assert FULL.age_on(day) == age
