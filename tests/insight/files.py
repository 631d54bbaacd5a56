"""Files as senders write them, small enough to read in a test."""

import csv
import io
from uuid import UUID

from insight.sources.kuhr.rows import COLUMNS

EVENT_MESSAGE = """<?xml version="1.0" encoding="{encoding}"?>
<Melding xmlns="http://www.npr.no/xmlstds/56_0_0_ipl" versjon="56.0.0" meldingstype="K" leverandor="Test"
 navnEPJ="Test" versjonEPJ="1" versjonUt="1">{notifications}
<Kontaktperson kontPerson="Åse" meldEpost1="a@example.no" typeKontaktperson="16"/>
<Kommune kommuneNr="4601"/></Melding>
"""


def guid(number: int) -> str:
    """A GUID to be recognised by."""
    return str(UUID(int=number))


def notification(
    number,
    person,
    *,
    status="N",
    ref=None,
    time="2026-03-01T10:00:00",
    sequence="1",
    event="TjenesteStart",
    service="15",
    day="2026-02-20",
    orgnr="999999999",
    id_type="1",
    more="",
):
    """One Notifikasjon; `person` may be a NationalId or any text; `event` None leaves the event out."""
    digits = getattr(person, "digits", person)
    reference = f' notifikasjonRef="{guid(ref) if isinstance(ref, int) else ref}"' if ref is not None else ""
    pause = ' midlertidigStoppID="P1"' if event and event.startswith("Midlertidig") else ""
    inner = (
        f'<{event} tjenesteType="{service}" hendelseRegTid="2026-02-21T08:00:00" tjenesteOrgNr="{orgnr}" '
        f'hendelseDato="{day}" tjenesteID="T{number}" hendelseGUID="{guid(10_000 + number)}"{pause}{more}>'
        f'<Bruker pasientGUID="{guid(20_000)}" brukerNr="B1" fid="{digits}" typeID="{id_type}"/></{event}>'
        if event
        else ""
    )
    return (
        f'<Notifikasjon statusNotifikasjon="{status}" notifikasjonTid="{time}"'
        f' notifikasjonGUID="{guid(number)}" notifikasjonForrigeGUID="{guid(0)}"'
        f' notifikasjonLopeNr="{sequence}"{reference}>{inner}</Notifikasjon>'
    )


def event_message(*notifications, encoding="UTF-8"):
    """A message of these notifications, as bytes."""
    return EVENT_MESSAGE.format(notifications="\n".join(notifications), encoding=encoding).encode(encoding)


def claim(number, person, **columns):
    """One claim as a dict of columns."""
    return {
        "melding_id": guid(number),
        "melding_status": "N",
        "melding_ref": "",
        "melding_tid": "2026-03-01T10:00:00+01:00",
        "melding_lopenr": str(number),
        "personid_type": "1",
        "personid": getattr(person, "digits", person),
        "dato": "2026-02-20",
        "behandler_orgnr": "999999998",
        "behandler_navn": "Solsiden legesenter",
        "diagnose_kodeverk": "H",
        "praksistype": "FALE",
        "spesialitet": "ALM",
        "klokkeslett": "10:15",
        "diagnoser": "K86",
        "takster": "2ad 2cd",
        "fritaksgrunn": "",
        "egenandel": "179,00",
        "refusjon": "250",
        "resultat": "G",
        "praksis_kommune": "4601",
        "bostedskommune": "4601",
        "kjonn": "2",
        "alder": "55",
        "regning_id": f"R{number}",
    } | columns


def claims_file(*claims, encoding="utf-8", separator=";", columns=COLUMNS):
    """A CSV of these claims, as bytes."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=separator, lineterminator="\r\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(claims)
    return text.getvalue().encode(encoding)


YEARLY = """<?xml version="1.0" encoding="{encoding}"?>
<IPLOS xmlns="http://www.npr.no/xmlstds/iplos/2019" versjon="3.7"><INNHINFO><iiInnhType>P</iiInnhType>
<iiKomnr>4601</iiKomnr><iiBydelsnr>00</iiBydelsnr>
<iiKontakt><Type>1</Type><Navn>Åse</Navn><Telefon>1</Telefon><Epost>a@example.no</Epost></iiKontakt>
<iiKontakt><Type>2</Type><Navn>Bo</Navn><Telefon>1</Telefon><Epost>b@example.no</Epost></iiKontakt>
<iiFraDato>{year}0101</iiFraDato><iiTilDato>{year}1231</iiTilDato><iiLagetDato>{made}</iiLagetDato>
<iiSysID>Test</iiSysID><iiSysVersjon>1</iiSysVersjon><iiLopenr>{number}</iiLopenr></INNHINFO>{people}</IPLOS>
"""


def yearly_file(people, *, year=2025, made="20260115", number=1, encoding="UTF-8"):
    """A yearly file; `people` maps pePeID to the text of the person's parts."""
    persons = "".join(
        f'<PERSON pePeID="{id_}"><peKomnr>4601</peKomnr>{parts}</PERSON>' for id_, parts in people.items()
    )
    return YEARLY.format(people=persons, year=year, made=made, number=number, encoding=encoding).encode(
        encoding
    )


def service(id_, person, *, type_="15", hours="7.50", begins="20250301"):
    return (
        f'<TJENESTE tjPeID="{person}" tjTjID="{id_}"><tjTjenType>{type_}</tjTjenType><tjVedtak>2</tjVedtak>'
        f"<tjTimerUke>{hours}</tjTimerUke><tjInstOrgnr>999999997</tjInstOrgnr><tjFraDato>{begins}</tjFraDato>"
        f"<tjTilDato>99991231</tjTilDato></TJENESTE>"
    )


def assessment(id_, person, *, function="7", value="4"):
    return (
        f'<FUNKSJON fnPeID="{person}" fnFnID="{id_}"><fnFunkType>{function}</fnFunkType>'
        f"<fnFunkVerdi>{value}</fnFunkVerdi><fnFraDato>20250101</fnFraDato><fnTilDato>20251231</fnTilDato>"
        "</FUNKSJON>"
    )


def identity_message(people, *, year=2025, institution="4601"):
    """An identity message; `people` maps pid to the person."""
    patients = "".join(
        f'<PasientIdent pid="{id_}" fid="{getattr(person, "digits", person)}" typeID="1"/>'
        for id_, person in people.items()
    )
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?><Melding xmlns="http://www.npr.no/xmlstds/53_1_3_ide"'
        f' versjon="53.1.3" meldingstype="B" fraDatoPeriode="{year}-01-01" uttakDato="{year + 1}-01-15"'
        f' leverandor="T" navnEPJ="T" versjonEPJ="1" versjonUt="1" lopenr="1" tilDatoPeriode="{year}-12-31">'
        '<Kontaktperson kontPerson="Åse" meldEpost1="a@example.no" typeKontaktperson="8"/>'
        f'<Institusjon institusjonID="{institution}">{patients}</Institusjon></Melding>'
    ).encode("latin-1")
