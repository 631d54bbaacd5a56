"""Reading a file in one thread while the database works for another."""

import gc
import queue
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import TypeVar

PIECE = 2_000
AHEAD = 2
PATIENCE_SECONDS = 0.5
# Whoever serves the database goes on when it can take more, not when the reader's turn of 5 ms (Python's own)
# is over: COPY of one batch asks for more a hundred times.
TURN_SECONDS = 0.00002
# Each line leaves a few objects until its batch is stored, none of them garbage: seldom worth a search.
NEW_OBJECTS = 100_000

P = TypeVar("P")


def read_ahead(items: Iterator[P], *, size: int) -> Iterator[list[P]]:
    """Give the items in lists of at most this size, and read on meanwhile. As `pieces_ahead`."""
    piece = min(PIECE, size)
    lists = iter(lambda: list(islice(items, piece)), [])
    for pieces in pieces_ahead(lists, most=size // piece):
        yield list(chain.from_iterable(pieces))


def pieces_ahead(pieces: Iterator[P], *, most: int) -> Iterator[list[P]]:
    """Give the pieces of a file in lists of at most so many, and read on meanwhile. Raises what reading raises.

    A list holds what has been read when it is asked for: little at first, so that nobody waits for much to
    be read, and more where the file is read faster than it is taken in. Never more than a few lists are in
    memory, however long the file is.
    """
    ready: queue.Queue[P | BaseException | None] = queue.Queue(maxsize=AHEAD * most)
    stopped = threading.Event()

    def put(found: P | BaseException | None) -> None:
        while not stopped.is_set():
            try:
                return ready.put(found, timeout=PATIENCE_SECONDS)
            except queue.Full:
                continue
        return None

    def read() -> None:
        try:
            for piece in pieces:
                put(piece)
                if stopped.is_set():
                    return
            put(None)
        except BaseException as error:  # noqa: BLE001 -- raised again in the other thread
            put(error)

    thread = threading.Thread(target=read, name="insight-read-ahead", daemon=True)
    with _undisturbed():
        thread.start()
        try:
            yield from _gathered(ready, most=most)
        finally:
            stopped.set()
            thread.join()


def _gathered(ready: "queue.Queue[P | BaseException | None]", *, most: int) -> Iterator[list[P]]:
    """As many pieces as are ready, at most so many, until reading ends or fails."""
    while True:
        pieces: list[P] = []
        found = ready.get()
        while found is not None and not isinstance(found, BaseException):
            pieces.append(found)
            if len(pieces) == most or ready.empty():
                break
            found = ready.get()
        if pieces:
            yield pieces
        if isinstance(found, BaseException):
            raise found
        if found is None:
            return


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Short turns for the threads, a search for garbage seldom, and none among all that was there before."""
    usual_turn, (usual_count, *usual_rounds) = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(TURN_SECONDS)
    gc.set_threshold(NEW_OBJECTS, *usual_rounds)
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(usual_count, *usual_rounds)
        sys.setswitchinterval(usual_turn)
