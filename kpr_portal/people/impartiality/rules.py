"""Who is too near to handle a person's case (forvaltningsloven § 6): a function of two register entries.

Nothing here reads a table, a setting or a clock.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum

from kpr_portal.people.national_id import NationalId
from kpr_portal.people.population_register import RegisterPerson
from kpr_portal.people.representation.rights import are_numbers_of


class Nearness(StrEnum):
    """Why somebody is shut out."""

    ONESELF = "oneself"
    SPOUSE = "spouse"  # present or former
    CHILD_OR_PARENT = "child_or_parent"
    SIBLING = "sibling"
    CO_PARENT = "co_parent"
    REPRESENTS = "represents"  # also foster care, either way, at any time
    DECLARED = "declared"  # by the member of staff
    NAMED = "named"  # by the person, and accepted
    SHIELDED = "shielded"  # the case is open to others alone
    UNKNOWN = "unknown"  # the register cannot be asked


# Whom an entry names as near, in the order in which it is told.
_NAMED: tuple[tuple[Nearness, Callable[[RegisterPerson], Iterable[NationalId]]], ...] = (
    (Nearness.ONESELF, lambda one: [one.number]),
    (Nearness.SPOUSE, lambda one: [marriage.spouse for marriage in one.spouses]),
    (Nearness.CHILD_OR_PARENT, lambda one: [*one.parents, *one.children]),
    (Nearness.CHILD_OR_PARENT, lambda one: [held.child for held in one.parental_responsibility]),
    (Nearness.SIBLING, lambda one: one.siblings),
    (Nearness.REPRESENTS, lambda one: [each.guardian for each in one.guardianships]),
    (Nearness.REPRESENTS, lambda one: [each.holder for each in one.future_powers]),
)


def nearness(staff: RegisterPerson, person: RegisterPerson) -> Nearness | None:
    """How the register says that these two are near, None where it says nothing. The same either way round."""
    for near, named_by in _NAMED:
        for one, other in ((staff, person), (person, staff)):
            if any(are_numbers_of(other, number) for number in named_by(one)):
                return near
    if set(staff.parents) & set(person.parents):
        return Nearness.SIBLING
    return Nearness.CO_PARENT if _children(staff) & _children(person) else None


def _children(person: RegisterPerson) -> set[NationalId]:
    held = {held.child for held in person.parental_responsibility if are_numbers_of(person, held.holder)}
    return held | set(person.children)
