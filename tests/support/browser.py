"""Real Chromium looking at real pages, without a server between.

Playwright runs in a thread of its own: it keeps an event loop running, and Django gives a thread
with a running loop other database connections than the test has. The test asks its client for the
page, in its own transaction, and hands the answer to the thread. Journeys that click their way
through use `live_server` instead.
"""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Browser, Page, Playwright, Route, sync_playwright

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

Seen = TypeVar("Seen")


class Chromium:
    """One browser for the whole run, in its own thread. Debian's own: nothing is downloaded."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chromium")
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    def ask(self, question: Callable[[Browser], Seen]) -> Seen:
        """The answer to a question that is put in the browser's thread."""
        return self._thread.submit(lambda: question(self._started())).result(timeout=120)

    def look(
        self,
        response: HttpResponse,
        path: str,
        see: Callable[[Page], Seen],
        *,
        width: int = 1280,
        **options: Any,
    ) -> Seen:
        """Show the answer as the page at `path`, and tell what `see` sees of it.

        The page's own files come from their sources. Whatever else it asks for fails the test.
        """
        asked: list[str] = []

        def answer(route: Route) -> None:
            address = urlsplit(route.request.url)
            ours = f"{address.scheme}://{address.netloc}" == ORIGIN
            if ours and address.path == urlsplit(path).path:
                headers = {name: value for name, value in response.items() if name != "Set-Cookie"}
                route.fulfill(status=response.status_code, headers=headers, body=response.content)
            elif ours and (found := finders.find(address.path.removeprefix("/static/"))):
                file = Path(str(found))
                route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
            else:
                asked.append(route.request.url)
                route.abort()

        def question(browser: Browser) -> Seen:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, bypass_csp=True, locale="nb-NO", **options
            )
            try:
                context.set_default_timeout(30_000)
                context.route("**/*", answer)
                page = context.new_page()
                page.goto(ORIGIN + path, wait_until="load")
                return see(page)
            finally:
                context.close()

        seen = self.ask(question)
        assert asked == []
        return seen

    def close(self) -> None:
        if self._browser is not None and self._playwright is not None:
            self._thread.submit(self._browser.close).result(timeout=60)
            self._thread.submit(self._playwright.stop).result(timeout=60)
        self._thread.shutdown()

    def _started(self) -> Browser:
        if self._browser is None:
            self._playwright = sync_playwright().start()
            self._browser = self._playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=ARGUMENTS
            )
        return self._browser


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    browser = Chromium()
    yield browser
    browser.close()


@pytest.fixture
def look_at(chromium: Chromium, client: Client) -> Callable[..., Any]:
    """`look_at("/kontakt/", violations, width=320)`: what a function sees of a page, as `client`."""

    def look(path: str, see: Callable[[Page], Seen], **options: Any) -> Seen:
        return chromium.look(client.get(path), path, see, **options)

    return look


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """For journeys with pytest-playwright's own fixtures: the same Chromium."""
    return {**browser_type_launch_args, "executable_path": shutil.which("chromium"), "args": ARGUMENTS}


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds wrong, as (rule, the first offenders)."""
    axe = (ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8")
    page.add_script_tag(content=axe)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [(v["id"], [node["html"][:160] for node in v["nodes"][:3]]) for v in found["violations"]]


def scrolls_sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def looks(page: Page) -> tuple[list[tuple[str, list[str]]], int]:
    """What is wrong by axe at both widths, and by how much it is too wide: `([], 0)` is well."""
    wrong = violations(page)
    wide = scrolls_sideways(page)
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return wrong + violations(page), max(wide, scrolls_sideways(page))
