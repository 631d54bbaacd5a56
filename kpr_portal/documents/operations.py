"""Storing and erasing documents."""

import json
import os
import uuid
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from kpr_portal.documents.models import (
    HEAD_BYTES,
    NONCE_BYTES,
    DocumentKey,
    StoredDocument,
)
from kpr_portal.ground import clock
from kpr_portal.ground.keyring import keyring

KEY_BYTES = 32


@transaction.atomic
def store_document(
    content: bytes,
    *,
    media_type: str,
    title: str,
    expires_at: datetime | None = None,
    key: uuid.UUID | None = None,
) -> StoredDocument:
    """Encrypt and keep a document, until `expires_at` where given.

    Its handle is `key`, where the caller has given it one before it was made.
    """
    document_key, handle, nonce = (
        os.urandom(KEY_BYTES),
        key or uuid.uuid4(),
        os.urandom(NONCE_BYTES),
    )
    head = json.dumps({"title": title}).encode()
    plain = len(head).to_bytes(HEAD_BYTES, "big") + head + content
    document = StoredDocument.objects.create(
        key=handle,
        media_type=media_type,
        ciphertext=nonce + AESGCM(document_key).encrypt(nonce, plain, handle.bytes),
        expires_at=expires_at,
    )
    DocumentKey.objects.create(
        document=handle,
        sealed=keyring().seal(document_key, context=f"document:{handle}"),
    )
    return document


@transaction.atomic
def erase_document(key: uuid.UUID) -> None:
    """Erase for good: the key goes, and what remains of the ciphertext opens no more. Keeper only."""
    DocumentKey.objects.filter(document=key).delete()
    StoredDocument.objects.filter(key=key).delete()


def erase_expired() -> int:
    """Erase every document whose time is over; say how many. Keeper only."""
    expired = StoredDocument.objects.filter(expires_at__lte=clock.now()).values_list("key", flat=True)
    keys = list(expired[:1_000])
    for key in keys:
        erase_document(key)
    return len(keys)
