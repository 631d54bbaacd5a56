"""What someone may do for another: one function of a row, two register persons and a date.

Nothing here reads a table, a setting or a clock: `rights_of` is given everything, and the tests walk its whole
table. Where it closes, `Closed` says why, for the log and for tests; the screen says only what is open
instead, since an answer about another person may tell something about that person.

"pbrl" is pasient- og brukerrettighetsloven, "vgml" vergemålsloven, "hregl" helseregisterloven.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from kpr_portal.people.basis import BY_MANDATE, FOR_A_CHILD, Basis, Scope
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.population_register import (
    Area,
    CapacityLimit,
    FuturePower,
    Guardianship,
    Protection,
    RegisterPerson,
)

BOTH = frozenset(Scope)


class Closed(StrEnum):
    """Why nothing is open."""

    ENDED = "ended"
    NOT_BEGUN = "not_begun"
    OVER = "over"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"  # the register does not know one of the two
    AWAY = "away"  # the register does not answer now
    DEAD = "dead"
    PROTECTED = "protected"  # an address is protected, whichever grade, whichever of the two
    NOT_IN_REGISTER = "not_in_register"  # the register does not tell of this right now
    OF_AGE = "of_age"  # who is represented decides alone
    TOO_YOUNG = "too_young"
    APART = "apart"  # no parent with parental responsibility has the child's address
    ECONOMIC = "economic"  # the mandate does not cover personal matters
    LIMITED = "limited"  # a court has limited someone's capacity in personal matters
    NO_SCOPE = "no_scope"  # what the row covers is not open


@dataclass(frozen=True)
class RepresentationLaw:
    """The register owner's answers to what the law leaves open; the defaults are the careful ones.

    * `parents_insight_until_age`: pbrl § 3-4, a child of 12 to 15 may not want parents to know.
    * `decides_alone_from_age`: hregl § 15.
    * `giver_from_age`, `receiver_from_age`: of a power of attorney; also who is next of kin or guardian is
      grown up.
    * `guardian_may_reserve`: vgml §§ 21, 32, 33; only ever within a mandate for personal matters.
    """

    parents_insight_until_age: int = 12
    decides_alone_from_age: int = 16
    giver_from_age: int = 16
    receiver_from_age: int = 18
    guardian_may_reserve: bool = True


DEFAULT_LAW = RepresentationLaw()


@dataclass(frozen=True)
class Mandate:
    """What a row says. `since` and `until` are inclusive days in Norway.

    `from_register` tells that the right is the register's to give: then it must tell of it still. `areas` is
    what a checked document says of a guardian's mandate; the register's own word counts where there is one.
    """

    basis: Basis
    scopes: frozenset[Scope]
    since: date
    until: date | None = None
    areas: frozenset[Area] = frozenset()
    from_register: bool = False
    ended: bool = False
    blocked: bool = False


@dataclass(frozen=True)
class Rights:
    """What is open, at the moment it was asked. `closed` is there exactly where no scope is.

    `must_confirm_heard`: a change takes the tick that the person has been heard (vgml § 33).
    `hides_places`: provider, municipality and district are not shown, since they tell where a child is whose
    address the reader does not share.
    """

    scopes: frozenset[Scope]
    must_confirm_heard: bool = False
    hides_places: bool = False
    closed: Closed | None = None

    def __post_init__(self) -> None:
        if bool(self.scopes) is (self.closed is not None):
            msg = "Rights are open in some scope, or closed for a reason."
            raise ValueError(msg)

    def cover(self, scope: Scope) -> bool:
        """Whether this is open."""
        return scope in self.scopes


OWN_RIGHTS = Rights(BOTH)
NO_RIGHTS = Rights(frozenset(), closed=Closed.NOT_IN_REGISTER)


def rights_of(
    mandate: Mandate,
    *,
    representative: RegisterPerson | None,
    represented: RegisterPerson | None,
    others_responsible: Collection[RegisterPerson] = (),
    on: date,
    law: RepresentationLaw = DEFAULT_LAW,
) -> Rights:
    """What the mandate opens on a day, by what the register tells of both on that day.

    `others_responsible` are those who hold parental responsibility for the child beside the representative:
    needed only for a parent, by the register, who does not live with the child.
    """
    if representative is None or represented is None:
        return _closed(_closed_by_row(mandate, on=on) or Closed.UNKNOWN)
    reason = (
        _closed_by_row(mandate, on=on)
        or _closed_by_either(representative, represented, on=on)
        or _closed_by_age(mandate, representative, represented, on=on, law=law)
        or _closed_by_ground(mandate, representative, represented, others_responsible, on=on)
    )
    if reason is not None:
        return _closed(reason)
    scopes = _open_scopes(mandate, represented, on=on, law=law)
    if not scopes:
        return _closed(Closed.NO_SCOPE)
    child = mandate.basis in FOR_A_CHILD
    return Rights(
        scopes,
        must_confirm_heard=mandate.basis is Basis.GUARDIAN,
        hides_places=child and not share_address(representative, represented),
    )


def giver_closed(giver: RegisterPerson, *, on: date, law: RepresentationLaw = DEFAULT_LAW) -> Closed | None:
    """Why someone cannot give a power of attorney here, or None where they can."""
    if giver.is_dead:
        return Closed.DEAD
    if giver.protection is not Protection.NONE:
        return Closed.PROTECTED
    if is_limited(giver, on=on):
        return Closed.LIMITED
    return Closed.TOO_YOUNG if giver.age_on(on) < law.giver_from_age else None


def share_address(one: RegisterPerson, other: RegisterPerson) -> bool:
    """Whether both have the same registered address. Nobody shares an address that is not known."""
    return one.address is not None and one.address == other.address


def are_numbers_of(person: RegisterPerson, number: NationalId) -> bool:
    """Whether this person holds or held the number."""
    return number == person.number or any(period.number == number for period in person.numbers)


def last_day_of(mandate: Mandate, *, represented: RegisterPerson, law: RepresentationLaw) -> date | None:
    """The last day on which the row can open anything, as far as dates tell: a birthday ends a parent's."""
    if mandate.basis not in FOR_A_CHILD:
        return mandate.until
    eve = day_before_birthday(represented.birth_date, law.decides_alone_from_age)
    return eve if mandate.until is None else min(mandate.until, eve)


