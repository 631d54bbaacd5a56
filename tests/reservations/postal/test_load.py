"""Many forms offered to two workers: none is lost, none is made twice, and the page tells the truth of the wait.

The workers are those of the role that is shipped. At times many come at once, so that there is a line to tell of.
Some of those who wait read the waiting page, as often as it loads itself; what it said each time is held against
when their form was there.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from statistics import median
from typing import Any

import pytest
from django.conf import settings as portal
from django.test import Client

from reservations.postal import kept, order
from reservations.postal.answers import FormAnswers, Named
from reservations.postal.kept import PDF, FormKey, name_of, server
from reservations.postal.kinds import RESERVATION
from reservations.postal.order import TAKES
from reservations.postal.steps import Draft, Step
from tests.support.journey_servers import FormsWorker, Queue, portal_uses
from tests.support.numbers import synthetic_number

pytestmark = pytest.mark.django_db

# How a rendering can end: its form is there; it was for nothing, the form being there already; it went wrong.
MADE = re.compile(rb"Task postal\.make_form\[[^]]+\] succeeded in \S+: True")
IN_VAIN, WENT_WRONG = re.compile(rb"form_made_in_vain"), re.compile(rb"form_not_made")
WORKERS = 2
PATIENCE_SECONDS = 300
WARM_UP_FORMS = 6
SEEN_AGAIN_SECONDS = 0.1  # between two looks for forms that are made
OFF_BY_SECONDS, OFF_BY_FACTOR = 3.0, 1.5  # what still is the truth, of a wait
A_FEW_SECONDS = 8.0


@dataclass(frozen=True)
class Promise:
    """What the page said at a moment: so many seconds more, at least and at most. No form was there yet."""

    at: float
    least: float
    most: float

    def was_true(self, *, made_at: float) -> bool:
        """It did not take much longer than was said, nor was one frightened away for nothing."""
        left = made_at - self.at
        at_least = self.least / OFF_BY_FACTOR - OFF_BY_SECONDS
        return at_least <= left <= self.most * OFF_BY_FACTOR + OFF_BY_SECONDS


@dataclass
class Waiter:
    """One order: what its page said while it was looked at, when it is to be again, and when the form was made."""

    key: FormKey
    looks_at: float | None = None
    promises: list[Promise] = field(default_factory=list)
    made_at: float = 0.0

    def look(self, client: Client) -> None:
        """Read the waiting page, as it is sent."""
        client.cookies[portal.FORM_COOKIE_NAME] = self.key.text
        now, page = time.monotonic(), client.get("/skjema/ferdig/").content.decode()
        if "Vi lager skjemaet ditt" not in page:
            self.looks_at = None
            return
        self.promises.append(Promise(now, *promised(page)))
        (again,) = re.findall(r'data-refresh-seconds="(\d+)"', page)
        self.looks_at = now + int(again)


def promised(page: str) -> tuple[float, float]:
    """The seconds that the page's words speak of. One that can tell nothing is no truth either: it promises none."""
    if said := re.search(r"Det tar omtrent (\d+) (sekund|minutt)", page):
        number = float(said[1])
        return (number, number) if said[2] == "sekund" else (max(50.0, (number - 1) * 60), number * 60)
    return (0.0, A_FEW_SECONDS if "Det tar noen sekunder" in page else -OFF_BY_SECONDS)


@pytest.fixture
def worker(settings: Any) -> Iterator[FormsWorker]:
    queue = Queue()
    settings.REDIS_URL = queue.url
    forms = FormsWorker(queue, name="forms")
    try:
        with portal_uses(queue):
            forms.start()
            yield forms
    finally:
        forms.kill()
        queue.leave()


