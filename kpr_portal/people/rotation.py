"""A change of keys: numbers and register documents sealed under the newest generation, retired seals removed.

The order of a change (docs/operations.md): a new generation into the ring of every process; `rotate_keys`;
the old generation out of the ring of every process; `rotate_keys` again. Every step may be run twice or
stopped half-way. Numbers can be found and opened all the time.
"""

from collections.abc import Iterator

from django.db import connection, transaction

from kpr_portal.ground.keyring import keyring
from kpr_portal.people.embedded_contacts import EmbeddedContactRegister
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.models import Number, NumberSeal
from kpr_portal.people.vault import open_number, seal

BATCH = 1_000


def numbers_to_seal() -> int:
    """How many numbers have no seal under the newest generation."""
    return Number.objects.exclude(seals__key_id=keyring().current).count()


def seal_anew() -> Iterator[int]:
    """Seal every number under the newest generation too, a batch a transaction; yields how many at a time."""
    last = 0
    while rows := _openable_after(last):
        with transaction.atomic():
            NumberSeal.objects.bulk_create(
                [
                    NumberSeal(number=row, key_id=key_id, fingerprint=fingerprint, ciphertext=sealed)
                    for row, ciphertext in rows
                    for key_id, fingerprint, sealed in seal(open_number(ciphertext))
                    if key_id == keyring().current
                ],
                ignore_conflicts=True,
            )
        last = rows[-1][0].pk
        yield len(rows)


def seal_register_anew() -> int:
    """Seal the embedded registers under the newest generation; gives how many rows were."""
    return EmbeddedPopulationRegister().rotate() + EmbeddedContactRegister().rotate()


def numbers_lost() -> int:
    """How many numbers no key in the ring opens. Their generation must come back into the ring."""
    return Number.objects.exclude(seals__key_id__in=keyring().key_ids).count()


def remove_retired_seals() -> Iterator[int]:
    """Remove seals of generations no longer in the ring, where the number has one that is.

    Only the keeper may.
    """
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                """
                DELETE FROM vault_number_seal WHERE id IN (
                    SELECT retired.id FROM vault_number_seal retired
                    WHERE NOT retired.key_id = ANY(%(ring)s) AND EXISTS (
                        SELECT FROM vault_number_seal kept
                        WHERE kept.number_id = retired.number_id AND kept.key_id = ANY(%(ring)s)
                    ) LIMIT %(batch)s
                )
                """,
                {"ring": list(keyring().key_ids), "batch": BATCH},
            )
            removed = cursor.rowcount
        if not removed:
            return
        yield removed


def _openable_after(last: int) -> list[tuple[Number, bytes]]:
    """The next numbers without a seal under the newest generation, each with one that opens."""
    ring = keyring()
    numbers = (
        Number.objects.filter(pk__gt=last, seals__key_id__in=ring.key_ids)
        .exclude(seals__key_id=ring.current)
        .distinct()
        .order_by("pk")[:BATCH]
    )
    openable: list[tuple[Number, bytes]] = []
    for number in numbers.prefetch_related("seals"):
        opening = next(one for one in number.seals.all() if one.key_id in ring.key_ids)
        openable.append((number, bytes(opening.ciphertext)))
    return openable
