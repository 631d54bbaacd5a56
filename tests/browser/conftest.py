"""Journeys: the portal on a port of its own, at the address where the local ID-porten is too.

Browsers tell `localhost` from `127.0.0.1`: to one, cookies of the other are a stranger's.
"""

from collections.abc import Iterator

import pytest
from pytest_django.live_server_helper import LiveServer


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    server = LiveServer("127.0.0.1")
    yield server
    server.stop()
