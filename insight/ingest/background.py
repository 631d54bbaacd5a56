"""Reading a file in a process of its own, while the database works for this one.

Python lets one thread work at a time: a reading thread only gets what feeding the database leaves. Here a
thread does nothing but receive what the other process has read, so that it is at hand when it is wanted.
"""

import gc
import multiprocessing
import pickle
import queue
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain, islice
from multiprocessing.connection import Connection
from typing import Any, TypeVar

PIECE = 1_000
PATIENCE_SECONDS = 0.5
# Each line leaves a few objects until its batch is stored, none of them garbage: seldom worth a search.
NEW_OBJECTS = 100_000
WORTH_A_PROCESS = 256 * 1024  # bytes; to start one takes as long as to read some hundred lines

P = TypeVar("P")
Ready = queue.Queue[Any]  # pieces, then None where the file ends, or the exception that ended it

_fork = multiprocessing.get_context("fork")


class ReadingEnded(RuntimeError):
    """The process that read the file ended before the file did, killed for its memory perhaps.

    What was taken in before is whole. Read again, the file goes on from there.
    """


def in_lists(items: Iterator[P], *, size: int) -> Iterator[list[P]]:
    """The items in lists of at most this size."""
    return iter(lambda: list(islice(items, size)), [])


def read_ahead(items: Iterator[P], *, size: int, apart: bool) -> Iterator[list[P]]:
    """Give the items in lists of at most this size. As `pieces_ahead`."""
    piece = min(PIECE, size)
    for pieces in pieces_ahead(in_lists(items, size=piece), most=size // piece, apart=apart):
        yield list(chain.from_iterable(pieces))


def pieces_ahead(pieces: Iterator[P], *, most: int, apart: bool) -> Iterator[list[P]]:
    """Give the pieces of a file in lists of at most so many; `apart`: read on meanwhile, in another process.

    Apart, a list holds what has been read when it is asked for: little at first, so that nobody waits for
    much to be read, and more where the file is read faster than it is taken in. Never more than a few lists
    are in memory, however long the file is. Then `pieces` must use no database, and what it gives must be
    possible to pickle. Raises what reading raises, and ReadingEnded.
    """
    if not apart:
        yield from in_lists(pieces, size=most)
        return
    with _received(pieces, ahead=most) as ready:
        yield from _gathered(ready, most=most)


@contextmanager
def _received(pieces: Iterator[Any], *, ahead: int) -> Iterator[Ready]:
    """What the other process reads, at most so many pieces before they are taken."""
    receiver, sender = _fork.Pipe(duplex=False)
    ready: Ready = queue.Queue(maxsize=ahead)
    stopped = threading.Event()
    reader = _fork.Process(target=_read, args=(pieces, receiver, sender), daemon=True)
    thread = threading.Thread(target=_receive, args=(receiver, ready, stopped), daemon=True)
    with _without_searching_for_garbage():
        reader.start()
        sender.close()  # the other process alone has it now: where that ends, so does what it sends
        thread.start()
        try:
            yield ready
        finally:
            stopped.set()
            reader.kill()
            reader.join()
            thread.join()
            receiver.close()


@contextmanager
def _without_searching_for_garbage() -> Iterator[None]:
    """None among all that was there before, which two processes share until one writes in it; else seldom."""
    usual_count, *usual_rounds = gc.get_threshold()
    gc.set_threshold(NEW_OBJECTS, *usual_rounds)
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(usual_count, *usual_rounds)


def _gathered(ready: Ready, *, most: int) -> Iterator[list[Any]]:
    """As many pieces as are ready, at most so many, until reading ends or fails."""
    while True:
        pieces = []
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


def _receive(receiver: Connection, ready: Ready, stopped: threading.Event) -> None:
    found: Any = ()
    while found is not None and not isinstance(found, BaseException):
        try:
            found = receiver.recv()
        except Exception:  # noqa: BLE001 -- its end most often; whatever it is, somebody waits for an answer
            found = ReadingEnded()
        while not stopped.is_set():
            try:
                ready.put(found, timeout=PATIENCE_SECONDS)
            except queue.Full:
                continue
            break


def _read(pieces: Iterator[Any], receiver: Connection, sender: Connection) -> None:  # pragma: no cover
    """In the other process: read until the file ends, or nobody is there any more who wants it."""
    # From the keyboard it comes to both: the first process ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    receiver.close()  # the first process alone has it: where that ends, sending fails
    with suppress(BrokenPipeError):
        try:
            for piece in pieces:
                sender.send_bytes(pickle.dumps(piece, pickle.HIGHEST_PROTOCOL))
            sender.send(None)
        except Exception as error:  # noqa: BLE001 -- raised again in the first process
            sender.send(_to_be_sent(error))


def _to_be_sent(error: Exception) -> Exception:  # pragma: no cover -- as above
    """The same, or its name where it cannot be made again in the first process: that would wait for ever."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 -- our own, made on this line
    except Exception:  # noqa: BLE001 -- whatever its class does
        return RuntimeError(type(error).__name__)
    return error
