from collections.abc import Iterator

import pytest

from tests.reservations.postal.filling import Visitor, clear_the_line


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
