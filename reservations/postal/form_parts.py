"""The parts that a form on paper is set of: places to write, boxes to tick, things to choose, people. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reservations.postal.answers import MOST_NAME_BYTES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONG = 32
ROW = 70  # characters that mostly fit on a row of a box with several
ROWS = 4  # that a box has room for before something else must move


@dataclass(frozen=True)
class FormField:
    """A place to write: `name` in the PDF and on the web, `value` what was typed. `lines` is its height."""

    name: str
    label: StrOrPromise
    about: StrOrPromise
    value: str = ""
    most: int = MOST_NAME_BYTES
    lines: int = 1

    @property
    def is_long(self) -> bool:
        """Whether what was typed needs smaller letters, to stand whole in its box."""
        return len(self.value) > LONG or self._rows >= ROWS

    @property
    def is_tall(self) -> bool:
        """Whether its box grows so much that what stands below has no room on the page."""
        return self._rows > ROWS

    @property
    def _rows(self) -> int:
        """How many rows it mostly fills."""
        return sum(1 + len(line) // ROW for line in self.value.split("\n"))

    @property
    def is_number(self) -> bool:
        """Whether it is eleven boxes of one digit."""
        return self.name.endswith("_number")


@dataclass(frozen=True)
class Tick:
    """A box to tick. `about` says what it belongs to, for whoever hears it alone."""

    name: str
    label: StrOrPromise
    about: StrOrPromise
    is_ticked: bool = False


@dataclass(frozen=True)
class ShownChoice:
    """One thing to choose about. Without a title its boxes say everything."""

    title: StrOrPromise
    sentence: StrOrPromise
    ticks: tuple[Tick, ...]


@dataclass(frozen=True)
class Someone:
    """A person on the form: what is written of them, and in words when they were born.

    `beside` are the fields for name and number; whoever signs for an office has name and office, and `address`.
    """

    heading: StrOrPromise
    beside: tuple[FormField, ...]
    address: FormField | None = None
    born: str = ""
