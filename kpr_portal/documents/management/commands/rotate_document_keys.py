"""`manage.py rotate_document_keys`: seal the documents' keys under the newest generation of the key ring."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpr_portal.documents.rotation import seal_keys_anew
from kpr_portal.ground.keyring import keyring


class Command(BaseCommand):
    help = (
        "Seals the key of every stored document under the newest generation of the key ring. Run as keeper."
        " Safe to run twice, and while the portal is open."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        sealed = lost = 0
        for batch_sealed, batch_lost in seal_keys_anew():
            sealed, lost = sealed + batch_sealed, lost + batch_lost
        self.stdout.write(f"Newest generation: {keyring().current}. Sealed {sealed} document keys.")
        if lost:
            msg = (
                f"{lost} documents open under no key in the ring: put their generation back into it"
                " (docs/operations.md, Keys)."
            )
            raise CommandError(msg)
