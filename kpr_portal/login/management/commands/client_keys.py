"""`manage.py client_keys`: our own keys at ID-porten and at the staff's issuer (docs/id-porten.md).

The private halves stay in the file; what is printed is what to hand in. The first key of the file is the one in
use. A new one is added after it, so that the issuer knows it before it is used.
"""

import json
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from kpr_portal.ground import clock
from kpr_portal.ground.backups.manifest import write_private
from kpr_portal.ground.backups.restore import replace_private
from kpr_portal.login.oidc.client_key import client_key, new_client_jwk, public_part

# ID-porten takes at most five keys of a client, and none older than a year.
MOST_KEYS = 5
LONGEST = timedelta(days=365)
WARNED_BEFORE = timedelta(days=30)


class Command(BaseCommand):
    requires_system_checks = ()  # needed before anything else is set up
    help = "Makes, shows and rotates the keys by which the portal signs in. Prints public parts alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        for name, told in (
            ("new", "make the file with its first key, and print the public part"),
            ("show", "print the public parts, and say how old each is"),
            ("next", "add the next key, not yet in use, and print all public parts to hand in"),
            ("switch", "use the key that was added last"),
            ("retire", "take out every key that is not in use"),
        ):
            actions.add_parser(name, help=told).add_argument("file", type=Path)

    def handle(self, *_args: Any, action: str, file: Path, **_options: Any) -> None:
        try:
            if action == "new":
                write_private(file, _as_text([new_client_jwk(at=clock.now())]))
            keys = _read(file)
            if action == "next":
                if len(keys) >= MOST_KEYS:
                    msg = (
                        f"{file} holds {MOST_KEYS} keys, as many as ID-porten takes: retire those not in use."
                    )
                    raise CommandError(msg)
                keys.append(new_client_jwk(at=clock.now()))
            elif action == "switch":
                keys.insert(0, keys.pop())
            elif action == "retire":
                keys = keys[:1]
            if action in {"next", "switch", "retire"}:
                replace_private(file, _as_text(keys))
        except FileExistsError as error:
            msg = f"{error.filename} exists: a key is never overwritten."
            raise CommandError(msg) from error
        except OSError as error:
            msg = f"{file} cannot be written: {error.strerror}."
            raise CommandError(msg) from error
        self._tell(keys)

    def _tell(self, keys: list[dict[str, Any]]) -> None:
        """The public parts on standard output, what to know about them on standard error."""
        self.stdout.write(json.dumps({"keys": [public_part(key) for key in keys]}, indent=1))
        for number, key in enumerate(keys):
            state = "waiting" if number else "in use"
            self.stderr.write(f"{key['kid']}: {state}{_age(key)}")


def _age(key: dict[str, Any]) -> str:
    if not isinstance(key.get("iat"), int):
        return ""
    over = datetime.fromtimestamp(key["iat"], UTC) + LONGEST
    late = " ROTATE IT" if over - clock.now() <= WARNED_BEFORE else ""
    return f", to be replaced before {over.date()}{late}"


def _read(file: Path) -> list[dict[str, Any]]:
    try:
        client_key(str(file))
    except ImproperlyConfigured as error:
        raise CommandError(str(error)) from error
    content = json.loads(file.read_text(encoding="utf-8"))
    keys: list[dict[str, Any]] = content.get("keys", [content])
    return keys


def _as_text(keys: list[dict[str, Any]]) -> bytes:
    return json.dumps({"keys": keys}, indent=1).encode()
