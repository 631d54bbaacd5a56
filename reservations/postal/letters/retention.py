"""How long things are kept: a form until it is posted, a letter for LETTERS_KEPT_YEARS. The keeper's."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from kpr_portal.documents.models import StoredDocument
from kpr_portal.documents.operations import erase_document
from kpr_portal.ground import clock
from kpr_portal.notices.queries import not_done
from reservations.postal.letters.operations import MAKE_LETTER
from reservations.postal.models import (
    GO_ON,
    Letter,
    LetterOrder,
    Posting,
    PostingEnd,
    PostingPrint,
)

BATCH = 1_000
# Longer than any year: a letter goes from the tables only after its copies have.
LONGEST_YEAR = timedelta(days=366)


def erase_posted() -> int:
    """Erase the forms that have been posted or withdrawn, and what letters are made from; say how many.

    What a letter is made from goes when the letter was posted or withdrawn, or when nobody will make it: what it
    tells of was read in the portal. Until then it may be made anew. Safe to run twice.
    """
    ended = PostingEnd.objects.filter(posting__order=OuterRef("pk"))
    over = LetterOrder.objects.filter(Exists(ended.exclude(outcome__in=GO_ON)))
    enclosed = _still_there(over.values("enclosure"))
    sources = _still_there(over.values("values"))
    needless = _still_there(_never_made().values("values"))
    keys = {*enclosed, *sources, *needless}
    for key in keys:
        erase_document(key)
    return len(keys)


@transaction.atomic
def forget_letters() -> int:
    """Remove one batch of letters whose time is over, with all that belongs to them; say how many rows went."""
    before = clock.now() - settings.LETTERS_KEPT_YEARS * LONGEST_YEAR
    open_still = Posting.objects.filter(order=OuterRef("pk"), end__isnull=True)
    old = list(
        LetterOrder.objects.filter(~Exists(open_still), ordered_at__lt=before)
        .order_by("pk")
        .values_list("pk", flat=True)[:BATCH]
    )
    copies = Letter.objects.filter(order__in=old).values_list("screen", "archive")
    for key in [key for pair in copies for key in pair]:
        erase_document(key)
    PostingEnd.objects.filter(posting__order__in=old).delete()
    PostingPrint.objects.filter(posting__order__in=old).delete()
    Posting.objects.filter(order__in=old).delete()
    Letter.objects.filter(order__in=old).delete()
    LetterOrder.objects.filter(pk__in=old).delete()
    return len(old)


def _never_made() -> QuerySet[LetterOrder]:
    """Those that no worker owes and nobody waits for: the notice was read before the letter was made, or made anew."""
    owed = not_done().filter(task=MAKE_LETTER, cause=OuterRef("key"))
    waits = Posting.objects.filter(order=OuterRef("pk"), end__isnull=True)
    return LetterOrder.objects.filter(~Exists(owed), ~Exists(waits), values__isnull=False)


def _still_there(keys: QuerySet[Any, Any]) -> list[UUID]:
    return list(StoredDocument.objects.filter(key__in=keys).values_list("key", flat=True)[:BATCH])
