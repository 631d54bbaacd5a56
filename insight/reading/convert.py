"""From a sender's text to the value we keep: checked, and remembered, since the same texts come again."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from insight.catalogue import Source, Variable, VariableKind
from insight.reading.reasons import LineRefused
from kpr_portal.people.national_id import InvalidNationalId, NationalId

OSLO = ZoneInfo("Europe/Oslo")
MAX_TEXT = 200
MAX_CODES = 40
MAX_CODE = 20
MAX_PLAIN = 50
PERSON_DIGITS = 11
WHOLE_MOMENT = len("2026-03-01T10:00:00+01:00")
REMEMBERED = 20_000
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 1, 1)

_GUID = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?")
_PLAIN = re.compile(rf"[0-9A-Za-z-]{{1,{MAX_PLAIN}}}")
_SEQUENCE = re.compile(r"[0-9A-Za-z._:-]{1,20}")
_NO_DIGIT = re.compile(r"\D+")
_SPLIT = re.compile(r"[\s,;|]+")
_PERSON_NUMBER = re.compile(r"(?<!\d)(\d{6})([\s.,;|-]{0,3})(\d{5})(?!\d)")


def guid(text: str | None) -> str:
    """A GUID in its one plain form. Raises LineRefused."""
    matched = _GUID.fullmatch((text or "").strip())
    if matched is None:
        raise LineRefused("guid")
    return matched[1].lower()


def made_identity(*parts: object) -> str:
    """The same UUID for the same parts, where a sender gives a key that is no GUID."""
    digest = blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16, person=b"kpr-line").digest()
    return str(UUID(bytes=digest, version=4))


@lru_cache(maxsize=REMEMBERED)
def day(text: str) -> str:
    """A date as ISO 8601, from that or from YYYYMMDD, with or without a time. Raises LineRefused."""
    matched = _DAY.match(text.strip())
    try:
        found = date(int(matched[1]), int(matched[2]), int(matched[3])) if matched else None
    except ValueError:
        found = None
    if found is None or found < EARLIEST or matched is None:
        raise LineRefused("date")
    rest = text.strip()[matched.end() :]
    if rest and not rest.startswith(("T", " ", "Z", "+", "-")):
        raise LineRefused("date")
    return found.isoformat()


@lru_cache(maxsize=REMEMBERED)
def last_day(text: str) -> str | None:
    """The end of a period: none where it is empty or so far ahead that it means open."""
    if not text.strip():
        return None
    found = day(text)
    return found if found < LATEST.isoformat() else None


@lru_cache(maxsize=REMEMBERED)
def first_day(text: str) -> str:
    """The date of an event: neither missing nor beyond all reason. Raises LineRefused."""
    found = day(text)
    if found >= LATEST.isoformat():
        raise LineRefused("date")
    return found


@lru_cache(maxsize=100_000)
def _offset(year: int, month: int, day: int, hour: int) -> str:
    """Norway's offset from UTC in an hour: asked for each line, and dear to find."""
    return datetime(year, month, day, hour, tzinfo=OSLO).isoformat()[-6:]


