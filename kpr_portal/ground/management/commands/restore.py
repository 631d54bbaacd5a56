"""`manage.py restore DIR`: a portal as it was when the backup was made."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from kpr_portal.ground.backups import restore
from kpr_portal.ground.backups.errors import BackupRefused


class Command(BaseCommand):
    requires_system_checks = ()  # needed most when something else is broken
    help = (
        "Restores a backup made by `manage.py backup`: the database in one transaction, and the keys into"
        " KEYRING_FILE. Then brings the tables to this portal's version. Nobody is signed in afterwards."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--replace", action="store_true", help="let all that is in the database go")
        parser.add_argument("--mark", default="", help="the mark of its keys, as `backup` told it")
        parser.add_argument("--keys-to", type=Path, help="write the key ring here instead of to KEYRING_FILE")

    def handle(
        self, *_args: Any, folder: Path, replace: bool, mark: str, keys_to: Path | None, **_options: Any
    ) -> None:
        reader = Path(settings.BACKUP_KEY_FILE) if settings.BACKUP_KEY_FILE else None
        try:
            backup = restore.check_backup(folder.absolute(), reader_file=reader, mark=mark)
            restore.check_target(backup, replace=replace)
            if restore.restore_keys(backup, file=keys_to or Path(settings.KEYRING_FILE)):
                self.stdout.write("The key ring has the backup's keys.")
            restore.restore_database(backup)
            restore.check_counts(backup)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        call_command("migrate", interactive=False, verbosity=0)
        rows = sum(backup.told.rows.values())
        self.stdout.write(
            f"Restored {rows} rows of {len(backup.told.rows)} tables, as of {backup.told.made_at}."
        )
