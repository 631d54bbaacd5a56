"""The table that `make bench` prints."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One ratio: what was measured, what it must be, and the figures behind it.

    `at_least` or `at_most` is the bound; a row without one informs.
    """

    name: str
    ratio: float | None
    meaning: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def failed(self) -> bool:
        if self.ratio is None:
            return False
        too_low = self.at_least is not None and self.ratio < self.at_least
        return too_low or (self.at_most is not None and self.ratio > self.at_most)

    @property
    def bound(self) -> str:
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        return f"<= {self.at_most:g}" if self.at_most is not None else ""

    def __str__(self) -> str:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        verdict = "FAIL" if self.failed else ("ok" if self.bound else "")
        return f"{self.name:<46} {ratio:>7} {self.bound:>8} {verdict:<5} {self.meaning}"


HEAD = f"{'row':<46} {'ratio':>7} {'bound':>8} {'':<5} what was measured"
