"""supervisord over the processes of a demo: started, watched and stopped together."""

import json
import subprocess
import sys
import xmlrpc.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from kpr_portal.embedded.places import BASE_DIR, EmbeddedError, Places, runs_as_root, write_private
from kpr_portal.embedded.processes import start_apart, tail, wait_until

STOP_SECONDS = 45
LAUNCH = BASE_DIR / "kpr_portal" / "embedded" / "launch.py"

HEADER = """\
[supervisord]
nodaemon = true
logfile = {log}
logfile_maxbytes = 5MB
logfile_backups = 1
pidfile = {pidfile}
{user}
[inet_http_server]
port = 127.0.0.1:{port}
username = kpr
password = {password}

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""

PROGRAM = """
[program:{name}]
command = {command}
directory = {folder}
autostart = {autostart}
autorestart = {autorestart}
startsecs = {startsecs}
startretries = 1000
priority = {priority}
stopsignal = {stopsignal}
stopwaitsecs = {stopwaitsecs}
stopasgroup = false
killasgroup = true
redirect_stderr = true
stdout_logfile = {log}
stdout_logfile_maxbytes = 10MB
stdout_logfile_backups = 1
{user}"""


@dataclass(frozen=True)
class Program:
    """One process that is kept running, or with `once` runs to its end. A lower `priority` stops later.

    With an `environment` the program has that one and nothing else; without, the supervisor's, which is bare.
    """

    name: str
    command: Sequence[str]
    priority: int
    environment: Mapping[str, str] | None = None
    user: str | None = None
    stop_signal: str = "TERM"
    stop_seconds: int = 10
    at_once: bool = True
    once: bool = False


class Supervisor:
    """supervisord over the programs of one DATA_DIR."""

    def __init__(self, places: Places, *, port: int, password: str) -> None:
        self.places = places
        self.port = port
        self.password = password
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, programs: Sequence[Program]) -> None:
        """Start the supervisor and those programs that start at once. Raises EmbeddedError."""
        file = self.places.run / "supervisord.conf"
        write_private(file, self._header() + "".join(self._section(program) for program in programs))
        output = self.places.log("supervisord-output")
        process = start_apart(
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(file)], places=self.places, log=output
        )
        self.process = process
        wait_until(
            self._answers,
            seconds=20,
            gone=lambda: process.poll() is not None,
            failure=f"The supervisor does not start; the end of {output}:\n{tail(output)}",
        )

    def start_program(self, name: str) -> None:
        """Start a program that does not start at once, and do not wait for it."""
        self._server().supervisor.startProcess(name, False)

    def states(self) -> dict[str, str]:
        """Each program's state in supervisord's words: RUNNING, STARTING, BACKOFF, FATAL ..."""
        known = self._server().supervisor.getAllProcessInfo()
        return {one["name"]: one["statename"] for one in cast("list[dict[str, str]]", known)}

    def wait(self, *, seconds: float | None = None) -> bool:
        """Wait until the supervisor ends; whether it did within the time."""
        if self.process is None:
            return True
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    @property
    def ended(self) -> bool:
        """Whether the supervisor was started and runs no more."""
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> bool:
        """Stop every program, last started first, then the supervisor; whether all went in good order."""
        if self.process is None or self.process.poll() is not None:
            return False
        self.process.terminate()
        return self.wait(seconds=STOP_SECONDS)

    def _server(self) -> xmlrpc.client.ServerProxy:
        return xmlrpc.client.ServerProxy(f"http://kpr:{self.password}@127.0.0.1:{self.port}/RPC2")

    def _answers(self) -> bool:
        try:
            return bool(self._server().supervisor.getPID())
        except (OSError, xmlrpc.client.Error):
            return False

    def _header(self) -> str:
        return HEADER.format(
            log=written(self.places.log("supervisord")),
            pidfile=written(self.places.run / "supervisord.pid"),
            user="user = root\n" if runs_as_root() else "",
            port=self.port,
            password=self.password,
        )

    def _section(self, program: Program) -> str:
        command = list(program.command)
        if program.environment is not None:
            file = self.places.run / f"{program.name}.json"
            write_private(file, json.dumps({"command": command, "environment": dict(program.environment)}))
            command = [sys.executable, "-I", str(LAUNCH), str(file)]
        return PROGRAM.format(
            name=program.name,
            command=" ".join(quoted(word) for word in command),
            folder=written(BASE_DIR if program.user is None else Path("/")),
            autostart="true" if program.at_once else "false",
            autorestart="false" if program.once else "true",
            startsecs=0 if program.once else 1,
            priority=program.priority,
            stopsignal=program.stop_signal,
            stopwaitsecs=program.stop_seconds,
            log=written(self.places.log(program.name)),
            user=f"user = {program.user}\n" if program.user else "",
        )


def written(value: object) -> str:
    """A value as supervisord's configuration wants it: a percent sign begins an expansion there."""
    text = str(value)
    if ";" in text or "\n" in text:
        msg = f"A path with a semicolon or a line break cannot be used: {text}"
        raise EmbeddedError(msg)
    return text.replace("%", "%%")


def quoted(word: str) -> str:
    """A word of a command; supervisord splits it as a shell would."""
    return '"' + written(word).replace("\\", "\\\\").replace('"', '\\"') + '"'
