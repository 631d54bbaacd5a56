"""What the sources have sent about the synthetic people: files as the sources write them, and nothing else.

Deterministic: the same people and the same last day give the same files. They are taken in by the same
operation as real ones. Three kinds: claims (CSV, one file a year), event messages (one a municipality) and,
for some municipalities, the yearly file with its identity message. A few rows are corrected, cancelled or
added to, and a few name codes that no list has, as in life.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from pathlib import Path
from random import Random
from uuid import UUID

from insight.sources.kuhr.rows import COLUMNS
from kpr_portal.embedded.messages_care import Care, Service, care_of, in_year
from kpr_portal.embedded.messages_claims import Claim, claims_of
from kpr_portal.embedded.population_named import BY_SLUG
from kpr_portal.ground.clock import OSLO
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.population_register import RegisterPerson

CLAIMS_SINCE = date(2017, 1, 1)
EVENTS_SINCE = date(2022, 1, 1)
CARE_SINCE = date(2019, 1, 1)
CLAIMS_LAG = timedelta(days=30)
YEARLY_YEARS = 3
YEARLY_MUNICIPALITIES = ("0301", "1103", "3107", "3301", "4204", "4601", "5001", "5501")
MUCH = 7

_PRACTICES = {
    "FALE": ("legesenter", "ALM"),
    "LEGV": ("legevakt", "ALM"),
    "FYSI": ("fysioterapi", "ING"),
    "KIRO": ("kiropraktorklinikk", "ING"),
    "LOGO": ("logopedsenter", "ING"),
    "TANN": ("tannklinikk", "ING"),
}
_NAMES = ("Solsiden", "Torget", "Fjordgløtt", "Elvebredden", "Nordlyset", "Parken")
_ORGANISATIONS = {practice: at for at, practice in enumerate(_PRACTICES)}
_EVENT_ELEMENTS = {
    "start": "TjenesteStart",
    "pause": "MidlertidigStoppFra",
    "resume": "MidlertidigStoppTil",
    "end": "TjenesteSlutt",
}


def write_messages(people: Iterable[RegisterPerson], folder: Path, *, today: date) -> list[Path]:
    """Write every file into the folder (0700: it holds numbers) and give them, in the order to take in."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    silent = {BY_SLUG["nothing_held"].number, BY_SLUG["unknown"].number}
    heard = [person for person in people if person.number not in silent]
    files = _write_claims(heard, folder, until=today - CLAIMS_LAG)
    cares = [care for person in heard if (care := _care(person, today)) is not None]
    files += _write_events(cares, folder, today=today)
    files += _write_yearly(cares, folder, today=today)
    return files


def _care(person: RegisterPerson, today: date) -> Care | None:
    return care_of(
        person,
        since=CARE_SINCE,
        until=today,
        sure=person.number == BY_SLUG["much_data"].number,
        coerced=person.number == BY_SLUG["ward_personal"].number,
    )


def _write_claims(people: list[RegisterPerson], folder: Path, *, until: date) -> list[Path]:
    of_year: dict[int, list[list[str]]] = defaultdict(list)
    for person in people:
        rng = Random(f"rows-{person.number.digits}")
        much = MUCH if person.number == BY_SLUG["much_data"].number else 1
        claims = claims_of(person, since=CLAIMS_SINCE, until=until, much=much)
        for at, claim in enumerate(claims):
            of_year[claim.day.year] += _claim_rows(claim, at, rng)
    files = []
    for year, rows in sorted(of_year.items()):
        path = folder / f"kuhr-{year}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
            writer.writerow(COLUMNS)
            writer.writerows(rows)
        files.append(path)
    return files


def _claim_rows(claim: Claim, at: int, rng: Random) -> Iterator[list[str]]:
    person = claim.person
    identity = _guid("claim", person.number.digits, at)
    sent = datetime.combine(claim.day + timedelta(days=rng.randint(1, 25)), time(12), tzinfo=OSLO)
    chance = rng.random()
    tariffs = claim.tariffs if chance > 0.001 else f"{claim.tariffs} X99"
    row = _claim_row(claim, identity, "N", "", sent, tariffs=tariffs, at=at)
    yield row
    if chance > 0.995:
        fixed = _claim_row(claim, _guid("fixed", identity), "M", identity, sent + timedelta(days=9), at=at)
        yield fixed
    elif chance > 0.992:
        yield _claim_row(claim, _guid("cancelled", identity), "C", identity, sent + timedelta(days=9), at=at)
    elif chance > 0.989:
        yield _claim_row(
            claim, _guid("added", identity), "T", identity, sent + timedelta(days=9), tariffs="2cdd", at=at
        )


