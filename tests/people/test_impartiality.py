"""Impartiality (fvl § 6): who is shut out, whichever way the register tells it, and that the attempt is logged."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.ground import clock
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.errors import NotAllowed
from kpr_portal.people.impartiality.operations import (
    NothingToDo,
    declare_out,
    end_shields,
    let_in_again,
    name_out,
    shield,
)
from kpr_portal.people.impartiality.permissions import NotImpartial, check_impartial, shut_out
from kpr_portal.people.impartiality.rows import StaffExclusion
from kpr_portal.people.impartiality.rules import Nearness, nearness
from kpr_portal.people.models import Role
from kpr_portal.people.operations import grant_role
from kpr_portal.people.population_register import (
    Area,
    FuturePower,
    Guardianship,
    Marriage,
    NumberPeriod,
    ParentalResponsibility,
    RegisterPerson,
    ResponsibilityKind,
    Sex,
)
from tests.support.family import enter_family, number_of
from tests.support.numbers import synthetic_numbers

STAFF, PERSON, CHILD, OLD, STRANGER = synthetic_numbers(5)


def someone(number, **values):
    return RegisterPerson(
        number=number, name="Ryddig Perm", birth_date=date(1980, 1, 1), sex=Sex.FEMALE, **values
    )


def responsible(holder):
    return (ParentalResponsibility(holder, CHILD, ResponsibilityKind.SHARED),)


FORMER = Marriage(PERSON, since=date(2000, 1, 1), until=date(2005, 1, 1))
PRESENT = Marriage(PERSON, since=date(2000, 1, 1))
NEAR = {
    "oneself by an old number": (
        {"numbers": (NumberPeriod(STAFF), NumberPeriod(PERSON, until=date(2020, 1, 1)))},
        {},
        Nearness.ONESELF,
    ),
    "spouse": ({"spouses": (PRESENT,)}, {}, Nearness.SPOUSE),
    "former spouse": ({"spouses": (FORMER,)}, {}, Nearness.SPOUSE),
    "child": ({"children": (PERSON,)}, {}, Nearness.CHILD_OR_PARENT),
    "parent": ({"parents": (PERSON,)}, {}, Nearness.CHILD_OR_PARENT),
    "sibling": ({"siblings": (PERSON,)}, {}, Nearness.SIBLING),
    "half sibling": ({"parents": (CHILD,)}, {"parents": (CHILD,)}, Nearness.SIBLING),
    "child together": ({"children": (CHILD,)}, {"children": (CHILD,)}, Nearness.CO_PARENT),
    "parental responsibility together": (
        {"parental_responsibility": responsible(STAFF)},
        {"parental_responsibility": responsible(PERSON)},
        Nearness.CO_PARENT,
    ),
    "guardian": (
        {},
        {"guardianships": (Guardianship(STAFF, PERSON, frozenset({Area.ECONOMIC}), date(2020, 1, 1)),)},
        Nearness.REPRESENTS,
    ),
    "future power": (
        {},
        {"future_powers": (FuturePower(STAFF, PERSON, frozenset(Area), date(2020, 1, 1)),)},
        Nearness.REPRESENTS,
    ),
}


@pytest.mark.parametrize("case", NEAR)
def test_near_ones_are_found_either_way_round(case):
    mine, theirs, near = NEAR[case]
    staff, person = someone(STAFF, **mine), someone(PERSON, **theirs)

    assert (nearness(staff, person), nearness(person, staff)) == (near, near)


def test_strangers_are_not_near():
    staff = someone(STAFF, children=(CHILD,), spouses=(Marriage(STRANGER, since=None),))

    assert nearness(staff, someone(PERSON, parents=(OLD,))) is None


@pytest.fixture
def family(db):
    return enter_family()


@pytest.fixture
def approver(family):
    person = family.person("approver")
    grant_role(person, Role.APPROVER, granted_by=None)
    return person


def check(family, staff, slug):
    check_impartial(family.person(staff), family.person(slug), role="caseworker", action="casework.block")


def test_member_of_staff_and_her_former_husband(family):
    husband = number_of("much_data")
    family.change("caseworker", spouses=(Marriage(husband, since=date(2001, 1, 1), until=date(2009, 1, 1)),))

    with pytest.raises(NotImpartial) as refused:
        check(family, "caseworker", "much_data")

    assert "fvl" not in str(refused.value.message)
    assert "Du kan ikke behandle dette. En annen må ta det" in str(refused.value.message)
    logged = AccessLogEntry.objects.get(subject=family.person("much_data").key, outcome="refused")
    assert (logged.actor, logged.reason) == (family.person("caseworker").key, "impartiality:spouse")
    check(family, "caseworker_2", "much_data")


def test_one_whom_one_has_ever_represented_shuts_out(family):
    family.power("attorney_giver", "attorney")

    assert shut_out(family.person("attorney"), family.person("attorney_giver")) is Nearness.REPRESENTS
    assert shut_out(family.person("attorney_giver"), family.person("attorney")) is Nearness.REPRESENTS


def test_register_that_does_not_answer_shuts_out_for_now(family, monkeypatch):
    def away(*_):
        raise ConnectionError

    monkeypatch.setattr(EmbeddedPopulationRegister, "people", away)

    assert shut_out(family.person("caseworker"), family.person("much_data")) is Nearness.UNKNOWN


def test_person_nobody_knows_can_be_helped(family):
    assert shut_out(family.person("caseworker"), family.person("unknown")) is None


def test_declared_out_is_out_and_says_so_once(family):
    staff, person = family.person("caseworker"), family.person("much_data")
    declare_out(staff, person=person)

    assert shut_out(staff, person) is Nearness.DECLARED
    with pytest.raises(NothingToDo):
        declare_out(staff, person=person)


def test_named_out_is_out_until_another_lets_in(family, approver):
    staff, person = family.person("caseworker"), family.person("much_data")
    row = name_out(staff, person=person, by=approver)
    before = shut_out(staff, person)

    let_in_again(row, by=approver)

    assert (before, shut_out(staff, person)) == (Nearness.NAMED, None)


def test_nobody_lets_themselves_in_again(family, approver):
    row = declare_out(approver, person=family.person("much_data"))

    with pytest.raises(NotAllowed):
        let_in_again(row, by=approver)
    assert shut_out(approver, family.person("much_data")) is Nearness.DECLARED


def test_shielded_case_is_open_to_those_named_alone(family, approver):
    person = family.person("much_data")
    shield(person, to=[family.person("caseworker")], by=approver)

    seen = [shut_out(family.person(slug), person) for slug in ("caseworker", "caseworker_2", "approver")]

    assert seen == [None, Nearness.SHIELDED, Nearness.SHIELDED]
    assert end_shields(person, by=approver) == 1
    assert shut_out(family.person("caseworker_2"), person) is None


def test_new_shield_takes_the_place_of_the_old(family, approver):
    person = family.person("much_data")
    for slug in ("caseworker", "caseworker_2"):
        shield(person, to=[family.person(slug)], by=approver)

    assert shut_out(family.person("caseworker"), person) is Nearness.SHIELDED
    assert shut_out(family.person("caseworker_2"), person) is None


def test_only_an_approver_names_and_shields(family):
    caseworker, person = family.person("caseworker"), family.person("much_data")
    grant_role(caseworker, Role.CASEWORKER, granted_by=None)

    with pytest.raises(NotAllowed):
        name_out(family.person("caseworker_2"), person=person, by=caseworker)
    with pytest.raises(NotAllowed):
        shield(person, to=[caseworker], by=caseworker)


def test_database_refuses_to_declare_for_another(family):
    row = StaffExclusion(
        staff=family.person("caseworker"),
        person=family.person("much_data"),
        reason="declared",
        by=family.person("approver"),
        recorded_at=clock.now(),
    )
    with pytest.raises(IntegrityError, match="one_declares_for_oneself"), transaction.atomic():
        row.save()


def test_register_knows_nobody_by_another_name_than_their_own():
    """The two entries of a test are two people: else every case above would find oneself."""
    assert nearness(someone(STAFF), replace(someone(STAFF), name="x")) is Nearness.ONESELF
    assert nearness(someone(STAFF), someone(PERSON)) is None
