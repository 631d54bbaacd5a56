"""Acting for another when two things happen at the same moment: one of them is done, or both, and never half."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.ground import clock
from kpr_portal.notices.models import Message
from kpr_portal.people.basis import Basis, Scope
from kpr_portal.people.models import (
    LinkReason,
    ReceiverTry,
    Representation,
    RepresentationBlock,
    RepresentationBlockLift,
    RepresentationEnd,
)
from kpr_portal.people.operations import link_people
from kpr_portal.people.population_register import Area, CapacityLimit, Protection
from kpr_portal.people.representation.blocks import block, lift_block
from kpr_portal.people.representation.errors import (
    NothingToBlock,
    NothingToEnd,
    ReceiverNotUsable,
    RepresentationRefused,
    TooManyTries,
)
from kpr_portal.people.representation.from_register import refresh_from_register
from kpr_portal.people.representation.powers import end_power, find_receiver, give_power, months_from
from kpr_portal.people.representation.queries import representing
from kpr_portal.people.representation.rows import EndReason
from reservations import operations
from reservations.catalogue import entry_of
from reservations.errors import NotAllowed
from reservations.models import ReservationEntry
from reservations.rules import Action
from tests.reservations.conftest import R1, confirmed
from tests.support.at_once import at_once
from tests.support.family import enter_family, number_of
from tests.support.numbers import synthetic_numbers

ROUNDS = pytest.mark.parametrize("rounds", [4, pytest.param(1_000, marks=pytest.mark.soak)])


@pytest.fixture
def family(transactional_db):
    return enter_family()


def kinds_of(results):
    return sorted(type(result).__name__ for result in results)


def standing(**who):
    return Representation.objects.filter(end__isnull=True, **who)


def start_afresh():
    """Forget every right between two rounds: what may not be deleted in life is only set aside here."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(
            "TRUNCATE people_representation, people_representationend, people_representationblock,"
            " people_representationblocklift, reservations_reservationentry CASCADE"
        )


def give(family, *scopes, giver="attorney_giver", receiver="attorney"):
    return give_power(
        acting=family.oneself(giver),
        receiver=number_of(receiver),
        scopes=scopes or (Scope.INSIGHT,),
        until=months_from(clock.today(), 12),
    )


def place_by(key, actor):
    """What a request does: who acts is asked of the rows as they are, and then the choice is entered."""
    acting = representing(key, actor=actor)
    if not acting.rights.scopes:
        raise NotAllowed
    return operations.place(entry_of(R1).kind, acting=acting, will=confirmed(R1, Action.PLACED))


# --- Signing in


def test_same_person_signing_in_twice_at_once_gets_one_row_for_each_right(family):
    mother = family.person("parent")

    results = at_once(*[lambda: refresh_from_register(mother)] * 4)

    assert results == [None] * 4
    rows = standing(representative=mother).values_list("represented_id", flat=True)
    assert sorted(rows) == sorted({family.person("child_8").pk, family.person("child_13").pk})


def test_both_parents_and_both_children_signing_in_at_once_get_one_row_for_each_right(family):
    people = [family.person(slug) for slug in ("parent", "other_parent", "child_8", "child_13")]

    results = at_once(*[lambda person=person: refresh_from_register(person) for person in people] * 2)

    assert results == [None] * 8
    pairs = list(standing().values_list("representative_id", "represented_id"))
    assert sorted(pairs) == sorted((adult.pk, child.pk) for adult in people[:2] for child in people[2:])


def test_guardian_and_ward_signing_in_at_once_get_one_row(family):
    people = [family.person(slug) for slug in ("guardian_personal", "ward_personal")]

    results = at_once(*[lambda person=person: refresh_from_register(person) for person in people] * 2)

    assert results == [None] * 4
    assert standing(basis=Basis.GUARDIAN.value).count() == 1


def test_right_that_is_gone_is_ended_once_by_both_sides_at_once(family):
    mother, child = family.signs_in("parent"), family.person("child_8")
    family.aged("child_8", 16)

    results = at_once(*[lambda: refresh_from_register(mother), lambda: refresh_from_register(child)] * 2)

    assert results == [None] * 4
    ends = RepresentationEnd.objects.filter(representation__represented=child)
    assert list(ends.values_list("reason", flat=True)) == [EndReason.AGE]
    assert not standing(represented=child).exists()


