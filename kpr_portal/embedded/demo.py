"""`make run`: everything the portal needs, started together, watched, and stopped together."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import NoReturn

import requests

from kpr_portal.embedded.idporten import ProviderConfig, portal_addresses
from kpr_portal.embedded.keys import Keys, have_keys
from kpr_portal.embedded.locks import FileLock
from kpr_portal.embedded.named import table
from kpr_portal.embedded.places import (
    MARKER,
    EmbeddedError,
    Places,
    port_is_free,
    remembered_ports,
    remove_tree,
    write_private,
)
from kpr_portal.embedded.population import write_sign_in_list
from kpr_portal.embedded.postgres import Postgres
from kpr_portal.embedded.prepare import prepare
from kpr_portal.embedded.processes import end_all, left_behind, tail, wait_until
from kpr_portal.embedded.servers import database_environment, key_environment
from kpr_portal.embedded.supervise import Program, Supervisor
from kpr_portal.embedded.valkey import Valkey

DEFAULT_PORT = 8000
WEB_WORKERS = 2
WEB_THREADS = 16  # more than PRESSURE_REQUESTS, so that the choice pages find some free
READY_SECONDS = 60
LOCK_SECONDS = 1
PORT_NAMES = ("postgres", "valkey", "idporten", "staff", "supervisor", "internal")
# Never handed on to the processes of a demo: each gets those it needs from here.
OWN_VARIABLES = {"DATABASE_URL", "OWNER_DATABASE_URL", "KEEPER_DATABASE_URL", "REDIS_URL", "KPR_ROLE"}
AFTER_PREPARATION = ("web", "internal", "worker", "keeper", "beat")


class Stopped(BaseException):
    """Somebody asked for the end: Ctrl-C, SIGTERM, or a closed terminal."""


class Demo:
    """One demo: a DATA_DIR and a port."""

    def __init__(self, places: Places, *, port: int) -> None:
        self.places = places
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self.begun = time.monotonic()

    def run(self) -> None:
        """Start everything, say so, and keep it running until asked to stop. Raises EmbeddedError."""
        with claimed(self.places, port=self.port, say=self.say) as users:
            if not port_is_free(self.port):
                other = f"make run PORT={self.port + 1}"
                msg = f"Port {self.port} is taken by another program. Choose another: {other}"
                raise EmbeddedError(msg)
            with asked_to_stop():
                self._run(users)

    def say(self, line: str) -> None:
        print(line, flush=True)

    def _run(self, users: FileLock) -> None:
        keys = have_keys(self.places)
        ports = remembered_ports(self.places, PORT_NAMES)
        self.database, self.queue = Postgres(self.places, keys), Valkey(self.places, keys)
        supervisor = Supervisor(self.places, port=ports["supervisor"], password=keys.passwords["supervisor"])
        try:
            self.say("Starting PostgreSQL, Valkey and the local ID-porten")
            providers = self._install(ports)
            environment = self._environment(keys, ports, providers)
            supervisor.start(self._programs(environment, providers, internal_port=ports["internal"]))
            self.database.wait()
            self.queue.wait(port=ports["valkey"])
            self.database.set_up()
            users.share()  # from here on other commands may attach
            prepare(self.places, environment=environment, say=self.say)
            for provider in providers:
                write_sign_in_list(provider.people_file, staff=provider.kind == "staff")
            self.say("Starting the portal")
            for name in AFTER_PREPARATION:
                supervisor.start_program(name)
            self._wait_until_ready(supervisor)
            taken = time.monotonic() - self.begun
            self.say(f"\nReady: {self.address}   ({taken:.1f} s; Ctrl-C stops it)\n\n{table()}")
            supervisor.wait()
            log = self.places.log("supervisord")
            msg = f"The supervisor ended by itself, so everything was stopped. See {log}"
            raise EmbeddedError(msg)
        except Stopped:
            self.say("\nStopping")
        finally:
            with deaf_to_signals():
                if not supervisor.stop():
                    end_everything(self.places)
        self.say("Stopped.")

    def _install(self, ports: dict[str, int]) -> tuple[ProviderConfig, ProviderConfig]:
        self.database.install(port=ports["postgres"])
        self.queue.install(port=ports["valkey"])
        made = []
        for kind in ("idporten", "staff"):
            provider = ProviderConfig(
                kind=kind,
                port=ports[kind],
                portals=portal_addresses(self.port),
                people_file=self.places.idporten / f"{kind}-people.json",
                keys=self.places.keys,
                folder=self.places.idporten,
            )
            provider.write()
            made.append(provider)
        return made[0], made[1]

    def _environment(
        self, keys: Keys, ports: dict[str, int], providers: tuple[ProviderConfig, ProviderConfig]
    ) -> dict[str, str]:
        """Everything settings.py reads; each process gets its part."""
        kept = {name: value for name, value in os.environ.items() if name not in OWN_VARIABLES}
        return {
            **kept,
            **database_environment(self.database, port=ports["postgres"]),
            **key_environment(keys),
            **providers[0].environment(),
            **providers[1].environment(),
            "REDIS_URL": self.queue.url(port=ports["valkey"]),
            "ENVIRONMENT": "demo",
            "PUBLIC_URL": self.address,
            "STATIC_ROOT": str(self.places.static),
            "ASSETS_DIR": str(self.places.assets),
            "CELERY_BEAT_SCHEDULE_FILENAME": str(self.places.run / "celerybeat-schedule"),
            "DJANGO_SETTINGS_MODULE": "kpr_portal.settings",
            "DATA_DIR": str(self.places.root),
            MARKER: str(self.places.root),
        }

    def _programs(
        self,
        everything: dict[str, str],
        providers: tuple[ProviderConfig, ProviderConfig],
        *,
        internal_port: int,
    ) -> list[Program]:
        logins = {"OWNER_DATABASE_URL", "KEEPER_DATABASE_URL"}
        web = {**{name: value for name, value in everything.items() if name not in logins}, "KPR_ROLE": "web"}
        web["PROMETHEUS_MULTIPROC_DIR"] = str(self._metrics_folder())
        keeper = {**web, "DATABASE_URL": everything["KEEPER_DATABASE_URL"], "KPR_ROLE": "keeper"}
        keeper["KEEPER_DATABASE_URL"] = keeper["DATABASE_URL"]
        celery = (sys.executable, "-m", "celery", "-A", "kpr_portal")
        work = (*celery, "worker", "--loglevel=INFO", "--without-gossip", "--without-mingle")
        serve = (sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1")
        granian = (
            *(*serve, "kpr_portal.wsgi:application", "--port", str(self.port)),
            *("--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS)),
            *("--respawn-failed-workers", "--no-ws", "--workers-kill-timeout", "5s"),
        )
        internal = (*serve, "kpr_portal.internal:application", "--port", str(internal_port), "--no-ws")
        return [
            Program(
                "postgres",
                self.database.command(),
                10,
                user=self.database.user,
                stop_signal="INT",
                stop_seconds=30,
            ),
            Program("valkey", self.queue.command(), 10),
            Program("idporten", providers[0].command(), 20),
            Program("staff", providers[1].command(), 20),
            Program("web", granian, 30, web, at_once=False),
            Program("internal", internal, 30, web, at_once=False),
            Program("worker", (*work, "-Q", "default", "-c", "2", "-n", "worker@%h"), 30, web, at_once=False),
            Program(
                "keeper", (*work, "-Q", "keeper", "-c", "1", "-n", "keeper@%h"), 30, keeper, at_once=False
            ),
            Program("beat", (*celery, "beat", "--loglevel=INFO", "--pidfile="), 30, web, at_once=False),
        ]

    def _metrics_folder(self) -> Path:
        """Where the processes put what they count, emptied: each process has files by its number."""
        folder = self.places.run / "metrics"
        remove_tree(folder)
        folder.mkdir(mode=0o700)
        return folder

    def _wait_until_ready(self, supervisor: Supervisor) -> None:
        log = self.places.log("web")
        try:
            wait_until(self._answers, seconds=READY_SECONDS, gone=lambda: supervisor.ended, failure="")
        except EmbeddedError:
            msg = f"The portal does not answer; the end of {log}:\n{tail(log, 15)}"
            raise EmbeddedError(msg) from None

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/", timeout=5).status_code < HTTPStatus.INTERNAL_SERVER_ERROR
        except requests.RequestException:
            return False


@contextmanager
def claimed(places: Places, *, port: int, say: Callable[[str], None]) -> Iterator[FileLock]:
    """DATA_DIR for this demo alone, with nothing of an earlier one still running. Raises EmbeddedError.

    Gives the lock of those who use the servers, held alone: no other command gets in until it is shared.
    """
    places.make()
    note = places.run / "demo.json"
    demo = FileLock(places.run / "demo.lock")
    users = FileLock(places.run / "users.lock")
    try:
        if not gets_alone(demo):
            where = f" at http://127.0.0.1:{json.loads(note.read_text())['port']}" if note.exists() else ""
            msg = f"A demo already runs on {places.root}{where}. Stop it, or choose another DATA_DIR."
            raise EmbeddedError(msg)
        write_private(note, json.dumps({"port": port}))
        users.alone_or_wait(lambda: say("Waiting for another command on the same data to end"))
        if left_behind(places):
            say("Ending what an earlier run left behind")
            end_everything(places)
        yield users
    finally:
        users.close()
        demo.close()


def gets_alone(lock: FileLock) -> bool:
    """Try for a moment: others look at this lock by taking it for an instant."""
    deadline = time.monotonic() + LOCK_SECONDS
    while not lock.try_alone():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def end_everything(places: Places) -> None:
    """End every process of this DATA_DIR: the supervisor first, or it would start the others again."""
    keys = have_keys(places)
    processes = left_behind(places)
    supervisors = [
        process for process in processes if "supervisor.supervisord" in " ".join(process.cmdline())
    ]
    for process in supervisors:
        process.kill()
    Postgres(places, keys).stop()
    Valkey(places, keys).stop()
    end_all(left_behind(places), seconds=10)


def reset(places: Places) -> None:
    """Clear a DATA_DIR: its data, its keys, all. Raises EmbeddedError while a demo or a command uses it."""
    if not places.root.exists():
        return
    with claimed(places, port=0, say=print):
        for folder in places.folders:
            remove_tree(folder)
    try:
        places.root.rmdir()
    except OSError:
        return  # something in it is not ours


@contextmanager
def asked_to_stop() -> Iterator[None]:
    """Being told to end raises Stopped, wherever the program is."""

    def stop(*_: object) -> NoReturn:
        raise Stopped

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def deaf_to_signals() -> Iterator[None]:
    """Stopping takes a few seconds, and being told twice does not make it shorter."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
