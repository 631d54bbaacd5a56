"""Servers of the tests' own: real PostgreSQL and Valkey in a new folder, beside any running demo.

Loaded with `-p`, before Django reads its settings. Workers of a parallel run share the servers and
have a database each, in PostgreSQL and in Valkey.
"""

import os

import pytest

from kpr_portal.embedded.servers import Servers, start_servers

STARTED = "KPR_TESTS_HAVE_SERVERS"
_servers: Servers | None = None


def _start() -> None:
    global _servers  # noqa: PLW0603 -- one set of servers for the run
    if STARTED in os.environ:
        _take_own_queue()
        return
    _servers = start_servers()
    os.environ.update(_servers.environment)
    os.environ.update({STARTED: "1", "ENVIRONMENT": "test", "KPR_ROLE": "owner"})


def _take_own_queue() -> None:
    """A worker of a parallel run has a numbered database of Valkey to itself: clearing it clears no other's."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    address, _, _ = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{address}/{int(worker) + 1}"


_start()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers when the whole run is over; a worker leaves them to the others."""
    if _servers is not None:
        _servers.leave()
