"""Looking at a page that a journey passes: axe, and whether all of it is seen at 320 and at 1280 pixels.

320 pixels is what a window of 1280 has at 400 % zoom. With JOURNEY_PICTURES=folder in the environment each
page is also kept there as a picture.
"""

import os
import re
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.support.browser import ROOT, RULES, WIDTHS, scrolls_sideways

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8")
PICTURES = os.environ.get("JOURNEY_PICTURES", "")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
# What is too wide for a box that shows nothing outside itself; boxes of a pixel are for screen readers.
CUT_OFF = """() => [...document.body.querySelectorAll("*")].filter(
    (one) => one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1
        && ["hidden", "clip"].includes(getComputedStyle(one).overflowX),
).map((one) => one.outerHTML.slice(0, 120))"""

_number = count(1)
_seen: set[tuple[str, str]] = set()


def look(page: Page, *, scripts: bool, kind: str) -> None:
    """Nothing is wrong with the page in this kind of browser. What has been seen so already is well."""
    seen = (TOKEN.sub("", page.content()), kind)
    if seen in _seen:
        return
    wrong = violations(page) if scripts else []  # axe is a script
    told = told_as_wrong(page)
    before = page.viewport_size or {"width": WIDTHS[1], "height": 900}
    too_wide = [at(page, width) for width in WIDTHS]
    page.set_viewport_size(before)
    assert (page.url, wrong, told, too_wide) == (page.url, [], [], [(0, []), (0, [])])
    _seen.add(seen)


def told_as_wrong(page: Page) -> list[str]:
    """The fields that the browser tells a screen reader are wrong, though the page says nothing of it."""
    tree = page.context.new_cdp_session(page)
    nodes = tree.send("Accessibility.getFullAXTree")["nodes"]
    tree.detach()
    wrong = [
        node["name"]["value"]
        for node in nodes
        for one in node.get("properties", [])
        if one["name"] == "invalid" and one["value"]["value"] != "false"
    ]
    return [] if len(wrong) == page.locator("[aria-invalid=true]").count() else wrong


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """As browser.violations, in a page whose own policy is in force."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found["violations"]]


def at(page: Page, width: int) -> tuple[int, list[str]]:
    """By how much a window of this width scrolls sideways, and what is cut off at the edge of its box."""
    page.set_viewport_size({"width": width, "height": 900})
    if PICTURES:
        name = re.sub(r"[^a-z0-9]+", "-", urlsplit(page.url).path.lower()).strip("-")[:60] or "front"
        kind = "narrow" if width == WIDTHS[0] else "wide"
        page.screenshot(path=Path(PICTURES) / f"{next(_number):03}-{name}-{kind}.png", full_page=True)
    return scrolls_sideways(page), page.evaluate(CUT_OFF)
