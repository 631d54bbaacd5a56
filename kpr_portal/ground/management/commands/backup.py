"""`manage.py backup DIR`: the database and the keys that open it, in one folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kpr_portal.ground.backups import make, sealing
from kpr_portal.ground.backups.errors import BackupRefused
from kpr_portal.ground.keyring import keyring


class Command(BaseCommand):
    requires_system_checks = ()  # needed most when something else is broken
    help = (
        "Backs up the database and the key ring into a new folder, sealed with the public backup key in"
        " BACKUP_KEY_FILE. The portal may be open meanwhile. Restore with `manage.py restore`."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that is empty or does not exist")
        unsealed = parser.add_mutually_exclusive_group()
        unsealed.add_argument(
            "--with-keys",
            action="store_true",
            help="without a backup key: keep the keys in clear beside the dump",
        )
        unsealed.add_argument(
            "--without-keys",
            action="store_true",
            help="without a backup key: the keys are kept elsewhere by you",
        )

    def handle(self, *_args: Any, folder: Path, with_keys: bool, without_keys: bool, **_options: Any) -> None:
        reader = None
        keys: make.Keys = "apart" if without_keys else "beside"
        try:
            if settings.BACKUP_KEY_FILE:
                reader, keys = sealing.read_public_key(Path(settings.BACKUP_KEY_FILE)), "sealed"
            elif not (with_keys or without_keys):
                msg = (
                    "BACKUP_KEY_FILE is not set, so database and keys would lie together in clear, for"
                    " whoever finds the folder. Make a backup key (`manage.py keys backup-key FILE`), or say"
                    " --with-keys or --without-keys."
                )
                raise BackupRefused(msg)
            made = make.make_backup(folder.absolute(), reader=reader, keys=keys)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Backed up {sum(made.rows.values())} rows of {len(made.rows)} tables to {folder}.")
        self.stdout.write(
            f"Its keys have the mark {keyring().mark_of(keyring().current)}: note it beside the backup key."
        )
        if keys == "beside":
            self.stderr.write(
                "The keys lie in clear beside the database: whoever has this folder can read it all."
            )
        if keys == "apart":
            self.stderr.write(
                f"The keys are not in it. Without {', '.join(made.key_ids)} nothing in it opens."
            )
