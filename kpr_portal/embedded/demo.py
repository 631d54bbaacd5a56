"""`make run`: everything the portal needs, started together, watched, and stopped together."""

import json
import os
import sys
import time
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote_plus

import requests

from kpr_portal.embedded.claims import Stopped, asked_to_stop, claimed, deaf_to_signals, end_everything
from kpr_portal.embedded.idporten import ProviderConfig, answers, portal_addresses
from kpr_portal.embedded.keys import Keys, have_keys
from kpr_portal.embedded.locks import FileLock
from kpr_portal.embedded.places import (
    BASE_DIR,
    MARKER,
    EmbeddedError,
    Places,
    default_data_dir,
    port_is_free,
    remembered_ports,
    remove_tree,
)
from kpr_portal.embedded.postgres import Postgres
from kpr_portal.embedded.prepare import MANAGE, prepare
from kpr_portal.embedded.processes import tail, wait_until
from kpr_portal.embedded.servers import database_environment, key_environment
from kpr_portal.embedded.supervise import Program, Supervisor
from kpr_portal.embedded.valkey import Valkey
from reservations.postal.blank_inputs import are_made, fingerprint

DEFAULT_PORT = 8000  # the one whose cookies have plain names (settings.DEMOS_OWN)
HIGHEST_PORT = 65535
WEB_WORKERS = 2
WEB_THREADS = 16  # more than PRESSURE_REQUESTS, so that the choice pages find some free
READY_SECONDS = 60
PORT_NAMES = ("postgres", "valkey", "idporten", "staff", "supervisor", "internal")
# Never handed on to the processes of a demo: each gets those it needs from here.
OWN_VARIABLES = {"DATABASE_URL", "OWNER_DATABASE_URL", "KEEPER_DATABASE_URL", "REDIS_URL", "KPR_ROLE"}
# Each needs as long as the pages to start, and those do not wait for it. Somebody may wait for a form already.
AFTER_THE_PORTAL = ("forms", "worker", "keeper", "beat", "internal")
BLANK_FORMS = "blank-forms"


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
            self.say("Starting the portal")
            supervisor.start_program("web")
            self._wait_until_ready(supervisor, providers)
            for name in AFTER_THE_PORTAL:
                supervisor.start_program(name)
            if not are_made(self.places.blank_forms, of=fingerprint(environment, root=BASE_DIR)):
                self.say("Making the blank paper forms, while the portal is there already")
                supervisor.start_program(BLANK_FORMS)
            taken = time.monotonic() - self.begun
            self.say(f"\nReady: {self.address}   ({taken:.1f} s; Ctrl-C stops it)\n")
            self.say(table([provider.people_file for provider in providers]))
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
            "EMAIL_URL": f"filemail:///{quote_plus(str(self.places.mail))}",
            "STATIC_ROOT": str(self.places.static),
            "BLANK_FORMS_DIR": str(self.places.blank_forms),
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
        internal = (
            *(*serve, "kpr_portal.internal:application", "--port", str(internal_port)),
            *("--blocking-threads", "2", "--no-ws"),
        )
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
            Program("forms", (*work, "-Q", "forms", "-c", "1", "-n", "forms@%h"), 30, web, at_once=False),
            Program(
                "keeper", (*work, "-Q", "keeper", "-c", "1", "-n", "keeper@%h"), 30, keeper, at_once=False
            ),
            Program("beat", (*celery, "beat", "--loglevel=INFO", "--pidfile="), 30, web, at_once=False),
            Program(BLANK_FORMS, (*MANAGE, "make_blank_forms"), 30, web, at_once=False, once=True),
        ]

    def _metrics_folder(self) -> Path:
        """Where the processes put what they count, emptied: each process has files by its number."""
        folder = self.places.run / "metrics"
        remove_tree(folder)
        folder.mkdir(mode=0o700)
        return folder

    def _wait_until_ready(self, supervisor: Supervisor, providers: Sequence[ProviderConfig]) -> None:
        def ready() -> bool:
            return self._answers() and all(answers(provider) for provider in providers)

        log = self.places.log("web")
        try:
            wait_until(ready, seconds=READY_SECONDS, gone=lambda: supervisor.ended, failure="")
        except EmbeddedError:
            msg = f"The portal does not answer; the end of {log}:\n{tail(log, 15)}"
            raise EmbeddedError(msg) from None

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/", timeout=5).status_code < HTTPStatus.INTERNAL_SERVER_ERROR
        except requests.RequestException:
            return False


def table(files: Sequence[Path]) -> str:
    """Whom one can sign in as, as lines to print."""
    people = [one for file in files if file.exists() for one in json.loads(file.read_text())]
    width = max((len(one["name"]) for one in people), default=0)
    lines = [f"  {one['number']}  {one['name']:<{width}}  {one['about']}" for one in people]
    return "\n".join(["You can sign in as these, and choose them in a list:", *lines])


def main() -> None:
    """Run the demo that the environment describes: DATA_DIR and PORT. Raises EmbeddedError."""
    port = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not port.isdecimal() or not 0 < int(port) <= HIGHEST_PORT:
        msg = f"PORT is a number between 1 and {HIGHEST_PORT}, not {port}."
        raise EmbeddedError(msg)
    Demo(Places(default_data_dir()), port=int(port)).run()
