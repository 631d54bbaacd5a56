"""A journey through the portal, told step by step: `given_` what there is, `when_` I do, `then_` I see.

The steps are called from the test. Those that need the browser run in its own thread (see browser.py), so the
others may ask the database as in any test. Every page of ours that a journey passes is looked at before it is
left (journey_looks.py); the page's own policy is in force, and nothing else than the portal is asked for anything.
"""

import re
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from threading import current_thread
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Download, Error, Frame, Locator, Page, expect

from kpr_portal.people.models import Person
from kpr_portal.people.national_id import NationalId
from tests.support.browser import WIDTHS, Chromium
from tests.support.journey_looks import look
from tests.support.sign_in import sign_in

PATIENCE_MS = 30_000
INTERRUPTED, RELOADED = "net::ERR_ABORTED", "Execution context was destroyed"
FOCUSED = """() => {
    const held = document.activeElement, style = getComputedStyle(held);
    const hasRim = (one) => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) > 0;
    const field = held.closest(".ds-field");  // a radio button and its label have one rim together
    const rim = hasRim(style) || (field !== null && hasRim(getComputedStyle(field)));
    const appears = held.matches(".ds-skip-link");  // what is there only while it has the focus
    return {
        name: held.ariaLabel ?? (held.labels?.[0] ?? held).innerText.trim(),
        seen: rim || appears || style.boxShadow !== "none",
    };
}"""

Name = str | re.Pattern[str]

expect.set_options(timeout=PATIENCE_MS)
P = ParamSpec("P")
R = TypeVar("R")


def called(name: Name) -> re.Pattern[str]:
    """A name as the browser gives it: where a part is for screen readers only, it puts a space before it."""
    if isinstance(name, str):
        return re.compile("^" + re.escape(name).replace(":", r"\s?:") + "$")
    return name


def in_browser(
    step: Callable[Concatenate["Journey", P], R],
) -> Callable[Concatenate["Journey", P], R]:
    """A step that is taken in the browser's thread, whoever asks for it."""

    @wraps(step)
    def taken(self: "Journey", *args: P.args, **kwargs: P.kwargs) -> R:
        if current_thread().name.startswith("chromium"):
            return step(self, *args, **kwargs)
        return self.chromium.ask(lambda _browser: step(self, *args, **kwargs))

    return taken


