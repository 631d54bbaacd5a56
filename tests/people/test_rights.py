"""What someone may do for another: the one function, over its whole table."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from kpr_portal.people.basis import BY_MANDATE, FOR_A_CHILD, FOR_ANOTHER, Basis, Scope
from kpr_portal.people.population_register import (
    Address,
    Area,
    CapacityLimit,
    FuturePower,
    Guardianship,
    NumberPeriod,
    ParentalResponsibility,
    Protection,
    RegisterPerson,
    ResponsibilityKind,
    Sex,
)
from kpr_portal.people.representation.rights import (
    BOTH,
    Closed,
    Mandate,
    RepresentationLaw,
    Rights,
    day_before_birthday,
    giver_closed,
    last_day_of,
    rights_of,
)
from tests.support.numbers import synthetic_numbers

TODAY = date(2026, 11, 22)
ME, THEM, THIRD, OLD = synthetic_numbers(4)
HOME = Address(("Furuveien 3",), "7011", "Trondheim")
AWAY = Address(("Storgata 1",), "0155", "Oslo")
DAY = timedelta(days=1)
I, R = Scope.INSIGHT, Scope.RESERVATION  # noqa: E741 -- the two columns of the table


def born(years):
    return date(TODAY.year - years, TODAY.month, TODAY.day)


def someone(number, *, age, **values):
    return RegisterPerson(
        number=number, name="Rolig Fjell", birth_date=born(age), sex=Sex.FEMALE, **{"address": HOME, **values}
    )


def grown_up(**values):
    return someone(ME, age=45, **values)


def held_by(*holders):
    return tuple(ParentalResponsibility(holder, THEM, ResponsibilityKind.SHARED) for holder in holders)


def represented(basis, *, age, **values):
    """Someone about whom the register tells what gives a right on this basis, as far as it tells of it."""
    tells = {
        Basis.PARENT: {"parental_responsibility": held_by(ME)},
        Basis.GUARDIAN: {"guardianships": (Guardianship(ME, THEM, frozenset({Area.PERSONAL}), born(2)),)},
        Basis.FUTURE_POWER: {"future_powers": (FuturePower(ME, THEM, frozenset(Area), born(2)),)},
    }
    return someone(THEM, age=age, **{**tells.get(basis, {}), **values})


def mandate(basis, **values):
    from_register = basis in {Basis.PARENT, Basis.GUARDIAN, Basis.FUTURE_POWER}
    return Mandate(basis, BOTH, since=born(1), **{"from_register": from_register, **values})


def rights(basis, *, age, me=None, them=None, on=TODAY, law=None, others=(), **values):
    return rights_of(
        mandate(basis, **values),
        representative=me or grown_up(),
        represented=represented(basis, age=age) if them is None else them,
        others_responsible=others,
        on=on,
        law=law or RepresentationLaw(),
    )


# --- The table: basis by age, everything else in order ------------------------------------------------

AGES = (0, 7, 11, 12, 13, 15, 16, 17, 18, 40, 90)
CHILD = {age: {I, R} if age < 12 else {R} for age in AGES if age < 16}
TABLE = {
    Basis.PARENT: CHILD,
    Basis.CHILD_WELFARE: CHILD,
    Basis.FOSTER_CARE: CHILD,
    Basis.GUARDIAN: {age: {R} if 12 <= age < 16 else {I, R} for age in AGES},
    Basis.FUTURE_POWER: {age: {I, R} for age in AGES},
    Basis.ATTORNEY: {age: {I, R} for age in AGES if age >= 16},
    Basis.NEXT_OF_KIN: {age: {I, R} for age in AGES if age >= 16},
}


@pytest.mark.parametrize(("basis", "age"), [*product(TABLE, AGES)], ids=str)
def test_what_each_basis_opens_at_each_age(basis, age):
    assert rights(basis, age=age).scopes == TABLE[basis].get(age, set())


def test_table_has_every_basis_for_another():
    assert set(TABLE) == set(FOR_ANOTHER)


@pytest.mark.parametrize(("basis", "scopes"), [*product(sorted(FOR_ANOTHER), [(I,), (R,), (I, R)])], ids=str)
def test_never_more_than_the_row_covers(basis, scopes):
    age = 8 if basis in FOR_A_CHILD else 40
    them = represented(basis, age=age)

    found = rights_of(
        replace(mandate(basis), scopes=frozenset(scopes)),
        representative=grown_up(),
        represented=them,
        on=TODAY,
    )

    assert found.scopes == set(scopes)


# --- What closes whatever the basis ---------------------------------------------------------------------

EITHER = {
    "dead": ({"death_date": TODAY}, Closed.DEAD),
    "confidential": ({"protection": Protection.CONFIDENTIAL}, Closed.PROTECTED),
    "strictly": ({"protection": Protection.STRICTLY_CONFIDENTIAL}, Closed.PROTECTED),
}


@pytest.mark.parametrize(
    ("basis", "case", "side"), [*product(sorted(FOR_ANOTHER), EITHER, ["me", "them"])], ids=str
)
def test_death_and_protection_of_either_close_everything(basis, case, side):
    values, reason = EITHER[case]
    age = 8 if basis in FOR_A_CHILD else 40
    me = grown_up(**values) if side == "me" else None
    them = represented(basis, age=age, **values) if side == "them" else None

    assert rights(basis, age=age, me=me, them=them).closed is reason


ROW = {
    "ended": ({"ended": True}, Closed.ENDED),
    "blocked": ({"blocked": True}, Closed.BLOCKED),
    "not_begun": ({"since": TODAY + DAY}, Closed.NOT_BEGUN),
    "over": ({"until": TODAY - DAY}, Closed.OVER),
}


@pytest.mark.parametrize(("basis", "case"), [*product(sorted(FOR_ANOTHER), ROW)], ids=str)
def test_row_that_is_not_in_force_closes_everything(basis, case):
    values, reason = ROW[case]
    age = 8 if basis in FOR_A_CHILD else 40

    found = rights_of(
        replace(mandate(basis), **values),
        representative=grown_up(),
        represented=represented(basis, age=age),
        on=TODAY,
    )

    assert found.closed is reason


@pytest.mark.parametrize("basis", sorted(FOR_ANOTHER))
def test_first_and_last_day_are_open(basis):
    age = 8 if basis in FOR_A_CHILD else 40
    found = rights_of(
        replace(mandate(basis), since=TODAY, until=TODAY),
        representative=grown_up(),
        represented=represented(basis, age=age),
        on=TODAY,
    )

    assert found.closed is None


@pytest.mark.parametrize(
    ("basis", "missing"), [*product(sorted(FOR_ANOTHER), ["representative", "represented"])], ids=str
)
def test_one_whom_the_register_does_not_know_closes_everything(basis, missing):
    known = {"representative": grown_up(), "represented": represented(basis, age=8), missing: None}

    assert rights_of(mandate(basis), on=TODAY, **known).closed is Closed.UNKNOWN


@pytest.mark.parametrize("basis", sorted(FOR_ANOTHER))
def test_court_limit_in_personal_matters_closes_the_representative(basis):
    age = 8 if basis in FOR_A_CHILD else 40
    limited = grown_up(capacity_limits=(CapacityLimit(Area.PERSONAL, since=born(1)),))
    economic = grown_up(capacity_limits=(CapacityLimit(Area.ECONOMIC, since=born(1)),))
    over = grown_up(capacity_limits=(CapacityLimit(Area.PERSONAL, since=born(3), until=born(1)),))

    assert rights(basis, age=age, me=limited).closed is Closed.LIMITED
    assert (rights(basis, age=age, me=economic).closed, rights(basis, age=age, me=over).closed) == (
        None,
        None,
    )


@pytest.mark.parametrize("basis", sorted(FOR_ANOTHER - {Basis.PARENT}))
def test_representative_is_grown_up(basis):
    age = 8 if basis in FOR_A_CHILD else 40

    assert rights(basis, age=age, me=someone(ME, age=17)).closed is Closed.TOO_YOUNG
    assert rights(basis, age=age, me=someone(ME, age=18)).closed is None


def test_parent_of_17_may_for_their_child():
    assert rights(Basis.PARENT, age=1, me=someone(ME, age=17)).scopes == {I, R}


@pytest.mark.parametrize("basis", sorted(FOR_ANOTHER))
def test_emigration_closes_only_what_an_address_opens(basis):
    age = 8 if basis in FOR_A_CHILD else 40
    gone = represented(basis, age=age, emigrated=born(1), address=None)

    found = rights(basis, age=age, them=gone)

    assert found.closed is (Closed.APART if basis is Basis.PARENT else None)


# --- Parents ----------------------------------------------------------------------------------------------


def test_parent_whom_the_register_does_not_name_has_no_right():
    other = represented(Basis.PARENT, age=8, parental_responsibility=held_by(THIRD))

    assert rights(Basis.PARENT, age=8, them=other).closed is Closed.NOT_IN_REGISTER


def test_parent_apart_needs_another_who_lives_with_the_child():
    child = represented(Basis.PARENT, age=8, parental_responsibility=held_by(ME, THIRD))
    me = grown_up(address=AWAY)

    def with_other(address, **values):
        other = someone(THIRD, age=40, address=address, **values)
        return rights(Basis.PARENT, age=8, me=me, them=child, others=[other])

    assert rights(Basis.PARENT, age=8, me=me, them=child).closed is Closed.APART
    assert with_other(AWAY).closed is Closed.APART
    assert with_other(HOME, death_date=TODAY).closed is Closed.APART
    assert with_other(HOME).scopes == {I, R}


def test_one_at_home_without_responsibility_opens_nothing():
    child = represented(Basis.PARENT, age=8)
    other = someone(THIRD, age=40, address=HOME)

    found = rights(Basis.PARENT, age=8, me=grown_up(address=AWAY), them=child, others=[other])

    assert found.closed is Closed.APART


def test_places_are_hidden_from_a_parent_who_does_not_share_the_address():
    child = represented(Basis.PARENT, age=8, parental_responsibility=held_by(ME, THIRD))
    other = someone(THIRD, age=40, address=HOME)

    apart = rights(Basis.PARENT, age=8, me=grown_up(address=AWAY), them=child, others=[other])

    assert (apart.hides_places, rights(Basis.PARENT, age=8).hides_places) == (True, False)


def test_nobody_shares_an_address_that_is_not_known():
    child = represented(Basis.PARENT, age=8, address=None)

    assert rights(Basis.PARENT, age=8, me=grown_up(address=None), them=child).closed is Closed.APART


def test_document_a_caseworker_checked_needs_no_word_of_the_register():
    """Judgments often are missing in look-ups (Sivilombudet): the document stands, the ages hold."""
    child = someone(THEM, age=8, address=AWAY)

    found = rights(Basis.PARENT, age=8, them=child, from_register=False)

    assert (found.scopes, found.hides_places) == ({I, R}, True)


def test_old_number_of_either_is_the_same_human():
    me = grown_up(numbers=(NumberPeriod(ME, since=born(1)), NumberPeriod(OLD, until=born(1))))
    child = represented(Basis.PARENT, age=8, parental_responsibility=held_by(OLD))

    assert rights(Basis.PARENT, age=8, me=me, them=child).scopes == {I, R}


def test_all_parental_access_ends_on_the_16th_birthday_and_insight_on_the_12th():
    child = represented(Basis.PARENT, age=8)
    twelve, sixteen = (day_before_birthday(child.birth_date, age) for age in (12, 16))
    seen = [rights(Basis.PARENT, age=8, them=child, on=day).scopes for day in
            (twelve, twelve + DAY, sixteen, sixteen + DAY)]  # fmt: skip

    assert seen == [{I, R}, {R}, {R}, set()]


def test_one_born_on_29_february_comes_of_age_on_1_march():
    assert day_before_birthday(date(2012, 2, 29), 15) == date(2027, 2, 28)
    assert day_before_birthday(date(2012, 2, 29), 16) == date(2028, 2, 28)


# --- Guardians and future powers ---------------------------------------------------------------------------


def by_mandate(basis, areas, *, since=date(2020, 1, 1), until=None, representative=ME):
    if basis is Basis.GUARDIAN:
        row = Guardianship(representative, THEM, frozenset(areas), since, until)
        return someone(THEM, age=40, guardianships=(row,))
    return someone(
        THEM, age=40, future_powers=(FuturePower(representative, THEM, frozenset(areas), since, until),)
    )


@pytest.mark.parametrize("basis", sorted(BY_MANDATE))
@pytest.mark.parametrize(
    ("areas", "closed"),
    [
        ({Area.PERSONAL}, None),
        (set(Area), None),
        ({Area.ECONOMIC}, Closed.ECONOMIC),
    ],
)
def test_only_a_mandate_for_personal_matters_opens_anything(basis, areas, closed):
    assert rights(basis, age=40, them=by_mandate(basis, areas)).closed is closed


@pytest.mark.parametrize("basis", sorted(BY_MANDATE))
@pytest.mark.parametrize(
    "them",
    [
        {"since": TODAY + DAY},
        {"until": TODAY - DAY},
        {"representative": THIRD},
    ],
)
def test_mandate_the_register_does_not_tell_of_today_opens_nothing(basis, them):
    assert rights(basis, age=40, them=by_mandate(basis, Area, **them)).closed is Closed.NOT_IN_REGISTER


@pytest.mark.parametrize("basis", sorted(BY_MANDATE))
def test_areas_of_a_checked_document_count_where_the_register_is_not_asked(basis):
    them = someone(THEM, age=40)

    economic = rights(basis, age=40, them=them, from_register=False, areas=frozenset({Area.ECONOMIC}))
    personal = rights(basis, age=40, them=them, from_register=False, areas=frozenset({Area.PERSONAL}))

    assert (economic.closed, personal.closed) == (Closed.ECONOMIC, None)


@pytest.mark.parametrize("basis", sorted(FOR_ANOTHER))
def test_a_guardian_alone_says_that_the_person_has_been_heard(basis):
    age = 8 if basis in FOR_A_CHILD else 40

    assert rights(basis, age=age).must_confirm_heard is (basis is Basis.GUARDIAN)


def test_guardian_sees_and_does_not_reserve_where_the_setting_says_so():
    law = RepresentationLaw(guardian_may_reserve=False)

    assert rights(Basis.GUARDIAN, age=40, law=law).scopes == {I}
    assert rights(Basis.GUARDIAN, age=13, law=law).closed is Closed.NO_SCOPE


def test_setting_opens_insight_for_parents_longer():
    law = RepresentationLaw(parents_insight_until_age=16)

    assert rights(Basis.PARENT, age=15, law=law).scopes == {I, R}


# --- Powers of attorney --------------------------------------------------------------------------------------


def test_giver_whose_capacity_is_limited_gives_nothing():
    limited = someone(THEM, age=40, capacity_limits=(CapacityLimit(Area.PERSONAL, since=born(1)),))

    assert rights(Basis.ATTORNEY, age=40, them=limited).closed is Closed.LIMITED


@pytest.mark.parametrize(
    ("values", "closed"),
    [
        ({}, None),
        ({"death_date": TODAY}, Closed.DEAD),
        ({"protection": Protection.CONFIDENTIAL}, Closed.PROTECTED),
        ({"capacity_limits": (CapacityLimit(Area.PERSONAL, since=born(1)),)}, Closed.LIMITED),
        ({"birth_date": born(16)}, None),
        ({"birth_date": born(16) + DAY}, Closed.TOO_YOUNG),
    ],
)
def test_who_can_give(values, closed):
    assert giver_closed(replace(grown_up(), **values), on=TODAY) is closed


@pytest.mark.parametrize("basis", sorted(FOR_ANOTHER))
def test_last_day_is_the_rows_or_the_eve_of_coming_of_age(basis):
    child = someone(THEM, age=8)
    eve = day_before_birthday(child.birth_date, 16)
    law = RepresentationLaw()
    is_child = basis in FOR_A_CHILD

    assert last_day_of(mandate(basis), represented=child, law=law) == (eve if is_child else None)
    assert last_day_of(mandate(basis, until=TODAY), represented=child, law=law) == TODAY


def test_rights_are_open_or_closed_and_never_both():
    for scopes, closed in ((frozenset(), None), (BOTH, Closed.DEAD)):
        with pytest.raises(ValueError, match="open in some scope"):
            Rights(scopes, closed=closed)
