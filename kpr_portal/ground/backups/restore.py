"""Restoring a backup: all is checked before anything is touched, and it is restored whole or not at all."""

import hmac
import json
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from kpr_portal.ground.backups import manifest, programs, sealing
from kpr_portal.ground.backups.errors import BackupRefused
from kpr_portal.ground.backups.make import BLOCK, count_rows
from kpr_portal.ground.backups.manifest import DUMP, KEYS, SEALED
from kpr_portal.ground.grants import OWN_SCHEMAS
from kpr_portal.ground.keyring import EMBEDDED, KeyRing, forget_keyring, parse_keyring, read_keyring

# What stood there before goes in the same transaction: a restore that fails leaves it as it was.
CLEAR = b"""
DROP SCHEMA IF EXISTS vault CASCADE;
DROP SCHEMA IF EXISTS public CASCADE;
CREATE SCHEMA public;
ALTER SCHEMA public OWNER TO pg_database_owner;
"""


@dataclass(frozen=True)
class CheckedBackup:
    """A backup that is whole, made with keys that we know, and opens."""

    folder: Path
    told: manifest.Manifest
    keyring_text: str
    reader: X25519PrivateKey | None


def check_backup(folder: Path, *, reader_file: Path | None, mark: str = "") -> CheckedBackup:
    """Read a backup and check all that can be checked without the database. Raises BackupRefused.

    Anybody with the public backup key can seal a folder that looks like a backup, with keys of their own
    that prove it: what is in it would run as SQL. So the keys must be those of KEYRING_FILE, or have the
    `mark` that was noted when the backup was made. Nothing but the key ring is opened before that holds.
    """
    manifest.check_folder(folder)
    told = manifest.read_manifest(folder)
    reader = None
    if told.keys == "sealed":
        if reader_file is None:
            msg = "This backup is sealed: name the private backup key with BACKUP_KEY_FILE."
            raise BackupRefused(msg)
        reader = sealing.read_private_key(reader_file)
    text = _keyring_text(folder, told, reader)
    try:
        ring = parse_keyring(text, refuse_embedded=settings.PRODUCTION)
    except ImproperlyConfigured as error:
        raise BackupRefused(str(error)) from error
    if missing := [key_id for key_id in told.key_ids if key_id not in ring.key_ids]:
        msg = f"The key ring lacks the generations {', '.join(missing)} that this backup needs."
        raise BackupRefused(msg)
    told.check_proof(folder, ring=ring)
    _check_keys_are_ours(ring, key_id=told.proof_key(folder), mark=mark)
    told.check_files(folder)
    return CheckedBackup(folder=folder, told=told, keyring_text=text, reader=reader)


def check_target(backup: CheckedBackup, *, replace: bool) -> None:
    """Raises BackupRefused where this database must not, or cannot, take this backup."""
    server = programs.server_version()
    if server < max(backup.told.server, backup.told.dumped_with):
        msg = f"The backup is of PostgreSQL {backup.told.server}, and this server is older ({server})."
        raise BackupRefused(msg)
    known = set(MigrationLoader(None).disk_migrations)
    apps = {app for app, _name in known}  # one that was dropped leaves its migrations recorded
    newer = [
        f"{app}.{name}" for app, name in backup.told.migrations if app in apps and (app, name) not in known
    ]
    if newer:
        msg = f"The backup was made by a newer portal: this one does not know {', '.join(newer[:3])}."
        raise BackupRefused(msg)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)", [list(settings.DATABASE_NAMES.values())]
        )
        if cursor.fetchone() != (len(settings.DATABASE_NAMES),):
            msg = (
                "The portal's three logins are missing on this server: run kpr_portal/ground/roles.sql first."
            )
            raise BackupRefused(msg)
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        (others,) = cursor.fetchone()
        if others:
            msg = f"Stop the portal first: {others} other connections use this database."
            raise BackupRefused(msg)
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY(%s)",
            [list(OWN_SCHEMAS)],
        )
        (tables,) = cursor.fetchone()
        if tables and not replace:
            msg = f"This database is not empty ({tables} tables). With --replace all that is in it goes."
            raise BackupRefused(msg)


