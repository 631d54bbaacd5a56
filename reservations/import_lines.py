"""Carrying over reservations from before this register: how a line of the file reads.

Reading only; ``import_operations.py`` enters what was read. The file is CSV in UTF-8 with a
header, comma or semicolon between: number, kind, placed, channel, reference (docs/messages.md).
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from kpr_portal.people.national_id import InvalidNationalId, NationalId
from reservations.catalogue import UnknownKind, entry_of
from reservations.rules import ReservationKind

COLUMNS = ("number", "kind", "placed", "channel", "reference")
FIRST_DAY = date(2017, 12, 1)  # KPR-forskriften in force: nobody can have reserved before
MOST_CHANNEL, MOST_REFERENCE = 40, 60
ELEVEN = 11
# A number as one writes it, also beside other digits.
WRITTEN = re.compile(r"(?<!\d)(\d{6})[\s.,;|-]{0,3}(\d{5})(?!\d)")


class LineFault(StrEnum):
    """Why a line is refused; none of them repeats what the line holds."""

    COLUMNS = "wrong number of columns"
    NUMBER = "no valid national identity number"
    KIND = "unknown kind of reservation"
    DATE = "no date (YYYY-MM-DD) from 2017-12-01 to today"
    CHANNEL = "channel missing or too long"
    REFERENCE = "reference missing, too long, or holding a national identity number"
    NOT_ENTERED = "could not be entered"


class NotThisFile(ValueError):
    """The file is none that can be carried over; the message is one sentence that says why."""


class BadLine(ValueError):
    """One line cannot be carried over."""

    def __init__(self, fault: LineFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class OldReservation:
    """A reservation placed before this register."""

    number: NationalId
    kind: ReservationKind
    placed: date
    channel: str
    reference: str

    def fingerprint(self, person: UUID) -> bytes:
        """What makes it the same line in another file: whose, which kind, which day, which reference."""
        parts = (str(person), self.kind.code, self.placed.isoformat(), self.reference)
        return sha256("\x1f".join(parts).encode()).digest()


def read_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each line after the header with its number in the file, blank ones left out. Raises NotThisFile.

    A byte that is no UTF-8 spoils its own line, not the file.
    """
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        head = file.readline().strip()
        delimiter = ";" if ";" in head else ","
        if tuple(name.strip().lower() for name in head.split(delimiter)) != COLUMNS:
            msg = f"The first line is not: {','.join(COLUMNS)}."
            raise NotThisFile(msg)
        for at, line in enumerate(file, start=2):
            if line.strip():
                yield at, _cells(line, delimiter)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def read_line(cells: list[str], *, today: date) -> OldReservation:
    """What a line says. Raises BadLine with the first thing that is wrong."""
    if len(cells) != len(COLUMNS):
        raise BadLine(LineFault.COLUMNS)
    number, kind, placed, channel, reference = (cell.strip() for cell in cells)
    return OldReservation(
        number=_number(number),
        kind=_kind(kind),
        placed=_placed(placed, today=today),
        channel=_short(channel, at_most=MOST_CHANNEL, fault=LineFault.CHANNEL),
        reference=_short(reference, at_most=MOST_REFERENCE, fault=LineFault.REFERENCE),
    )


def _number(text: str) -> NationalId:
    try:
        return NationalId.parse(text)
    except InvalidNationalId:
        raise BadLine(LineFault.NUMBER) from None


def _kind(text: str) -> ReservationKind:
    try:
        return entry_of(text).kind
    except UnknownKind:  # its message holds the text of the line
        raise BadLine(LineFault.KIND) from None


def _placed(text: str, *, today: date) -> date:
    try:
        placed = date.fromisoformat(text)
    except ValueError:  # its message holds the text of the line
        raise BadLine(LineFault.DATE) from None
    if not FIRST_DAY <= placed <= today:
        raise BadLine(LineFault.DATE)
    return placed


def _short(text: str, *, at_most: int, fault: LineFault) -> str:
    """Text that is there, fits, and holds no number that only the vault may hold."""
    digits = "".join(character for character in text if character.isdigit())
    if not text or len(text) > at_most or "\x00" in text or "\ufffd" in text or len(digits) == ELEVEN:
        raise BadLine(fault)
    if any(_is_number(first + last) for first, last in WRITTEN.findall(text)):
        raise BadLine(fault)
    return text


def _is_number(digits: str) -> bool:
    try:
        NationalId(digits)
    except InvalidNationalId:
        return False
    return True
