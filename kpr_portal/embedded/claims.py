"""A DATA_DIR for one demo alone, with nothing of an earlier one still running; and being asked to stop."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from kpr_portal.embedded.keys import have_keys
from kpr_portal.embedded.locks import FileLock
from kpr_portal.embedded.places import EmbeddedError, Places, remove_tree, write_private
from kpr_portal.embedded.postgres import Postgres
from kpr_portal.embedded.processes import end_all, left_behind
from kpr_portal.embedded.valkey import Valkey

LOCK_SECONDS = 1
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked for the end: Ctrl-C, SIGTERM, or a closed terminal."""


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

    before = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def deaf_to_signals() -> Iterator[None]:
    """Stopping takes a few seconds, and being told twice does not make it shorter."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
