"""The lines of a claims file as rows, in the file's order."""

import re
from collections.abc import Iterator
from operator import itemgetter
from typing import NamedTuple

from insight.catalogue import Refused, Row, Variable, VariableKind
from insight.codes import claims, diagnoses
from insight.reading import convert, tabular
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
    line = _LineReader(prepared.columns)
    rows = (
        tabular.parquet_rows(opening.path, prepared.columns)
        if opening.format == "parquet"
        else tabular.csv_rows(opening.path, prepared.encoding)
    )
    width = len(prepared.columns)
    for number, fields in rows:
        if fields is None:
            yield Refused(number, "unreadable")
        elif len(fields) != width:
            yield Refused(number, "columns")
        else:
            try:
                yield line(number, fields)
            except LineRefused as refused:
                yield Refused(number, refused.code)


class _LineReader:
    """Turns the fields of a line into a Row, remembering what it has converted before."""

    def __init__(self, columns: list[str]) -> None:
        place = {name: at for at, name in reversed(list(enumerate(columns)))}
        self._meta = itemgetter(*(place[name] for name in META))
        self._plain = [
            (place[variable.field], _remembering(variable))
            for variable in _WITHOUT_DIAGNOSES
            if variable.field in place
        ]
        self._diagnoses_at = place["diagnoser"]
        self._system_at = place["diagnose_kodeverk"]
        self._practice_at = place["praksistype"]
        self._municipality_at = place["praksis_kommune"]
        self._diagnoses = convert.Remembered(_DIAGNOSES)
        self._coded: dict[tuple[str, str], tuple[str, bool, tuple[str, ...]]] = {}
        self._providers: dict[tuple[str, str, str], tuple[str, str, str] | None] = {}

    def __call__(self, number: int, fields: list[str]) -> Row:
        identity, status, refers_to, reported, running, id_type, digits, when, orgnr, name = self._meta(
            fields
        )
        status = status.strip()
        if status not in {"N", "M", "T", "C"}:
            raise LineRefused("status")
        original = status == "N"
        if not original and not refers_to.strip():
            raise LineRefused("reference")
        members = []
        unknown: tuple[str, ...] = ()
        for at, remembered in self._plain:
            if text := fields[at]:
                member, _kept, odd = remembered[text]
                if member:
                    members.append(member)
                if odd:
                    unknown += odd
        member, sensitive, odd = self._diagnosed(fields[self._system_at], fields[self._diagnoses_at])
        if member:
            members.append(member)
        if not when.strip() and status in {"N", "M"}:
            raise LineRefused("date")
        return Row(
            number,
            convert.guid(identity),
            status,
            None if original else convert.guid(refers_to),
            convert.moment(reported),
            convert.sequence(running),
            (id_type.strip(), digits.strip()),
            convert.first_day(when) if when.strip() else "",
            None,
            self._provider(orgnr, name, fields[self._municipality_at]),
            claims.SECTION_OF_PRACTICE.get(fields[self._practice_at].strip(), claims.OTHER_SECTION),
            sensitive,
            "{" + ",".join(members) + "}",
            unknown + odd if odd else unknown,
        )

    def _diagnosed(self, system: str, text: str) -> tuple[str, bool, tuple[str, ...]]:
        key = (system, text)
        found = self._coded.get(key)
        if found is None:
            codes = convert.value(_DIAGNOSES, text) or []
            named = [diagnoses.coded(system.strip(), code) for code in codes]
            member, kept, odd = self._diagnoses[" ".join(named)]
            found = (member, any(map(diagnoses.is_psychiatric, kept or [])), odd)
            if len(self._coded) >= convert.REMEMBERED:
                self._coded.clear()
            self._coded[key] = found
        return found

    def _provider(self, orgnr: str, name: str, municipality: str) -> tuple[str, str, str] | None:
        key = (orgnr, name, municipality)
        if key not in self._providers:
            if len(self._providers) >= convert.REMEMBERED:
                self._providers.clear()
            self._providers[key] = provider(*key)
        return self._providers[key]


def provider(orgnr: str, name: str, municipality: str) -> tuple[str, str, str] | None:
    """The provider as we keep it; an organisation number that is none is left out."""
    orgnr, name, municipality = orgnr.strip(), name.strip()[:MAX_NAME], municipality.strip()[:4]
    if "\x00" in name + municipality:
        raise LineRefused("unreadable")
    orgnr = orgnr if _ORGANISATION.fullmatch(orgnr) else ""
    if re.search(r"\d{11}", name) or convert.holds_person_number(name):
        name = ""
    return (orgnr, name, municipality) if orgnr or name else None


def _remembering(variable: Variable) -> convert.Remembered:
    """Numbers on claims are never the same twice; everything else is."""
    return convert.Once(variable) if variable.kind is VariableKind.TEXT else convert.Remembered(variable)
