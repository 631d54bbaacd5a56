"""Make the blank paper forms that people fetch; nothing where they are made of what is there now."""

import os
import signal
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reservations.postal.blank import all_blank, make_all
from reservations.postal.blank_inputs import BEGUN, are_made, fingerprint

TOLD_TIMES = 8
POLITE = 10


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="make them even where nothing has changed")
        parser.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)))

    def handle(self, *, again: bool, processes: int, **_: Any) -> None:
        folder = Path(settings.BLANK_FORMS_DIR)
        of = fingerprint(os.environ, root=settings.BASE_DIR)
        if are_made(folder, of=of) and not again:
            self.stdout.write("The blank forms are as they should be.")
            return
        if again:
            (folder / BEGUN).unlink(missing_ok=True)
        signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # so that its helpers end too
        os.nice(POLITE)  # nobody waits for them who cannot have a page to print in the meantime
        began = time.monotonic()
        try:
            make_all(list(all_blank()), folder, of=of, processes=processes, made=self._tell)
        except OSError as error:
            msg = f"Not every blank form is made: {error}. Those that are there stay; mend it, and run this again."
            raise CommandError(msg) from error
        self.stdout.write(f"The blank forms are made, in {time.monotonic() - began:.1f} s.")

    def _tell(self, count: int, of: int) -> None:
        if count % max(1, of // TOLD_TIMES) == 0:
            self.stdout.write(f"Blank forms: {count} of {of}")
            self.stdout.flush()  # into a log: it is read while they are being made
