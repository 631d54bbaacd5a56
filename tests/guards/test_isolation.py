"""Tests stay out of each other's way, in any order and beside each other."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
# The portal's own Celery app keeps its connections: turned to another broker it goes on with that one.
TURNED = re.compile(r"current_app\.conf\.\w+(, \w+)? =")
# Refused look-ups outlive the test that made them: a test asks for those of its own people.
EVERYBODYS = re.compile(r"AccessLogEntry\.objects\.(all|order_by|count|exists|first|last|latest)\(")


def found(pattern):
    here = Path(__file__)
    return [
        path.name for path in TESTS.rglob("*.py") if path != here and pattern.search(path.read_text("utf-8"))
    ]


def test_no_test_turns_the_portals_own_queue():
    assert found(TURNED) == []


def test_no_test_reads_everybodys_access_log():
    assert found(EVERYBODYS) == []