def _claim_row(
    claim: Claim, identity: str, status: str, ref: str, sent: datetime, *, at: int, tariffs: str = ""
) -> list[str]:
    person = claim.person
    number = number_then(person, claim.day)
    municipality = person.municipality or "0301"
    kind, specialty = _PRACTICES[claim.practice]
    name = _NAMES[int(number.digits[:2]) % len(_NAMES)]
    age = claim.day.year - person.birth_date.year
    facts = {
        "melding_id": identity,
        "melding_status": status,
        "melding_ref": ref,
        "melding_tid": sent.isoformat(),
        "melding_lopenr": str(at + 1),
        "personid_type": number.kind.value,
        "personid": number.digits,
        "dato": claim.day.isoformat(),
        "behandler_orgnr": f"9{municipality}{_ORGANISATIONS[claim.practice]}00{_NAMES.index(name)}",
        "behandler_navn": f"{name} {kind}",
        "diagnose_kodeverk": claim.system,
        "praksistype": claim.practice,
        "spesialitet": specialty,
        "klokkeslett": claim.clock,
        "diagnoser": claim.diagnosis,
        "takster": tariffs or claim.tariffs,
        "fritaksgrunn": "B" if age < 16 else "",
        "egenandel": claim.copayment,
        "refusjon": claim.refund,
        "resultat": "G",
        "praksis_kommune": municipality,
        "bostedskommune": municipality,
        "kjonn": {"male": "1", "female": "2"}.get(str(person.sex.value), "0"),
        "alder": str(max(age, 0)),
        "regning_id": f"R{int(identity[:8], 16)}",
    }
    return [facts[column] for column in COLUMNS]


def _write_events(cares: list[Care], folder: Path, *, today: date) -> list[Path]:
    of_municipality: dict[str, list[Care]] = defaultdict(list)
    for care in cares:
        of_municipality[care.person.municipality].append(care)
    files = []
    for place, (municipality, here) in enumerate(sorted(of_municipality.items())):
        # Every third municipality's system writes Latin-1, as many do.
        encoding = "ISO-8859-1" if place % 3 == 0 else "UTF-8"
        text = "\n".join(
            notification
            for care in here
            for service in care.services
            for notification in _notifications(care.person, service, today)
        )
        path = folder / f"iplos-{municipality}.xml"
        path.write_bytes(_event_message(text, municipality, encoding).encode(encoding))
        files.append(path)
    return files


def _event_message(notifications: str, municipality: str, encoding: str) -> str:
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n'
        '<Melding xmlns="http://www.npr.no/xmlstds/56_0_0_ipl" versjon="56.0.0" meldingstype="K"'
        ' leverandor="Demo" navnEPJ="Demo" versjonEPJ="1.0" versjonUt="1.0">\n'
        f"{notifications}\n"
        f"{_contact_person('16')}\n"
        f'<Kommune kommuneNr="{municipality}"/>\n</Melding>\n'
    )


def _notifications(person: RegisterPerson, service: Service, today: date) -> Iterator[str]:
    happened = [("start", service.begins)]
    if service.pause:
        happened += [("pause", service.pause[0]), ("resume", service.pause[1])]
    if service.ends:
        happened.append(("end", service.ends))
    rng = Random(f"events-{person.number.digits}-{service.id}")
    for at, (event, day) in enumerate(happened):
        if not EVENTS_SINCE <= day <= today:
            continue
        identity = _guid("event", person.number.digits, service.id, at)
        sent = datetime.combine(day + timedelta(days=rng.randint(0, 6)), time(9, 30))
        chance = rng.random()
        yield _notification(person, service, event, day, sent, identity=identity, at=at)
        later = sent + timedelta(days=3)
        if chance > 0.98:
            moved = day - timedelta(days=1)
            fix = _guid("fix", identity)
            yield _notification(
                person, service, event, moved, later, identity=fix, at=at, status="M", ref=identity
            )
        elif chance > 0.97:
            undo = _guid("undo", identity)
            yield _notification(
                person, service, event, day, later, identity=undo, at=at, status="C", ref=identity
            )


