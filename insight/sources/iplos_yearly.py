"""The yearly IPLOS file (revision 3.7) and the identity message that says whom it is about (XPR(ide) 53.1.3).

The yearly file names persons by `pePeID` only; numbers come apart from it. It stands for all a municipality
has for a year, so that a later file for the same municipality and year replaces the one before.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from insight.catalogue import (
    DeliveryFacts,
    IdentityRow,
    MessageType,
    ReadableRecord,
    Refused,
    Row,
    Section,
    Source,
    Variable,
    VariableKind,
)
from insight.codes import common, diagnoses, iplos
from insight.reading import convert, xml
from insight.reading.opening import Opening
from insight.reading.reasons import FileRefused, LineRefused

NAMESPACE = "http://www.npr.no/xmlstds/iplos/2019"
VERSION = "3.7"
IDENTITY_NAMESPACE = "http://www.npr.no/xmlstds/53_1_3_ide"
IDENTITY_VERSION = "53.1.3"
_N, _I = f"{{{NAMESPACE}}}", f"{{{IDENTITY_NAMESPACE}}}"

SERVICES = Section(
    "tjenester-fra-kommunen",
    _("Helse- og omsorgstjenester fra kommunen"),
    _("Hjelp hjemme, opphold i institusjon og vedtak, fra kommunen (IPLOS)."),
    ngettext_lazy("%(number)s tjeneste", "%(number)s tjenester", "number"),
)
ASSESSMENTS = Section(
    "vurderinger-i-kommunen",
    _("Vurderinger av hva du trenger hjelp til"),
    _("Hvor mye hjelp kommunen mener at du trenger på ulike områder (IPLOS)."),
    ngettext_lazy("%(number)s vurdering", "%(number)s vurderinger", "number"),
)
SITUATION = Section(
    "situasjonen-din",
    _("Situasjonen din"),
    _("Bosituasjon, privat hjelp, individuell plan og annet kommunen har ført opp (IPLOS)."),
    ngettext_lazy("%(number)s opplysning", "%(number)s opplysninger", "number"),
)
DIAGNOSES = Section(
    "diagnoser-hos-kommunen",
    _("Diagnoser hos kommunen"),
    _("Diagnoser som har betydning for hjelpen fra kommunen (IPLOS)."),
    ngettext_lazy("%(number)s diagnose", "%(number)s diagnoser", "number"),
)
STAYS = Section(
    "dognopphold",
    _("Døgnopphold"),
    _("Opphold i institusjon i kommunen (IPLOS)."),
    ngettext_lazy("%(number)s opphold", "%(number)s opphold", "number"),
)


def _situation(name: str, field: str, label: Any, meaning: Any, system: Any) -> Variable:
    return Variable(name, field, label, meaning, VariableKind.CODE, system)


_ASSISTANCE = _("Om du trenger og får slik hjelp.")
VARIABLES = (
    Variable(
        "service_type",
        "tjTjenType",
        _("Tjeneste"),
        _("Hva slags tjeneste det gjelder."),
        VariableKind.CODE,
        iplos.SERVICE_TYPE,
    ),
    Variable("applied_on", "tjSoknadDato", _("Søknad"), _("Når du eller andre søkte."), VariableKind.DAY),
    Variable("decided_on", "tjVedtDato", _("Vedtaksdato"), _("Når kommunen bestemte seg."), VariableKind.DAY),
    Variable(
        "decision",
        "tjVedtak",
        _("Vedtak"),
        _("Om kommunen sa ja eller nei."),
        VariableKind.CODE,
        iplos.DECISION,
    ),
    Variable(
        "hours",
        "tjTimerUke",
        _("Timer i uken"),
        _("Hvor mange timer du har fått tildelt."),
        VariableKind.AMOUNT,
        unit=_("timer i uken"),
    ),
    Variable(
        "resource_hours",
        "tjResTimerUke",
        _("Ressurstimer i uken"),
        _("Hvor mange timer kommunen bruker på tjenesten, når det er et annet tall."),
        VariableKind.AMOUNT,
        unit=_("timer i uken"),
    ),
    Variable(
        "rolling",
        "tjRullerende",
        _("Rullerende opphold"),
        _("Om oppholdet er faste perioder som kommer igjen."),
        VariableKind.CODE,
        common.YES_NO_UNKNOWN,
    ),
    Variable(
        "complaint_on",
        "tjKlageMottatt",
        _("Klage mottatt"),
        _("Når kommunen fikk en klage."),
        VariableKind.DAY,
    ),
    Variable(
        "answered_on", "tjKlageBesvart", _("Klage besvart"), _("Når kommunen svarte."), VariableKind.DAY
    ),
    Variable(
        "function",
        "fnFunkType",
        _("Område"),
        _("Det området vurderingen gjelder."),
        VariableKind.CODE,
        iplos.FUNCTION,
    ),
    Variable(
        "function_value",
        "",
        _("Vurdering"),
        _("Hvor mye hjelp kommunen mener at du trenger på området."),
        VariableKind.CODE,
        iplos.FUNCTION_VALUE,
    ),
    Variable(
        "sight", "", _("Vurdering av syn"), _("Hvor godt du ser."), VariableKind.CODE, iplos.SIGHT_VALUE
    ),
    Variable(
        "hearing",
        "",
        _("Vurdering av hørsel"),
        _("Hvor godt du hører."),
        VariableKind.CODE,
        iplos.HEARING_VALUE,
    ),
    _situation("household", "poHusstand", _("Bosituasjon"), _("Hvem du bor sammen med."), iplos.HOUSEHOLD),
    _situation(
        "cares_for_children",
        "poOmsorgBarn",
        _("Omsorg for barn"),
        _("Om du har omsorg for barn under 18 år."),
        common.YES_NO_UNKNOWN,
    ),
    _situation(
        "private_help",
        "poPrivHjelp",
        _("Hjelp fra familie og andre"),
        _("Hvor mye hjelp du får av familie, venner og naboer."),
        iplos.PRIVATE_HELP,
    ),
    _situation(
        "adapted_home",
        "poBoligTilr",
        _("Tilrettelagt bolig"),
        _("Om boligen passer for behovene dine."),
        common.YES_NO_UNKNOWN,
    ),
    _situation(
        "seen_by_dentist",
        "poVurdTann",
        _("Vurdert av tannlege"),
        _("Om tannlege eller tannpleier har vurdert deg de siste tolv månedene."),
        common.YES_NO_UNKNOWN,
    ),
    _situation(
        "seen_by_doctor",
        "poVurdLege",
        _("Vurdert av lege"),
        _("Om en lege har vurdert deg de siste tolv månedene."),
        common.YES_NO_UNKNOWN,
    ),
    _situation(
        "individual_plan",
        "poIndPlan",
        _("Individuell plan"),
        _("Om du har en individuell plan."),
        iplos.INDIVIDUAL_PLAN,
    ),
    _situation(
        "coordinator", "poHarKoordinator", _("Koordinator"), _("Om du har en koordinator."), iplos.COORDINATOR
    ),
    _situation(
        "work_need", "poArbBistBehov", _("Arbeid eller utdanning: behov"), _ASSISTANCE, common.YES_NO_UNKNOWN
    ),
    _situation(
        "work_help",
        "poArbBistMottar",
        _("Arbeid eller utdanning: får hjelp"),
        _ASSISTANCE,
        common.YES_NO_UNKNOWN,
    ),
    _situation(
        "work_transport_need",
        "poArbTranspBehov",
        _("Transport til arbeid eller utdanning: behov"),
        _ASSISTANCE,
        common.YES_NO_UNKNOWN,
    ),
    _situation(
        "work_transport_help",
        "poArbTranspMottar",
        _("Transport til arbeid eller utdanning: får hjelp"),
        _ASSISTANCE,
        common.YES_NO_UNKNOWN,
    ),
    _situation("leisure_need", "poFriBistBehov", _("Fritid: behov"), _ASSISTANCE, common.YES_NO_UNKNOWN),
    _situation("leisure_help", "poFriBistMottar", _("Fritid: får hjelp"), _ASSISTANCE, common.YES_NO_UNKNOWN),
    _situation(
        "leisure_transport_need",
        "poFriTranspBehov",
        _("Transport til fritid: behov"),
        _ASSISTANCE,
        common.YES_NO_UNKNOWN,
    ),
    _situation(
        "leisure_transport_help",
        "poFriTranspMottar",
        _("Transport til fritid: får hjelp"),
        _ASSISTANCE,
        common.YES_NO_UNKNOWN,
    ),
    _situation(
        "medication_review",
        "poLegeMiddGj",
        _("Legemiddelgjennomgang"),
        _("Om legemidlene dine er gått gjennom."),
        iplos.MEDICATION_REVIEW,
    ),
    Variable(
        "medication_review_on",
        "poLegeMiddGjDato",
        _("Legemiddelgjennomgang, dato"),
        _("Når det ble gjort."),
        VariableKind.DAY,
    ),
    _situation(
        "nutrition_assessed",
        "poErnKartlagt",
        _("Ernæring kartlagt"),
        _("Om risikoen for underernæring er vurdert."),
        common.YES_NO,
    ),
    Variable(
        "nutrition_assessed_on",
        "poErnKartlagtDato",
        _("Ernæring kartlagt, dato"),
        _("Når det ble gjort."),
        VariableKind.DAY,
    ),
    _situation(
        "nutrition_risk",
        "poErnRisiko",
        _("Risiko for underernæring"),
        _("Om kommunen mener at du er i risiko."),
        common.YES_NO,
    ),
    Variable(
        "nutrition_risk_on",
        "poErnRisikoDato",
        _("Risiko for underernæring, dato"),
        _("Når det ble vurdert."),
        VariableKind.DAY,
    ),
    _situation(
        "nutrition_plan",
        "poErnPlan",
        _("Ernæringsplan"),
        _("Om det er laget en ernæringsplan."),
        common.YES_NO,
    ),
    Variable(
        "nutrition_plan_on",
        "poErnPlanDato",
        _("Ernæringsplan, dato"),
        _("Når den ble laget."),
        VariableKind.DAY,
    ),
    _situation(
        "waiting_list",
        "poVenteliste",
        _("Venteliste"),
        _("Om du står på venteliste for heldøgns omsorg."),
        common.YES_NO,
    ),
    Variable(
        "waiting_list_on",
        "poVentelisteDato",
        _("Venteliste, dato"),
        _("Fra når du sto på listen."),
        VariableKind.DAY,
    ),
    _situation(
        "round_the_clock",
        "poHeldg",
        _("Heldøgns omsorg i bolig"),
        _("Om du bor i en bolig med omsorg hele døgnet."),
        common.YES_NO,
    ),
    _situation(
        "rehabilitation",
        "poHab",
        _("Habilitering eller rehabilitering"),
        _("Om tjenesten er habilitering eller rehabilitering."),
        common.YES_NO,
    ),
    Variable(
        "rehabilitation_on",
        "poHabDato",
        _("Habilitering eller rehabilitering, dato"),
        _("Fra når."),
        VariableKind.DAY,
    ),
    Variable(
        "diagnoses",
        "",
        _("Diagnose"),
        _("En diagnose som kommunen har ført opp."),
        VariableKind.CODES,
        diagnoses.DIAGNOSIS,
    ),
    Variable(
        "municipality",
        "iiKomnr",
        _("Kommune"),
        _("Kommunen som har sendt opplysningen."),
        VariableKind.CODE,
        common.MUNICIPALITY,
    ),
    Variable("district", "iiBydelsnr", _("Bydel"), _("Bydelen, i byer med bydeler."), VariableKind.CODE),
    Variable("year", "", _("År"), _("Året filen fra kommunen gjelder."), VariableKind.WHOLE),
)
_BY_NAME = {variable.name: variable for variable in VARIABLES}
_BY_FIELD = {_N + variable.field: variable for variable in VARIABLES if variable.field}

# Element, the attribute with its own id, its section, and the names of its dates and organisation number.
_PARTS = {
    f"{_N}PERSONOPPL": ("poPoID", SITUATION, "poFraDato", "poTilDato", ""),
    f"{_N}FUNKSJON": ("fnFnID", ASSESSMENTS, "fnFraDato", "fnTilDato", ""),
    f"{_N}TJENESTE": ("tjTjID", SERVICES, "tjFraDato", "tjTilDato", "tjInstOrgnr"),
    f"{_N}DIAGNOSE": ("diDiID", DIAGNOSES, "diFraDato", "diTilDato", ""),
    f"{_N}DOGNTILBUD": ("dgDgID", STAYS, "dgFraDato", "dgTilDato", "dgInstOrgnr"),
}
_LEAVES = {
    f"{_N}PERSONOPPL": [v.field for v in VARIABLES if v.field.startswith("po")] + ["poFraDato", "poTilDato"],
    f"{_N}FUNKSJON": ["fnFunkType", "fnFunkVerdi", "fnFraDato", "fnTilDato"],
    f"{_N}TJENESTE": [v.field for v in VARIABLES if v.field.startswith("tj")]
    + ["tjInstOrgnr", "tjFraDato", "tjTilDato"],
    f"{_N}DIAGNOSE": ["diKodeVersjon", "diDiagKode", "diFraDato", "diTilDato"],
    f"{_N}DOGNTILBUD": ["dgInstOrgnr", "dgFraDato", "dgTilDato"],
}
_ROOT, _INTRODUCTION, _CONTACT, _PERSON = (_N + n for n in ("IPLOS", "INNHINFO", "iiKontakt", "PERSON"))
_INTRODUCTION_LEAVES = (
    "iiInnhType", "iiKomnr", "iiBydelsnr", "iiFraDato", "iiTilDato", "iiLagetDato", "iiSysID", "iiSysVersjon",
    "iiLopenr",
)  # fmt: skip
_PERSON_LEAVES = ("peAlder", "peKjonn", "peKomnr", "peBydelsnr", "peFraDato", "peDodDato", "peEndrDato")


def _tags(names: Any) -> frozenset[str]:
    return frozenset(_N + name for name in names)


_CHILDREN: dict[str | None, frozenset[str]] = {
    None: frozenset({_ROOT}),
    _ROOT: frozenset({_INTRODUCTION, _PERSON}),
    _INTRODUCTION: _tags(_INTRODUCTION_LEAVES) | {_CONTACT},
    _CONTACT: _tags(("Type", "Navn", "Telefon", "Epost")),
    _PERSON: _tags(_PERSON_LEAVES) | frozenset(_PARTS),
    **{part: _tags(leaves) for part, leaves in _LEAVES.items()},
}
_ICPC, _ICD = re.compile(r"icpc|7170|^h$", re.IGNORECASE), re.compile(r"icd|7110|^d$", re.IGNORECASE)


class _Skim(xml.SkimTexts):
    """Checks the structure and keeps the introduction."""

    def __init__(self) -> None:
        super().__init__(_CHILDREN)
        self.introduction: dict[str, str] = {}

    def seen(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _ROOT and attributes.get("versjon") != VERSION:
            raise FileRefused("version")

    def text(self, tag: str | None, text: str) -> None:
        if tag is not None and tag.startswith(_N + "ii") and tag != _CONTACT:
            name = tag.removeprefix(_N)
            self.introduction[name] = self.introduction.get(name, "") + text


class _Reader:
    """Gathers one part of a person at a time and makes a row of it."""

    def __init__(self, delivery: "YearlyDelivery") -> None:
        self.ready: list[Row | Refused] = []
        self._delivery = delivery
        self._number = 0
        self._person = ""
        self._own_id = ""
        self._leaf: str | None = None
        self._values: dict[str, str] = {}
        self._remembered = {tag: convert.Remembered(variable) for tag, variable in _BY_FIELD.items()}
        self._made = {
            name: convert.Remembered(_BY_NAME[name])
            for name in (
                "function_value",
                "sight",
                "hearing",
                "diagnoses",
                "year",
                "municipality",
                "district",
            )
        }
        shared = [self._made["municipality"][delivery.municipality], self._made["year"][str(delivery.year)]]
        if delivery.district:
            shared.append(self._made["district"][delivery.district])
        self._shared = [member for member, _kept, _odd in shared]

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _PERSON:
            self._person = attributes.get("pePeID", "").strip()
        elif tag in _PARTS:
            self._values = {}
            self._own_id = attributes.get(_PARTS[tag][0], "").strip()
        else:
            self._leaf = tag

    def data(self, text: str) -> None:
        if self._leaf is not None and self._person:
            self._values[self._leaf] = self._values.get(self._leaf, "") + text

    def end(self, tag: str) -> None:
        self._leaf = None
        if tag == _PERSON:
            self._person = ""
        elif tag in _PARTS:
            self._number += 1
            try:
                self.ready.append(self._row(tag))
            except LineRefused as refused:
                self.ready.append(Refused(self._number, refused.code))

    def _row(self, tag: str) -> Row:
        _own, section, first, last, organisation = _PARTS[tag]
        if not self._person or not self._own_id:
            raise LineRefused("required")
        members = list(self._shared)
        unknown: tuple[str, ...] = ()
        if tag == f"{_N}FUNKSJON":
            made = self._function()
        elif tag == f"{_N}DIAGNOSE":
            made = self._diagnosis()
        else:
            made = []
        converted = [
            self._remembered[leaf][text] for leaf, text in self._values.items() if leaf in self._remembered
        ]
        for member, _kept, odd in (*converted, *made):
            if member:
                members.append(member)
            unknown += odd
        delivery = self._delivery
        begins = self._values.get(_N + first, "").strip()
        orgnr = self._values.get(_N + organisation, "").strip() if organisation else ""
        return Row(
            self._number,
            convert.made_identity(delivery.key, tag, self._person, self._own_id),
            "N",
            None,
            delivery.reported_at,
            delivery.sequence,
            ("pid", self._person),
            convert.first_day(begins) if begins else delivery.facts.period_start.isoformat(),
            convert.last_day(self._values.get(_N + last, "")),
            (orgnr, "", delivery.municipality) if re.fullmatch(r"\d{9}", orgnr) else None,
            section.slug,
            self._sensitive(tag),
            "{" + ",".join(members) + "}",
            unknown,
            convert.made_identity(delivery.facts.scope, tag, self._person, self._own_id),
        )

    def _function(self) -> list[tuple[str, Any, tuple[str, ...]]]:
        function = self._values.get(_N + "fnFunkType", "").strip()
        name = {"13": "sight", "14": "hearing"}.get(function, "function_value")
        return [self._made[name][self._values.get(_N + "fnFunkVerdi", "")]]

    def _diagnosis(self) -> list[tuple[str, Any, tuple[str, ...]]]:
        coded = _coded(self._values.get(_N + "diKodeVersjon", ""), self._values.get(_N + "diDiagKode", ""))
        return [self._made["diagnoses"][coded]]

    def _sensitive(self, tag: str) -> bool:
        if tag == f"{_N}TJENESTE":
            return self._values.get(_N + "tjTjenType", "").strip() in iplos.COERCION_TYPES
        if tag == f"{_N}DIAGNOSE":
            return diagnoses.is_psychiatric(
                _coded(self._values.get(_N + "diKodeVersjon", ""), self._values.get(_N + "diDiagKode", ""))
            )
        return False


def _coded(version: str, code: str) -> str:
    version = version.strip()
    system = "H" if _ICPC.search(version) else "D" if _ICD.search(version) else version[:8].replace(" ", "")
    return diagnoses.coded(system, code.strip().upper()) if code.strip() else ""


class YearlyDelivery:
    """What the introduction of a yearly file says about it. Raises FileRefused."""

    def __init__(self, introduction: Mapping[str, str]) -> None:
        said = {name: text.strip() for name, text in introduction.items()}
        try:
            first, last, made = (
                date.fromisoformat(convert.day(said[name]))
                for name in ("iiFraDato", "iiTilDato", "iiLagetDato")
            )
            number = int(said["iiLopenr"])
            municipality, district = said["iiKomnr"], said["iiBydelsnr"]
        except (KeyError, ValueError, LineRefused):
            raise FileRefused("delivery") from None
        if not re.fullmatch(r"\d{4}", municipality) or not re.fullmatch(r"\d{2}", district) or first > last:
            raise FileRefused("delivery")
        if not 0 <= number < 2**31:
            raise FileRefused("delivery")
        self.municipality = municipality
        self.district = "" if district == "00" else district
        self.year = first.year
        self.facts = DeliveryFacts(scope_of(municipality + self.district, first.year), made, number, first)
        self.reported_at = convert.moment(made.isoformat() + "T00:00:00")
        self.sequence = convert.sequence(str(number))
        self.key = (self.facts.scope, made.isoformat(), number, said.get("iiSysID", ""))


def scope_of(sender: str, year: int) -> str:
    """Whose and which year: municipality number (with district where there are some) and year."""
    return f"{sender}/{year}"


def recognises(opening: Opening) -> bool:
    return opening.format == "xml" and (opening.namespace, opening.root) == (NAMESPACE, "IPLOS")


def prepare(opening: Opening) -> YearlyDelivery:
    first = _Skim()
    xml.skim(opening.path, first)
    return YearlyDelivery(first.introduction)


def read(opening: Opening, prepared: YearlyDelivery) -> Iterator[Row | Refused]:
    """What a yearly file tells, part by part, in its order."""
    return xml.events(opening.path, _Reader(prepared))


# The identity message.

_IDE_ROOT, _IDE_CONTACT, _IDE_INSTITUTION, _IDE_PATIENT = (
    _I + name for name in ("Melding", "Kontaktperson", "Institusjon", "PasientIdent")
)
_IDE_CHILDREN: dict[str | None, frozenset[str]] = {
    None: frozenset({_IDE_ROOT}),
    _IDE_ROOT: frozenset({_IDE_CONTACT, _IDE_INSTITUTION}),
    _IDE_INSTITUTION: frozenset({_IDE_PATIENT}),
}


class _IdentitySkim(xml.Skim):
    def __init__(self) -> None:
        super().__init__(_IDE_CHILDREN)
        self.institutions: set[str] = set()
        self.year = 0

    def seen(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _IDE_ROOT:
            if attributes.get("versjon") != IDENTITY_VERSION:
                raise FileRefused("version")
            try:
                self.year = int(convert.day(attributes.get("fraDatoPeriode", ""))[:4])
            except LineRefused:
                raise FileRefused("identities") from None
        elif tag == _IDE_INSTITUTION:
            self.institutions.add(attributes.get("institusjonID", "").strip())


class _IdentityReader:
    def __init__(self) -> None:
        self.ready: list[IdentityRow | Refused] = []
        self._number = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag != _IDE_PATIENT:
            return
        self._number += 1
        sender_id = attributes.get("pid", "").strip()
        subject = (attributes.get("typeID", "").strip(), attributes.get("fid", "").strip())
        if not sender_id or len(sender_id) > convert.MAX_CODE:
            self.ready.append(Refused(self._number, "required"))
        elif convert.is_person_number(sender_id):  # it would be kept in clear
            self.ready.append(Refused(self._number, "value"))
        else:
            self.ready.append(IdentityRow(self._number, sender_id, subject))

    def end(self, tag: str) -> None:
        """All is told at the start of an element."""


def recognises_identities(opening: Opening) -> bool:
    return opening.format == "xml" and (opening.namespace, opening.root) == (IDENTITY_NAMESPACE, "Melding")


def prepare_identities(opening: Opening) -> str:
    """The scope the identities are for: one sender and one year a message. Raises FileRefused."""
    first = _IdentitySkim()
    xml.skim(opening.path, first)
    if len(first.institutions) != 1 or not re.fullmatch(r"\d{4}(\d{2})?", next(iter(first.institutions))):
        raise FileRefused("identities")
    return scope_of(first.institutions.pop(), first.year)


def read_identities(opening: Opening, _scope: str) -> Iterator[IdentityRow | Refused]:
    """Who each of the sender's own ids stands for."""
    return xml.events(opening.path, _IdentityReader())


