"""Reading documents."""

import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kpr_portal.documents.errors import DocumentGone
from kpr_portal.documents.models import (
    HEAD_BYTES,
    NONCE_BYTES,
    DocumentKey,
    StoredDocument,
)
from kpr_portal.ground import clock
from kpr_portal.ground.keyring import keyring


@dataclass(frozen=True)
class OpenedDocument:
    """A document in clear, for the moment it is handed over."""

    content: bytes
    media_type: str
    title: str


def are_there(keys: Collection[uuid.UUID]) -> bool:
    """Whether each of these documents can be opened still. Opens none."""
    now = clock.now()
    kept = StoredDocument.objects.filter(key__in=keys).exclude(expires_at__lte=now)
    locks = DocumentKey.objects.filter(document__in=kept.values("key"))
    return locks.count() == len(set(keys))


def read_document(key: uuid.UUID) -> OpenedDocument:
    """Open a document. Who may read it is the caller's to check. Raises DocumentGone."""
    document = StoredDocument.objects.filter(key=key).first()
    lock = DocumentKey.objects.filter(document=key).first()
    if document is None or lock is None or (document.expires_at and document.expires_at <= clock.now()):
        raise DocumentGone
    document_key = keyring().open(bytes(lock.sealed), context=f"document:{key}")
    sealed = bytes(document.ciphertext)
    plain = AESGCM(document_key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], key.bytes)
    end = HEAD_BYTES + int.from_bytes(plain[:HEAD_BYTES], "big")
    return OpenedDocument(
        content=plain[end:],
        media_type=document.media_type,
        title=json.loads(plain[HEAD_BYTES:end])["title"],
    )
