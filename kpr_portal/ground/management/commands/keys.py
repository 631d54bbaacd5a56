"""`manage.py keys`: key ring files for production, their rotation, and the pair of keys for backups."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from kpr_portal.ground.backups import manifest, restore, sealing
from kpr_portal.ground.keyring import new_generation, read_keyring

GO_ON = (
    "Give the file to every process, restart them, then run `rotate_keys`, `rotate_document_keys` and"
    " `rotate_message_keys`."
)


class Command(BaseCommand):
    requires_system_checks = ()  # needed most when something else is broken
    help = "Makes, shows and rotates key ring files, and makes backup keys. Never prints a key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        for name, told in (
            ("new", "make a key ring"),
            ("show", "list the ids of its generations, newest first"),
            ("rotate", "put a new generation on top"),
            ("backup-key", "make a backup key: FILE (private, keep it away from the server) and FILE.pub"),
        ):
            actions.add_parser(name, help=told).add_argument("file", type=Path)
        retire = actions.add_parser("retire", help="take an old generation out")
        retire.add_argument("file", type=Path)
        retire.add_argument("id", help="its id, as `show` gives it")

    def handle(self, *_args: Any, action: str, file: Path, **options: Any) -> None:
        try:
            if action == "new":
                self._new(file)
            elif action == "backup-key":
                self._backup_key(file)
            elif action == "show":
                self.stdout.write("\n".join(_read(file).key_ids))
            elif action == "rotate":
                self._rotate(file)
            else:
                self._retire(file, options["id"])
        except FileExistsError as error:
            msg = f"{error.filename} exists: a key is never overwritten."
            raise CommandError(msg) from error
        except OSError as error:
            msg = f"{file} cannot be written: {error.strerror}."
            raise CommandError(msg) from error

    def _new(self, file: Path) -> None:
        made = new_generation()
        manifest.write_private(file, json.dumps({"generations": [made]}, indent=1).encode())
        self.stdout.write(f"Made {file} with the generation {made['id']}. Keep a copy elsewhere.")

    def _backup_key(self, file: Path) -> None:
        private, public = sealing.new_key_pair()
        manifest.write_private(file, private)
        manifest.write_private(file.with_name(file.name + ".pub"), public)
        self.stdout.write(
            f"Made {file} and {file}.pub. The server's BACKUP_KEY_FILE is the .pub; restoring needs the"
            " other, which you keep elsewhere."
        )

    def _rotate(self, file: Path) -> None:
        _read(file)
        content = json.loads(file.read_text(encoding="utf-8"))
        made = new_generation()
        content["generations"].insert(0, made)
        restore.replace_private(file, json.dumps(content, indent=1).encode())
        self.stdout.write(f"The newest generation is {made['id']}. {GO_ON}")

    def _retire(self, file: Path, key_id: str) -> None:
        ring = _read(file)
        if key_id not in ring.key_ids:
            msg = f"There is no generation {key_id} in {file}."
            raise CommandError(msg)
        if key_id == ring.current:
            msg = f"{key_id} is the newest generation: rotate first."
            raise CommandError(msg)
        content = json.loads(file.read_text(encoding="utf-8"))
        content["generations"] = [kept for kept in content["generations"] if kept["id"] != key_id]
        restore.replace_private(file, json.dumps(content, indent=1).encode())
        self.stdout.write(f"{key_id} is out of the ring. {GO_ON}")


def _read(file: Path) -> Any:
    try:
        return read_keyring(file, refuse_embedded=False)
    except ImproperlyConfigured as error:
        raise CommandError(str(error)) from error
