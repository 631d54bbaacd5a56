"""How numbers are sealed and found again.

A number is kept encrypted (AES-256-GCM) and is found by a keyed hash (BLAKE2b), both under the key ring of
`ground`. It is sealed under *every* generation in the ring: then two processes whose rings share any key
find each other's numbers, and a unique constraint stops them from making one human twice, also in the middle
of a change of keys. Without the ring the tables tell nobody's number, nor whether a given number is in them.
"""

from collections.abc import Iterable, Iterator

from kpr_portal.ground.keyring import keyring
from kpr_portal.people.models import Number, NumberSeal
from kpr_portal.people.national_id import NationalId

CONTEXT = "people.number"


def fingerprints(number: NationalId) -> Iterator[tuple[str, bytes]]:
    """The number's look-up fingerprint under each generation, newest first, with the generation's id."""
    ring = keyring()
    value = number.digits.encode()
    return ((key_id, ring.fingerprint(value, context=CONTEXT, key_id=key_id)) for key_id in ring.key_ids)


def oldest_fingerprint(number: NationalId) -> bytes:
    """A fingerprint to sort by, so that parallel writers take their locks in one order."""
    ring = keyring()
    return ring.fingerprint(number.digits.encode(), context=CONTEXT, key_id=ring.key_ids[-1])


def fingerprint_index(numbers: Iterable[NationalId]) -> dict[bytes, NationalId]:
    """Every fingerprint of every number, to ask the database with and to read its answer by."""
    return {fingerprint: number for number in numbers for _key_id, fingerprint in fingerprints(number)}


def seals_of(number: NationalId, *, row: Number) -> list[NumberSeal]:
    """The unsaved seals of a number: one under each generation."""
    ring = keyring()
    return [
        NumberSeal(
            number=row,
            key_id=key_id,
            fingerprint=fingerprint,
            ciphertext=ring.seal(number.digits.encode(), context=CONTEXT, key_id=key_id),
        )
        for key_id, fingerprint in fingerprints(number)
    ]


def open_number(ciphertext: bytes) -> NationalId:
    """The number in a seal. Raises CannotOpen where its key is gone."""
    return NationalId(keyring().open(ciphertext, context=CONTEXT).decode())
