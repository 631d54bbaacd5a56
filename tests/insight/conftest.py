from collections.abc import Callable
from pathlib import Path

import pytest

from insight.ingest.report import Report
from insight.operations import ingest_file


@pytest.fixture
def taken_in(tmp_path: Path) -> Callable[..., Report]:
    """Write some bytes to a file and take it in."""
    count = iter(range(1_000_000))

    def take(content: bytes, name: str = "melding") -> Report:
        path = tmp_path / f"{name}-{next(count)}"
        path.write_bytes(content)
        return ingest_file(path)

    return take
