"""Pages against the floor, and pages of people with much and little in small and huge registers."""

import re
import time
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import urlencode

from django.db import connection

from bench.load import Browser, Measured, drive, in_turns, together
from bench.people import persons, signed_in
from bench.server import web_server, worker
from bench.table import Row
from kpr_portal.notices.queries import not_done
from kpr_portal.people.models import Person
from reservations import catalogue

BROWSERS = 4
ROUNDS, SECONDS = 6, 2.0
LITTLE, MUCH = 10, 5_000
SMALL, HUGE = 100_000, 10_000_000
OF_FLOOR, OF_SMALL = 0.5, 1.5
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
SECTION = "fastlege-og-legevakt"
PAGES = {
    "/innsyn/": "/innsyn/",
    "the record list": f"/innsyn/kilde/{SECTION}/",
    "/reservasjon/": "/reservasjon/",
}


def fill(person_ids: list[int], *, each: int) -> None:
    """Give each of these persons so many claims, written straight into the table."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO insight_provider (organisation_number, name, municipality)
            VALUES ('999999999', 'Rolig legesenter', '0301') ON CONFLICT DO NOTHING
            """
        )
        cursor.execute("SELECT id FROM insight_provider LIMIT 1")
        (provider,) = cursor.fetchone()
        cursor.execute(
            """
            INSERT INTO insight_record (
                identity, source, section, status, reported_at, sequence, person_id, event_date,
                provider_id, sensitive, variables, number, current
            )
            SELECT gen_random_uuid(), 'kuhr', %s, 'N', now(), '1', p, date '2017-01-01' + (n * 7919 %% 3500),
                   %s, false, '{"practice_type": "FALE", "tariffs": ["2ad"], "diagnoses": ["R74"]}', n, true
            FROM unnest(%s::int[]) AS p, generate_series(1, %s) AS n
            """,
            [SECTION, provider, person_ids, each],
        )
        cursor.execute("SELECT count(*) FROM insight_record")


def fill_up_to(rows: int) -> None:
    """Other people's claims, until the register holds so many rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM insight_record")
        (there,) = cursor.fetchone()
    others = [p.pk for p in persons(2_000, seed=7)]
    while there < rows:
        each = min(100, max(1, (rows - there) // len(others)))
        fill(others, each=each)
        there += each * len(others)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE insight_record")


def get(path: str) -> Callable[[Browser, int], None]:
    def one(browser: Browser, _turn: int) -> None:
        status, _, _ = browser.send("GET", path)
        if status != 200:
            msg = f"{path} answered {status}"
            raise RuntimeError(msg)

    return one


class Choosing:
    """Browsers that place and lift in turn, each for its own person; only the sending is measured."""

    def __init__(self, browsers: list[Browser]) -> None:
        self.kind = catalogue.entries()[0].code
        self.forms = {id(b): [self._form(b, action) for action in ("reserver", "opphev")] for b in browsers}
        self.turns = dict.fromkeys(self.forms, 0)

    def _form(self, browser: Browser, action: str) -> tuple[str, str]:
        path = f"/reservasjon/{self.kind}/{action}/"
        _, page, _ = browser.send("GET", path)
        hidden = {name: unescape(value) for name, value in HIDDEN.findall(page.decode())}
        if "shown" not in hidden:
            msg = f"{path} has no form"
            raise RuntimeError(msg)
        return path, urlencode(hidden)

    def __call__(self, browser: Browser, _turn: int) -> None:
        path, body = self.forms[id(browser)][self.turns[id(browser)] % 2]
        self.turns[id(browser)] += 1
        status, _, where = browser.send("POST", path, body=body, headers={"Referer": browser.base})
        if status != 302 or "/kvittering/" not in where:
            msg = f"{path} answered {status}"
            raise RuntimeError(msg)


def with_csrf(browser: Browser) -> Browser:
    """The browser with the cookie that its forms are checked against."""
    from django.conf import settings  # noqa: PLC0415 -- after set-up
    from django.middleware.csrf import _get_new_csrf_string  # noqa: PLC0415 -- the same

    browser.cookies[settings.CSRF_COOKIE_NAME] = _get_new_csrf_string()
    return browser


def against_the_floor() -> Iterator[Row]:
    """Every page that people use, against the floor in the same process; placing without a worker."""
    people = persons(BROWSERS, seed=3)
    fill([p.pk for p in people], each=200)
    with web_server() as base:
        browsers = [with_csrf(signed_in(p, base=base)) for p in people]
        choosing = Choosing(browsers)
        ones = {"floor": get("/floor/"), **{name: get(path) for name, path in PAGES.items()}}
        parts = list(in_turns({**ones, "placing": choosing}, browsers, rounds=ROUNDS, seconds=SECONDS))
    whole = {name: together([part[name] for part in parts]) for name in parts[0]}
    yield Row("the floor", None, str(whole["floor"]))
    for name in (*PAGES, "placing"):
        label = "placing or lifting, worker paused" if name == "placing" else name
        yield Row(
            label, whole[name].rate / whole["floor"].rate, f"{whole[name]} of the floor", at_least=OF_FLOOR
        )
    yield receipts()


def receipts() -> Row:
    """How long one worker takes over the receipts that were owed meanwhile."""
    backlog = not_done().count()
    start = time.perf_counter()
    with worker():
        while (left := not_done().count()) > backlog * 0.02 and time.perf_counter() - start < 120:
            time.sleep(0.5)
    seconds = time.perf_counter() - start
    made = backlog - left
    return Row(
        "receipts, one worker",
        None,
        f"{made / seconds:.0f}/s, {made} of {backlog} owed made in {seconds:.0f} s",
    )


def by_size() -> Iterator[Row]:
    """The same pages for little and much data, in a small and a huge register, turn by turn."""
    little, much = persons(2, seed=5)
    fill([little.pk], each=LITTLE)
    fill([much.pk], each=MUCH)
    slow: dict[int, dict[str, Measured]] = {}
    with web_server() as base:
        for size in (SMALL, HUGE):
            fill_up_to(size)
            slow[size] = _of_both(little, much, base=base)
    for name in PAGES:
        few, many = slow[SMALL][f"{name} {LITTLE}"], slow[SMALL][f"{name} {MUCH}"]
        yield _p95(f"{name}: {MUCH} records against {LITTLE}", many, few)
    for name in PAGES:
        small, huge = slow[SMALL][f"{name} {MUCH}"], slow[HUGE][f"{name} {MUCH}"]
        yield _p95(f"{name}: {HUGE:,} rows against {SMALL:,}", huge, small)


def _of_both(little: Person, much: Person, *, base: str) -> dict[str, Measured]:
    browsers = {LITTLE: signed_in(little, base=base), MUCH: signed_in(much, base=base)}
    parts: dict[str, list[Measured]] = {}
    for number in range(ROUNDS + 1):
        for name, path in PAGES.items():
            for records, browser in browsers.items():
                measured = drive(get(path), [browser], seconds=SECONDS / 2)
                if number:
                    parts.setdefault(f"{name} {records}", []).append(measured)
    return {name: together(measured) for name, measured in parts.items()}


def _p95(name: str, one: Measured, other: Measured) -> Row:
    meaning = f"p95 {one.percentile(95):.1f} ms against {other.percentile(95):.1f} ms"
    return Row(name, one.percentile(95) / other.percentile(95), meaning, at_most=OF_SMALL)
