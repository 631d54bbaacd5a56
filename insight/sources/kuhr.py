"""KUHR: claims to Helfo from general practice, emergency clinics, physiotherapy and others.

The file is CSV or Parquet, one line a claim (docs/messages.md). What a claim holds is the Directorate of
Health's description of KUHR; the names of the columns and the correction columns are this portal's own.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from insight.catalogue import (
    MessageType,
    ReadableRecord,
    Refused,
    Row,
    Section,
    Source,
    Variable,
    VariableKind,
)
from insight.codes import claims, common, diagnoses
from insight.reading import convert, tabular
from insight.reading.opening import Opening
from insight.reading.reasons import FileRefused, LineRefused

_CLAIMS_UNIT = ngettext_lazy("%(number)s kontakt", "%(number)s kontakter", "number")
_TREATMENTS_UNIT = ngettext_lazy("%(number)s behandling", "%(number)s behandlinger", "number")

SECTIONS = (
    Section(
        "fastlege-og-legevakt",
        _("Fastlege og legevakt"),
        _("Konsultasjoner og annen kontakt, fra regninger til Helfo."),
        _CLAIMS_UNIT,
    ),
    Section(
        "fysioterapi",
        _("Fysioterapi"),
        _("Behandlinger hos fysioterapeut og manuellterapeut, fra regninger til Helfo."),
        _TREATMENTS_UNIT,
    ),
    Section("kiropraktor", _("Kiropraktor"), _("Behandlinger, fra regninger til Helfo."), _TREATMENTS_UNIT),
    Section(
        "jordmor",
        _("Jordmor på helsestasjon"),
        _("Konsultasjoner i svangerskapet, fra regninger til Helfo."),
        _CLAIMS_UNIT,
    ),
    Section(
        "logoped-og-audiopedagog",
        _("Logoped og audiopedagog"),
        _("Behandlinger, fra regninger til Helfo."),
        _TREATMENTS_UNIT,
    ),
    Section("ortoptist", _("Ortoptist"), _("Behandlinger, fra regninger til Helfo."), _TREATMENTS_UNIT),
    Section(
        "tannlege-og-tannpleier",
        _("Tannlege og tannpleier"),
        _("Behandlinger med støtte fra folketrygden, fra regninger til Helfo."),
        _TREATMENTS_UNIT,
    ),
    Section(
        claims.OTHER_SECTION,
        _("Andre regninger"),
        _("Andre behandlere, fra regninger til Helfo."),
        _CLAIMS_UNIT,
    ),
)

VARIABLES = (
    Variable(
        "practice_type",
        "praksistype",
        _("Type praksis"),
        _("Hva slags behandler regningen kom fra."),
        VariableKind.CODE,
        claims.PRACTICE_TYPE,
    ),
    Variable(
        "specialty",
        "spesialitet",
        _("Spesialitet"),
        _("Behandlerens spesialitet."),
        VariableKind.CODE,
        claims.SPECIALTY,
    ),
    Variable(
        "clock", "klokkeslett", _("Klokkeslett"), _("Når på dagen kontakten begynte."), VariableKind.CLOCK
    ),
    Variable(
        "diagnoses",
        "diagnoser",
        _("Diagnose eller grunn for kontakten"),
        _("Det behandleren førte opp som grunn. Det kan være et symptom og trenger ikke være en sykdom."),
        VariableKind.CODES,
        diagnoses.DIAGNOSIS,
    ),
    Variable(
        "tariffs",
        "takster",
        _("Takster"),
        _("Kodene behandleren fikk betalt etter. De forteller hva som ble gjort."),
        VariableKind.CODES,
        claims.TARIFF,
    ),
    Variable(
        "exemption",
        "fritaksgrunn",
        _("Fritak for egenandel"),
        _("Hvorfor du ikke betalte egenandel, hvis du slapp det."),
        VariableKind.CODE,
        claims.EXEMPTION,
    ),
    Variable(
        "copayment",
        "egenandel",
        _("Egenandel"),
        _("Det du betalte selv."),
        VariableKind.AMOUNT,
        unit=_("kroner"),
    ),
    Variable(
        "refund",
        "refusjon",
        _("Refusjon"),
        _("Det staten betalte behandleren."),
        VariableKind.AMOUNT,
        unit=_("kroner"),
    ),
    Variable(
        "result",
        "resultat",
        _("Resultat hos Helfo"),
        _("Om Helfo godkjente regningen."),
        VariableKind.CODE,
        claims.RESULT,
    ),
    Variable(
        "practice_municipality",
        "praksis_kommune",
        _("Kommunen til praksisen"),
        _("Der behandleren holder til."),
        VariableKind.CODE,
        common.MUNICIPALITY,
        place=True,
    ),
    Variable(
        "home_municipality",
        "bostedskommune",
        _("Bostedskommunen din da"),
        _("Kommunen du bodde i da kontakten skjedde."),
        VariableKind.CODE,
        common.MUNICIPALITY,
        place=True,
    ),
    Variable(
        "sex", "kjonn", _("Kjønn"), _("Slik det sto da kontakten skjedde."), VariableKind.CODE, common.SEX
    ),
    Variable(
        "age", "alder", _("Alder"), _("Alderen din da kontakten skjedde."), VariableKind.WHOLE, unit=_("år")
    ),
    Variable(
        "claim", "regning_id", _("Regningens nummer"), _("Behandlerens nummer på regningen."), place=True
    ),
)

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


def is_sensitive(variables: Mapping[str, Any]) -> bool:
    return any(map(diagnoses.is_psychiatric, variables.get("diagnoses", [])))


def section_of(variables: Mapping[str, Any]) -> str:
    return claims.SECTION_OF_PRACTICE.get(variables.get("practice_type", ""), claims.OTHER_SECTION)


def sentence(record: ReadableRecord) -> str:
    """Read as `Konsultasjon hos fastlege, Solsiden legesenter: høyt blodtrykk (K86).`."""
    variables = record.variables
    kind = claims.contact_kind(variables.get("tariffs", [])) or gettext("kontakt")
    if record.section in {"fysioterapi", "logoped-og-audiopedagog"} and "tariffs" in variables:
        kind = gettext("behandling")
    practice = variables.get("practice_type")
    where = claims.PRACTICE_TYPE.label(practice) if practice else gettext("behandler")
    if record.provider_name:
        where = f"{where}, {record.provider_name}"
    found = variables.get("diagnoses", [])
    facts = {"kind": kind[:1].upper() + kind[1:], "where": where}
    if not found:
        return gettext("%(kind)s hos %(where)s.") % facts
    facts["why"] = ", ".join(map(diagnoses.DIAGNOSIS.label, found))
    return gettext("%(kind)s hos %(where)s: %(why)s.") % facts


SOURCE = Source(
    slug="kuhr",
    order=10,
    title=_("Regninger fra behandlere (KUHR)"),
    about=_(
        "Når du er hos fastlegen, på legevakt eller hos fysioterapeut, sender behandleren en regning til "
        "Helfo. KPR får en kopi av det som står på regningen. Én regning er omtrent én kontakt."
    ),
    reported_by=_("Helfo, som får regningene fra behandlerne"),
    complete_from=date(2016, 7, 1),
    complete_note=_("Regninger fra juli 2016 og senere."),
    lag=_("Behandleren har seks måneder på å sende regningen. De nyeste kontaktene kan derfor mangle."),
    not_included=(
        _("Regninger fra før juli 2016."),
        _("Besøk der du betalte alt selv."),
        _("Journalen din, prøvesvar og resepter."),
        _("Sykehus og spesialister."),
        _("Noen kontakter der fødselsnummeret manglet på regningen, oftest fra legevakt."),
    ),
    sections=SECTIONS,
    variables=VARIABLES,
    messages=(
        MessageType(
            code="kuhr",
            title=_("KUHR-fil (CSV eller Parquet)"),
            recognises=recognises,
            prepare=prepare,
            read=read,
        ),
    ),
    sentence=sentence,
    is_sensitive=is_sensitive,
    section_of=section_of,
)
