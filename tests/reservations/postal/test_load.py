"""Many forms offered to two workers: none is lost, none is made twice, and the page tells the truth of the wait."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

import psutil
import pytest

from reservations.postal import kept, order
from reservations.postal.answers import FormAnswers, Named
from reservations.postal.kept import PDF, FormKey, name_of, server
from reservations.postal.kinds import RESERVATION
from reservations.postal.steps import Draft, Step
from tests.support.journey_servers import Queue, Worker, portal_uses
from tests.support.numbers import synthetic_number

MADE = re.compile(rb"Task postal\.make_form\[[^]]+\] succeeded in \S+: True")
WORKERS = 2
PATIENCE_SECONDS = 300
WARM_UP_FORMS = 6
OFF_BY_SECONDS, OFF_BY_FACTOR = 5.0, 2.0  # what still is the truth, of a wait


@dataclass
class Waiter:
    """One order: when it was placed, what the page said of the wait, and when it was made."""

    key: FormKey
    placed_at: float
    told: float
    made_at: float = 0.0

    @property
    def waited(self) -> float:
        return self.made_at - self.placed_at

    @property
    def was_told_the_truth(self) -> bool:
        """It did not take much longer than was said, nor was one frightened away for nothing."""
        at_most = self.told * OFF_BY_FACTOR + OFF_BY_SECONDS
        at_least = self.told / OFF_BY_FACTOR - OFF_BY_SECONDS
        return at_least <= self.waited <= at_most


@pytest.fixture
def workers(settings: Any, django_db_setup: None) -> Iterator[list[Worker]]:
    queue = Queue()
    settings.REDIS_URL = queue.url
    started = [Worker(queue, name=f"forms-{number}") for number in range(WORKERS)]
    try:
        with portal_uses(queue):
            for worker in started:
                worker.start()
            yield started
    finally:
        for worker in started:
            worker.kill()
        queue.leave()


def placed(place: int) -> Waiter:
    answers = FormAnswers(
        RESERVATION.kind,
        "self",
        "nb",
        answer_language="nb",
        person=Named("Rolig Fjell", synthetic_number(place).digits),
        choices=("withhold_national_id+",),
    )
    key = FormKey.new()
    kept.begin(key, Draft(answers, frozenset({Step.CHOICES, Step.PERSON, Step.LANGUAGE})))
    order.place(key, kept.read(key))
    return Waiter(key, time.monotonic(), float(order.standing(key, kept.read(key)).seconds))


def look(waiting: list[Waiter]) -> list[Waiter]:
    """Those who wait still; it is noted when the others' forms were there."""
    with server().pipeline(transaction=False) as pipeline:
        for waiter in waiting:
            pipeline.hexists(name_of(waiter.key.id), PDF)
        made = pipeline.execute()
    for waiter, is_made in zip(waiting, made, strict=True):
        if is_made:
            waiter.made_at = time.monotonic()
    return [waiter for waiter in waiting if not waiter.made_at]


def until_made(waiting: list[Waiter]) -> list[Waiter]:
    end = time.monotonic() + PATIENCE_SECONDS
    while waiting and time.monotonic() < end:
        waiting = look(waiting)
        time.sleep(0.05)
    return waiting


def memory_of(workers: list[Worker]) -> float:
    return sum(psutil.Process(worker.pid).memory_info().rss for worker in workers) / 2**20


@pytest.mark.parametrize(
    ("a_second", "seconds"), [(4, 4), pytest.param(10, 600, marks=pytest.mark.soak)], ids=["short", "long"]
)
def test_forms_offered_to_two_workers_are_all_made_once(workers, a_second, seconds):
    assert until_made([placed(place) for place in range(WARM_UP_FORMS)]) == []
    offered: list[Waiter] = []
    waiting: list[Waiter] = []
    memory: list[float] = []
    start = time.monotonic()
    for turn in range(a_second * seconds):
        while time.monotonic() < start + turn / a_second:
            waiting = look(waiting)
            time.sleep(0.01)
        offered.append(placed(turn % 500))
        waiting.append(offered[-1])
        if turn % a_second == 0:
            memory.append(memory_of(workers))

    lost = until_made(waiting)

    made = sum(len(MADE.findall(worker.log.read_bytes())) for worker in workers)
    told = sum(waiter.was_told_the_truth for waiter in offered) / len(offered)
    part = max(1, len(memory) // 5)
    grown = median(memory[-part:]) / median(memory[:part])
    assert (lost, made) == ([], len(offered) + WARM_UP_FORMS)
    assert told >= 0.95, sorted((waiter.told, waiter.waited) for waiter in offered)[-20:]
    assert grown <= 1.25
