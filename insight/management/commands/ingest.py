"""`manage.py ingest`: data into the register (docs/messages.md)."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from insight.ingest.background import ReadingEnded
from insight.operations import ingest_files


class Command(BaseCommand):
    help = "Take files of data in: IPLOS messages, yearly IPLOS files with identity messages, claims."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--quiet", action="store_true", help="show no progress")

    def handle(self, *, files: list[Path], quiet: bool, **_options: Any) -> None:
        try:
            reports = ingest_files(files, progress=None if quiet else self._progress)
        except ReadingEnded:
            sentence = _("Lesingen ble avbrutt. Det som er tatt inn, er helt. Kjør kommandoen på nytt.")
            raise CommandError(sentence, returncode=3) from None
        if not quiet:
            self.stderr.write("")
        for report in reports:
            for line in report.lines():
                self.stdout.write(line)
        if any(report.file_refused for report in reports):
            raise CommandError(_("Minst én fil ble avvist."), returncode=2)

    def _progress(self, read: int) -> None:
        self.stderr.write(f"\r{read:>12,} ".replace(",", " "), ending="")
        sys.stderr.flush()
