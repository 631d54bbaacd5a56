"""What every test stands on."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from tests.support.leaks import watching

pytest_plugins = ["tests.support.browser"]


@pytest.fixture(autouse=True)
def _begin_in_bokmal() -> Iterator[None]:
    """Django leaves the language of the last request in the thread: no test inherits it."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _no_number_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """No national identity number in any log line, address or task argument of the whole run."""
    with watching() as watcher:
        yield
    if request.node.get_closest_marker("speaks_numbers") is None:
        assert watcher.seen == []


@contextmanager
def database_role(role: str) -> Iterator[None]:
    """Speak to the database as `web` or `keeper` instead of as its owner."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.DATABASE_NAMES[role]}")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")


@pytest.fixture
def as_web(db: None) -> Iterator[None]:
    """The rest of the test has the rights of the web role, and no others."""
    with database_role("web"):
        yield


@pytest.fixture
def as_keeper(db: None) -> Iterator[None]:
    """The rest of the test has the rights of the keeper."""
    with database_role("keeper"):
        yield
