"""The register for many at once gives the rules' own answers."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kpr_portal.ground import clock
from kpr_portal.people.models import Person
from kpr_portal.people.operations import link_people
from kpr_portal.people.queries import ids_of
from reservations import catalogue
from reservations.catalogue import entry_of, recipient_of
from reservations.everyone import effects_at, in_force_at
from reservations.lines import standing_lines
from reservations.models import ReservationEntry
from reservations.queries import state_of
from reservations.references import new_reference
from reservations.rules import (
    Action,
    Effect,
    Identifier,
    LawSettings,
    LegalDecision,
    Purpose,
    ReleaseTerms,
    TermsNotOpen,
    Voice,
    decide,
    state_at,
)
from tests.reservations.conftest import R1, R2, lift, place

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

RESEARCH = recipient_of("research").kind
ALL_TERMS = [
    ReleaseTerms(purpose=purpose, recipient=RESEARCH, identifiers=identifiers, linkage=linkage)
    for purpose in Purpose
    for identifiers in (frozenset(), frozenset({Identifier.NATIONAL_ID}))
    for linkage in (False, True)
]


def enter(person, code, action, *, voice=Voice.OWN, ends_parents=False, declared, recorded, effective=None):
    """A line put straight into the register, whatever the past it tells."""
    own = voice is Voice.OWN
    return ReservationEntry(
        reference=new_reference(),
        person=person,
        actor=person if own else PARENT[0],
        basis="self" if own else "parent",
        kind=code,
        action=action.value,
        voice=voice.value,
        ends_parents_voice=ends_parents and own and action is Action.LIFTED,
        declared_at=NOON + min(declared, recorded) * HOUR,
        received_at=NOON + min(declared, recorded) * HOUR,
        recorded_at=NOON + recorded * HOUR,
        effective_at=NOON + (recorded if effective is None else max(effective, recorded)) * HOUR,
        channel="carried_over",
    )


PARENT = []

line = st.fixed_dictionaries(
    {
        "who": st.integers(0, 4),
        "code": st.sampled_from([R1, R2]),
        "action": st.sampled_from(Action),
        "voice": st.sampled_from(Voice),
        "ends_parents": st.booleans(),
        "declared": st.integers(0, 4),
        "recorded": st.integers(0, 4),
        "effective": st.integers(0, 5),
    }
)


@pytest.fixture
def five_people(db):
    """Five persons, of whom two pairs are linked into one human of three."""
    people = [Person.objects.create() for _ in range(5)]
    PARENT[:] = [Person.objects.create()]
    for one, other in ((people[1], people[3]), (people[2], people[3])):
        first, second = sorted((one, other), key=lambda each: each.pk)
        link_people(first, second, reason="register", evidence="ny")
    return people


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=st.lists(line, max_size=14), at=st.integers(-1, 6))
def test_database_and_rules_agree_on_everyone(five_people, lines, at):
    with transaction.atomic():
        ReservationEntry.objects.bulk_create(
            enter(five_people[facts["who"]], **{k: v for k, v in facts.items() if k != "who"})
            for facts in lines
        )
        moment = NOON + at * HOUR
        held = {
            person.pk: [kind for kind in catalogue.kinds() if state_of(person, kind=kind, at=moment).in_force]
            for person in five_people
        }

        found = in_force_at(catalogue.kinds(), moment)
        for kind in catalogue.kinds():
            assert found[kind.code] == {pk for pk, kinds in held.items() if kind in kinds}
        for terms in ALL_TERMS:
            effects = effects_at(moment, terms=terms)
            assert {pk: effects.get(pk, Effect.RELEASE) for pk in held} == {
                pk: decide(kinds, terms) for pk, kinds in held.items()
            }
        transaction.set_rollback(True)


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=st.lists(line, max_size=14), at=st.integers(-1, 6))
def test_standing_lines_make_the_state_that_all_lines_make(five_people, lines, at):
    with transaction.atomic():
        ReservationEntry.objects.bulk_create(
            enter(five_people[facts["who"]], **{k: v for k, v in facts.items() if k != "who"})
            for facts in lines
        )
        moment = NOON + at * HOUR
        for person, kind, voices in product(five_people, catalogue.kinds(), ({*Voice}, {Voice.PARENTS})):
            every = ReservationEntry.objects.filter(
                person__in=ids_of(person), kind=kind.code, voice__in=[voice.value for voice in voices]
            )
            expected = state_at(every.order_by("id"), moment=moment)

            standing = standing_lines(ids_of(person), kinds=[kind.code], moment=moment, voices=voices)

            found = state_at(standing, moment=moment)
            assert {voice: line.id for voice, line in found.holders.items()} == {
                voice: line.id for voice, line in expected.holders.items()
            }
            assert (found.latest and found.latest.id) == (expected.latest and expected.latest.id)
        transaction.set_rollback(True)


def test_only_the_end_of_a_long_history_stands(person):
    for _ in range(4):
        place(R1, person)
        last = lift(R1, person)

    found = standing_lines(ids_of(person), kinds=[R1, R2], moment=clock.database_now())

    assert [line.id for line in found] == [last.id]


def test_strongest_effect_wins(person):
    place(R1, person)
    place(R2, person)
    terms = ReleaseTerms(
        purpose=Purpose.TWO, recipient=RESEARCH, identifiers=frozenset({Identifier.NATIONAL_ID})
    )

    moment = ReservationEntry.objects.latest("recorded_at").recorded_at
    assert effects_at(moment, terms=terms) == {person.pk: Effect.WITHHOLD_PERSON}


def test_position_is_inclusive_and_earlier_answers_never_change(person):
    entry = place(R1, person)
    before = entry.recorded_at - timedelta(microseconds=1)

    assert in_force_at([entry_of(R1).kind], before) == {R1: set()}
    assert in_force_at([entry_of(R1).kind], entry.recorded_at) == {R1: {person.pk}}


def test_no_kinds_asked_is_nobody(person):
    place(R1, person)

    assert in_force_at([], NOON + timedelta(days=10_000)) == {}


def test_release_that_may_not_be_made_has_no_effects(db):
    terms = ReleaseTerms(purpose=Purpose.ONE, recipient=recipient_of("insurer").kind)

    with pytest.raises(TermsNotOpen):
        effects_at(NOON, terms=terms)


def test_effects_follow_the_settings_of_the_law(person, settings):
    entry = place(R1, person)
    terms = ReleaseTerms(
        purpose=Purpose.ONE,
        recipient=recipient_of("statistics").kind,
        identifiers=frozenset({Identifier.NATIONAL_ID}),
        statute="statistikkloven § 10",
    )
    settings.LAW_DELIVERY_DECISIONS = {}
    with pytest.raises(TermsNotOpen):
        effects_at(entry.recorded_at, terms=terms)

    settings.LAW_DELIVERY_DECISIONS = {"statistikkloven § 10": {"reference": "notat 1"}}
    assert effects_at(entry.recorded_at, terms=terms) == {person.pk: Effect.WITHHOLD_IDENTIFIERS}

    law = LawSettings(
        delivery_decisions={terms.statute: LegalDecision(terms.statute, "notat 2", frozenset({R1}))}
    )
    assert effects_at(entry.recorded_at, terms=terms, law=law) == {}
