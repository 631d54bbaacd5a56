from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpr_portal.embedded.claims import reset
from kpr_portal.embedded.places import EmbeddedError, Places, default_data_dir


class Command(BaseCommand):
    """Clears the data and keys of the embedded servers (DATA_DIR)."""

    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        places = Places(default_data_dir())
        try:
            reset(places)
        except EmbeddedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Cleared {places.root}")