def _notification(
    person: RegisterPerson,
    service: Service,
    event: str,
    day: date,
    sent: datetime,
    *,
    identity: str,
    at: int,
    status: str = "N",
    ref: str = "",
) -> str:
    number = number_then(person, day)
    element = _EVENT_ELEMENTS[event]
    reference = f' notifikasjonRef="{ref}"' if ref else ""
    pause = f' midlertidigStoppID="P{service.id}"' if event in {"pause", "resume"} else ""
    return (
        f'<Notifikasjon statusNotifikasjon="{status}" notifikasjonTid="{sent.isoformat()}"'
        f' notifikasjonGUID="{identity}" notifikasjonForrigeGUID="{_guid("before", identity)}"'
        f' notifikasjonLopeNr="{at + 1}"{reference}><{element} tjenesteType="{service.type}"'
        f' hendelseRegTid="{sent.isoformat()}" tjenesteOrgNr="{service.provider}"'
        f' hendelseDato="{day.isoformat()}"'
        f' tjenesteID="T{service.id}" hendelseGUID="{_guid("happening", identity)}"{pause}>'
        f'<Bruker pasientGUID="{_guid("patient", person.number.digits)}" brukerNr="{_own_id(person)}"'
        f' fid="{number.digits}" typeID="{number.kind.value}"/></{element}></Notifikasjon>'
    )


def _write_yearly(cares: list[Care], folder: Path, *, today: date) -> list[Path]:
    files = []
    for municipality in YEARLY_MUNICIPALITIES:
        here = [care for care in cares if care.person.municipality == municipality]
        for year in range(today.year - YEARLY_YEARS, today.year):
            had = [care for care in here if any(in_year(care, year))]
            if not had:
                continue
            identities = folder / f"iplos-ident-{municipality}-{year}.xml"
            identities.write_bytes(_identity_message(had, municipality, year).encode("latin-1"))
            yearly = folder / f"iplos-{municipality}-{year}.xml"
            yearly.write_bytes(_yearly_file(had, municipality, year).encode("latin-1"))
            files += [identities, yearly]
    return files


def _identity_message(cares: list[Care], municipality: str, year: int) -> str:
    patients = "\n".join(
        f'<PasientIdent pid="{_own_id(care.person)}" fid="{(number := _number_of_year(care, year)).digits}"'
        f' typeID="{number.kind.value}"/>'
        for care in cares
    )
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n'
        '<Melding xmlns="http://www.npr.no/xmlstds/53_1_3_ide" versjon="53.1.3" meldingstype="B"'
        f' fraDatoPeriode="{year}-01-01" uttakDato="{year + 1}-01-20" leverandor="Demo" navnEPJ="Demo"'
        f' versjonEPJ="1.0" versjonUt="1.0" lopenr="1" tilDatoPeriode="{year}-12-31">\n'
        f"{_contact_person('8')}\n"
        f'<Institusjon institusjonID="{municipality}">\n{patients}\n</Institusjon>\n</Melding>\n'
    )


def _yearly_file(cares: list[Care], municipality: str, year: int) -> str:
    contact = "<Telefon>00000000</Telefon><Epost>post@example.no</Epost></iiKontakt>"
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n'
        '<IPLOS xmlns="http://www.npr.no/xmlstds/iplos/2019" versjon="3.7">\n<INNHINFO>'
        f"<iiInnhType>P</iiInnhType><iiKomnr>{municipality}</iiKomnr><iiBydelsnr>00</iiBydelsnr>"
        f"<iiKontakt><Type>1</Type><Navn>Blåøyd Sjøstjerne</Navn>{contact}"
        f"<iiKontakt><Type>2</Type><Navn>Grønn Trapp</Navn>{contact}"
        f"<iiFraDato>{year}0101</iiFraDato><iiTilDato>{year}1231</iiTilDato>"
        f"<iiLagetDato>{year + 1}0120</iiLagetDato><iiSysID>Demo</iiSysID><iiSysVersjon>1</iiSysVersjon>"
        f"<iiLopenr>1</iiLopenr></INNHINFO>\n"
        f"{''.join(_yearly_person(care, year) for care in cares)}</IPLOS>\n"
    )