def day_before_birthday(born: date, age: int) -> date:
    """The last day before someone turns this age; who is born on 29 February turns it on 1 March."""
    try:
        birthday = born.replace(year=born.year + age)
    except ValueError:
        birthday = date(born.year + age, 3, 1)
    return date.fromordinal(birthday.toordinal() - 1)


def _closed(reason: Closed) -> Rights:
    return replace(NO_RIGHTS, closed=reason)


def _closed_by_row(mandate: Mandate, *, on: date) -> Closed | None:
    if mandate.ended:
        return Closed.ENDED
    if mandate.blocked:
        return Closed.BLOCKED
    if on < mandate.since:
        return Closed.NOT_BEGUN
    if mandate.until is not None and on > mandate.until:
        return Closed.OVER
    return None


def _closed_by_either(
    representative: RegisterPerson, represented: RegisterPerson, *, on: date
) -> Closed | None:
    """What closes whatever the basis. Emigration alone closes nothing: it takes away an address to share."""
    if representative.is_dead or represented.is_dead:
        return Closed.DEAD
    if any(person.protection is not Protection.NONE for person in (representative, represented)):
        return Closed.PROTECTED
    if is_limited(representative, on=on):
        return Closed.LIMITED
    return None


def is_limited(person: RegisterPerson, *, on: date) -> bool:
    """Whether a court has limited the person's capacity in personal matters (vgml § 22)."""
    return any(limit.area is Area.PERSONAL and _runs(limit, on=on) for limit in person.capacity_limits)