# --- Powers of attorney


def test_same_power_given_twice_at_once_stands_once(family):
    results = at_once(*[lambda: give(family)] * 4)

    assert kinds_of(results) == ["Representation"] * 4
    assert standing().count() == 1
    assert set(RepresentationEnd.objects.values_list("reason", flat=True)) == {EndReason.REPLACED}


def test_powers_given_at_once_under_two_numbers_of_one_giver_stand_once(family):
    giver, other = family.person("attorney_giver"), family.person("nothing_held")
    link_people(giver, other, reason=LinkReason.REGISTER, evidence="number history")
    family.change("nothing_held", **dict(vars(family.entries["attorney_giver"])))

    at_once(*[lambda slug=slug: give(family, giver=slug) for slug in ("attorney_giver", "nothing_held")] * 2)

    assert standing().count() == 1


def test_giver_and_receiver_ending_it_at_once_end_it_once_and_it_is_told_once(family):
    power = give(family)
    told_before = Message.objects.count()
    sides = [family.oneself(slug) for slug in ("attorney_giver", "attorney")]

    results = at_once(*[lambda side=side: end_power(power.key, acting=side) for side in sides] * 2)

    assert sorted(map(repr, map(type, results))) == sorted([repr(type(None)), *[repr(NothingToEnd)] * 3])
    assert RepresentationEnd.objects.count() == 1
    assert Message.objects.count() - told_before == 1
    assert AccessLogEntry.objects.filter(action="representation.end").count() == 1


@ROUNDS
def test_power_ended_while_the_receiver_acts_is_refused_or_done_and_never_half(family, rounds):
    attorney = family.person("attorney")
    for _ in range(rounds):
        start_afresh()
        with clock.shift(timedelta(days=1)):
            power = give(family, Scope.RESERVATION)
        ended, placed = at_once(
            lambda key=power.key: end_power(key, acting=family.oneself("attorney_giver")),
            lambda key=power.key: place_by(key, attorney),
        )

        assert ended is None
        done = isinstance(placed, ReservationEntry)
        assert done or isinstance(placed, NotAllowed), placed
        assert ReservationEntry.objects.count() == (1 if done else 0)
        with pytest.raises(NotAllowed):
            place_by(power.key, attorney)


@ROUNDS
def test_block_while_the_parent_places_is_refused_or_done_and_never_half(family, rounds):
    mother, child = family.person("parent"), family.oneself("child_13")
    for _ in range(rounds):
        start_afresh()
        refresh_from_register(mother)
        row = standing(representative=mother, represented=child.subject).get()
        blocked, placed = at_once(
            lambda: block(None, acting=child), lambda key=row.key: place_by(key, mother)
        )

        assert isinstance(blocked, RepresentationBlock)
        done = isinstance(placed, ReservationEntry)
        assert done or isinstance(placed, NotAllowed), placed
        assert ReservationEntry.objects.count() == (1 if done else 0)
        with pytest.raises(NotAllowed):
            place_by(row.key, mother)


# --- Blocks


def test_blocking_all_at_once_blocks_once(family):
    giver = family.oneself("attorney_giver")

    results = at_once(*[lambda: block(None, acting=giver)] * 4)

    assert kinds_of(results) == ["NothingToBlock"] * 3 + ["RepresentationBlock"]
    assert RepresentationBlock.objects.count() == 1


def test_opening_again_twice_at_once_opens_once(family):
    giver = family.oneself("attorney_giver")
    made = block(None, acting=giver)

    results = at_once(*[lambda: lift_block(made.key, acting=giver)] * 4)

    assert sorted(map(repr, map(type, results))) == sorted([repr(type(None)), *[repr(NothingToBlock)] * 3])
    assert RepresentationBlockLift.objects.count() == 1


# --- Guessing


