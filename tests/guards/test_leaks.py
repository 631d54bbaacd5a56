"""The watcher that reads the whole test run sees what it should."""

import logging

import pytest
import structlog
from celery import current_app

from tests.support.leaks import numbers_in, watching

NUMBER = "01819012365"

pytestmark = pytest.mark.speaks_numbers


def test_numbers_are_found_in_text_and_not_told():
    found = numbers_in(f"a {NUMBER} b {NUMBER[:6]} {NUMBER[6:]} c 12345678901 d 1{NUMBER} e-{NUMBER}")

    assert found == ["01...65", "01...65", "01...65"]


def test_watcher_sees_logs_addresses_and_tasks(client, db):
    with watching() as watcher:
        logging.getLogger("x").warning("someone is %s", NUMBER)
        structlog.get_logger("y").warning("event", person=NUMBER)
        client.get("/robots.txt", {"q": NUMBER})
        current_app.send_task("notices.sweep", kwargs={"owed_id": NUMBER})

    assert {where.split()[0] for where, _ in watcher.seen} == {"log", "address", "task"}


def test_watcher_is_silent_about_the_rest(client, db):
    with watching() as watcher:
        logging.getLogger("x").warning("12345678901 and 2026-11-21T22:43:41.123456789")
        client.get("/robots.txt")

    assert watcher.seen == []