def _closed_by_age(
    mandate: Mandate,
    representative: RegisterPerson,
    represented: RegisterPerson,
    *,
    on: date,
    law: RepresentationLaw,
) -> Closed | None:
    age = represented.age_on(on)
    if mandate.basis in FOR_A_CHILD and age >= law.decides_alone_from_age:
        return Closed.OF_AGE
    grown_up = representative.age_on(on) >= law.receiver_from_age
    if mandate.basis is not Basis.PARENT and not grown_up:
        return Closed.TOO_YOUNG
    if mandate.basis in {Basis.ATTORNEY, Basis.NEXT_OF_KIN} and age < law.giver_from_age:
        return Closed.TOO_YOUNG
    return None


def _closed_by_ground(
    mandate: Mandate,
    representative: RegisterPerson,
    represented: RegisterPerson,
    others_responsible: Collection[RegisterPerson],
    *,
    on: date,
) -> Closed | None:
    if mandate.basis is Basis.PARENT and mandate.from_register:
        return _closed_to_parent(representative, represented, others_responsible)
    if mandate.basis in BY_MANDATE:
        areas = (
            areas_in_register(mandate.basis, representative, represented, on=on)
            if mandate.from_register
            else mandate.areas
        )
        if not areas:
            return Closed.NOT_IN_REGISTER
        return None if Area.PERSONAL in areas else Closed.ECONOMIC
    if mandate.basis is Basis.ATTORNEY and is_limited(represented, on=on):
        return Closed.LIMITED
    return None


def _closed_to_parent(
    parent: RegisterPerson, child: RegisterPerson, others_responsible: Collection[RegisterPerson]
) -> Closed | None:
    """By the register: parental responsibility, and at least one who holds it lives with the child."""
    holders = [held.holder for held in child.parental_responsibility]
    if not any(are_numbers_of(parent, holder) for holder in holders):
        return Closed.NOT_IN_REGISTER
    others = [
        other
        for other in others_responsible
        if not other.is_dead and any(are_numbers_of(other, holder) for holder in holders)
    ]
    if not any(share_address(holder, child) for holder in (parent, *others)):
        return Closed.APART
    return None


def areas_in_register(
    basis: Basis, representative: RegisterPerson, represented: RegisterPerson, *, on: date
) -> frozenset[Area]:
    """The areas of this representative's mandates for this person on the day, by the represented's entry."""
    areas: set[Area] = set()
    if basis is Basis.GUARDIAN:
        for guardianship in represented.guardianships:
            mine = are_numbers_of(representative, guardianship.guardian)
            theirs = are_numbers_of(represented, guardianship.ward)
            if mine and theirs and _runs(guardianship, on=on):
                areas |= guardianship.areas
    else:
        for power in represented.future_powers:
            mine = are_numbers_of(representative, power.holder)
            theirs = are_numbers_of(represented, power.giver)
            if mine and theirs and _runs(power, on=on):
                areas |= power.areas
    return frozenset(areas)


def _runs(period: Guardianship | FuturePower | CapacityLimit, *, on: date) -> bool:
    return period.since <= on and (period.until is None or on <= period.until)


def _open_scopes(
    mandate: Mandate, represented: RegisterPerson, *, on: date, law: RepresentationLaw
) -> frozenset[Scope]:
    """The row's scopes, less insight into a child of 12 to 15 (pbrl § 3-4), whoever decides for the child."""
    scopes = set(mandate.scopes)
    age = represented.age_on(on)
    decides_for_child = mandate.basis in FOR_A_CHILD | {Basis.GUARDIAN}
    if decides_for_child and law.parents_insight_until_age <= age < law.decides_alone_from_age:
        scopes.discard(Scope.INSIGHT)
    if mandate.basis is Basis.GUARDIAN and not law.guardian_may_reserve:
        scopes.discard(Scope.RESERVATION)
    return frozenset(scopes)
