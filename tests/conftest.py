"""What every test stands on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from celery import Celery, current_app
from django.conf import settings
from django.db import connection
from django.utils import translation

from kpr_portal.ui.queries import current_notices
from tests.support.leaks import watching

pytest_plugins = ["tests.support.browser", "tests.support.mail"]


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


@pytest.fixture
def django_assert_num_queries(django_assert_num_queries: Any, db: None) -> Any:
    """What a process asks for twice a minute is known before the queries of a page are counted."""
    current_notices(settings.LANGUAGE_CODE)
    return django_assert_num_queries


@pytest.fixture
def queue_gone() -> Iterator[None]:
    """A Celery app whose broker nobody answers for, in the place of the portal's own.

    The portal's app is left alone: it keeps its connections, and would go on with the lost one's.
    """
    portal = current_app._get_current_object()
    Celery("lost", broker="redis://127.0.0.1:1/0", set_as_current=True).conf.update(
        broker_transport_options=portal.conf.broker_transport_options
    )
    yield
    portal.set_current()


@contextmanager
def database_role(role: str) -> Iterator[None]:
    """Speak to the database as `web`, `keeper` or `owner` for a while, then as whom it was before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        (before,) = cursor.fetchone()
        cursor.execute(f"SET ROLE {settings.DATABASE_NAMES[role]}")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"SET ROLE {before}")


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
