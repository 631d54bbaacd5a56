"""Watches the whole test run for national identity numbers where none may be.

Every log record (before it is masked), every address asked for and every task's arguments of every
test are read. A test that gives a number on purpose, to see it refused, says so with the marker
`speaks_numbers`.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery.signals import before_task_publish
from django.core.signals import request_started

from kpr_portal.people.national_id import InvalidNationalId, NationalId

ELEVEN = re.compile(r"(?<![0-9A-Za-z.])(\d{6})[ +]?(\d{5})(?![0-9A-Za-z])")


def numbers_in(text: str) -> list[str]:
    """The valid national identity numbers in a text, shortened so that a report tells none."""
    found = []
    for first, last in ELEVEN.findall(text):
        try:
            NationalId(first + last)
        except InvalidNationalId:
            continue
        found.append(f"{first[:2]}...{last[-2:]}")
    return found


class Watcher(logging.Handler):
    """Collects where a number was seen."""

    def __init__(self) -> None:
        super().__init__(level=logging.DEBUG)
        self.seen: list[tuple[str, list[str]]] = []

    def look(self, where: str, text: str) -> None:
        if numbers := numbers_in(text):
            self.seen.append((where, numbers))

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.msg} {record.args}"
        if record.exc_info and record.exc_info[1] is not None:
            text += f" {record.exc_info[1]!r}"
        self.look(f"log {record.name}", text)

    def on_request(self, environ: dict[str, Any] | None = None, **_: Any) -> None:
        if environ:
            self.look("address", f"{environ.get('PATH_INFO', '')}?{environ.get('QUERY_STRING', '')}")

    def on_publish(self, sender: str = "", body: Any = None, **_: Any) -> None:
        self.look(f"task {sender}", repr(body))


@contextmanager
def watching() -> Iterator[Watcher]:
    """Watch for the length of a test."""
    watcher = Watcher()
    root = logging.getLogger()
    root.addHandler(watcher)
    request_started.connect(watcher.on_request)
    before_task_publish.connect(watcher.on_publish)
    try:
        yield watcher
    finally:
        root.removeHandler(watcher)
        request_started.disconnect(watcher.on_request)
        before_task_publish.disconnect(watcher.on_publish)
