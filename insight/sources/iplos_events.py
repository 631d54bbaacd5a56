"""IPLOS event messages 56.0.0: a municipal service starts, pauses, resumes, changes provider or ends.

Schema: XPR(ipl) 56.0.0.5, namespace http://www.npr.no/xmlstds/56_0_0_ipl. A `Notifikasjon` holds one event
and says by its status (7316) whether it is new, replaces, adds to or cancels an earlier one.
"""

from collections.abc import Iterator, Mapping
from datetime import date
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
from insight.codes import common, iplos
from insight.reading import convert, xml
from insight.reading.opening import Opening
from insight.reading.reasons import FileRefused, LineRefused

NAMESPACE = "http://www.npr.no/xmlstds/56_0_0_ipl"
VERSION = "56.0.0"
_N = f"{{{NAMESPACE}}}"

EVENTS = {
    f"{_N}TjenesteStart": "start",
    f"{_N}MidlertidigStoppFra": "pause",
    f"{_N}MidlertidigStoppTil": "resume",
    f"{_N}TjenesteutforerEndret": "provider",
    f"{_N}TjenesteSlutt": "end",
}
_MESSAGE, _NOTIFICATION, _CONTACT, _MUNICIPALITY, _USER = (
    _N + name for name in ("Melding", "Notifikasjon", "Kontaktperson", "Kommune", "Bruker")
)
_CHILDREN: dict[str | None, frozenset[str]] = {
    None: frozenset({_MESSAGE}),
    _MESSAGE: frozenset({_NOTIFICATION, _CONTACT, _MUNICIPALITY}),
    _NOTIFICATION: frozenset(EVENTS),
    **{event: frozenset({_USER}) for event in EVENTS},
}

SECTION = Section(
    "hendelser-i-kommunale-tjenester",
    _("Start og slutt på tjenester fra kommunen"),
    _("Når en tjeneste startet, ble stoppet en periode eller ble avsluttet, fra kommunen (IPLOS)."),
    ngettext_lazy("%(number)s hendelse", "%(number)s hendelser", "number"),
)

VARIABLES = (
    Variable("event", "", _("Hendelse"), _("Hva som skjedde med tjenesten."), VariableKind.CODE, iplos.EVENT),
    Variable(
        "service_type",
        "tjenesteType",
        _("Tjeneste"),
        _("Hva slags tjeneste det gjelder."),
        VariableKind.CODE,
        iplos.SERVICE_TYPE,
    ),
    Variable(
        "registered_at",
        "hendelseRegTid",
        _("Registrert i kommunen"),
        _("Når kommunen førte inn hendelsen."),
        VariableKind.MOMENT,
    ),
    Variable(
        "service",
        "tjenesteID",
        _("Tjenestens nummer"),
        _("Kommunens eget nummer på tjenesten."),
        place=True,
    ),
    Variable(
        "pause",
        "midlertidigStoppID",
        _("Stoppens nummer"),
        _("Kommunens eget nummer på stoppen."),
        place=True,
    ),
    Variable(
        "district",
        "bydel",
        _("Bydel"),
        _("Bydelen som har ansvar, i byer med bydeler."),
        VariableKind.CODE,
        place=True,
    ),
    Variable(
        "user",
        "brukerNr",
        _("Brukernummer"),
        _("Kommunens eget nummer på deg, ikke fødselsnummeret."),
        place=True,
    ),
    Variable(
        "municipality",
        "kommuneNr",
        _("Kommune"),
        _("Kommunen som har meldt fra."),
        VariableKind.CODE,
        common.MUNICIPALITY,
        place=True,
    ),
)
_BY_FIELD = {variable.field: variable for variable in VARIABLES if variable.field}


class Prepared(NamedTuple):
    municipality: str  # of the whole message; empty where it names several


