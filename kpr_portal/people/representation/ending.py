"""How a right ends: by a row beside it, once."""

from uuid import UUID

from kpr_portal.ground import clock
from kpr_portal.people.basis import FOR_A_CHILD
from kpr_portal.people.models import Person, Representation, RepresentationEnd
from kpr_portal.people.representation.rows import EndReason


def end(key: UUID, *, reason: EndReason, by: Person | None = None) -> bool:
    """End this row now. Does nothing, and says False, where it has ended: also by another at this moment."""
    row = Representation.objects.only("pk").get(key=key)
    _end, made = RepresentationEnd.objects.get_or_create(
        representation=row, defaults={"ended_at": clock.now(), "reason": reason, "ended_by": by}
    )
    return made


def end_what_is_over(*, limit: int = 500) -> int:
    """End rows whose last day has passed; gives how many. Safe to run twice, and after days of silence."""
    over = (
        Representation.objects.filter(until__lt=clock.today(), end__isnull=True)
        .order_by("id")
        .values_list("key", "basis")[:limit]
    )
    for key, basis in over:
        end(key, reason=EndReason.AGE if basis in FOR_A_CHILD else EndReason.OVER)
    return len(over)