@pytest.mark.speaks_numbers
@pytest.mark.parametrize("guesses", [24, pytest.param(1_000, marks=pytest.mark.soak)])
def test_guesses_at_a_receiver_are_limited_also_when_many_come_at_once(family, settings, guesses):
    giver = family.oneself("attorney_giver")
    numbers = [number.digits for number in synthetic_numbers(guesses, start=2_000)]

    results = []
    for start in range(0, guesses, 8):
        tries = [
            lambda number=number: find_receiver(acting=giver, number=number, surname="Måke")
            for number in numbers[start : start + 8]
        ]
        results += at_once(*tries)

    allowed = settings.POWER_TRIES_A_DAY
    assert kinds_of(results) == sorted(
        ["ReceiverNotUsable"] * allowed + ["TooManyTries"] * (guesses - allowed)
    )
    assert ReceiverTry.objects.count() == allowed


@pytest.mark.speaks_numbers
def test_limit_cannot_be_had_twice_under_two_numbers(family, settings):
    giver, other = family.person("attorney_giver"), family.person("nothing_held")
    link_people(giver, other, reason=LinkReason.REGISTER, evidence="number history")
    numbers = [number.digits for number in synthetic_numbers(8, start=2_000)]
    pair = [family.oneself(slug) for slug in ("attorney_giver", "nothing_held")]

    results = at_once(
        *[
            lambda number=number, acting=pair[place % 2]: find_receiver(
                acting=acting, number=number, surname="Måke"
            )
            for place, number in enumerate(numbers)
        ]
    )

    assert kinds_of(results).count("ReceiverNotUsable") == settings.POWER_TRIES_A_DAY
    assert ReceiverTry.objects.count() == settings.POWER_TRIES_A_DAY


@pytest.mark.speaks_numbers
def test_right_answer_after_the_limit_is_not_told_from_a_wrong_one(family, settings):
    giver = family.oneself("attorney_giver")
    for number in synthetic_numbers(settings.POWER_TRIES_A_DAY, start=2_000):
        with pytest.raises(ReceiverNotUsable):
            find_receiver(acting=giver, number=number.digits, surname="Måke")

    with pytest.raises(TooManyTries):
        find_receiver(acting=giver, number=number_of("attorney").digits, surname="Måke")


def test_powers_given_in_a_day_are_limited_also_at_once(family, settings):
    settings.POWERS_A_DAY = 3

    results = at_once(*[lambda: give(family)] * 6)

    assert kinds_of(results) == ["Representation"] * 3 + ["TooManyTries"] * 3
    assert Representation.objects.count() == 3
    with clock.shift(timedelta(days=1, seconds=1)):
        give(family)
    assert standing().count() == 1


# --- What an answer takes

UNUSABLE = {
    "unknown": lambda family: (number_of("unknown"), "Sti"),
    "wrong surname": lambda family: (number_of("attorney"), "Fjell"),
    "dead": lambda family: (number_of("dead"), "Rose"),
    "child": lambda family: (number_of("child_16"), "Gnist"),
    "protected": lambda family: (number_of("confidential"), "Tone"),
    "strictly protected": lambda family: (number_of("strictly_protected"), "Lilje"),
    "oneself": lambda family: (number_of("attorney_giver"), "Sang"),
    "limited": lambda family: (limited(family), "Måke"),
    "never met": lambda family: (number_of("future_power_holder"), "Feil"),
}


def limited(family):
    family.change("attorney", capacity_limits=(CapacityLimit(Area.PERSONAL, since=clock.today()),))
    return number_of("attorney")


def shape(query):
    """A query without its values."""
    return query["sql"].split(" WHERE ")[0].split(" VALUES ")[0][:80]


@pytest.mark.speaks_numbers
def test_every_receiver_who_cannot_be_used_costs_the_very_same_queries(family):
    assert family.entries["confidential"].protection is Protection.CONFIDENTIAL
    asked = {}
    for case, of in UNUSABLE.items():
        giver = family.oneself("attorney_giver")  # anew, since who is known already is not asked for
        number, surname = of(family)
        with clock.shift(timedelta(days=2 * len(asked))), CaptureQueriesContext(connection) as queries:
            with pytest.raises(RepresentationRefused) as refused:
                find_receiver(acting=giver, number=number.digits, surname=surname)
        assert type(refused.value) is ReceiverNotUsable
        asked[case] = [shape(query) for query in queries]

    first = asked["unknown"]
    assert len(first) > 3
    assert {case: queries for case, queries in asked.items() if queries != first} == {}