def _yearly_person(care: Care, year: int) -> str:
    person, own = care.person, _own_id(care.person)
    first, last = f"{year}0101", f"{year}1231"
    situation = (
        f'<PERSON pePeID="{own}"><peAlder>{max(0, year - person.birth_date.year)}</peAlder>'
        f"<peKomnr>{person.municipality}</peKomnr><peFraDato>{first}</peFraDato>"
        f'<PERSONOPPL poPeID="{own}" poPoID="1"><poHusstand>{care.household}</poHusstand>'
        f"<poPrivHjelp>{care.private_help}</poPrivHjelp><poVurdLege>1</poVurdLege><poIndPlan>102</poIndPlan>"
        f"<poHarKoordinator>2</poHarKoordinator><poLegeMiddGj>1</poLegeMiddGj>"
        f"<poLegeMiddGjDato>{year}0615</poLegeMiddGjDato><poErnKartlagt>2</poErnKartlagt>"
        f"<poFraDato>{first}</poFraDato></PERSONOPPL>"
    )
    parts = [situation]
    parts += [
        f'<FUNKSJON fnPeID="{own}" fnFnID="{function}"><fnFunkType>{function}</fnFunkType>'
        f"<fnFunkVerdi>{value}</fnFunkVerdi><fnFraDato>{first}</fnFraDato>"
        f"<fnTilDato>{last}</fnTilDato></FUNKSJON>"
        for function, value in care.functions.items()
    ]
    for service in in_year(care, year):
        ends = f"<tjTilDato>{service.ends:%Y%m%d}</tjTilDato>" if service.ends else ""
        asked = service.begins - timedelta(days=20)
        parts.append(
            f'<TJENESTE tjPeID="{own}" tjTjID="{service.id}"><tjTjenType>{service.type}</tjTjenType>'
            f"<tjSoknadDato>{asked:%Y%m%d}</tjSoknadDato><tjVedtDato>{service.begins:%Y%m%d}</tjVedtDato>"
            f"<tjVedtak>2</tjVedtak><tjTimerUke>{service.hours}</tjTimerUke><tjRullerende>2</tjRullerende>"
            f"<tjInstOrgnr>{service.provider}</tjInstOrgnr><tjFraDato>{service.begins:%Y%m%d}</tjFraDato>"
            f"{ends}</TJENESTE>"
        )
    parts += [
        f'<DIAGNOSE diPeID="{own}" diDiID="{at}"><diKodeVersjon>{system}</diKodeVersjon>'
        f"<diDiagKode>{code}</diDiagKode><diFraDato>{first}</diFraDato>"
        f"<diTilDato>{last}</diTilDato></DIAGNOSE>"
        for at, (system, code) in enumerate(care.diagnoses, start=1)
    ]
    return "".join([*parts, "</PERSON>\n"])


def _contact_person(kind: str) -> str:
    return (
        '<Kontaktperson kontPerson="Blåøyd Sjøstjerne" meldEpost1="post@example.no"'
        f' typeKontaktperson="{kind}"/>'
    )


def _number_of_year(care: Care, year: int) -> NationalId:
    return number_then(care.person, date(year, 12, 31))


def number_then(person: RegisterPerson, day: date) -> NationalId:
    """The number the person held on a day."""
    for period in person.numbers:
        if (period.since is None or period.since <= day) and (period.until is None or day < period.until):
            return period.number
    return person.number


def _own_id(person: RegisterPerson) -> str:
    """A sender's own id of a person: a number that tells nothing."""
    return str(
        int.from_bytes(blake2b(person.number.digits.encode(), digest_size=5, person=b"demo-pid").digest())
    )


def _guid(*parts: object) -> str:
    digest = blake2b("/".join(map(str, parts)).encode(), digest_size=16, person=b"demo-guid").digest()
    return str(UUID(bytes=digest, version=4))
