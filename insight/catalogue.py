"""The language in which a data source declares itself: variables, code systems, sections, messages.

Pure: nothing here knows the database. A source is one module in `insight/sources/` with a `SOURCE` of
this kind, found by being there; everything the pages say about it, everything the ingest checks and
everything the search translates is read from that one declaration.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

Text = str | Promise
LABELS_KEPT = 4096


@dataclass(frozen=True, eq=False)
class CodeSystem:
    """A code system with our labels: its number at Volven (or a name of our own), and code to label.

    `explain` gives a label to codes too many, or too protected, to list (diagnoses, municipalities): it
    answers None for a code it does not know. `groups` names what a prefix means, for the search.
    """

    oid: str
    title: Text
    labels: Mapping[str, Text] = field(default_factory=dict)
    explain: Callable[[str], str | None] | None = None
    groups: Mapping[str, Text] = field(default_factory=dict)

    def knows(self, code: str) -> bool:
        """Whether the code is on our list."""
        return code in self.labels or (self.explain is not None and self.explain(code) is not None)

    def label(self, code: str) -> str:
        """The code in the reader's words; an unknown code shows as such."""
        return _label(self, code, get_language())


@lru_cache(maxsize=LABELS_KEPT)
def _label(system: CodeSystem, code: str, language: str | None) -> str:  # noqa: ARG001 -- labels are in it
    """Kept, since a page has a hundred. Codes and our words for them, of nobody."""
    if code in system.labels:
        return str(system.labels[code])
    if system.explain is not None and (label := system.explain(code)) is not None:
        return label
    return gettext("ukjent kode %(code)s") % {"code": code}


class VariableKind(StrEnum):
    """What a variable holds, and so how it is checked, kept and shown."""

    TEXT = "text"
    CODE = "code"  # one code of a system
    CODES = "codes"  # a list of them
    DAY = "day"  # YYYY-MM-DD
    MOMENT = "moment"  # ISO 8601 with offset
    CLOCK = "clock"  # HH:MM
    WHOLE = "whole"  # a whole number
    AMOUNT = "amount"  # two decimals, as text, so that nothing is rounded


@dataclass(frozen=True, eq=False)
class Variable:
    """One thing a record tells: `name` in our JSON, `field` in the sender's file.

    `unit` stands after the value on screen (kroner, timer i uken). `place`: it tells, or may tell, where the
    person got help or lives (a provider, an institution, a municipality, a district, or a number that one of
    them gave), so that it is kept from whoever may not know where a child is.
    """

    name: str
    field: str
    label: Text
    meaning: Text
    kind: VariableKind = VariableKind.TEXT
    system: CodeSystem | None = None
    unit: Text = ""
    place: bool = False

    def shown(self, value: Any) -> str:
        """The value in the reader's words (dates and moments are left to the page's own formats)."""
        if self.system is None:
            return f"{value} {self.unit}".strip()
        if isinstance(value, list):
            return ", ".join(self.system.label(code) for code in value)
        return self.system.label(value)


@dataclass(frozen=True, eq=False)
class Section:
    """A part of a source that has its own line in the overview and its own list.

    `counted` takes the number: `ngettext_lazy("%(number)s kontakt", "%(number)s kontakter", "number")`.
    """

    slug: str
    title: Text
    about: Text
    counted: Text


class Row(NamedTuple):
    """One line of a message, read and checked; only the person is still a number or a sender's id."""

    number: int  # the how-manieth line (or element) of the file it is
    identity: str  # of this line for ever: the sender's GUID, or made from the sender's key
    status: str  # code system 7316
    refers_to: str | None
    reported_at: str  # ISO 8601 with offset
    sequence: str  # running number, padded so that text order is number order
    subject: tuple[str, str]  # (type of identification by 9032, number), or ("pid", sender's own id)
    event_date: str
    end_date: str | None
    provider: tuple[str, str, str] | None  # organisation number, name, municipality number
    section: str
    sensitive: bool
    variables: str  # JSON object
    unknown_codes: tuple[str, ...] = ()
    lasting_key: str | None = None  # where a later delivery brings the same thing under another identity


class Refused(NamedTuple):
    """A line that is not taken in, and why (`insight.reading.reasons`)."""

    number: int
    reason: str


class IdentityRow(NamedTuple):
    """One line of an identity message: the sender's own id of a person, and the person's number."""

    number: int
    sender_id: str
    subject: tuple[str, str]


@dataclass(frozen=True)
class DeliveryFacts:
    """A file that stands for everything a sender has for a period, and replaces what it sent before.

    `scope` is whose and which period; of two, the one made later (then with the higher number) counts.
    """

    scope: str
    made_on: date
    number: int
    period_start: date


@dataclass(frozen=True, eq=False)
class MessageType:
    """A kind of file the source takes in.

    `recognises` answers from the opening of a file (see `insight.reading.opening`). `prepare` reads
    through the file once without keeping anything and refuses it whole where it is not well formed;
    what it returns is handed to `read`, which gives the rows.
    """

    code: str
    title: Text
    recognises: Callable[[Any], bool]
    prepare: Callable[[Any], Any]
    read: Callable[[Any, Any], Iterator[Row | Refused | IdentityRow]]
    delivery: Callable[[Any], DeliveryFacts | None] = lambda prepared: None  # noqa: ARG005
    identities: Callable[[Any], str | None] = lambda prepared: None  # noqa: ARG005


@dataclass(frozen=True, eq=False)
class Source:
    """A data source of KPR, declared once. `sentence` reads a record as one plain sentence."""

    slug: str
    title: Text
    about: Text
    complete_from: date
    complete_note: Text
    lag: Text
    not_included: tuple[Text, ...]
    sections: tuple[Section, ...]
    variables: tuple[Variable, ...]
    messages: tuple[MessageType, ...]
    sentence: Callable[["ReadableRecord"], str]
    is_sensitive: Callable[[Mapping[str, Any]], bool]
    section_of: Callable[[Mapping[str, Any]], str]
    reported_by: Text = ""
    order: int = 0

    def variable(self, name: str) -> Variable | None:
        """The variable of this name, if the source declares it."""
        return self._by_name().get(name)

    def _by_name(self) -> dict[str, Variable]:
        found = _VARIABLES.get(self.slug)
        if found is None:
            found = _VARIABLES[self.slug] = {variable.name: variable for variable in self.variables}
        return found

    def without_places(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The variables of a record that tell of no place."""
        places = {variable.name for variable in self.variables if variable.place}
        return {name: value for name, value in variables.items() if name not in places}

    def section(self, slug: str) -> Section:
        """The section of this slug. Raises KeyError."""
        return {section.slug: section for section in self.sections}[slug]

    def code_systems(self) -> list[CodeSystem]:
        """The code systems the variables use, each once, in the order they are met."""
        return list(dict.fromkeys(v.system for v in self.variables if v.system is not None))


_VARIABLES: dict[str, dict[str, Variable]] = {}


class ReadableRecord(NamedTuple):
    """What a sentence is made from."""

    section: str
    event_date: date
    end_date: date | None
    provider_name: str
    variables: Mapping[str, Any]


def labelled(variable: Variable, codes: Iterable[str]) -> list[str]:
    """Labels of these codes of a variable's system."""
    system = variable.system
    return [system.label(code) for code in codes] if system is not None else list(codes)


def joined(parts: Iterable[str]) -> str:
    """Parts as people list them: "a, b og c"."""
    found = [part for part in parts if part]
    if len(found) < 2:  # noqa: PLR2004 -- one thing is no list
        return "".join(found)
    return _("%(first)s og %(last)s") % {"first": ", ".join(found[:-1]), "last": found[-1]}
