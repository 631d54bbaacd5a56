"""Codes of claims to Helfo (KUHR): practice types, tariffs by kind of contact, exemptions, results.

The kinds of contact by tariff are the Directorate of Health's table V9.1 (report on 2023).
"""

from django.utils.translation import gettext_lazy as _

from insight.catalogue import CodeSystem

# Practice type, and which line of the overview it belongs to.
SECTION_OF_PRACTICE = {
    "FALE": "fastlege-og-legevakt",
    "FALO": "fastlege-og-legevakt",
    "TULE": "fastlege-og-legevakt",
    "LEGV": "fastlege-og-legevakt",
    "FYSI": "fysioterapi",
    "MANU": "fysioterapi",
    "KIRO": "kiropraktor",
    "JORD": "jordmor",
    "LOGO": "logoped-og-audiopedagog",
    "AUDI": "logoped-og-audiopedagog",
    "ORTO": "ortoptist",
    "TANN": "tannlege-og-tannpleier",
    "TPLE": "tannlege-og-tannpleier",
}
OTHER_SECTION = "andre-regninger"

PRACTICE_TYPE = CodeSystem(
    "kuhr-praksistype",
    _("Praksistype"),
    {
        "FALE": _("fastlege"),
        "FALO": _("fastlønnet fastlege"),
        "TULE": _("turnuslege"),
        "LEGV": _("legevakt"),
        "FYSI": _("fysioterapeut"),
        "MANU": _("manuellterapeut"),
        "KIRO": _("kiropraktor"),
        "JORD": _("jordmor på helsestasjon"),
        "LOGO": _("logoped"),
        "AUDI": _("audiopedagog"),
        "ORTO": _("ortoptist"),
        "TANN": _("tannlege"),
        "TPLE": _("tannpleier"),
    },
)
SPECIALTY = CodeSystem(
    "kuhr-spesialitet",
    _("Spesialitet"),
    {
        "ALM": _("allmennmedisin"),
        "SAM": _("samfunnsmedisin"),
        "ARB": _("arbeidsmedisin"),
        "MAN": _("manuellterapi"),
        "PSM": _("psykomotorisk fysioterapi"),
        "KJO": _("kjeveortopedi"),
        "ORA": _("oral kirurgi"),
        "ING": _("ingen spesialitet"),
    },
)
EXEMPTION = CodeSystem(
    "kuhr-fritaksgrunn",
    _("Fritak for egenandel"),
    {
        "F": _("frikort"),
        "B": _("barn under 16 år"),
        "S": _("svangerskap og fødsel"),
        "Y": _("yrkesskade"),
        "K": _("krigsskade"),
        "M": _("allmennfarlig smittsom sykdom"),
        "I": _("innsatt eller under forvaring"),
        "P": _("psykisk helsevern, under 18 år"),
        "N": _("ingen fritak"),
    },
)
RESULT = CodeSystem(
    "kuhr-resultat",
    _("Resultat hos Helfo"),
    {"G": _("godkjent"), "D": _("delvis godkjent"), "A": _("avvist")},
)

CONSULTATION = _("konsultasjon")
E_CONSULTATION = _("e-konsultasjon")
HOME_VISIT = _("sykebesøk")
SIMPLE_CONTACT = _("enkel kontakt")
LETTER_OR_PHONE = _("brev, telefon eller melding")
OTHER_SERVICES = _("kontakt med andre tjenester")
MEETING = _("tverrfaglig møte")
NAV_MEETING = _("dialogmøte med NAV")
ADMINISTRATIVE = _("administrativ takst")
PHYSIOTHERAPY = _("behandling hos fysioterapeut")
SPEECH_THERAPY = _("behandling hos logoped")
RIDING = _("ridefysioterapi")
LONGER = _("tillegg for lengre tid")

# What a contact is, by its tariffs: the first kind that fits decides.
CONTACT_KINDS = (
    (HOME_VISIT, ("11ad", "11ak")),
    (E_CONSULTATION, ("2ae", "2aef", "2aek", "074ae", "074be")),
    (CONSULTATION, ("2ad", "2ak", "2ed", "2fk", "074a", "074b", "074d", "615")),
    (NAV_MEETING, ("L36", "L36d")),
    (MEETING, ("14",)),
    (LETTER_OR_PHONE, ("1bd", "1bk", "1g", "1i", "612a", "612b")),
    (SIMPLE_CONTACT, ("1ad", "1ak", "1e", "618", "701a")),
    (OTHER_SERVICES, ("1f",)),
    (ADMINISTRATIVE, ("H1", "5", "7", "8", "2kd", "2ld")),
    (
        PHYSIOTHERAPY,
        ("A1a", "A1d", "A3a", "A8a", "A9a", "B0a", "B0d", "B1a", "B2b", "B3a", "C33a", "C34a"),
    ),
    (SPEECH_THERAPY, ("A2a", "A4a", "A7a")),
    (RIDING, ("T99",)),
)
TARIFF = CodeSystem(
    "kuhr-takst",
    _("Takst"),
    {
        **{code: kind for kind, codes in CONTACT_KINDS for code in codes},
        "2cd": LONGER,
        "2cdd": LONGER,
    },
)


def contact_kind(tariffs: list[str]) -> str | None:
    """What kind of contact these tariffs make; None where none of them says."""
    for kind, codes in CONTACT_KINDS:
        if any(tariff in codes for tariff in tariffs):
            return str(kind)
    return None
