import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpr_portal.embedded.demo import DEFAULT_PORT, Demo
from kpr_portal.embedded.places import EmbeddedError, Places, default_data_dir


class Command(BaseCommand):
    """Runs the whole portal with everything it needs. DATA_DIR and PORT in the environment choose where."""

    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        port = os.environ.get("PORT") or str(DEFAULT_PORT)
        if not port.isdecimal() or not 0 < int(port) < 65536:
            msg = f"PORT is a number between 1 and 65535, not {port}."
            raise CommandError(msg)
        try:
            Demo(Places(default_data_dir()), port=int(port)).run()
        except EmbeddedError as error:
            raise CommandError(str(error)) from error
