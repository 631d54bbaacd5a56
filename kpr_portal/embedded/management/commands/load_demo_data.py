"""`manage.py load_demo_data`: what the sources have sent about the synthetic people of a demo."""

import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from insight.models import IngestOutcome, IngestRun
from insight.operations import ingest_files
from kpr_portal.embedded.messages import write_messages
from kpr_portal.ground import clock
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister


class Command(BaseCommand):
    help = (
        "Writes messages about the synthetic people, as the sources write them, and takes them in as `ingest`"
        " does. What has been taken in already is left as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--keep", type=Path, help="write the files here and leave them")

    def handle(self, *_args: Any, keep: Path | None, **_options: Any) -> None:
        if settings.PRODUCTION:
            msg = "Synthetic data is for demos and tests, never for production."
            raise CommandError(msg)
        began = time.monotonic()
        first = IngestRun.objects.order_by("id").first()
        # Cut short on one day and begun again on another, it goes on with the same files.
        today = clock.today() if first is None else first.started_at.astimezone(clock.OSLO).date()
        with tempfile.TemporaryDirectory(prefix="kpr-messages-") as folder:
            files = write_messages(EmbeddedPopulationRegister().everyone(), keep or Path(folder), today=today)
            done = set(IngestOutcome.objects.filter(refused="").values_list("run__file_name", flat=True))
            reports = ingest_files([file for file in files if file.name not in done])
        refused = [report for report in reports if report.file_refused]
        if refused:
            raise CommandError("\n".join(refused[0].lines()))
        read = sum(report.counts["read"] for report in reports)
        self.stdout.write(f"Took in {read} rows of {len(reports)} files in {time.monotonic() - began:.1f} s.")
