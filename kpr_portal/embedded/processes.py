"""Server processes: start one apart from its caller, wait for it, stop it, find what was left behind."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import psutil

from kpr_portal.embedded.places import MARKER, EmbeddedError, Places

PAUSE = 0.02
KILL_SECONDS = 5
# Servers started here may outlive their starter; until then they are its children, and are kept in view.
_started: list[subprocess.Popen[bytes]] = []


def never() -> bool:
    return False


def start_apart(
    command: list[str], *, places: Places, log: Path, user: str | None = None
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, so that Ctrl-C in the terminal does not reach it."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=places.environment,
            cwd="/",
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )
    _started.append(process)
    return process


def wait_until(
    ready: Callable[[], bool],
    *,
    seconds: float,
    failure: str,
    gone: Callable[[], bool] = never,
) -> None:
    """Wait until `ready`. Raises EmbeddedError with `failure` when time is up or the process is `gone`."""
    deadline = time.monotonic() + seconds
    while not ready():
        if gone() or time.monotonic() > deadline:
            raise EmbeddedError(failure)
        time.sleep(PAUSE)


def tail(log: Path, lines: int = 5) -> str:
    """The last lines of a log, for a message."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def alive(pid: int) -> psutil.Process | None:
    """The process, unless it is gone or only waits to be reaped."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process
    except psutil.NoSuchProcess:
        return None


def is_zombie(pid: int) -> bool:
    """Whether this process has ended and only waits to be reaped; children of our own are reaped now."""
    for child in _started:
        child.poll()
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def read_pid(file: Path) -> int | None:
    try:
        return int(file.read_text().split(maxsplit=1)[0])
    except (OSError, ValueError, IndexError):
        return None


def stop_process(process: psutil.Process, *, politely: signal.Signals, seconds: float) -> None:
    """Ask a process to end, and end it when it does not within the time."""
    try:
        process.send_signal(politely)
        deadline = time.monotonic() + seconds
        while alive(process.pid) and process.is_running():
            if time.monotonic() > deadline:
                process.kill()
                process.wait(5)
                break
            time.sleep(PAUSE)
    except psutil.NoSuchProcess:
        pass
    for child in _started:
        child.poll()  # where it was a child of ours, nothing of it stays


def left_behind(places: Places) -> list[psutil.Process]:
    """Processes of this DATA_DIR's servers that still run, save the caller and those above it."""
    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found = []
    for process in psutil.process_iter():
        if process.pid in own:
            continue
        try:
            # A process of another user hides its environment; one that is ending has none.
            if process.environ().get(MARKER) == str(places.root) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def end_all(processes: Iterable[psutil.Process], *, seconds: float) -> None:
    """End these processes: asked first, then made to."""
    left = list(processes)
    for number, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, KILL_SECONDS)):
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        deadline = time.monotonic() + patience
        while left and time.monotonic() < deadline:
            time.sleep(PAUSE)
            # One that only waits to be reaped has ended, however long its parent takes.
            left = [process for process in left if process.is_running() and alive(process.pid)]
