"""Reading a file in one thread while the database works in another."""

import queue
import threading
from collections.abc import Iterator
from itertools import islice
from typing import Any

AHEAD = 2
PATIENCE_SECONDS = 0.5


def read_ahead(items: Iterator[Any], *, size: int) -> Iterator[list[Any]]:
    """Give the items in lists of this size, read up to two lists ahead. Raises what reading raises.

    Never more than a few lists are in memory, however long the file is.
    """
    ready: queue.Queue[list[Any] | BaseException | None] = queue.Queue(maxsize=AHEAD)
    stopped = threading.Event()

    def put(found: list[Any] | BaseException | None) -> None:
        while not stopped.is_set():
            try:
                return ready.put(found, timeout=PATIENCE_SECONDS)
            except queue.Full:
                continue
        return None

    def read() -> None:
        try:
            while not stopped.is_set() and (batch := list(islice(items, size))):
                put(batch)
            put(None)
        except BaseException as error:  # noqa: BLE001 -- raised again in the other thread
            put(error)

    thread = threading.Thread(target=read, name="insight-read-ahead", daemon=True)
    thread.start()
    try:
        while (found := ready.get()) is not None:
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        stopped.set()
        thread.join()
