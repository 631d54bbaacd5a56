"""The population register that comes along: a table in which everything is sealed.

A row stands under each number a person holds or held, found by a keyed fingerprint; the document is encrypted
JSON, so that the table without the keys tells of nobody. It grows and changes by `put_many` alone.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection, transaction

from kpr_portal.ground.keyring import keyring
from kpr_portal.people.models import RegisterEntry
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.population_register import NumberPeriod, RegisterPerson
from kpr_portal.people.register_documents import (
    history_from_document,
    history_to_document,
    person_from_document,
    person_to_document,
)
from kpr_portal.people.vault import HEX_ARRAY, hex_list

CONTEXT = "people.register"
HISTORY_CONTEXT = "people.register.history"
BATCH = 5_000


class EmbeddedPopulationRegister:
    """The interface of `population_register.PopulationRegister`, over our own table."""

    def person(self, number: NationalId) -> RegisterPerson | None:
        """Whoever holds or held the number."""
        return self.people([number]).get(number)

    def people(self, numbers: Iterable[NationalId]) -> dict[NationalId, RegisterPerson]:
        """As `person`, in bulk."""
        return {
            number: person_from_document(_open(sealed, CONTEXT))
            for number, sealed in _find(numbers, column="document")
        }

    def histories(self, numbers: Iterable[NationalId]) -> dict[NationalId, tuple[NumberPeriod, ...]]:
        """The number histories of those who have had several."""
        return {
            number: history_from_document(_open(sealed, HISTORY_CONTEXT))
            for number, sealed in _find(numbers, column="history")
        }

    def put_many(self, people: Iterable[RegisterPerson]) -> int:
        """Enter or replace these people, each named once; gives the number of rows written."""
        pairs = ((number, person) for person in people for number in numbers_held_by(person))
        written = 0
        while batch := list(islice(pairs, BATCH)):
            _replace(batch)
            written += len(batch)
        return written

    def rotate(self) -> int:
        """Seal anew what is not under the newest key; gives how many rows were. Safe to run twice."""
        rotated = 0
        while batch := list(RegisterEntry.objects.exclude(key_id=keyring().current)[:BATCH]):
            for entry in batch:
                document = _open(bytes(entry.document), CONTEXT)
                _fill(entry, NationalId(document["under"]), person_from_document(document))
            RegisterEntry.objects.bulk_update(batch, ["fingerprint", "key_id", "document", "history"])
            rotated += len(batch)
        return rotated

    def everyone(self) -> Iterator[RegisterPerson]:
        """Everyone in the register, each once, in the order they were entered."""
        for sealed in RegisterEntry.objects.order_by("pk").values_list("document", flat=True).iterator():
            document = _open(bytes(sealed), CONTEXT)
            if document["under"] == document["number"]:
                yield person_from_document(document)

    def count(self) -> int:
        """How many numbers the register knows."""
        return RegisterEntry.objects.count()


def numbers_held_by(person: RegisterPerson) -> list[NationalId]:
    """Every number the person holds or held, each once, the present one first."""
    return list(dict.fromkeys([person.number, *(period.number for period in person.numbers)]))


@transaction.atomic
def _replace(pairs: list[tuple[NationalId, RegisterPerson]]) -> None:
    ring = keyring()
    if len(ring.key_ids) > 1:  # a row under an older key would else stand beside the new one
        older = [_fingerprint(number, key_id) for number, _person in pairs for key_id in ring.key_ids[1:]]
        RegisterEntry.objects.filter(fingerprint__in=older).delete()
    RegisterEntry.objects.bulk_create(
        [_fill(RegisterEntry(), number, person) for number, person in pairs],
        update_conflicts=True,
        unique_fields=["fingerprint"],
        update_fields=["key_id", "document", "history"],
    )


def _fill(entry: RegisterEntry, number: NationalId, person: RegisterPerson) -> RegisterEntry:
    ring = keyring()
    document = {"under": number.digits, **person_to_document(person)}
    entry.key_id = ring.current
    entry.fingerprint = _fingerprint(number, ring.current)
    entry.document = ring.seal(_json(document), context=CONTEXT)
    entry.history = (
        ring.seal(_json(history_to_document(person.numbers)), context=HISTORY_CONTEXT)
        if person.numbers
        else None
    )
    return entry


def _find(numbers: Iterable[NationalId], *, column: str) -> Iterator[tuple[NationalId, bytes]]:
    wanted = list(dict.fromkeys(numbers))
    for start in range(0, len(wanted), BATCH):
        ring = keyring()
        index = {
            ring.fingerprint(number.digits.encode(), context=CONTEXT, key_id=key_id): number
            for number in wanted[start : start + BATCH]
            for key_id in ring.key_ids
        }
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT fingerprint, {column} FROM vault_register_entry"
                f" WHERE fingerprint = ANY({HEX_ARRAY}) AND {column} IS NOT NULL",
                [hex_list(index)],
            )
            rows = cursor.fetchall()
        yield from ((index[bytes(fingerprint)], sealed) for fingerprint, sealed in rows)


def _fingerprint(number: NationalId, key_id: str) -> bytes:
    return keyring().fingerprint(number.digits.encode(), context=CONTEXT, key_id=key_id)


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _open(sealed: bytes, context: str) -> Any:
    return json.loads(keyring().open(sealed, context=context))
