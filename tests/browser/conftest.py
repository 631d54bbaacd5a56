"""Journeys: the portal on a port of its own, at the address where the local ID-porten is too.

Browsers tell `localhost` from `127.0.0.1`: to one, cookies of the other are a stranger's.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import Chromium
from tests.support.journey import Journey
from tests.support.journey_servers import Providers, Queue, Worker, portal_uses, signs_in_at


@pytest.fixture(scope="session")
def live_server(django_db_setup: None) -> Iterator[LiveServer]:
    server = LiveServer("127.0.0.1")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _queue() -> Iterator[Queue]:
    queue = Queue()
    yield queue
    queue.leave()


@pytest.fixture(scope="session")
def _providers(_queue: Queue, live_server: LiveServer) -> Iterator[Providers]:
    providers = Providers(_queue.places, live_server.url)
    yield providers
    providers.stop()


@pytest.fixture(scope="session")
def _worker(_queue: Queue, django_db_setup: None) -> Iterator[Worker]:
    worker = Worker(_queue)
    yield worker
    worker.kill()


@pytest.fixture
def queue(_queue: Queue, settings: Any) -> Iterator[Queue]:
    """The portal's queue and cache, which a journey may take away."""
    settings.REDIS_URL = _queue.url
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": _queue.url}}
    with portal_uses(_queue):
        yield _queue
    _queue.come_back()


@pytest.fixture
def worker(_worker: Worker, queue: Queue, transactional_db: None) -> Worker:
    """A worker at that queue."""
    _worker.start()
    return _worker


@pytest.fixture
def idporten(_providers: Providers, live_server: LiveServer, settings: Any) -> None:
    """One signs in at the local ID-porten."""
    signs_in_at(settings, [_providers.have("idporten")], live_server.url)
    cache.clear()


@pytest.fixture
def both_providers(_providers: Providers, live_server: LiveServer, settings: Any) -> None:
    """Citizens sign in at ID-porten, staff at theirs."""
    signs_in_at(settings, [_providers.have("idporten"), _providers.have("staff")], live_server.url)
    cache.clear()


@pytest.fixture
def careless_idporten(_providers: Providers, live_server: LiveServer, settings: Any) -> None:
    """An ID-porten that lets people in at a lower level than was asked for."""
    signs_in_at(settings, [_providers.have("idporten", "low_acr")], live_server.url)
    cache.clear()


@pytest.fixture
def begin(
    chromium: Chromium, live_server: LiveServer, transactional_db: None
) -> Iterator[Callable[..., Journey]]:
    """`begin()` a journey, as many as the story has people; nothing may have gone wrong on any of them."""
    journeys: list[Journey] = []

    def begin_one(**options: Any) -> Journey:
        journeys.append(Journey(chromium, live_server.url, **options))
        return journeys[-1]

    yield begin_one
    for journey in journeys:
        try:
            journey.then_nothing_was_wrong_on_the_way()
        finally:
            journey.end()


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def journey(request: pytest.FixtureRequest, begin: Callable[..., Journey]) -> Journey:
    """One browser, with JavaScript and then without."""
    return begin(scripts=request.param)


@pytest.fixture
def journey_with_scripts(begin: Callable[..., Journey]) -> Journey:
    return begin()
