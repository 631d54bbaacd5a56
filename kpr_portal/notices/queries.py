"""What is overdue, what a person has been told, and who is still to be told."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from kpr_portal.ground import clock
from kpr_portal.ground.keyring import keyring
from kpr_portal.notices.models import (
    Channel,
    Message,
    MessageOpening,
    NoticeDelivery,
    Outcome,
    OwedAttempt,
    OwedWork,
)

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


@dataclass(frozen=True)
class ShownMessage:
    """A message in the language of the page. `opened_at` is None while nobody has opened it."""

    key: UUID
    recipient: UUID
    kind: str
    title: str
    body: str
    sent_at: datetime
    opened_at: datetime | None
    link_name: str
    about: UUID | None

    @property
    def is_unread(self) -> bool:
        return self.opened_at is None


def messages_for(keys: Collection[UUID]) -> list[ShownMessage]:
    """Every message to whoever has these keys, the newest first. One query."""
    return [_shown(row) for row in _messages_to(keys).order_by("-sent_at", "-pk")]


def message_for(keys: Collection[UUID], key: UUID) -> ShownMessage | None:
    """One of their messages, if it is theirs. One query."""
    row = _messages_to(keys).filter(key=key).first()
    return _shown(row) if row else None


def unread_count(keys: Collection[UUID]) -> int:
    """How many of their messages nobody has opened. One query."""
    return Message.objects.filter(recipient__in=keys, opening__isnull=True).count()


def unread_message(key: UUID) -> Message | None:
    """The message with this key, unless it has been opened or is gone: there is no need to tell of it then."""
    return Message.objects.filter(key=key, opening__isnull=True).first()


def text_context(key: UUID) -> str:
    """What a message's text is sealed for: it opens for no other."""
    return f"notices.message:{key}"


def to_remind_of(*, task: str, limit: int) -> list[UUID]:
    """Messages still unread NOTICE_REMIND_DAYS after the mail that told of them, told of once; the oldest first.

    Those that `task` is owed for already are left out.
    """
    told_before = clock.now() - timedelta(days=settings.NOTICE_REMIND_DAYS)
    mine = NoticeDelivery.objects.filter(message=OuterRef("message"))
    told = (
        NoticeDelivery.objects.filter(channel=Channel.MAIL, outcome=Outcome.SENT, at__lte=told_before)
        .filter(~Exists(MessageOpening.objects.filter(message=OuterRef("message"))))
        .filter(~Exists(mine.filter(Q(is_reminder=True) | Q(channel=Channel.LETTER))))
        .filter(~Exists(not_done().filter(task=task, cause=OuterRef("message__key"))))
    )
    return list(told.order_by("pk").values_list("message__key", flat=True)[:limit])


def letters_due() -> QuerySet[NoticeDelivery]:
    """Letters that somebody is still to be sent, the oldest first. Who has read the message needs none."""
    settled = NoticeDelivery.objects.filter(
        message=OuterRef("message"), channel=Channel.LETTER, outcome__in=[Outcome.SENT, Outcome.WITHHELD]
    )
    due = NoticeDelivery.objects.filter(channel=Channel.LETTER, outcome=Outcome.DUE)
    return due.filter(~Exists(settled), message__opening__isnull=True).order_by("pk")


def _messages_to(keys: Collection[UUID]) -> QuerySet[Message]:
    return Message.objects.filter(recipient__in=keys).select_related("text", "opening")


def _shown(row: Message) -> ShownMessage:
    texts = json.loads(keyring().open(bytes(row.text.sealed), context=text_context(row.key)))
    text = texts.get(get_language()) or texts[settings.LANGUAGE_CODE]
    opening = getattr(row, "opening", None)
    return ShownMessage(
        key=row.key,
        recipient=row.recipient,
        kind=row.kind,
        title=text["title"],
        body=text["body"],
        sent_at=row.sent_at,
        opened_at=opening.opened_at if opening else None,
        link_name=row.link_name,
        about=row.about,
    )
