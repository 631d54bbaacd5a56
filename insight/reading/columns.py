"""Many texts of one column at once, from a sender's to those we keep.

A file has millions of lines, and a line dozens of values. Line by line in Python that is slow; here each step
takes one column of some thousand lines, so that what happens for each line happens in C.
"""

import json
from collections.abc import Callable, Sequence
from typing import TypeVar

from insight.catalogue import Variable
from insight.reading import convert
from insight.reading.reasons import LineRefused

K = TypeVar("K")
V = TypeVar("V")

_HEX = str.maketrans("0123456789abcdefABCDEF", "0" * 22)
_GUID = "00000000-0000-0000-0000-000000000000"
_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)


class Noted:
    """What is to be said of lines, by their place among those at hand: why refused, and unknown codes.

    Of several faults in a line the one noted first is the reason.
    """

    def __init__(self) -> None:
        self.refused: dict[int, str] = {}
        self.unknown: dict[int, tuple[str, ...]] = {}

    def refuse(self, at: int, reason: str) -> None:
        """Note a line that is not taken in."""
        self.refused.setdefault(at, reason)


class Column(dict[K, V]):
    """A column's texts (or several columns' texts together) already converted, each once.

    `read` converts one, and raises LineRefused: then `instead` stands in its place, and the line is noted.
    `unknown` tells which of its codes are on none of our lists.
    """

    def __init__(
        self, read: Callable[[K], V], *, instead: V, unknown: Callable[[K], tuple[str, ...]] | None = None
    ) -> None:
        super().__init__()
        self._read = read
        self._instead = instead
        self._unknown_of = unknown
        self._refused: dict[K, str] = {}
        self._unknown: dict[K, tuple[str, ...]] = {}

    def of(self, texts: Sequence[K], noted: Noted) -> list[V]:
        """Each text converted, in their order."""
        if len(self) >= convert.REMEMBERED:
            self.clear()
            self._unknown.clear()
        found = list(map(self.__getitem__, texts))
        if self._refused:
            for at, text in enumerate(texts):
                if text in self._refused:
                    noted.refuse(at, self._refused[text])
            self._refused.clear()
        if self._unknown:
            for at, text in enumerate(texts):
                if text in self._unknown:
                    noted.unknown[at] = noted.unknown.get(at, ()) + self._unknown[text]
        return found

    def __missing__(self, text: K) -> V:
        try:
            found = self._read(text)
        except LineRefused as refused:
            self._refused[text] = refused.code
            return self._instead
        if self._unknown_of is not None and (codes := self._unknown_of(text)):
            self._unknown[text] = codes
        self[text] = found
        return found


class Fresh(Column[str, str]):
    """As a Column of members, for a sender's own numbers: another on every line, so that none is kept."""

    def __init__(self, variable: Variable) -> None:
        super().__init__(lambda text: member(variable, text), instead="")
        self._before = f",{json.dumps(variable.name)}:"

    def of(self, texts: Sequence[str], noted: Noted) -> list[str]:
        if not _are_plain(texts):
            self.clear()
            return super().of(texts, noted)
        return [f'{self._before}"{text}"' if text else "" for text in texts]


def member(variable: Variable, text: str) -> str:
    """A text of a variable as a member of a JSON object, a comma before it; nothing where it is empty."""
    kept = convert.value(variable, text)
    return "" if kept is None else f",{json.dumps(variable.name)}:{json.dumps(kept, ensure_ascii=False)}"


def members(variable: Variable) -> Column[str, str]:
    """Converts texts of a variable as `member` does."""
    return Column(
        lambda text: member(variable, text),
        instead="",
        unknown=lambda text: convert.unknown_codes(variable, convert.value(variable, text)),
    )


def objects(parts: Sequence[Sequence[str]]) -> list[str]:
    """JSON objects, line by line, from columns of members."""
    return ["{" + line[1:] + "}" for line in map("".join, zip(*parts, strict=True))]


def guids(texts: Sequence[str], noted: Noted) -> list[str]:
    """As `convert.guid`, for many."""
    joined = "\n".join(texts)
    if joined.translate(_HEX) == "\n".join([_GUID] * len(texts)):
        return joined.lower().split("\n")
    return Column(convert.guid, instead="").of(texts, noted)


def _are_plain(texts: Sequence[str]) -> bool:
    """Whether all are short, of letters, digits and hyphens, and none can hold a national identity number."""
    joined = "/".join(texts)
    if not joined.isascii() or max(map(len, texts)) > convert.MAX_PLAIN:
        return False
    if not joined.replace("-", "").replace("/", "0").isalnum():
        return False
    return b"0" * convert.PERSON_DIGITS not in joined.encode().translate(_DIGITS, b"-")
