"""Who may do what with a person's reservations. The button and the operation ask the same function.

Everyone may always choose, and see, for themselves (KPR-forskriften § 2-2; hregl § 24): no look-up, limit or
state of another system stands in the way of that.
"""

from collections.abc import Callable

from kpr_portal.people.acting import Acting
from reservations.errors import NotAllowed
from reservations.rules import ReservationKind


def check_may_place(kind: ReservationKind, *, acting: Acting) -> None:  # noqa: ARG001 -- one right for all
    """Raise NotAllowed where the actor may not place this kind for the person acted for."""
    _check_is_self(acting)


def may_place(kind: ReservationKind, *, acting: Acting) -> bool:
    """Whether the actor may place this kind for the person acted for."""
    return _allows(lambda: check_may_place(kind, acting=acting))


def check_may_lift(kind: ReservationKind, *, acting: Acting) -> None:  # noqa: ARG001 -- one right for all
    """Raise NotAllowed where the actor may not lift this kind for the person acted for."""
    _check_is_self(acting)


def may_lift(kind: ReservationKind, *, acting: Acting) -> bool:
    """Whether the actor may lift this kind for the person acted for."""
    return _allows(lambda: check_may_lift(kind, acting=acting))


def check_may_see(*, acting: Acting) -> None:
    """Raise NotAllowed where the actor may not see the reservations of the person acted for."""
    _check_is_self(acting)


def may_see(*, acting: Acting) -> bool:
    """Whether the actor may see the reservations of the person acted for."""
    return _allows(lambda: check_may_see(acting=acting))


def _check_is_self(acting: Acting) -> None:
    if not acting.is_self:
        raise NotAllowed


def _allows(check: Callable[[], None]) -> bool:
    try:
        check()
    except NotAllowed:
        return False
    return True