class Crowd:
    """All who have ordered, and those of them who wait still. One in `watched` reads the page."""

    def __init__(self, *, watched: int) -> None:
        self.watched = watched
        self.everybody: list[Waiter] = []
        self.waiting: list[Waiter] = []
        self._client = Client()
        self._seen_at = 0.0

    def grow(self) -> None:
        """One more comes, and orders."""
        number = synthetic_number(len(self.everybody) % 500)
        answers = FormAnswers(
            RESERVATION.kind,
            "self",
            "nb",
            answer_language="nb",
            person=Named("Rolig Fjell", number.digits),
            choices=("withhold_national_id+",),
        )
        key = FormKey.new()
        kept.begin(key, Draft(answers, frozenset({Step.CHOICES, Step.PERSON, Step.LANGUAGE})))
        order.place(key, kept.read(key))
        waiter = Waiter(key, looks_at=None if len(self.everybody) % self.watched else time.monotonic())
        self.everybody.append(waiter)
        self.waiting.append(waiter)

    def wait(self, *, until: float) -> None:
        """Let time pass; it is noted when forms were there, and what pages said."""
        while time.monotonic() < until:
            self._see()
            for waiter in self.waiting:
                if waiter.looks_at is not None and waiter.looks_at <= time.monotonic():
                    waiter.look(self._client)
            time.sleep(0.01)

    def wait_until_made(self) -> None:
        """Until nobody waits, or patience is at its end."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self.waiting and time.monotonic() < end:
            self.wait(until=time.monotonic() + SEEN_AGAIN_SECONDS)

    def _see(self) -> None:
        if time.monotonic() < self._seen_at + SEEN_AGAIN_SECONDS:
            return
        with server().pipeline(transaction=False) as pipeline:
            for waiter in self.waiting:
                pipeline.hexists(name_of(waiter.key.id), PDF)
            made = pipeline.execute()
        self._seen_at = time.monotonic()
        for waiter, is_made in zip(self.waiting, made, strict=True):
            if is_made:
                waiter.made_at = self._seen_at
        self.waiting = [waiter for waiter in self.waiting if not waiter.made_at]


def memory_of(worker: FormsWorker) -> float:
    return sum(process.memory_info().rss for process in worker.processes) / 2**20


@pytest.mark.parametrize(
    ("a_second", "seconds", "rush_seconds", "watched"),
    [(4, 4, 6, 3), pytest.param(10, 600, 45, 10, marks=pytest.mark.soak)],
    ids=["short", "long"],
)
def test_forms_offered_to_two_workers_are_all_made_once(worker, a_second, seconds, rush_seconds, watched):
    """After a fifth of the time as many come at once as the workers make in `rush_seconds`."""
    crowd = Crowd(watched=watched)
    for _ in range(2):
        server().delete(TAKES)  # the first that a process makes takes longer than the rest
        for _ in range(WARM_UP_FORMS):
            crowd.grow()
        crowd.wait_until_made()
    assert crowd.waiting == []
    warm = len(crowd.everybody)
    memory: list[float] = []
    start = time.monotonic()
    for turn in range(a_second * seconds):
        crowd.wait(until=start + turn / a_second)
        crowd.grow()
        if turn == a_second * seconds // 5:
            for _ in range(ceil(rush_seconds * WORKERS / float(server().get(TAKES)))):
                crowd.grow()
        if turn % a_second == 0:
            memory.append(memory_of(worker))
    crowd.wait_until_made()

    worker.end()
    written = worker.log.read_bytes()
    rendered = [len(found.findall(written)) for found in (MADE, IN_VAIN, WENT_WRONG)]
    assert (crowd.waiting, rendered) == ([], [len(crowd.everybody), 0, 0])

    kept_word = [
        (promise.was_true(made_at=waiter.made_at), promise.least, promise.most, waiter.made_at - promise.at)
        for waiter in crowd.everybody[warm:]
        for promise in waiter.promises
    ]
    assert sum(was_true for was_true, *_ in kept_word) >= 0.95 * len(kept_word), sorted(kept_word)[:40]
    long_told = [least for was_true, least, *_ in kept_word if was_true and least > rush_seconds / 2.25]
    assert len(long_told) >= 2, sorted(kept_word, key=lambda word: word[1])[-20:]

    part = max(1, len(memory) // 5)
    assert median(memory[-part:]) / median(memory[:part]) <= 1.25
