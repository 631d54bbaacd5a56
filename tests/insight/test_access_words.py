"""Everything the code writes in the access log is told in words of its own."""

import re
from pathlib import Path

import pytest

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


def test_the_actions_are_found():
    assert {"insight.overview", "insight.order", "enquiries.send", "casework.block"} <= set(written())


@pytest.mark.parametrize("action", written())
def test_action_has_words_of_its_own(action):
    assert action in ACTIONS
    assert str(what_was_seen(action)).strip()
