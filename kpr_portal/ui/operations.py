"""Put up and take down operations notices."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from kpr_portal.ui.models import OperationsNotice
from kpr_portal.ui.queries import forget_notices


@transaction.atomic
def put_up_notice(
    *,
    nb: str,
    nn: str,
    en: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> OperationsNotice:
    """Show a notice from `starts_at` (now, when not given) to `ends_at` (until taken down).

    Other processes show it within half a minute. Raises IntegrityError where it ends before it
    starts or lacks a language.
    """
    notice = OperationsNotice.objects.create(
        text_nb=nb, text_nn=nn, text_en=en, starts_at=starts_at or Now(), ends_at=ends_at
    )
    transaction.on_commit(forget_notices)
    return notice


@transaction.atomic
def take_down_notice(notice_id: int) -> bool:
    """Remove it. False when there is no such notice."""
    removed, _ = OperationsNotice.objects.filter(id=notice_id).delete()
    transaction.on_commit(forget_notices)
    return bool(removed)
