"""What the population register tells of who may act for whom, taken in as rows, and ended again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from kpr_portal.ground import clock
from kpr_portal.people.basis import BY_MANDATE, Basis, Scope
from kpr_portal.people.models import Person, Representation
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.operations import lock_people, people_for
from kpr_portal.people.population_register import AWAY, Area, Register, RegisterPerson, ask_register
from kpr_portal.people.representation.ending import end
from kpr_portal.people.representation.law import law
from kpr_portal.people.representation.queries import (
    Standing,
    registered_now,
    standing_by_register,
)
from kpr_portal.people.representation.rights import (
    BOTH,
    Closed,
    Mandate,
    Rights,
    are_numbers_of,
    areas_in_register,
    last_day_of,
    rights_of,
)
from kpr_portal.people.representation.rows import EndReason, Evidence


@transaction.atomic
def refresh_from_register(person: Person) -> None:
    """Take in what the register tells now of whom this person may act for, and who may act for them.

    A right it gives gets a row, one it no longer gives is ended. Where the register cannot be asked nothing
    is changed: no row opens anything without its word. Run at every sign-in.
    """
    me = registered_now(person)
    if me is None:
        return
    pairs = _pairs(me)
    numbers = {number for pair in pairs for number in (pair.representative, pair.represented)}
    counterparts = ask_register(numbers - {me.number})
    people = {**counterparts, me.number: me}
    responsible = {
        held.holder for found in people.values() for held in found.parental_responsibility if found is not me
    }
    others = ask_register(responsible - set(people))
    if counterparts is AWAY or others is AWAY:
        return
    people = {**others, **people}
    if not numbers <= set(people):
        pairs = [p for p in pairs if p.representative in people and p.represented in people]
    wanted = {pair: _open_now(pair, people) for pair in pairs}
    met = people_for(number for pair, rights in wanted.items() if rights.scopes for number in pair.numbers)
    if _changes(person, wanted, met=met):
        # Both sides of a right take it in when they sign in, maybe at the same moment.
        lock_people({person.pk, *(each.pk for each in met.values())})
        _settle(_changes(person, wanted, met=met), met=met, people=people)


@dataclass(frozen=True)
class _Pair:
    """That the register may give one person a right to act for another."""

    representative: NationalId
    represented: NationalId
    basis: Basis

    @property
    def numbers(self) -> tuple[NationalId, NationalId]:
        return self.representative, self.represented


def _pairs(me: RegisterPerson) -> list[_Pair]:
    """Every relation of a person's entry that may give a right, on either side; each once."""
    pairs = [_Pair(held.holder, held.child, Basis.PARENT) for held in me.parental_responsibility]
    pairs += [_Pair(each.guardian, each.ward, Basis.GUARDIAN) for each in me.guardianships]
    pairs += [_Pair(each.holder, each.giver, Basis.FUTURE_POWER) for each in me.future_powers]
    return list(dict.fromkeys(pair for pair in pairs if pair.representative != pair.represented))


def _open_now(pair: _Pair, people: Register) -> Rights:
    on = clock.today()
    represented = people[pair.represented]
    return rights_of(
        Mandate(pair.basis, BOTH, since=on, from_register=True),
        representative=people[pair.representative],
        represented=represented,
        others_responsible=[
            people[held.holder] for held in represented.parental_responsibility if held.holder in people
        ],
        on=on,
        law=law(),
    )


@dataclass(frozen=True)
class _Changes:
    """What makes the rows of the register say what it says now. False where they do."""

    ended: Sequence[tuple[UUID, EndReason]]
    made: Sequence[tuple[_Pair, Rights]]

    def __bool__(self) -> bool:
        return bool(self.ended or self.made)


def _changes(person: Person, wanted: dict[_Pair, Rights], *, met: dict[NationalId, Person]) -> _Changes:
    kept: set[tuple[int, int, Basis]] = set()
    ended: list[tuple[UUID, EndReason]] = []
    made: list[tuple[_Pair, Rights]] = []
    standing = standing_by_register(person)
    found = {(row.representative.pk, row.represented.pk, row.mandate.basis): row for row in standing}
    for pair, rights in wanted.items():
        if not rights.scopes:
            continue
        ends = _ends(pair, met)
        at = (ends[0].pk, ends[1].pk, pair.basis)
        kept.add(at)
        if at in found and found[at].mandate.scopes == rights.scopes:
            continue
        if at in found:
            ended.append((found[at].key, EndReason.REPLACED))
        made.append((pair, rights))
    for at, row in found.items():
        if at not in kept and (reason := _why_over(row, wanted)) is not None:
            ended.append((row.key, reason))
    return _Changes(ended, made)


def _settle(changes: _Changes, *, met: dict[NationalId, Person], people: Register) -> None:
    for key, reason in changes.ended:
        end(key, reason=reason)
    for pair, rights in changes.made:
        _row_of_register(pair, rights, ends=_ends(pair, met), people=people)


def _ends(pair: _Pair, met: dict[NationalId, Person]) -> tuple[Person, Person]:
    return met[pair.representative], met[pair.represented]


def _why_over(row: Standing, wanted: dict[_Pair, Rights]) -> EndReason | None:
    """Why a row no longer rests on anything; None where it is only closed for now, as by a protected address."""
    numbers = {row.representative_number, row.represented_number}
    closed = [
        rights.closed
        for pair, rights in wanted.items()
        if set(pair.numbers) == numbers and pair.basis is row.mandate.basis
    ]
    if not closed:
        return EndReason.REGISTER
    for_good = {Closed.OF_AGE: EndReason.AGE, Closed.NOT_IN_REGISTER: EndReason.REGISTER}
    return next((for_good[reason] for reason in closed if reason in for_good), None)


def _row_of_register(pair: _Pair, rights: Rights, *, ends: tuple[Person, Person], people: Register) -> None:
    representative, represented = people[pair.representative], people[pair.represented]
    today = clock.today()
    since, until = _days_of(pair, representative, represented)
    mandate = Mandate(pair.basis, rights.scopes, since=since, until=until)
    areas: frozenset[Area] = frozenset()
    if pair.basis in BY_MANDATE:
        areas = areas_in_register(pair.basis, representative, represented, on=today)
    Representation.objects.create(
        representative=ends[0],
        represented=ends[1],
        basis=pair.basis.value,
        insight=Scope.INSIGHT in rights.scopes,
        reservation=Scope.RESERVATION in rights.scopes,
        areas=",".join(sorted(areas)),
        since=since,
        until=last_day_of(mandate, represented=represented, law=law()),
        evidence=Evidence.REGISTER,
        checked_at=clock.now(),
        recorded_at=clock.now(),
    )


def _days_of(
    pair: _Pair, representative: RegisterPerson, represented: RegisterPerson
) -> tuple[date, date | None]:
    """From when to when the register gives the right; parental responsibility from when we were told."""
    mandates: Sequence[tuple[date, date | None]] = ()
    if pair.basis is Basis.GUARDIAN:
        mandates = [
            (each.since, each.until)
            for each in represented.guardianships
            if are_numbers_of(representative, each.guardian) and Area.PERSONAL in each.areas
        ]
    elif pair.basis is Basis.FUTURE_POWER:
        mandates = [
            (each.since, each.until)
            for each in represented.future_powers
            if are_numbers_of(representative, each.holder) and Area.PERSONAL in each.areas
        ]
    today = clock.today()
    running = [
        (since, until) for since, until in mandates if since <= today and not (until and until < today)
    ]
    return running[0] if running else (today, None)
