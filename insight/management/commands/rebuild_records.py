"""Count anew which version of each record shows, from everything as it was received."""

from typing import Any

from django.core.management.base import BaseCommand

from insight.operations import rebuild_records


class Command(BaseCommand):
    help = "Count anew which version of each record shows, from everything as it was received."

    def handle(self, **_options: Any) -> None:
        for source, count in rebuild_records().items():
            self.stdout.write(f"{source}: {count}")
