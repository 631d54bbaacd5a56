"""Who may do what with a person's reservations. The button and the operation ask the same function.

Everyone may always choose, and see, for themselves (KPR-forskriften § 2-2; hregl § 24): no look-up, limit or
state of another system stands in the way of that. For another one may what the rights of this moment cover
(people/representation/rights.py): whether a person has reserved is seen with the scope `reservation` alone.
"""

from collections.abc import Callable

from kpr_portal.people.acting import Acting, Scope
from reservations.errors import NotAllowed
from reservations.rules import ReservationKind


def check_may_place(kind: ReservationKind, *, acting: Acting) -> None:  # noqa: ARG001 -- one right for all
    """Raise NotAllowed where the actor may not place this kind for the person acted for."""
    check_may_see(acting=acting)


def may_place(kind: ReservationKind, *, acting: Acting) -> bool:
    """Whether the actor may place this kind for the person acted for."""
    return _allows(lambda: check_may_place(kind, acting=acting))


def check_may_lift(kind: ReservationKind, *, acting: Acting) -> None:  # noqa: ARG001 -- one right for all
    """Raise NotAllowed where the actor may not lift this kind for the person acted for.

    What another parent placed is asked of the register under its lock (operations.lift).
    """
    check_may_see(acting=acting)


def may_lift(kind: ReservationKind, *, acting: Acting) -> bool:
    """Whether the actor may lift this kind for the person acted for."""
    return _allows(lambda: check_may_lift(kind, acting=acting))


def check_may_see(*, acting: Acting) -> None:
    """Raise NotAllowed where the actor may not see the reservations of the person acted for."""
    if not acting.may(Scope.RESERVATION):
        raise NotAllowed


def may_see(*, acting: Acting) -> bool:
    """Whether the actor may see the reservations of the person acted for."""
    return _allows(lambda: check_may_see(acting=acting))


def _allows(check: Callable[[], None]) -> bool:
    try:
        check()
    except NotAllowed:
        return False
    return True
