"""What a letter says beside its fixed texts: checked when the letter is owed, and kept sealed until it is made."""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from kpr_portal.people.national_id import InvalidNationalId, NationalId
from reservations.postal.letters.errors import NumberInLetter, SaysTooLittle
from reservations.postal.letters.kinds import LetterKind, Value
from reservations.postal.typed_text import is_seen

ELEVEN = re.compile(r"(?<!\d)(\d{6})[\s.+-]?(\d{5})(?!\d)")
# Control characters, lone surrogates, and what turns the direction of the text.
NEVER_PRINTED = frozenset({"Cc", "Cs", "Co", "Cn"})
TYPES: Mapping[Value, tuple[type, ...]] = {
    Value.TEXT: (str,),
    Value.LINES: (list, tuple),
    Value.DAY: (date,),
    Value.YES: (bool,),
    Value.KEYS: (list, tuple),
}
TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def checked(kind: LetterKind, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, fit to be printed. Raises ValueError where one is unknown or of another kind.

    Raises SaysTooLittle where one that the kind needs is missing, or has no letter and no digit that is printed, and
    NumberInLetter where a text holds a national identity number.
    """
    if unknown := set(values) - set(kind.values):
        msg = f"A letter of kind {kind.code} does not take {sorted(unknown)}."
        raise ValueError(msg)
    fit = {name: _checked(kind.values[name], name, value) for name, value in values.items()}
    lacks = [name for name in kind.needs if not _says(fit.get(name))]
    if kind.one_of and not any(_says(fit.get(name)) for name in kind.one_of):
        lacks += kind.one_of
    if lacks:
        raise SaysTooLittle(*lacks)
    return fit


def to_json(values: Mapping[str, Any]) -> bytes:
    """As bytes, for sealing."""
    return json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False).encode()


def from_json(kind: LetterKind, written: bytes) -> dict[str, Any]:
    """What `to_json` wrote; a value that was not given is empty."""
    given = json.loads(written) if written else {}
    return {name: _read(value, given.get(name)) for name, value in kind.values.items()}


def printable(text: str) -> str:
    """The text without what no printer prints; lines end as they did."""
    lines = unicodedata.normalize("NFC", text).splitlines()
    return "\n".join(
        "".join(c for c in line if unicodedata.category(c) not in NEVER_PRINTED and c not in TURNS)
        for line in lines
    ).strip()


def _says(value: Any) -> bool:
    """Whether there is something to print, and not a blank or a dash alone."""
    if isinstance(value, str):
        return is_seen(value)
    return any(map(_says, value)) if isinstance(value, list) else value is not None


def _checked(kind: Value, name: str, value: Any) -> Any:
    fits = isinstance(value, TYPES[kind]) and not isinstance(value, datetime)
    if not fits:
        msg = f"{name} is {kind.value}."
        raise ValueError(msg)
    if kind is Value.TEXT:
        return _text(value)
    if kind is Value.LINES:
        return [line for line in map(_text, value) if line]
    if kind is Value.KEYS:
        return [str(UUID(str(key))) for key in value]
    return value


def _text(text: str) -> str:
    clean = printable(text)
    for first, last in ELEVEN.findall(clean):
        try:
            NationalId(first + last)
        except InvalidNationalId:
            continue
        raise NumberInLetter
    return clean


def _read(kind: Value, value: Any) -> Any:
    if kind is Value.DAY:
        return date.fromisoformat(value) if value else None
    if kind is Value.KEYS:
        return [UUID(key) for key in value or []]
    if kind is Value.YES:
        return bool(value)
    return value or ([] if kind is Value.LINES else "")
