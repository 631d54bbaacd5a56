"""How numbers are sealed and found again.

A number is kept encrypted (AES-256-GCM) and is found by a keyed hash (BLAKE2b), both under the key ring of
`ground`. It is sealed under *every* generation in the ring: then two processes whose rings share any key
find each other's numbers, and a unique constraint stops them from making one human twice, also in the middle
of a change of keys. Without the ring the tables tell nobody's number, nor whether a given number is in them.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from django.db import connection

from kpr_portal.ground import clock
from kpr_portal.ground.keyring import keyring
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.population_register import NumberPeriod

CONTEXT = "people.number"
# An SQL array of bytea from `hex_list`: psycopg would quote each element of a list, and files bring millions.
HEX_ARRAY: Final = "ARRAY(SELECT decode(one, 'hex') FROM unnest(string_to_array(%s, ',')) AS one)"


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
    ring = keyring()
    return {
        ring.fingerprint(number.digits.encode(), context=CONTEXT, key_id=key_id): number
        for number in numbers
        for key_id in ring.key_ids
    }


def hex_list(values: Iterable[bytes]) -> str:
    """The parameter of HEX_ARRAY."""
    return ",".join(map(bytes.hex, values))


def seal(number: NationalId) -> Iterator[tuple[str, bytes, bytes]]:
    """Key id, fingerprint and ciphertext of the number under each generation, newest first."""
    ring = keyring()
    value = number.digits.encode()
    return (
        (key_id, fingerprint, ring.seal(value, context=CONTEXT, key_id=key_id))
        for key_id, fingerprint in fingerprints(number)
    )


def insert_numbers(periods: list[tuple[int, NumberPeriod]]) -> None:
    """Record and seal that these persons (by id) hold or held these numbers, in two statements.

    Raises IntegrityError where one of the numbers is somebody's already.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO vault_number (person_id, code, since, until, recorded_at)
            SELECT person_id, code, since, until, %s
            FROM unnest(%s::integer[], %s::text[], %s::date[], %s::date[])
                AS new (person_id, code, since, until)
            RETURNING id
            """,
            [
                clock.now(),
                [person for person, _period in periods],
                [period.number.code for _person, period in periods],
                [period.since for _person, period in periods],
                [period.until for _person, period in periods],
            ],
        )
        rows = [id_ for (id_,) in cursor.fetchall()]
        seals = [
            (row, key_id, fingerprint, ciphertext)
            for row, (_person, period) in zip(rows, periods, strict=True)
            for key_id, fingerprint, ciphertext in seal(period.number)
        ]
        numbers, key_ids, fingerprints_, ciphertexts = zip(*seals, strict=True) if seals else ((),) * 4
        cursor.execute(
            "INSERT INTO vault_number_seal (number_id, key_id, fingerprint, ciphertext)"
            f" SELECT * FROM unnest(%s::bigint[], %s::text[], {HEX_ARRAY}, {HEX_ARRAY})",
            [list(numbers), list(key_ids), hex_list(fingerprints_), hex_list(ciphertexts)],
        )


def open_number(ciphertext: bytes) -> NationalId:
    """The number in a seal. Raises CannotOpen where its key is gone."""
    return NationalId(keyring().open(ciphertext, context=CONTEXT).decode())