def restore_keys(backup: CheckedBackup, *, file: Path) -> bool:
    """Have the backup's keys in the key ring file; say whether it was written.

    Generations that the file has and the backup lacks stay behind the backup's: a key is never lost here.
    """
    present = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"generations": []}
    wanted = json.loads(backup.keyring_text)
    have = {generation["id"] for generation in present["generations"]}
    if all(generation["id"] in have for generation in wanted["generations"]):
        return False
    ids = {generation["id"] for generation in wanted["generations"]}
    merged = {
        **wanted,
        "generations": [
            *wanted["generations"],
            *(generation for generation in present["generations"] if generation["id"] not in ids),
        ],
    }
    if present.get("origin") == EMBEDDED:
        merged["origin"] = EMBEDDED
    try:
        replace_private(file, json.dumps(merged, indent=1).encode())
    except OSError as error:
        msg = f"{file.name} cannot be written: put the backup's key ring there, then restore again."
        raise BackupRefused(msg) from error
    forget_keyring()
    return True


def restore_database(backup: CheckedBackup) -> None:
    """Put the backup in the place of what the database holds, in one transaction. Raises BackupRefused."""
    tools = programs.programs_for(max(programs.server_version(), backup.told.dumped_with))
    connection.close()
    command = [
        tools.path("psql"),
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        "--output=/dev/null",
        "--file=-",
    ]
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # noqa: S603 -- PostgreSQL's own program; nothing from outside in the command
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            env=programs.environment(),
        )
        assert process.stdin is not None  # noqa: S101 -- a pipe was asked for
        try:
            process.stdin.write(CLEAR)
            for piece in _statements(backup):
                process.stdin.write(piece)
            process.stdin.close()
            failed = process.wait() != 0
        except BrokenPipeError:
            failed = process.wait() != 0
        except BaseException:
            process.kill()  # an end of input would commit the half
            process.wait()
            raise
        if failed:
            complaints.seek(0)
            told = complaints.read().decode(errors="replace").strip()
            msg = f"psql stopped, and nothing was changed: {told[:500]}"
            raise BackupRefused(msg)


def check_counts(backup: CheckedBackup) -> None:
    """Raises BackupRefused where a table has not as many rows as when it was backed up."""
    if (found := count_rows()) != backup.told.rows:
        differing = sorted(
            table for table in {*found, *backup.told.rows} if found.get(table) != backup.told.rows.get(table)
        )
        msg = f"Restored, but the counts differ in {', '.join(differing)}: do not open the portal."
        raise BackupRefused(msg)


def replace_private(file: Path, content: bytes) -> None:
    """Write a file that its owner alone may read, in the place of what was there, whole or not at all."""
    fresh = file.with_name(file.name + ".new")
    fresh.unlink(missing_ok=True)
    manifest.write_private(fresh, content)
    fresh.replace(file)


def _check_keys_are_ours(ring: KeyRing, *, key_id: str, mark: str) -> None:
    """Raises BackupRefused where neither KEYRING_FILE nor a noted mark knows the keys behind the proof."""
    try:
        present = read_keyring(Path(settings.KEYRING_FILE), refuse_embedded=False).mark_of(key_id)
    except ImproperlyConfigured:
        present = None
    its_own = str(ring.mark_of(key_id))
    if not any(hmac.compare_digest(its_own, known) for known in (present, mark.strip().lower()) if known):
        msg = (
            f"KEYRING_FILE does not know the keys of this backup, whose mark is {its_own}. If that is what"
            " you noted when it was made, say so with --mark; else it is not a backup of yours."
        )
        raise BackupRefused(msg)


def _keyring_text(folder: Path, told: manifest.Manifest, reader: X25519PrivateKey | None) -> str:
    if told.keys == "apart":
        try:
            return Path(settings.KEYRING_FILE).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            msg = "This backup holds no keys: KEYRING_FILE must name the key ring it was made with."
            raise BackupRefused(msg) from error
    name = KEYS + SEALED if reader else KEYS
    if manifest.plain_file(folder / name).st_size > manifest.MOST_BYTES:
        msg = f"{name} is far larger than that of any backup."
        raise BackupRefused(msg)
    try:
        return b"".join(_content(folder, KEYS, reader)).decode()
    except UnicodeDecodeError as error:
        msg = f"{name} is not the file that was backed up."
        raise BackupRefused(msg) from error


def _statements(backup: CheckedBackup) -> Iterator[bytes]:
    expand = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    for piece in _content(backup.folder, DUMP, backup.reader):
        yield expand.decompress(piece)
    if not expand.eof:
        msg = "The dump ends in the middle: nothing was changed."
        raise BackupRefused(msg)


def _content(folder: Path, name: str, reader: X25519PrivateKey | None) -> Iterator[bytes]:
    with (folder / (name + SEALED if reader else name)).open("rb") as file:
        if reader:
            yield from sealing.open_sealed(file, reader=reader, context=name)
        else:
            while block := file.read(BLOCK):
                yield block
