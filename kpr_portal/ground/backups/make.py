"""Making a backup: one consistent snapshot of the database, and the keys that open what is sealed in it."""

import subprocess
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from kpr_portal.ground import clock
from kpr_portal.ground.backups import manifest, programs, sealing
from kpr_portal.ground.backups.errors import BackupRefused
from kpr_portal.ground.backups.manifest import DUMP, KEYS, SEALED
from kpr_portal.ground.grants import OWN_SCHEMAS
from kpr_portal.ground.keyring import keyring

# Whoever was signed in when the backup was made is not signed in when it is restored.
WITHOUT_ROWS = ("login_session", "login_keptform")
BLOCK = 1 << 20
Keys = Literal["sealed", "beside", "apart"]


def make_backup(folder: Path, *, reader: X25519PublicKey | None, keys: Keys) -> manifest.Manifest:
    """Back everything up into a new folder that its owner alone may read. Raises BackupRefused.

    With a `reader` (and only then is `keys` "sealed") both files open with that backup key's private half
    alone. The database may be in use: the dump and the counts are of one snapshot.
    """
    ring = keyring()
    tools = programs.programs_for(programs.server_version())
    _make_folder(folder)
    files = [_name(DUMP, reader)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        rows = count_rows()
        _write(folder / files[0], zlib_pieces(_dump(tools, snapshot=snapshot)), context=DUMP, reader=reader)
        migrations = sorted(MigrationRecorder(connection).applied_migrations())
    if keys != "apart":
        files.append(_name(KEYS, reader))
        content = Path(settings.KEYRING_FILE).read_bytes()
        _write(folder / files[1], [content], context=KEYS, reader=reader)
    made = manifest.Manifest(
        made_at=clock.now().isoformat(timespec="seconds"),
        server=programs.server_version(),
        dumped_with=tools.version,
        keys=keys,
        key_ids=list(ring.key_ids),
        migrations=[list(name) for name in migrations],
        rows=rows,
        files={name: manifest.describe(folder / name) for name in files},
    )
    made.write(folder, ring=ring)
    return made


def count_rows() -> dict[str, int]:
    """Exactly how many rows each table of ours has, those without backed-up rows aside."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT format('%%I.%%I', n.nspname, c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
              AND n.nspname = ANY(%s) AND NOT c.relname = ANY(%s)
            ORDER BY 1
            """,
            [list(OWN_SCHEMAS), list(WITHOUT_ROWS)],
        )
        counts = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {table}")
            (counts[table],) = cursor.fetchone()
    return counts


def zlib_pieces(source: Iterable[bytes]) -> Iterator[bytes]:
    """The content gzipped, piece by piece, without a time in its head."""
    squeeze = zlib.compressobj(level=6, wbits=zlib.MAX_WBITS | 16)
    for piece in source:
        yield squeeze.compress(piece)
    yield squeeze.flush()


def _dump(tools: programs.Programs, *, snapshot: str) -> Iterator[bytes]:
    command = [
        tools.path("pg_dump"),
        "--format=plain",
        "--no-owner",
        "--encoding=UTF8",
        f"--snapshot={snapshot}",
        *(f"--exclude-table-data=*.{table}" for table in WITHOUT_ROWS),
    ]
    with tempfile.TemporaryFile() as complaints:
        with subprocess.Popen(  # noqa: S603 -- PostgreSQL's own program; nothing from outside in the command
            command, stdout=subprocess.PIPE, stderr=complaints, env=programs.environment()
        ) as process:
            assert process.stdout is not None  # noqa: S101 -- a pipe was asked for
            while block := process.stdout.read(BLOCK):
                yield block
        if process.returncode:
            complaints.seek(0)
            msg = f"pg_dump failed: {complaints.read().decode(errors='replace').strip()}"
            raise BackupRefused(msg)


def _write(file: Path, content: Iterable[bytes], *, context: str, reader: X25519PublicKey | None) -> None:
    pieces = content if reader is None else sealing.seal(content, reader=reader, context=context)
    with open(file, "xb", opener=manifest.private_opener) as opened:
        opened.writelines(pieces)


def _name(name: str, reader: X25519PublicKey | None) -> str:
    return name + SEALED if reader else name


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            msg = f"{folder} is not empty: each backup has a folder of its own."
            raise BackupRefused(msg)
        folder.chmod(0o700)
    except OSError as error:
        msg = f"{folder} cannot be made or written to."
        raise BackupRefused(msg) from error
