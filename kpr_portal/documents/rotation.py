"""A change of keys: every document's own key sealed anew under the newest generation of the key ring.

The documents themselves are not touched: each has a key of its own.
"""

from collections.abc import Iterator

from django.db import transaction

from kpr_portal.documents.models import DocumentKey
from kpr_portal.ground.keyring import CannotOpen, keyring
from kpr_portal.ground.locks import advisory_lock

BATCH = 1_000


def seal_keys_anew() -> Iterator[tuple[int, int]]:
    """Seal what an older generation sealed; yields, a batch at a time, how many were and how many open not.

    Safe to run twice and while the portal is open; only the keeper may remove the old seal.
    """
    ring, last = keyring(), None
    while True:
        with transaction.atomic():
            advisory_lock("document keys")
            rows = DocumentKey.objects.order_by("document")
            batch = list((rows.filter(document__gt=last) if last else rows)[:BATCH])
            if not batch:
                return
            last = batch[-1].document
            sealed, lost = [], 0
            for row in batch:
                if ring.key_id_of(bytes(row.sealed)) == ring.current:
                    continue
                context = f"document:{row.document}"
                try:
                    key = ring.open(bytes(row.sealed), context=context)
                except CannotOpen:
                    lost += 1
                    continue
                sealed.append(DocumentKey(document=row.document, sealed=ring.seal(key, context=context)))
            DocumentKey.objects.filter(document__in=[row.document for row in sealed]).delete()
            DocumentKey.objects.bulk_create(sealed)
        yield len(sealed), lost
