"""Everything the code writes in the access log is told in words of its own."""

import re
from pathlib import Path

import pytest

from insight.access_reasons import BY_ACTION, GIVEN, why_it_was_seen
from insight.accesses import ACTIONS, what_was_seen

ROOT = Path(__file__).resolve().parents[2]
APPS = ("insight", "reservations", "kpr_portal")
# `log(acting, "insight.order"`, `action="casework.shield"`, `action = "insight.record"`.
NAMED = re.compile(
    r'(?:\blog\(\s*[\w.]+,\s*|\blog_access\([^"]*?|\baction\s*=\s*)"([a-z_]+\.[a-z_]+)"', re.DOTALL
)
ABOUT_NOBODY = {"reservations.import", "reservations.import_signed"}


def written():
    texts = [path.read_text("utf-8") for app in APPS for path in (ROOT / app).rglob("*.py")]
    return sorted({action for text in texts for action in NAMED.findall(text)} - ABOUT_NOBODY)


# Of staff: also where the action has a name of its own, as in `PRINTED = "casework.print_posting"`.
BY_STAFF = re.compile(r'"(casework\.[a-z_]+)"')


def written_by_staff():
    found = [BY_STAFF.findall(path.read_text("utf-8")) for path in (ROOT / "reservations").rglob("*.py")]
    return sorted({action for actions in found for action in actions})


def test_the_actions_are_found():
    assert {"insight.overview", "insight.order", "enquiries.send", "casework.block"} <= set(written())


@pytest.mark.parametrize("action", written())
def test_action_has_words_of_its_own(action):
    assert action in ACTIONS
    assert str(what_was_seen(action)).strip()


def test_the_actions_of_staff_are_found():
    assert {"casework.block", "casework.order_form", "casework.print_posting"} <= set(written_by_staff())


@pytest.mark.parametrize("action", written_by_staff())
def test_action_of_staff_has_words_and_says_why(action):
    assert action in ACTIONS
    assert str(why_it_was_seen(action, given="")).strip()


def test_every_why_is_of_an_action_that_is_written():
    assert set(BY_ACTION) == set(written_by_staff())


def test_what_was_given_comes_before_what_the_action_tells():
    given = {why_it_was_seen("casework.block", given=f"asked:{way}") for way in ("phone", "post")}

    assert given == set(GIVEN.values())
    assert why_it_was_seen("casework.block", given="Oppdrag 7") == "Oppdrag 7"
    assert why_it_was_seen("insight.record", given="") == ""