class _Skim(xml.Skim):
    def __init__(self) -> None:
        super().__init__(_CHILDREN)
        self.municipalities: set[str] = set()

    def seen(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _MUNICIPALITY:
            self.municipalities.add(attributes.get("kommuneNr", "").strip())
        elif tag == _MESSAGE and attributes.get("versjon") != VERSION:
            raise FileRefused("version")


class _Reader:
    """Gathers one notification at a time; the whole of it is attributes."""

    def __init__(self, municipality: str) -> None:
        self.ready: list[Row | Refused] = []
        self._number = 0
        self._notification: dict[str, str] = {}
        self._events: list[tuple[str, dict[str, str]]] = []
        self._user: dict[str, str] = {}
        self._municipality = municipality
        self._service, self._district, self._named = (
            convert.Remembered(_BY_FIELD[field]) for field in ("tjenesteType", "bydel", "kommuneNr")
        )
        self._service_id, self._pause, self._user_id = (
            convert.Once(_BY_FIELD[field]) for field in ("tjenesteID", "midlertidigStoppID", "brukerNr")
        )
        member, _kept, _odd = self._named[municipality]
        self._heads = {
            event: [f'"event":"{event}"', member] if member else [f'"event":"{event}"']
            for event in EVENTS.values()
        }

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _USER:
            self._user = attributes
        elif tag == _NOTIFICATION:
            self._notification = attributes
            self._events, self._user = [], {}
        elif tag in EVENTS:
            self._events.append((EVENTS[tag], attributes))

    def end(self, tag: str) -> None:
        if tag == _NOTIFICATION:
            self._number += 1
            try:
                self.ready.append(self._row())
            except LineRefused as refused:
                self.ready.append(Refused(self._number, refused.code))

    def _row(self) -> Row:
        about = self._notification
        status = about.get("statusNotifikasjon", "")
        if status not in {"N", "M", "T", "C"}:
            raise LineRefused("status")
        identity = convert.guid(about.get("notifikasjonGUID"))
        refers_to = None
        if status != "N":
            if not about.get("notifikasjonRef", "").strip():
                raise LineRefused("reference")
            refers_to = convert.guid(about["notifikasjonRef"])
        if len(self._events) > 1:
            raise LineRefused("events")
        if not self._events and status in {"N", "M"}:
            raise LineRefused("event")
        event, said = self._events[0] if self._events else ("", {})
        when = said.get("hendelseDato", "")
        members, unknown = self._members(event, said)
        orgnr = said.get("tjenesteOrgNr", "").strip()
        return Row(
            self._number,
            identity,
            status,
            refers_to,
            convert.moment(about.get("notifikasjonTid", "")),
            convert.sequence(about.get("notifikasjonLopeNr")),
            (self._user.get("typeID", "").strip(), self._user.get("fid", "").strip()),
            convert.first_day(when) if when or status in {"N", "M"} else "",
            None,
            (orgnr, "", self._municipality) if len(orgnr) == 9 and orgnr.isdigit() else None,  # noqa: PLR2004
            SECTION.slug,
            said.get("tjenesteType", "").strip() in iplos.COERCION_TYPES,
            "{" + ",".join(filter(None, members)) + "}",
            unknown,
        )

    def _members(self, event: str, said: dict[str, str]) -> tuple[list[str], tuple[str, ...]]:
        members = [*self._heads[event]] if event else []
        unknown: tuple[str, ...] = ()
        if service := said.get("tjenesteType"):
            member, _kept, odd = self._service[service]
            members.append(member)
            unknown += odd
        if district := self._user.get("bydel"):
            member, _kept, odd = self._district[district]
            members.append(member)
            unknown += odd
        if registered := said.get("hendelseRegTid"):
            members.append(f'"registered_at":"{convert.moment(registered)}"')
        if service_id := said.get("tjenesteID"):
            members.append(self._service_id[service_id][0])
        if pause := said.get("midlertidigStoppID"):
            members.append(self._pause[pause][0])
        if user := self._user.get("brukerNr"):
            members.append(self._user_id[user][0])
        return members, unknown


def recognises(opening: Opening) -> bool:
    return opening.format == "xml" and (opening.namespace, opening.root) == (NAMESPACE, "Melding")


def prepare(opening: Opening) -> Prepared:
    first = _Skim()
    xml.skim(opening.path, first)
    named = first.municipalities
    return Prepared(named.pop() if len(named) == 1 else "")


def read(opening: Opening, prepared: Prepared) -> Iterator[Row | Refused]:
    """The notifications of a message, in its order."""
    return xml.events(opening.path, _Reader(prepared.municipality))


def is_sensitive(variables: Mapping[str, Any]) -> bool:
    return variables.get("service_type") in iplos.COERCION_TYPES


def section_of(_variables: Mapping[str, Any]) -> str:
    return SECTION.slug


def sentence(record: ReadableRecord) -> str:
    """Read as `Helsetjenester i hjemmet: tjenesten startet. Meldt av Bergen.`."""
    variables = record.variables
    service = iplos.SERVICE_TYPE.label(variables["service_type"]) if "service_type" in variables else ""
    facts = {
        "service": service[:1].upper() + service[1:] or gettext("Tjeneste"),
        "event": iplos.EVENT.label(variables.get("event", "")),
    }
    if municipality := variables.get("municipality"):
        facts["municipality"] = common.municipality_name(municipality)
        return gettext("%(service)s: %(event)s. Meldt av %(municipality)s.") % facts
    return gettext("%(service)s: %(event)s.") % facts


SOURCE = Source(
    slug="iplos-hendelser",
    order=30,
    title=_("Hendelser i kommunale tjenester (IPLOS-meldinger)"),
    about=_(
        "Kommunen melder fra til KPR når en helse- og omsorgstjeneste starter, stoppes en periode, "
        "får en ny utfører eller slutter. Meldingene kommer fortløpende."
    ),
    reported_by=_("kommunene"),
    complete_from=date(2022, 1, 1),
    complete_note=_("Kommuner som har tatt i bruk meldingene, fra 2022. De andre sender én fil i året."),
    lag=_("Meldingene kommer som regel innen noen dager."),
    not_included=(
        _("Hva som ble gjort på hvert enkelt besøk."),
        _("Søknader og vedtak. De kommer i den årlige filen fra kommunen."),
        _("Journalen din i kommunen."),
    ),
    sections=(SECTION,),
    variables=VARIABLES,
    messages=(
        MessageType(
            code="iplos-56.0.0",
            title=_("IPLOS-melding 56.0.0"),
            recognises=recognises,
            prepare=prepare,
            read=read,
        ),
    ),
    sentence=sentence,
    is_sensitive=is_sensitive,
    section_of=section_of,
)
