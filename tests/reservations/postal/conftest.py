from collections.abc import Iterator
from typing import Any

import pytest

from tests.reservations.postal.filling import Visitor, clear_the_line
from tests.support.journey_servers import Queue, portal_uses
from tests.support.small_disk import MIB, SmallDisk


@pytest.fixture
def line() -> Iterator[None]:
    """The line of those who wait for a form is empty, before and after."""
    clear_the_line()
    yield
    clear_the_line()


@pytest.fixture
def visitor(client, line) -> Visitor:
    """Somebody who has not signed in."""
    return Visitor(client)


@pytest.fixture
def small_disk() -> Iterator[SmallDisk]:
    """A disk that a test fills; it has room at first."""
    with SmallDisk(8 * MIB) as disk:
        yield disk


@pytest.fixture
def own_queue(settings: Any) -> Iterator[Queue]:
    """A queue's server that is empty and nobody else's."""
    queue = Queue()
    settings.REDIS_URL = queue.url
    try:
        with portal_uses(queue):
            yield queue
    finally:
        queue.leave()
