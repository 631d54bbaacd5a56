"""What stands in the window of a letter's envelope, known again without being kept: a keyed fingerprint of it.

It is bound to the letter's order: two letters to the same house have nothing in common, in the tables.
"""

import json
from collections.abc import Sequence
from uuid import UUID

from kpr_portal.ground.keyring import keyring
from reservations.postal.models import Letter

CONTEXT = "postal.window"


def fingerprint_of(lines: Sequence[str], *, order: UUID) -> tuple[bytes, str]:
    """The fingerprint of these lines on a letter of this order (32 bytes), and the id of the key it is made with."""
    key_id, proof = keyring().mac(_written(lines, order=order), context=CONTEXT)
    return proof, key_id


def is_known(letter: Letter) -> bool:
    """Whether it can be told what stands on the letter: it has a fingerprint, and its key is in the ring still."""
    return letter.window is not None and letter.window_key in keyring().key_ids


def stands_on(letter: Letter, lines: Sequence[str]) -> bool:
    """Whether these lines stand in the window of the letter. Where that cannot be told, they do not."""
    if letter.window is None:
        return False
    return keyring().verify(
        _written(lines, order=letter.order.key),
        key_id=letter.window_key,
        proof=bytes(letter.window),
        context=CONTEXT,
    )


def _written(lines: Sequence[str], *, order: UUID) -> bytes:
    return json.dumps([str(order), *lines]).encode()