class Journey:
    """One person at one browser. `scripts=False` is a browser without JavaScript."""

    def __init__(self, chromium: Chromium, portal: str, *, scripts: bool = True, **options: Any) -> None:
        self.chromium = chromium
        self.portal = portal
        self.scripts = scripts
        self._options = {"locale": "nb-NO", "viewport": {"width": WIDTHS[1], "height": 900}, **options}
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self._arrivals = self._looked = 0
        self.context: BrowserContext = chromium.ask(self._begin)
        self.page: Page = chromium.ask(lambda _browser: self._new_page())

    def _begin(self, browser: Browser) -> BrowserContext:
        context = browser.new_context(java_script_enabled=self.scripts, **self._options)
        context.set_default_timeout(PATIENCE_MS)
        return context

    def _new_page(self) -> Page:
        page = self.context.new_page()
        page.on("console", lambda said: self._hear(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("framenavigated", self._arrived)
        page.on("request", lambda request: self._ask(request.url))
        return page

    def _hear(self, kind: str, text: str) -> None:
        if "Content Security Policy" in text or (kind == "error" and "status of" not in text):
            self.complaints.append(text)

    def _arrived(self, frame: Frame) -> None:
        self._arrivals += frame is self.page.main_frame

    def _ask(self, address: str) -> None:
        host = urlsplit(address).hostname
        if host not in {"127.0.0.1", None}:
            self.strangers.append(address)

    # --- given

    def given_i_am_signed_in_as(self, who: Person | NationalId, **facts: Any) -> Person:
        """By the short way (sign_in.py): for journeys that are about something else."""
        client = Client()
        person = sign_in(client, who, **facts)
        self._take_cookie(client.cookies[settings.SESSION_COOKIE_NAME].value)
        return person

    @in_browser
    def _take_cookie(self, value: str) -> None:
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.portal, "httpOnly": True}
        self.context.add_cookies([cookie])  # type: ignore[list-item]  # the fields of SetCookieParam

    @in_browser
    def given_the_window_has_a_clock_of_its_own(self) -> None:
        """Timers of pages go by `when_time_passes_in_the_window`."""
        self.page.clock.install()

    # --- when

    @in_browser
    def when_i_open(self, path: str) -> None:
        self._look()
        address = path if "://" in path else self.portal + path
        try:
            self.page.goto(address)
        except Error as error:
            # A page that loads itself again may do so in the same moment, and win.
            if INTERRUPTED not in error.message:
                raise
            self.page.goto(address)

    @in_browser
    def when_i_follow(self, name: Name, *, within: str = "") -> None:
        self._look()
        scope = self.page.get_by_role("navigation", name=within) if within else self.page
        scope.get_by_role("link", name=called(name)).first.click()

    @in_browser
    def when_i_press(self, name: Name) -> None:
        self._look()
        self.page.get_by_role("button", name=called(name)).first.click()

    @in_browser
    def when_i_unfold(self, name: Name) -> None:
        self.page.locator("summary").filter(has_text=name).first.click()

    @in_browser
    def when_i_write(self, text: str, *, into: str) -> None:
        self.page.get_by_role("searchbox", name=into, exact=True).or_(
            self.page.get_by_role("textbox", name=into, exact=True)
        ).fill(text)

    @in_browser
    def when_i_choose(self, option: str, *, of: str) -> None:
        self.page.get_by_role("combobox", name=of, exact=True).select_option(label=option)

    @in_browser
    def when_i_mark(self, name: Name) -> None:
        self.page.get_by_role("radio", name=name, exact=True).check()

    @in_browser
    def when_i_go_back(self) -> None:
        self._look()
        self.page.go_back()

    @in_browser
    def when_i_load_the_page_again(self) -> None:
        self.page.reload()

    @in_browser
    def when_time_passes_in_the_window(self, *, minutes: float) -> None:
        self.page.clock.fast_forward(int(minutes * 60_000))

    @in_browser
    def when_i_tab_to(self, name: Name, *, at_most: int = 60) -> None:
        """Press Tab until what has the focus is called this; whatever gets focus on the way shows it."""
        self._look()
        passed = []
        for _ in range(at_most):
            self.page.keyboard.press("Tab")
            held = self.page.evaluate(FOCUSED)
            assert held["seen"], f"No visible focus on {held['name']!r}"
            if called(name).search(held["name"]):
                return
            passed.append(held["name"])
        msg = f"{name!r} is not among {passed}"
        raise AssertionError(msg)

    @in_browser
    def when_i_press_the_key(self, key: str) -> None:
        self._look()
        self.page.keyboard.press(key)

    @in_browser
    def when_i_fetch(self, name: Name) -> bytes:
        """What lies behind a link, as the browser would save it."""
        self._look()
        link = self.page.get_by_role("link", name=called(name))
        answer = self.context.request.get(self.portal + (link.get_attribute("href") or ""))
        assert answer.status == 200, answer.status_text
        return answer.body()

    @in_browser
    def when_i_download(self, name: Name) -> tuple[str, bytes]:
        """The name and the content of the file behind a download link."""
        self._look()
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=called(name)).click()
        file: Download = waiting.value
        return file.suggested_filename, Path(file.path()).read_bytes()

    # --- then

    @in_browser
    def then_the_page_is(self, heading: str) -> None:
        """The one main heading reads so, and it is the page's title too."""
        expect(self.page.locator("h1")).to_have_text(heading)
        self._look()

    @in_browser
    def then_i_read(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)

    @in_browser
    def then_i_do_not_read(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("body")).not_to_contain_text(text)

    @in_browser
    def then_there_is_a_button(self, name: Name) -> None:
        expect(self.page.get_by_role("button", name=called(name))).to_be_visible()

    @in_browser
    def then_there_is_a_link(self, name: Name) -> None:
        expect(self.page.get_by_role("link", name=called(name)).first).to_be_visible()

    @in_browser
    def then_the_address_is(self, path: str) -> None:
        self.page.wait_for_url(self.portal + path)

    @in_browser
    def then_the_rows_are(self, rows: Sequence[Sequence[str]]) -> None:
        """The cells of the page's first table, row by row."""
        found = self.page.locator("tbody").first.locator("tr").all()
        assert [self._cells(row) for row in found] == [list(row) for row in rows]

    @in_browser
    def then_nothing_was_wrong_on_the_way(self) -> None:
        self._look()
        assert (self.complaints, self.strangers) == ([], [])

    # --- looking

    @in_browser
    def rows(self) -> list[list[str]]:
        return [self._cells(row) for row in self.page.locator("tbody").first.locator("tr").all()]

    @in_browser
    def path(self) -> str:
        parts = urlsplit(self.page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @in_browser
    def ask(self, question: Callable[[Page], R]) -> R:
        return question(self.page)

    @staticmethod
    def _cells(row: Locator) -> list[str]:
        return [" ".join(cell.split()) for cell in row.locator("th, td").all_inner_texts()]

    def _look(self) -> None:
        """Look at the page one is on, unless that has been done."""
        if self._looked == self._arrivals or not self.page.url.startswith("http"):
            return
        for is_last in (False, True):
            self.page.wait_for_load_state("load")
            self._looked = self._arrivals
            try:
                look(self.page, scripts=self.scripts, kind=str(self._options))
            except Error as error:
                # A page that loads itself again may do so while it is looked at: then the new one is.
                if is_last or RELOADED not in error.message:
                    raise
            else:
                return

    @in_browser
    def end(self) -> None:
        self.context.close()
