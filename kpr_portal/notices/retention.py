"""How long finished owed work is kept: it is bookkeeping of ours, and says little after a while."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from kpr_portal.ground import clock
from kpr_portal.notices.models import OwedAttempt, OwedWork

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