def is_sensitive(variables: Mapping[str, Any]) -> bool:
    return variables.get("service_type") in iplos.COERCION_TYPES or any(
        map(diagnoses.is_psychiatric, variables.get("diagnoses", []))
    )


def section_of(variables: Mapping[str, Any]) -> str:
    if "service_type" in variables:
        return SERVICES.slug
    if "function" in variables:
        return ASSESSMENTS.slug
    return DIAGNOSES.slug if "diagnoses" in variables else SITUATION.slug


def sentence(record: ReadableRecord) -> str:
    """Read as `Helsetjenester i hjemmet, 7,5 timer i uken.`, `Personlig hygiene: store behov for hjelp.`."""
    variables = record.variables
    text: str = _SENTENCES[record.section](variables)
    return text[:1].upper() + text[1:]


def _service(variables: Mapping[str, Any]) -> str:
    facts = {"service": iplos.SERVICE_TYPE.label(variables.get("service_type", ""))}
    if variables.get("decision") == "1":
        return gettext("%(service)s: søknaden ble avslått.") % facts
    if "hours" in variables:
        facts["hours"] = variables["hours"].removesuffix(".00").replace(".", ",")
        return gettext("%(service)s, %(hours)s timer i uken.") % facts
    return gettext("%(service)s.") % facts


