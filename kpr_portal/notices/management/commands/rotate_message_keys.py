"""`manage.py rotate_message_keys`: seal the texts of messages under the newest generation of the key ring."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpr_portal.ground.keyring import keyring
from kpr_portal.notices.rotation import seal_messages_anew


class Command(BaseCommand):
    help = (
        "Seals what messages say under the newest generation of the key ring. Run as keeper. Safe to run"
        " twice, and while the portal is open."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        sealed = lost = 0
        for batch_sealed, batch_lost in seal_messages_anew():
            sealed, lost = sealed + batch_sealed, lost + batch_lost
        self.stdout.write(f"Newest generation: {keyring().current}. Sealed {sealed} messages.")
        if lost:
            msg = (
                f"{lost} messages open under no key in the ring: put their generation back into it"
                " (docs/operations.md, Keys)."
            )
            raise CommandError(msg)
