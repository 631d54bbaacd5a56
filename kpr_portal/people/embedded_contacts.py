"""The contact register that comes along: a table in which everything is sealed, as the population register's.

A row stands under a number, found by a keyed fingerprint. It grows and changes by `put_many` alone.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from itertools import islice
from typing import Any

from django.db import transaction

from kpr_portal.ground.keyring import keyring
from kpr_portal.people.contact_register import Contact, ContactStatus
from kpr_portal.people.contact_rows import ContactEntry
from kpr_portal.people.national_id import NationalId

CONTEXT = "people.contacts"
BATCH = 5_000
DATES = frozenset({"email_updated", "email_verified", "mobile_updated", "mobile_verified"})


class EmbeddedContactRegister:
    """The interface of `contact_register.ContactRegister`, over our own table."""

    def contact(self, number: NationalId) -> Contact | None:
        """The entry of whoever holds the number."""
        return self.contacts([number]).get(number)

    def contacts(self, numbers: Iterable[NationalId]) -> dict[NationalId, Contact]:
        """As `contact`, in bulk."""
        found: dict[NationalId, Contact] = {}
        wanted = iter(dict.fromkeys(numbers))
        while batch := list(islice(wanted, BATCH)):
            index = {_fingerprint(number, key_id): number for number in batch for key_id in keyring().key_ids}
            rows = ContactEntry.objects.filter(fingerprint__in=list(index))
            for fingerprint, document in rows.values_list("fingerprint", "document"):
                found[index[bytes(fingerprint)]] = _open(bytes(document))
        return found

    def put_many(self, contacts: Iterable[Contact]) -> int:
        """Enter or replace these, each number once; gives how many there were."""
        rest, written = iter(contacts), 0
        while batch := list(islice(rest, BATCH)):
            _replace(batch)
            written += len(batch)
        return written

    def rotate(self) -> int:
        """Seal anew what is not under the newest key; gives how many rows were. Safe to run twice."""
        rotated = 0
        while batch := list(ContactEntry.objects.exclude(key_id=keyring().current)[:BATCH]):
            for entry in batch:
                _fill(entry, _open(bytes(entry.document)))
            ContactEntry.objects.bulk_update(batch, ["fingerprint", "key_id", "document"])
            rotated += len(batch)
        return rotated

    def count(self) -> int:
        """How many numbers the register knows."""
        return ContactEntry.objects.count()


@transaction.atomic
def _replace(contacts: list[Contact]) -> None:
    older = [_fingerprint(one.number, key_id) for one in contacts for key_id in keyring().key_ids[1:]]
    if older:  # a row under an older key would else stand beside the new one
        ContactEntry.objects.filter(fingerprint__in=older).delete()
    ContactEntry.objects.bulk_create(
        [_fill(ContactEntry(), one) for one in contacts],
        update_conflicts=True,
        unique_fields=["fingerprint"],
        update_fields=["key_id", "document"],
    )


def _fill(entry: ContactEntry, contact: Contact) -> ContactEntry:
    ring = keyring()
    document = asdict(contact) | {"number": contact.number.digits, "status": contact.status.value}
    document |= {name: document[name].isoformat() for name in DATES if document[name]}
    entry.key_id = ring.current
    entry.fingerprint = _fingerprint(contact.number, ring.current)
    entry.document = ring.seal(json.dumps(document).encode(), context=CONTEXT)
    return entry


def _open(sealed: bytes) -> Contact:
    document: dict[str, Any] = json.loads(keyring().open(sealed, context=CONTEXT))
    dates = {name: date.fromisoformat(document[name]) for name in DATES if document[name]}
    number, status = NationalId(document["number"]), ContactStatus(document["status"])
    return Contact(**{**document, **dates, "number": number, "status": status})


def _fingerprint(number: NationalId, key_id: str) -> bytes:
    return keyring().fingerprint(number.digits.encode(), context=CONTEXT, key_id=key_id)
