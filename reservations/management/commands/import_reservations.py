from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kpr_portal.people.models import Person
from kpr_portal.people.queries import person_by_key
from reservations.errors import NotAllowed, SignOffRefused
from reservations.import_lines import NotThisFile
from reservations.import_operations import ImportReport, carry_over, sign_off_import


class Command(BaseCommand):
    help = (
        "Carries over reservations from before this register (docs/messages.md says how the file looks), "
        "or signs off a run that somebody else made. Safe to run daily with the same or a growing file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, help="CSV: number, kind, placed, channel, reference"
        )
        parser.add_argument("--sign-off", type=UUID, metavar="RUN", help="the key of the run to sign off")
        parser.add_argument(
            "--by", type=UUID, required=True, metavar="STAFFKEY", help="the key of who does it"
        )

    def handle(self, *, file: Path | None, sign_off: UUID | None, by: UUID, **_: Any) -> None:
        if (file is None) == (sign_off is None):
            msg = "Give a file to carry over, or --sign-off RUN."
            raise CommandError(msg)
        staff = self._staff(by)
        try:
            if sign_off:
                sign_off_import(sign_off, signed_by=staff)
                self.stdout.write(f"Run {sign_off} is signed off.")
            elif file:
                self._report(carry_over(file, imported_by=staff))
        except NotAllowed as error:
            msg = "Only staff may do this: the key given with --by has no role now."
            raise CommandError(msg) from error
        except SignOffRefused as error:
            msg = "A run is signed off once, by someone else of the staff than the one who made it."
            raise CommandError(msg) from error
        except OSError as error:
            msg = f"The file cannot be read: {error.strerror}."
            raise CommandError(msg) from error
        except NotThisFile as error:
            raise CommandError(str(error)) from error

    def _staff(self, key: UUID) -> Person:
        staff = person_by_key(key)
        if staff is None:
            msg = "Nobody has the key given with --by."
            raise CommandError(msg)
        return staff

    def _report(self, report: ImportReport) -> None:
        for refusal in report.refusals:
            self.stdout.write(f"Line {refusal.line}: {refusal.fault.value}.")
        self.stdout.write(
            f"Read {report.read}: {report.entered} entered, {report.known} known before, "
            f"{len(report.refusals)} refused."
        )
        self.stdout.write(
            f"To be signed off by another: manage.py import_reservations --sign-off {report.run} --by KEY"
        )
