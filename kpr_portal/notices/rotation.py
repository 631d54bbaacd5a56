"""A change of keys: the texts of messages sealed anew under the newest generation of the key ring."""

from collections.abc import Iterator

from django.db import transaction

from kpr_portal.ground.keyring import CannotOpen, keyring
from kpr_portal.ground.locks import advisory_lock
from kpr_portal.notices.models import MessageText
from kpr_portal.notices.queries import text_context

BATCH = 1_000


def seal_messages_anew() -> Iterator[tuple[int, int]]:
    """Seal what an older generation sealed; yields, a batch at a time, how many were and how many open not.

    Safe to run twice and while the portal is open; only the keeper may remove the old seal.
    """
    ring, last = keyring(), 0
    while True:
        with transaction.atomic():
            advisory_lock("message texts")
            rows = MessageText.objects.exclude(key_id=ring.current).filter(pk__gt=last).order_by("pk")
            batch = list(rows.select_related("message")[:BATCH])
            if not batch:
                return
            last, sealed, lost = batch[-1].pk, [], 0
            for row in batch:
                context = text_context(row.message.key)
                try:
                    texts = ring.open(bytes(row.sealed), context=context)
                except CannotOpen:
                    lost += 1
                    continue
                anew = ring.seal(texts, context=context)
                sealed.append(MessageText(message=row.message, key_id=ring.current, sealed=anew))
            MessageText.objects.filter(pk__in=[row.pk for row in sealed]).delete()
            MessageText.objects.bulk_create(sealed)
        yield len(sealed), lost
