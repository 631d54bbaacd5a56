"""A small load generator: a few browsers in threads, each with a connection kept alive."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Browser:
    """One client: a connection, and the cookies of one signed-in person."""

    base: str
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def send(
        self, method: str, path: str, *, body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes, str]:
        """The status, body and Location of the answer; a closed connection is opened anew once."""
        head = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **(headers or {})}
        if body:
            head["Content-Type"] = "application/x-www-form-urlencoded"
        for attempt in (1, 2):
            if self._connection is None:
                self._connection = http.client.HTTPConnection(urlsplit(self.base).netloc, timeout=30)
            try:
                self._connection.request(method, path, body=body or None, headers=head)
                answer = self._connection.getresponse()
                return answer.status, answer.read(), answer.getheader("Location", "")
            except (http.client.HTTPException, OSError):
                self._connection = None
                if attempt == 2:
                    raise
        raise AssertionError


@dataclass(frozen=True)
class Measured:
    """What a stretch of load came to: requests a second, and percentiles in milliseconds."""

    seconds: float
    times: list[float]

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, p: int) -> float:
        return statistics.quantiles(self.times, n=100, method="inclusive")[p - 1] * 1000

    def __str__(self) -> str:
        p50, p95, p99 = (self.percentile(p) for p in (50, 95, 99))
        return f"{self.rate:.0f}/s p50 {p50:.0f} p95 {p95:.0f} p99 {p99:.0f} ms"


def together(parts: list[Measured]) -> Measured:
    """Several stretches as one."""
    return Measured(sum(p.seconds for p in parts), [t for p in parts for t in p.times])


def drive(one: Callable[[Browser, int], None], browsers: list[Browser], *, seconds: float) -> Measured:
    """Let every browser do `one` again and again for this long. The first failure is raised."""
    times: list[float] = []
    failures: list[BaseException] = []
    end = time.perf_counter() + seconds

    def run(browser: Browser) -> None:
        turn = 0
        try:
            while (start := time.perf_counter()) < end and not failures:
                one(browser, turn)
                times.append(time.perf_counter() - start)
                turn += 1
        except BaseException as error:  # noqa: BLE001 -- raised below, in the main thread
            failures.append(error)

    start = time.perf_counter()
    threads = [threading.Thread(target=run, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return Measured(time.perf_counter() - start, times)


def in_turns(
    ones: dict[str, Callable[[Browser, int], None]],
    browsers: list[Browser],
    *,
    rounds: int,
    seconds: float,
) -> Iterator[dict[str, Measured]]:
    """Measure each in turn, round after round; one round first that does not count."""
    for number in range(rounds + 1):
        measured = {name: drive(one, browsers, seconds=seconds) for name, one in ones.items()}
        if number:
            yield measured
