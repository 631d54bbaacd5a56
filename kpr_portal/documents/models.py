"""Documents at rest: ciphertext, and apart from it the key that opens it."""

import uuid
from typing import ClassVar

from django.db import models

from kpr_portal.ground import clock
from kpr_portal.ground.models import AppendOnlyModel

NONCE_BYTES = 12  # stands before the ciphertext
HEAD_BYTES = 4  # the length of the title, before it


class StoredDocument(AppendOnlyModel):
    """One document, encrypted under its own key (AES-256-GCM). The title is inside the ciphertext."""

    keeper_may_delete: ClassVar[bool] = True

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    media_type = models.CharField(max_length=100)
    ciphertext = models.BinaryField()
    stored_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, db_index=True)


class DocumentKey(models.Model):
    """The key of one document, sealed with the key ring. Only the keeper removes it."""

    web_privileges: ClassVar[tuple[str, ...]] = ("SELECT", "INSERT")
    keeper_may_delete: ClassVar[bool] = True

    document = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()
