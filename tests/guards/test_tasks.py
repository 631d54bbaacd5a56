"""Every task that is named anywhere exists, and retention is done by the keeper alone."""

import re

import pytest
from celery import current_app
from django.conf import settings

KEEPERS = {
    "audit.make_months_ahead",
    "audit.drop_old_months",
    "documents.erase_expired",
    "login.forget_kept_forms",
    "notices.forget_done",
    "notices.forget_messages",
    "people.forget_tries",
    "postal.erase_posted",
    "postal.forget_letters",
}
# Somebody waits for what they make: queues of their own, with workers of their own.
OF_OTHER_QUEUES = {"postal.make_form": {"queue": "forms"}}
# A task named in a call that owes work, wherever the call is.
OWED = re.compile(r"\bowe\(\s*\"([a-z_.]+)\"")
CONSTANT = re.compile(r"\bowe\(\s*([A-Z_]+)\b")


@pytest.fixture(scope="module")
def registered():
    current_app.loader.import_default_modules()
    return set(current_app.tasks)


def owed_names():
    """The names given to `owe` in the code, as text or as a constant of the same module."""
    for folder in ("kpr_portal", "reservations", "insight"):
        for file in sorted((settings.BASE_DIR / folder).rglob("*.py")):
            source = file.read_text()
            for name in OWED.findall(source):
                yield name, file
            for constant in CONSTANT.findall(source):
                (value,) = re.findall(rf"^{constant}(?:: \w+)? = \"([a-z_.]+)\"", source, re.MULTILINE)
                yield value, file


def test_every_task_of_beat_is_registered(registered):
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert scheduled - registered == set()


def test_every_routed_task_is_registered(registered):
    assert set(settings.CELERY_TASK_ROUTES) - registered == set()


def test_every_owed_task_is_registered_and_something_is_owed(registered):
    names = dict(owed_names())

    assert {name: file for name, file in names.items() if name not in registered} == {}
    assert "reservations.make_receipt" in names


def test_retention_and_nothing_else_is_the_keepers():
    routes = {task: {"queue": "keeper"} for task in KEEPERS}

    assert routes | OF_OTHER_QUEUES == settings.CELERY_TASK_ROUTES


def test_all_retention_is_due_by_itself():
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert {*KEEPERS, "login.end_sessions_long_over"} - scheduled == set()
