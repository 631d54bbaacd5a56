"""The lines of a claims file as rows, in the file's order."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, repeat
from operator import itemgetter
from typing import NamedTuple

from insight.catalogue import Refused, Row, Variable, VariableKind
from insight.codes import claims, diagnoses
from insight.reading import convert, tabular
from insight.reading.columns import Column, Fresh, Noted, guids, member, members, objects
from insight.reading.opening import Opening
from insight.reading.reasons import FileRefused, LineRefused
from insight.sources.kuhr.variables import VARIABLES

# Columns that are not variables: the message, the person, the day, the provider.
META = (
    "melding_id",
    "melding_status",
    "melding_ref",
    "melding_tid",
    "melding_lopenr",
    "personid_type",
    "personid",
    "dato",
    "behandler_orgnr",
    "behandler_navn",
)
COLUMNS = (*META, "diagnose_kodeverk", *(variable.field for variable in VARIABLES))
REQUIRED_COLUMNS = frozenset(COLUMNS) - {"spesialitet", "fritaksgrunn", "kjonn", "alder", "bostedskommune"}
RECOGNISED_BY = frozenset({"melding_id", "melding_status", "takster", "praksistype"})

_WITHOUT_DIAGNOSES = tuple(variable for variable in VARIABLES if variable.name != "diagnoses")
_DIAGNOSES = next(variable for variable in VARIABLES if variable.name == "diagnoses")
_ORGANISATION = re.compile(r"\d{9}")
MAX_NAME = 120
# As Row(*values), in C: every line passes here.
_ROW = partial(tuple.__new__, Row)


class Prepared(NamedTuple):
    columns: list[str]
    encoding: str


def recognises(opening: Opening) -> bool:
    return opening.format in {"text", "parquet"} and set(tabular.columns_of(opening)) >= RECOGNISED_BY


def prepare(opening: Opening) -> Prepared:
    columns = tabular.columns_of(opening)
    if not set(columns) >= REQUIRED_COLUMNS:
        raise FileRefused("header")
    return Prepared(columns, tabular.encoding_of(opening) if opening.format == "text" else "")


def read(opening: Opening, prepared: Prepared) -> Iterator[Row | Refused]:
    """The claims of a file, in its order; a line that cannot be taken in is given as refused."""
    reader = _Reader(prepared.columns)
    pieces = (
        tabular.parquet_pieces(opening.path, prepared.columns)
        if opening.format == "parquet"
        else tabular.csv_pieces(opening.path, prepared.encoding, width=len(prepared.columns))
    )
    return chain.from_iterable(map(reader, pieces))


class _Reader:
    """Turns the lines of a piece into rows, remembering what it has converted before."""

    def __init__(self, columns: list[str]) -> None:
        place = {name: at for at, name in reversed(list(enumerate(columns)))}
        self._meta = itemgetter(*(place[name] for name in META))
        self._plain = [
            (place[variable.field], _column(variable))
            for variable in _WITHOUT_DIAGNOSES
            if variable.field in place
        ]
        self._diagnosed = itemgetter(place["diagnose_kodeverk"], place["diagnoser"])
        self._practice_at = place["praksistype"]
        self._municipality_at = place["praksis_kommune"]
        self._diagnoses = Column(_diagnoses, instead=("", False), unknown=_unknown_diagnoses)
        self._statuses = Column(_status, instead="")
        self._days = Column(_day, instead="")
        self._moments = Column(convert.moment, instead="")
        self._sequences = Column(convert.sequence, instead="")
        self._providers = Column(_provider, instead=None)

    def __call__(self, piece: tabular.Piece) -> Sequence[Row | Refused]:
        """The rows of a piece, and what is refused of it, in the order of the file."""
        if not piece.fields:
            return [Refused(*refused) for refused in piece.refused]
        noted = Noted()  # the order below is that in which a line's faults are told
        rows = self._rows(piece.numbers, list(zip(*piece.fields, strict=True)), noted)
        if not piece.refused and not noted.refused:
            return rows
        return sorted(
            chain(
                (row for at, row in enumerate(rows) if at not in noted.refused),
                (Refused(piece.numbers[at], reason) for at, reason in noted.refused.items()),
                (Refused(*refused) for refused in piece.refused),
            ),
            key=itemgetter(0),
        )

    def _rows(self, numbers: Sequence[int], columns: list[tuple[str, ...]], noted: Noted) -> list[Row]:
        identity, status, refers_to, reported, running, id_type, digits, when, orgnr, name = self._meta(
            columns
        )
        statuses = self._statuses.of(status, noted)
        corrections = [at for at, status in enumerate(statuses) if status != "N"]
        for at in corrections:
            if not refers_to[at].strip():
                noted.refuse(at, "reference")
        parts = [column.of(columns[at], noted) for at, column in self._plain]
        diagnosed = self._diagnoses.of(list(zip(*self._diagnosed(columns), strict=True)), noted)
        parts.append([member for member, _sensitive in diagnosed])
        days = self._days.of(when, noted)
        if "" in days:
            for at, day in enumerate(days):
                if day == "" and statuses[at] in {"N", "M"}:
                    noted.refuse(at, "date")
        identities = guids(identity, noted)
        moments = self._moments.of(reported, noted)
        sequences = self._sequences.of(running, noted)
        providers = self._providers.of(
            list(zip(orgnr, name, columns[self._municipality_at], strict=True)), noted
        )
        unknown = noted.unknown
        return list(
            map(
                _ROW,
                zip(
                    numbers,
                    identities,
                    statuses,
                    _references(refers_to, corrections, noted),
                    moments,
                    sequences,
                    zip(map(str.strip, id_type), map(str.strip, digits), strict=True),
                    days,
                    repeat(None),
                    providers,
                    map(_section, columns[self._practice_at]),
                    [sensitive for _member, sensitive in diagnosed],
                    objects(parts),
                    [unknown.get(at, ()) for at in range(len(numbers))] if unknown else repeat(()),
                    repeat(None),
                    strict=False,
                ),
            )
        )


def _references(texts: Sequence[str], corrections: list[int], noted: Noted) -> list[str | None]:
    """What each line corrects; nothing where it corrects nothing, whatever it says."""
    found: list[str | None] = [None] * len(texts)
    for at in corrections:
        try:
            found[at] = convert.guid(texts[at])
        except LineRefused as refused:
            noted.refuse(at, refused.code)
    return found


def _status(text: str) -> str:
    if (status := text.strip()) in {"N", "M", "T", "C"}:
        return status
    raise LineRefused("status")


def _day(text: str) -> str:
    return convert.first_day(text) if text.strip() else ""


def _section(practice: str) -> str:
    return claims.SECTION_OF_PRACTICE.get(practice.strip(), claims.OTHER_SECTION)


def _named_diagnoses(key: tuple[str, str]) -> str:
    """From a code system and codes of it, the codes with their system."""
    system, text = key
    codes = convert.value(_DIAGNOSES, text) or []
    return " ".join(diagnoses.coded(system.strip(), code) for code in codes)


def _diagnoses(key: tuple[str, str]) -> tuple[str, bool]:
    """The member, and whether it is sensitive."""
    named = _named_diagnoses(key)
    kept = convert.value(_DIAGNOSES, named) or []
    return member(_DIAGNOSES, named), any(map(diagnoses.is_psychiatric, kept))


def _unknown_diagnoses(key: tuple[str, str]) -> tuple[str, ...]:
    return convert.unknown_codes(_DIAGNOSES, convert.value(_DIAGNOSES, _named_diagnoses(key)))


def _provider(key: tuple[str, str, str]) -> tuple[str, str, str] | None:
    return provider(*key)


def provider(orgnr: str, name: str, municipality: str) -> tuple[str, str, str] | None:
    """The provider as we keep it; an organisation number that is none is left out."""
    orgnr, name, municipality = orgnr.strip(), name.strip()[:MAX_NAME], municipality.strip()[:4]
    if "\x00" in name + municipality:
        raise LineRefused("unreadable")
    orgnr = orgnr if _ORGANISATION.fullmatch(orgnr) else ""
    if re.search(r"\d{11}", name) or convert.holds_person_number(name):
        name = ""
    return (orgnr, name, municipality) if orgnr or name else None


def _column(variable: Variable) -> Column[str, str]:
    """Numbers on claims are never the same twice; everything else is."""
    return Fresh(variable) if variable.kind is VariableKind.TEXT else members(variable)