def _assessment(variables: Mapping[str, Any]) -> str:
    found = next((name for name in ("sight", "hearing", "function_value") if name in variables), None)
    facts = {
        "function": iplos.FUNCTION.label(variables.get("function", "")),
        "value": _BY_NAME[found].shown(variables[found]) if found else gettext("ikke oppgitt"),
    }
    return gettext("%(function)s: %(value)s.") % facts


def _state(variables: Mapping[str, Any]) -> str:
    if "household" in variables:
        return gettext("Bosituasjon: %(household)s, og annet kommunen har ført opp.") % {
            "household": iplos.HOUSEHOLD.label(variables["household"])
        }
    return gettext("Opplysninger kommunen har ført opp om situasjonen din.")


def _diagnosis(variables: Mapping[str, Any]) -> str:
    return ", ".join(map(diagnoses.DIAGNOSIS.label, variables.get("diagnoses", []))) + "."


_SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    SERVICES.slug: _service,
    ASSESSMENTS.slug: _assessment,
    SITUATION.slug: _state,
    DIAGNOSES.slug: _diagnosis,
    STAYS.slug: lambda variables: gettext("Døgnopphold i institusjon."),  # noqa: ARG005 -- nothing more is told
}

SOURCE = Source(
    slug="iplos-aarlig",
    order=20,
    title=_("Helse- og omsorgstjenester (IPLOS, årlig)"),
    about=_(
        "Hvert år sender kommunen opplysninger om alle som har søkt om eller fått helse- og "
        "omsorgstjenester: tjenester og vedtak, hva du trenger hjelp til, bosituasjon og diagnoser som har "
        "betydning for hjelpen."
    ),
    reported_by=_("kommunene"),
    complete_from=date(2017, 1, 1),
    complete_note=_(
        "Fra 2017. Opplysninger fra før det er lagret uten navn og nummer, og kan ikke vises her."
    ),
    lag=_("Kommunen sender filen i februar året etter, og KPR er ferdig med den om våren."),
    not_included=(
        _("IPLOS-opplysninger fra 2006 til 2017. Spør kommunen din om dem."),
        _("Journalen din i kommunen."),
        _("Helsestasjon og skolehelsetjeneste."),
        _("Personer kommunen ikke har oppgitt fødselsnummer eller D-nummer for."),
    ),
    sections=(SERVICES, ASSESSMENTS, SITUATION, DIAGNOSES, STAYS),
    variables=VARIABLES,
    messages=(
        MessageType(
            code="iplos-ident-53.1.3",
            title=_("Identmelding til den årlige IPLOS-filen"),
            recognises=recognises_identities,
            prepare=prepare_identities,
            read=read_identities,
            identities=lambda prepared: prepared,
        ),
        MessageType(
            code="iplos-2019",
            title=_("Årlig IPLOS-fil"),
            recognises=recognises,
            prepare=prepare,
            read=read,
            delivery=lambda prepared: prepared.facts,
        ),
    ),
    sentence=sentence,
    is_sensitive=is_sensitive,
    section_of=section_of,
)
