"""A record in the reader's words, as far as this reader may see it: a line of a list, or opened."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext

from insight.catalogue import ReadableRecord, Section, Source, Variable, VariableKind
from insight.held import Held
from insight.sources import source_of
from kpr_portal.people.acting import Acting
from kpr_portal.ui import formats


@dataclass(frozen=True)
class Withheld:
    """Why a record is not shown."""

    provision: str
    sentence: str


@dataclass(frozen=True)
class RecordLine:
    """A record as a list shows it. Of a withheld one there is a day, a section and the reason, no more."""

    key: UUID
    source: Source
    section: Section
    event_date: date
    end_date: date | None
    sensitive: bool
    provider: str
    sentence: str
    withheld: Withheld | None = None


@dataclass(frozen=True)
class VariableLine:
    """One variable of a record: what it is called, what it means, its value in words, and the code."""

    variable: Variable
    label: str
    meaning: str
    value: str
    code: str


@dataclass(frozen=True)
class RecordDetail:
    """A record opened. A withheld one has no variables."""

    line: RecordLine
    variables: tuple[VariableLine, ...]
    reported_at: datetime
    corrected: bool


def line_of(row: Held, *, acting: Acting) -> RecordLine:
    """A record as a list shows it to the actor."""
    return _line(_seen(row, acting=acting))


def detail_of(row: Held, *, acting: Acting) -> RecordDetail:
    """A record opened, as the actor sees it."""
    return _detail(_seen(row, acting=acting))


def _seen(row: Held, *, acting: Acting) -> Held:
    """What the actor may see of a record: without where it was, for whoever may not know where a child is.

    What is written of a withheld one may name a place too.
    """
    if not acting.rights.hides_places:
        return row
    return row._replace(
        provider_name=None,
        provider_number=None,
        sentence=gettext("Denne opplysningen vises ikke her."),
        variables=source_of(row.source).without_places(row.variables),
    )


def _line(row: Held) -> RecordLine:
    source = source_of(row.source)
    provider = row.provider_name or row.provider_number or ""
    withheld = None
    sentence = ""
    if row.provision is not None:
        withheld = Withheld(row.provision, row.sentence or "")
        provider = ""
    else:
        name = row.provider_name or ""
        sentence = source.sentence(
            ReadableRecord(row.section, row.event_date, row.end_date, name, row.variables)
        )
    return RecordLine(
        key=row.key,
        source=source,
        section=source.section(row.section),
        event_date=row.event_date,
        end_date=None if withheld else row.end_date,
        sensitive=row.sensitive,
        provider=provider,
        sentence=sentence,
        withheld=withheld,
    )


def _detail(row: Held) -> RecordDetail:
    line = _line(row)
    source = line.source
    shown: list[VariableLine] = []
    if line.withheld is None:
        shown = [
            VariableLine(
                variable=variable,
                label=str(variable.label),
                meaning=str(variable.meaning),
                value=_shown(variable, row.variables[variable.name]),
                code=_code(variable, row.variables[variable.name]),
            )
            for variable in source.variables
            if variable.name in row.variables
        ]
    return RecordDetail(line, tuple(shown), row.reported_at, corrected=row.status != "N")


def _shown(variable: Variable, value: Any) -> str:
    if variable.kind is VariableKind.DAY:
        return formats.day(date.fromisoformat(value))
    if variable.kind is VariableKind.MOMENT:
        return formats.moment(datetime.fromisoformat(value))
    if variable.kind is VariableKind.AMOUNT:
        amount = Decimal(value)
        text = f"{amount:.0f}" if amount == int(amount) else f"{amount:.2f}"
        if not (get_language() or "nb").startswith("en"):
            text = text.replace(".", ",")
        return f"{text} {variable.unit}".strip()
    return variable.shown(value)


def _code(variable: Variable, value: Any) -> str:
    if variable.system is None:
        return ""
    return ", ".join(value) if isinstance(value, list) else str(value)
