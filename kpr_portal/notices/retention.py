"""How long things are kept: finished owed work, which is bookkeeping of ours, and messages to people."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from kpr_portal.ground import clock
from kpr_portal.ground.clock import OSLO
from kpr_portal.notices.models import (
    Message,
    MessageOpening,
    MessageText,
    NoticeDelivery,
    OwedAttempt,
    OwedWork,
)

BATCH = 5_000


@transaction.atomic
def forget_done() -> int:
    """Remove one batch of what was done before OWED_WORK_KEPT_DAYS; say how many rows went."""
    before = clock.now() - timedelta(days=settings.OWED_WORK_KEPT_DAYS)
    done = OwedAttempt.objects.filter(owed=OuterRef("pk"), done=True, attempted_at__lt=before)
    old = list(OwedWork.objects.filter(Exists(done)).order_by("pk").values_list("pk", flat=True)[:BATCH])
    OwedAttempt.objects.filter(owed__in=old).delete()
    OwedWork.objects.filter(pk__in=old).delete()
    return len(old)


@transaction.atomic
def forget_messages() -> int:
    """Remove one batch of messages older than MESSAGES_KEPT_YEARS, with all that belongs to them; say how many."""
    today = clock.today()
    first = date(today.year - settings.MESSAGES_KEPT_YEARS, today.month, 1)  # whole months: never too early
    before = datetime.combine(first, time.min, tzinfo=OSLO)
    old = list(
        Message.objects.filter(sent_at__lt=before).order_by("sent_at").values_list("pk", flat=True)[:BATCH]
    )
    for belongs in (NoticeDelivery, MessageOpening, MessageText):
        belongs.objects.filter(message__in=old).delete()
    Message.objects.filter(pk__in=old).delete()
    return len(old)