@lru_cache(maxsize=REMEMBERED)
def moment(text: str) -> str:
    """A moment with its offset; without one it is Norwegian time. Raises LineRefused."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise LineRefused("reported_at") from None
    if not EARLIEST.year <= found.year < LATEST.year:
        raise LineRefused("reported_at")
    if found.tzinfo is None:
        return found.isoformat() + _offset(found.year, found.month, found.day, found.hour)
    return text if len(text) == WHOLE_MOMENT else found.isoformat()


def sequence(text: str | None) -> str:
    """A running number padded so that the order of texts is the order of numbers. Raises LineRefused.

    One that is a national identity number is dropped as in any text: the moment and the identity still order.
    """
    stripped = (text or "").strip()
    if not _SEQUENCE.fullmatch(stripped):
        raise LineRefused("sequence")
    if len(stripped) >= PERSON_DIGITS and is_number_in_disguise(stripped):
        return "0" * MAX_CODE
    return stripped.zfill(MAX_CODE)


def value(variable: Variable, text: str) -> Any:
    """The value of a variable from its text; None where it is empty. Raises LineRefused.

    A text in which a whole national identity number stands is dropped: numbers are never kept here.
    """
    text = text.strip()
    if not text:
        return None
    if "\x00" in text:
        raise LineRefused("unreadable")
    return _READ[variable.kind](text)


def holds_person_number(text: str) -> bool:
    """Whether a national identity number stands in a text, as one writes it: whole, or parted after six.

    Eleven digits, also with a space, are taken for one. Otherwise parted they must be right: much else is
    written so.
    """
    return any(
        parting in {"", " "} or is_person_number(first + last)
        for first, parting, last in _PERSON_NUMBER.findall(text)
    )


def is_person_number(digits: str) -> bool:
    """Whether this is a national identity number and nothing else."""
    try:
        NationalId(digits)
    except InvalidNationalId:
        return False
    return True


def is_number_in_disguise(own: str) -> bool:
    """Whether a sender's own id or running number is somebody's national identity number.

    Also with letters, signs or zeros put to it. Eleven digits alone are no sign here: ids are that long too.
    """
    digits = _NO_DIGIT.sub("", own)
    before, last = digits[:-PERSON_DIGITS], digits[-PERSON_DIGITS:]
    return (not before.strip("0") and is_person_number(last)) or any(
        is_person_number(first + rest) for first, _parting, rest in _PERSON_NUMBER.findall(own)
    )


def _text(text: str) -> str | None:
    if len(text) > MAX_TEXT:
        raise LineRefused("too_long")
    return None if holds_person_number(text) else text


def _code(text: str) -> str:
    if len(text) > MAX_CODE:
        raise LineRefused("too_long")
    return "" if holds_person_number(text) else text


def _codes(text: str) -> list[str] | None:
    # Before it is split: a number with a space in it would be two codes.
    text = _PERSON_NUMBER.sub(lambda found: "" if is_person_number(found[1] + found[3]) else found[0], text)
    found = [_code(part) for part in _SPLIT.split(text) if part]
    if len(found) > MAX_CODES:
        raise LineRefused("too_long")
    return [code for code in found if code] or None


def _clock(text: str) -> str:
    matched = _CLOCK.fullmatch(text)
    if matched is None:
        raise LineRefused("value")
    return f"{matched[1]}:{matched[2]}"


def _whole(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,9}", text):
        raise LineRefused("value")
    return int(text)


def _amount(text: str) -> str:
    try:
        found = Decimal(text.replace(",", ".").replace(" ", ""))
    except InvalidOperation:
        raise LineRefused("value") from None
    if not found.is_finite() or abs(found) >= Decimal(10) ** 9:
        raise LineRefused("value")
    return f"{found:.2f}"


_READ: dict[VariableKind, Callable[[str], Any]] = {
    VariableKind.TEXT: _text,
    VariableKind.CODE: lambda text: _code(text) or None,
    VariableKind.CODES: _codes,
    VariableKind.DAY: last_day,
    VariableKind.MOMENT: moment,
    VariableKind.CLOCK: _clock,
    VariableKind.WHOLE: _whole,
    VariableKind.AMOUNT: _amount,
}


def unknown_codes(variable: Variable, found: Any) -> tuple[str, ...]:
    """The codes of this value that are on none of our lists, as `9151:99`."""
    if variable.system is None or found is None:
        return ()
    codes = found if isinstance(found, list) else [found]
    return tuple(f"{variable.system.oid}:{code}" for code in codes if not variable.system.knows(code))


class Remembered(dict[str, tuple[str, Any, tuple[str, ...]]]):
    """A variable's texts already converted: text to (JSON member, value, unknown codes).

    Senders repeat the same few texts, so that a line costs look-ups and no conversion.
    """

    def __init__(self, variable: Variable) -> None:
        super().__init__()
        self._variable = variable
        self._name = json.dumps(variable.name) + ":"

    def __missing__(self, text: str) -> tuple[str, Any, tuple[str, ...]]:
        kept = value(self._variable, text)
        member = "" if kept is None else self._name + json.dumps(kept, ensure_ascii=False)
        found = (member, kept, unknown_codes(self._variable, kept))
        if len(self) >= REMEMBERED:
            self.clear()
        self[text] = found
        return found


class Once(Remembered):
    """As Remembered, for a text that is another each time: nothing is kept."""

    def __missing__(self, text: str) -> tuple[str, Any, tuple[str, ...]]:
        if _PLAIN.fullmatch(text) and not (len(text) >= PERSON_DIGITS and holds_person_number(text)):
            return (f'{self._name}"{text}"', text, ())
        kept = value(self._variable, text)
        return ("" if kept is None else self._name + json.dumps(kept, ensure_ascii=False), kept, ())


_TYPES: dict[VariableKind, type] = {VariableKind.CODES: list, VariableKind.WHOLE: int}


def faults(source: Source, variables: Mapping[str, Any]) -> list[str]:
    """What is wrong with a record's variables by its source's declaration; nothing for a sound one."""
    found = []
    for name, kept in variables.items():
        variable = source.variable(name)
        if variable is None:
            found.append(f"{name}: not declared")
            continue
        if not isinstance(kept, _TYPES.get(variable.kind, str)):
            found.append(f"{name}: {type(kept).__name__}")
            continue
        texts = kept if isinstance(kept, list) else [str(kept)]
        try:
            read = value(variable, " ".join(texts))
        except LineRefused as refused:
            found.append(f"{name}: {refused.code}")
            continue
        if read != kept:
            found.append(f"{name}: not as it would be kept")
    return found
