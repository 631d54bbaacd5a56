from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpr_portal.embedded.demo import main
from kpr_portal.embedded.places import EmbeddedError


class Command(BaseCommand):
    """Runs the whole portal with everything it needs. DATA_DIR and PORT in the environment choose where."""

    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        try:
            main()
        except EmbeddedError as error:
            raise CommandError(str(error)) from error
