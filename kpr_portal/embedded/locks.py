"""File locks by which commands agree on who starts the servers and who turns off the light.

`users.lock`  held shared by everyone who uses the servers; who gets it alone may stop them
`start.lock`  held alone while looking, starting or stopping
`demo.lock`   held alone by `make run` for as long as it runs

The kernel drops a lock with its holder, however that ends, so none is ever left behind.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

PAUSE = 0.05


class FileLock:
    """One open lock file. Not inherited by programs that its holder starts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def share(self) -> Self:
        """Hold it together with others; waits for one who holds it alone."""
        fcntl.flock(self._file, fcntl.LOCK_SH)
        return self

    def alone(self) -> Self:
        """Hold it alone; waits for all others."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        return self

    def try_alone(self) -> bool:
        """Hold it alone if nobody else holds it. What was held before is let go either way."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def alone_or_wait(self, on_wait: Callable[[], None]) -> Self:
        """Hold it alone; `on_wait` is called once where others must be waited for."""
        if not self.try_alone():
            on_wait()
            while not self.try_alone():
                time.sleep(PAUSE)
        return self

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


@contextmanager
def held_alone(path: Path) -> Iterator[None]:
    lock = FileLock(path).alone()
    try:
        yield
    finally:
        lock.close()


def is_held(path: Path) -> bool:
    """Whether somebody holds this lock."""
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        return not lock.try_alone()
    finally:
        lock.close()
