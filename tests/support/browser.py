"""Real Chromium looking at real pages, without a server between.

`look_at` gives a page in the browser that is answered by Django's test client, in the test's own
transaction: fast, and every fact the test made is there. Journeys that sign in and post use
pytest-django's `live_server` instead.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ORIGIN = "http://testserver"
WIDTHS = (320, 1280)
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Playwright runs an event loop in the test's thread. The pages are answered there, by the client.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's own Chromium: nothing is downloaded."""
    return {**browser_type_launch_args, "executable_path": shutil.which("chromium"), "args": ARGUMENTS}


@pytest.fixture
def look_at(browser: Browser, client: Client) -> Iterator[Callable[..., Page]]:
    """`look_at("/kontakt/", width=320)`: the page as `client` is answered, in Chromium."""
    contexts = []

    def answer(route: Route) -> None:
        address = urlsplit(route.request.url)
        if f"{address.scheme}://{address.netloc}" != ORIGIN:
            pytest.fail(f"The page asks a third party: {route.request.url}")
        if address.path.startswith("/static/"):
            file = Path(finders.find(address.path.removeprefix("/static/")))
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
            return
        response = client.get(f"{address.path}?{address.query}".rstrip("?"))
        headers = {name: value for name, value in response.items() if name != "Set-Cookie"}
        route.fulfill(status=response.status_code, headers=headers, body=response.content)

    def look(path: str, *, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, bypass_csp=True, locale="nb-NO", **options
        )
        contexts.append(context)
        context.route("**/*", answer)
        page = context.new_page()
        page.goto(ORIGIN + path, wait_until="load")
        return page

    yield look
    for context in contexts:
        context.close()


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds wrong, as (rule, the first offenders)."""
    axe = (ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8")
    page.add_script_tag(content=axe)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [(v["id"], [node["html"][:160] for node in v["nodes"][:3]]) for v in found["violations"]]


def scrolls_sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    width: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width
