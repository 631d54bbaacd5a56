"""What is overdue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from kpr_portal.ground import clock
from kpr_portal.notices.models import OwedAttempt, OwedWork

GRACE = timedelta(seconds=20)
LONGEST_WAIT = timedelta(hours=1)
MOST_DOUBLINGS = 8


@dataclass(frozen=True)
class Overdue:
    """How much owed work is past its grace, and since when the oldest has been owed."""

    count: int
    oldest: datetime | None


def not_done() -> QuerySet[OwedWork]:
    """Everything owed that no attempt has finished."""
    done = OwedAttempt.objects.filter(owed=OuterRef("pk"), done=True)
    return OwedWork.objects.filter(~Exists(done))


@dataclass(frozen=True)
class OwedState:
    """A piece of owed work, and how far it has come."""

    owed: OwedWork
    is_done: bool
    failures: int


def owed_for(causes: Collection[UUID], *, task: str) -> list[OwedState]:
    """What is or was owed by this task because of these rows, newest first. One query."""
    rows = (
        OwedWork.objects.filter(cause__in=causes, task=task)
        .annotate(
            finished=Count("attempts", filter=Q(attempts__done=True)),
            failed=Count("attempts", filter=Q(attempts__done=False)),
        )
        .order_by("-pk")
    )
    return [OwedState(owed=row, is_done=row.finished > 0, failures=row.failed) for row in rows]


def overdue() -> Overdue:
    """The figures for the metrics and the staff pages."""
    row = not_done().filter(owed_at__lt=clock.now() - GRACE).aggregate(n=Count("pk"), oldest=Min("owed_at"))
    return Overdue(count=row["n"], oldest=row["oldest"])


def due_again(*, limit: int) -> list[OwedWork]:
    """What a sweep should nudge, oldest first: past its grace, waiting longer for each failure."""
    now = clock.now()
    rested = Q(failures__gt=MOST_DOUBLINGS, last__lte=now - LONGEST_WAIT)
    for failures in range(MOST_DOUBLINGS + 1):
        rested |= Q(failures=failures, last__lte=now - pause_after(failures))
    return list(
        not_done()
        .filter(owed_at__lt=now - GRACE)
        .annotate(failures=Count("attempts"), last=Max("attempts__attempted_at"))
        .filter(Q(failures=0) | rested)
        .order_by("pk")[:limit]
    )


def pause_after(failures: int) -> timedelta:
    """How long to wait after this many failures: the grace, doubled each time, an hour at most."""
    doublings = min(failures, MOST_DOUBLINGS)
    return min(GRACE * (1 << doublings), LONGEST_WAIT)
