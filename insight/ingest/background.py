"""Reading a file in one thread while the database works for another."""

import gc
import queue
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

PIECE = 2_000
AHEAD = 2
PATIENCE_SECONDS = 0.5
# Whoever serves the database goes on when it can take more, not when the reader's turn of 5 ms (Python's own)
# is over: COPY of one batch asks for more a hundred times.
TURN_SECONDS = 0.0001

Found = list[Any] | BaseException | None


def read_ahead(items: Iterator[Any], *, size: int) -> Iterator[list[Any]]:
    """Give the items in lists of at most this size, and read on meanwhile. Raises what reading raises.

    A list holds what has been read when it is asked for: little at first, so that nobody waits for much to
    be read, and more where the file is read faster than it is taken in. Never more than a few lists are in
    memory, however long the file is.
    """
    piece = min(PIECE, size)
    ready: queue.Queue[Found] = queue.Queue(maxsize=AHEAD * size // piece)
    stopped = threading.Event()

    def put(found: Found) -> None:
        while not stopped.is_set():
            try:
                return ready.put(found, timeout=PATIENCE_SECONDS)
            except queue.Full:
                continue
        return None

    def read() -> None:
        try:
            while not stopped.is_set() and (found := list(islice(items, piece))):
                put(found)
            put(None)
        except BaseException as error:  # noqa: BLE001 -- raised again in the other thread
            put(error)

    thread = threading.Thread(target=read, name="insight-read-ahead", daemon=True)
    with _undisturbed():
        thread.start()
        try:
            yield from _gathered(ready, most=size // piece)
        finally:
            stopped.set()
            thread.join()


def _gathered(ready: "queue.Queue[Found]", *, most: int) -> Iterator[list[Any]]:
    """As many pieces as are ready, at most so many, until reading ends or fails."""
    while True:
        pieces: list[list[Any]] = []
        found = ready.get()
        while isinstance(found, list):
            pieces.append(found)
            if len(pieces) == most or ready.empty():
                break
            found = ready.get()
        if pieces:
            yield list(chain.from_iterable(pieces))
        if isinstance(found, BaseException):
            raise found
        if found is None:
            return


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Short turns for the threads, and no search for garbage among all that was there before."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(TURN_SECONDS)
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        sys.setswitchinterval(usual)
