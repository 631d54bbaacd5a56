"""What a journey stands on beside the portal: providers to sign in at, a queue, and a worker. All real.

The queue is the journeys' own: a journey may take it away, and no other test's worker hears of it.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg
from celery import Celery, current_app
from django.db import connection, transaction
from psycopg import sql

from kpr_portal.embedded.idporten import Kind, ProviderConfig, ProviderHandle, start_provider, write_people
from kpr_portal.embedded.keys import have_keys
from kpr_portal.embedded.places import BASE_DIR, Places, remembered_ports, scratch_data_dir
from kpr_portal.embedded.population_named import NAMED
from kpr_portal.embedded.processes import tail, wait_until
from kpr_portal.embedded.servers import Servers
from kpr_portal.embedded.valkey import Valkey

PATIENCE_SECONDS = 90


class Queue:
    """A Valkey of the journeys' own, which can go away and come back at the same address."""

    def __init__(self) -> None:
        self._servers = Servers(scratch_data_dir(), for_tests=True, remove_at_end=True)
        self._servers.attach(postgres=False)
        self.places = self._servers.places
        self.url = self._servers.environment["REDIS_URL"]
        self._valkey = Valkey(self.places, have_keys(self.places))

    def go_away(self) -> None:
        self._valkey.stop()

    def come_back(self) -> None:
        """Stand at the same address again, empty. Nothing happens where it never left."""
        if self._valkey.running() is None:
            self._valkey.start(port=urlsplit(self.url).port or 0)

    def leave(self) -> None:
        self._servers.leave()


@contextmanager
def portal_uses(queue: Queue) -> Iterator[None]:
    """Whatever this process sends goes to this queue, from every thread."""
    portal = current_app._get_current_object()
    app = Celery("journeys", set_as_current=True)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_url = queue.url
    app.set_default()
    try:
        yield
    finally:
        portal.set_current()
        portal.set_default()


class Worker:
    """A Celery worker in a process of its own, with the rights of the web role, on the tests' database."""

    command: tuple[str, ...] = (
        *(sys.executable, "-m", "celery", "-A", "kpr_portal", "worker", "--pool=solo", "--loglevel=INFO"),
        *("-Q", "default,forms", "--without-gossip", "--without-mingle", "--without-heartbeat"),
    )

    def __init__(self, queue: Queue, *, name: str = "worker") -> None:
        self._queue = queue
        self._process: subprocess.Popen[bytes] | None = None
        self.log = queue.places.log(name)

    def start(self) -> None:
        """Begin to work, soon; nothing happens where it works already."""
        if self._process is not None and self._process.poll() is None:
            return
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                cwd=BASE_DIR,
                env={**os.environ, **self._environment()},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    @property
    def processes(self) -> list[psutil.Process]:
        """It, and those that it has begun."""
        if self._process is None:
            return []
        itself = psutil.Process(self._process.pid)
        return [itself, *itself.children(recursive=True)]

    def end(self) -> None:
        """Let it make what it makes, and stop."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE_SECONDS)

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        if self._process is not None and self._process.poll() is None:
            for process in self.processes:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            self._process.wait()

    def _environment(self) -> dict[str, str]:
        address = urlsplit(os.environ["DATABASE_URL"])
        database = urlunsplit(address._replace(path="/" + str(connection.settings_dict["NAME"])))
        return {"DATABASE_URL": database, "REDIS_URL": self._queue.url, "KPR_ROLE": "web"}


class FormsWorker(Worker):
    """The role `forms` as it is shipped: a process that gives out the work, and two that do it."""

    command = ("deploy/entrypoint", "forms")

    def _environment(self) -> dict[str, str]:
        return {**super()._environment(), "PYTHON": sys.executable, "FORMS_PROCESSES": "2"}


def wait_for(ready: Callable[[], bool], *, worker: Worker | None = None) -> None:
    """Wait for a state that another process brings about."""
    log = f"; the end of {worker.log}:\n{tail(worker.log, 20)}" if worker else ""
    wait_until(ready, seconds=PATIENCE_SECONDS, failure=f"It did not happen{log}")


class Providers:
    """The local ID-porten and the staff's provider, each started when a journey first comes there."""

    def __init__(self, places: Places, portal: str) -> None:
        self.places = places
        self._portal = portal
        self._handles: dict[tuple[str, ...], ProviderHandle] = {}

    def have(self, kind: Kind, *hostile: str) -> ProviderHandle:
        """This provider; what it does wrong on purpose is told as in ProviderConfig."""
        if (kind, *hostile) not in self._handles:
            self._handles[(kind, *hostile)] = start_provider(self._config(kind, hostile))
        return self._handles[(kind, *hostile)]

    def stop(self) -> None:
        for handle in self._handles.values():
            handle.stop()

    def _config(self, kind: Kind, hostile: tuple[str, ...]) -> ProviderConfig:
        name = "-".join((kind, *hostile))
        folder = self.places.idporten / name
        folder.mkdir()
        write_people(folder / "people.json", people_of(kind))
        return ProviderConfig(
            kind=kind,
            port=remembered_ports(self.places, [name])[name],
            portals=[self._portal],
            people_file=folder / "people.json",
            keys=self.places.keys,
            folder=folder,
            hostile=hostile,
        )


def people_of(kind: Kind) -> list[dict[str, Any]]:
    """Whom this provider lets one choose."""
    return [
        {
            "number": named.number.digits,
            "name": named.name,
            "about": named.shows,
            "roles": [role.value for role in named.roles],
            "organisation": named.organisation,
        }
        for named in NAMED
        if named.is_staff == (kind == "staff")
    ]


def signs_in_at(settings: Any, handles: list[ProviderHandle], portal: str) -> None:
    """Let the portal send people to these providers, and its pages' policy allow the way."""
    settings.PUBLIC_URL = portal
    settings.SIGN_IN_ORIGINS = [handle.issuer for handle in handles]
    for handle in handles:
        for name, value in handle.environment.items():
            setattr(settings, name, value)
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    form_action = [directives["form-action"][0], *settings.SIGN_IN_ORIGINS]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**directives, "form-action": form_action}}


@contextmanager
def database_away() -> Iterator[None]:
    """The portal's pages lose their database, and cannot have it back while this lasts."""
    name = str(connection.settings_dict["NAME"])
    address = urlsplit(os.environ["OWNER_DATABASE_URL"])._replace(path="/postgres")
    connection.close()
    with psycopg.connect(urlunsplit(address), autocommit=True) as beside:
        beside.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
        try:
            beside.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND usename = current_user",
                [name],
            )
            yield
        finally:
            beside.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(name)))


@contextmanager
def nobody_may_write(table: str) -> Iterator[Callable[[], bool]]:
    """Whoever writes to this table waits until the end of this; what is given tells whether anybody does."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(sql.Identifier(table)))

        def somebody_waits() -> bool:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table]
            )
            return bool(cursor.fetchone()[0])

        yield somebody_waits
