"""PostgreSQL and Valkey for whoever needs them: attach to running ones, else start and at the end stop them.

Any number of commands use the servers of one DATA_DIR at once; the last to leave stops them. After a holder
was killed they run on, and the next command finds them, uses them, and stops them when it leaves last.
"""

import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from kpr_portal.embedded.keys import Keys, have_keys
from kpr_portal.embedded.locks import FileLock, held_alone, is_held
from kpr_portal.embedded.places import (
    SCRATCH_PREFIX,
    Places,
    default_data_dir,
    remembered_ports,
    remove_tree,
    scratch_data_dir,
)
from kpr_portal.embedded.postgres import Postgres
from kpr_portal.embedded.processes import wait_until
from kpr_portal.embedded.valkey import Valkey

NEWBORN_SECONDS = 60


class Servers:
    """The servers of one DATA_DIR, used from `attach` until `leave`. Also a context manager.

    `environment` holds what settings.py reads: DATABASE_URL (the web login), OWNER_DATABASE_URL,
    KEEPER_DATABASE_URL, REDIS_URL, KEYRING_FILE and SECRET_KEY.
    """

    def __init__(self, data_dir: Path, *, for_tests: bool = False, remove_at_end: bool = False) -> None:
        self.places = Places(data_dir)
        self.for_tests = for_tests
        self.remove_at_end = remove_at_end
        self.environment: dict[str, str] = {}
        self._users: FileLock | None = None

    def attach(self, *, postgres: bool = True, valkey: bool = True) -> Self:
        """Have the wanted servers running and ready. Raises EmbeddedError."""
        self.places.make()
        self._users = FileLock(self.places.run / "users.lock").share()
        try:
            with held_alone(self.places.run / "start.lock"):
                self._have_ready(postgres=postgres, valkey=valkey)
        except BaseException:
            self.leave()
            raise
        return self

    def leave(self) -> None:
        """Use the servers no more; the last to leave stops them, unless `make run` runs."""
        if self._users is None:
            return
        try:
            if self._users.try_alone() and not demo_runs(self.places):
                with held_alone(self.places.run / "start.lock"):
                    stop_servers(self.places)
                if self.remove_at_end:
                    remove_tree(self.places.root)
        finally:
            self._users.close()
            self._users = None

    def _have_ready(self, *, postgres: bool, valkey: bool) -> None:
        keys = have_keys(self.places)
        self.environment = key_environment(keys)
        database, queue = self.database(keys), Valkey(self.places, keys)
        if demo_runs(self.places):
            wait_until(
                (self.places.run / "ports.json").exists,
                seconds=60,
                failure="`make run` does not get on.",
            )
            in_use = {"postgres", "valkey"}
        else:
            in_use = {
                name for name, server in (("postgres", database), ("valkey", queue)) if server.running()
            }
        ports = remembered_ports(self.places, ["postgres", "valkey"], in_use=in_use)
        if postgres:
            if "postgres" in in_use:
                database.wait()
            else:
                database.start(port=ports["postgres"])
            database.set_up()
            self.environment |= database_environment(database, port=database.port())
        if valkey:
            if "valkey" in in_use:
                queue.wait(port=ports["valkey"])
            else:
                queue.start(port=ports["valkey"])
            self.environment["REDIS_URL"] = queue.url(port=ports["valkey"])

    def database(self, keys: Keys) -> Postgres:
        return Postgres(
            self.places,
            keys,
            durable=not self.for_tests,
            owner_creates_databases=self.for_tests,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()


def database_environment(database: Postgres, *, port: int) -> dict[str, str]:
    return {
        "DATABASE_URL": database.url("kpr_web", port=port),
        "OWNER_DATABASE_URL": database.url("kpr_owner", port=port),
        "KEEPER_DATABASE_URL": database.url("kpr_keeper", port=port),
    }


def key_environment(keys: Keys) -> dict[str, str]:
    return {
        "KEYRING_FILE": str(keys.keyring_file),
        "SECRET_KEY": keys.passwords["secret_key"],
    }


def demo_runs(places: Places) -> bool:
    """Whether `make run` runs on this DATA_DIR."""
    return is_held(places.run / "demo.lock")


def stop_servers(places: Places) -> None:
    """Stop what runs of this DATA_DIR's two servers. The caller holds the start lock."""
    keys = have_keys(places)
    Valkey(places, keys).stop()
    Postgres(places, keys).stop()


def attach_or_start(data_dir: Path | None = None) -> Servers:
    """Servers for the time of a command, told to settings.py through `os.environ`; a context manager.

    What the environment gives already (DATABASE_URL, REDIS_URL, keys) stays: no server is started instead.
    """
    servers = Servers(data_dir or default_data_dir())
    servers.attach(postgres="DATABASE_URL" not in os.environ, valkey="REDIS_URL" not in os.environ)
    for name, value in servers.environment.items():
        os.environ.setdefault(name, value)
    return servers


def start_servers(*, data_dir: Path | None = None) -> Servers:
    """Servers for tests: of their own, in a new folder unless one is given, and without care for a crash.

    kpr_owner may make databases. `leave()` stops them, and removes a folder that was made here.
    """
    if data_dir:
        return Servers(data_dir, for_tests=True).attach()
    own = scratch_data_dir()
    sweep_scratch(own.parent)
    return Servers(own, for_tests=True, remove_at_end=True).attach()


def sweep_scratch(parent: Path) -> None:
    """Stop and remove what killed test runs left behind."""
    for folder in parent.glob(f"{SCRATCH_PREFIX}*"):
        try:
            age = time.time() - folder.stat().st_mtime
            if folder.stat().st_uid != os.geteuid() or age < NEWBORN_SECONDS:
                continue
        except FileNotFoundError:
            continue
        places = Places(folder)
        if is_held(places.run / "users.lock") or is_held(places.run / "demo.lock"):
            continue
        if (places.keys / "passwords.json").exists():
            stop_servers(places)
        remove_tree(folder)
