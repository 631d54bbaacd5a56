"""What a form says: what was typed, what is ticked, and how it is printed. Pure: no table, setting or clock.

From it come the page that is printed, and the content of its code. It is never stored in clear.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Self

from reservations.postal.code import FormContent, FormKind, FormLanguage, Tag
from reservations.postal.code_names import name_bytes

HEARD = "heard"
KEEP_FROM_PARENTS = (
    "keep_from_parents"  # a 12-15-year-old does not want parents to know (hregl § 15, pbrl § 3-4)
)
TICKS = (HEARD, KEEP_FROM_PARENTS)
ANSWER_IN = "answer_in_"

LANGUAGES: Mapping[str, FormLanguage] = {
    "nb": FormLanguage.BOKMAL,
    "nn": FormLanguage.NYNORSK,
    "en": FormLanguage.ENGLISH,
}

# Of a name in the code, so that it has room beside everything else that a code may say. One letter is one byte where a
# character set has them all, so that no name has more letters.
MOST_NAME_BYTES = 56
MOST_WORKPLACE = 80
MOST_DETAILS = 500
MOST_ADDRESS = 200
# So that no form takes more than its sheet.
MOST_DETAILS_LINES = 10
MOST_ADDRESS_LINES = 5
MOST_OFFICE = 72
MOST_OFFICE_ADDRESS = 100
MOST_OFFICE_LINES = 3


def fitted(name: str) -> str:
    """A name from a register, as long as a code has room for: middle names go first, from the last."""
    parts = name.split()
    while not has_room(" ".join(parts)) and len(parts) > 2:  # noqa: PLR2004 -- first and last
        del parts[-2]
    return cut(" ".join(parts))


def cut(name: str) -> str:
    """As much of the beginning of a name as a code has room for."""
    name = name[:MOST_NAME_BYTES]
    while name and not has_room(name):
        name = name[:-1]
    return name.rstrip()


def has_room(name: str) -> bool:
    """Whether the code has room for a name, which is none of half characters."""
    return len(name) <= MOST_NAME_BYTES and name_bytes(name) <= MOST_NAME_BYTES


@dataclass(frozen=True, repr=False)
class Named:
    """A person on a form: the name as typed, the number as eleven digits. Never prints itself.

    Who signs for an office has no number here: nobody writes that down for their work.
    """

    name: str
    number: str

    def __repr__(self) -> str:
        return "Named(******)"


@dataclass(frozen=True, repr=False)
class Helper:
    """Whom the answer may go to, once."""

    name: str
    workplace: str = ""
    address: str = ""

    def __repr__(self) -> str:
        return "Helper(******)"


@dataclass(frozen=True, repr=False)
class Office:
    """Where somebody signs at work, and where the answer goes. It stands on the paper and never in the code."""

    name: str
    address: str = ""

    def __repr__(self) -> str:
        return "Office(******)"


PARTS: Mapping[str, Callable[..., Any]] = {
    "person": Named, "signer": Named, "helper": Helper, "office": Office,
}  # fmt: skip


@dataclass(frozen=True, repr=False)
class FormAnswers:
    """A form: `language` is how it is printed, `answer_language` how we answer ("nb", "nn" or "en").

    `person` is whom it concerns, `signer` who signs where that is another, `office` what they sign for at work.
    `choices` are option codes of `kinds`. `is_known` says that name and number come from the register and not from
    what was typed, `is_posted` that we send it to whoever signs, so that what nobody has asked them yet is open on
    paper, and `is_young` that the register knows the person it concerns to be 12 to 15. A posted form may be
    without `person`: that part is written by hand. A blank form has none of what is typed. Never prints itself.
    """

    kind: FormKind
    basis: str
    language: str
    large_print: bool = False
    answer_language: str = ""
    person: Named | None = None
    signer: Named | None = None
    born: date | None = None
    choices: tuple[str, ...] = ()
    ticks: frozenset[str] = frozenset()
    details: str = ""
    helper: Helper | None = None
    office: Office | None = None
    reference: str = ""
    is_known: bool = field(default=False)
    is_posted: bool = field(default=False)
    is_young: bool = field(default=False)

    def __repr__(self) -> str:
        return f"FormAnswers({self.kind.name}, {self.basis}, ******)"

    @property
    def is_blank(self) -> bool:
        """Whether nobody has filled it in."""
        return self.person is None and self.signer is None and not self.is_posted

    def with_(self, **changes: Any) -> Self:
        """The same answers with these changed."""
        return replace(self, **changes)

    def content(self) -> FormContent:
        """What its code says. The answer's language stands among the ticks where it is another than the form's."""
        language = LANGUAGES[self.language]
        if self.is_blank:
            return FormContent(self.kind, language)
        said = {
            Tag.PERSON_NAME: self.person.name if self.person else "",
            Tag.PERSON_NUMBER: self.person.number if self.person else "",
            Tag.SIGNER_NAME: self.signer.name if self.signer else "",
            Tag.SIGNER_NUMBER: self.signer.number if self.signer else "",
            Tag.BASIS: self.basis,
            Tag.CHOICES: ",".join(self.choices),
            Tag.TICKS: ",".join(self._ticks_said()),
            Tag.REFERENCE: self.reference,
        }
        return FormContent(self.kind, language, {tag: text for tag, text in said.items() if text})

    def _ticks_said(self) -> list[str]:
        answer = self.answer_language or self.language
        said = sorted(self.ticks)
        return said if answer == self.language else [*said, ANSWER_IN + answer]

    def to_json(self) -> bytes:
        """As bytes, for sealing."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        plain["kind"] = int(self.kind)
        plain["born"] = self.born.isoformat() if self.born else None
        plain["ticks"] = sorted(self.ticks)
        for name in PARTS:
            plain[name] = vars(plain[name]) if plain[name] else None
        return json.dumps(plain, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, written: bytes) -> Self:
        """What `to_json` wrote."""
        plain = json.loads(written)
        plain["kind"] = FormKind(plain["kind"])
        plain["born"] = date.fromisoformat(plain["born"]) if plain["born"] else None
        plain["choices"] = tuple(plain["choices"])
        plain["ticks"] = frozenset(plain["ticks"])
        for name, made in PARTS.items():
            plain[name] = made(**plain[name]) if plain.get(name) else None
        return cls(**plain)
