"""Code systems that several sources share."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from insight.catalogue import CodeSystem

YES_NO = CodeSystem("1101", _("Ja, nei"), {"1": _("ja"), "2": _("nei")})
YES_NO_UNKNOWN = CodeSystem("1103", _("Ja, nei, ukjent"), {"1": _("ja"), "2": _("nei"), "9": _("ukjent")})
SEX = CodeSystem(
    "3101",
    _("Kjønn"),
    {"0": _("ikke kjent"), "1": _("mann"), "2": _("kvinne"), "9": _("ikke spesifisert")},
)
ID_TYPE = CodeSystem(
    "9032",
    _("Type personidentifikasjon"),
    {
        "1": _("fødselsnummer"),
        "2": _("D-nummer"),
        "3": _("H-nummer"),
        "4": _("passnummer"),
        "5": _("svensk personnummer"),
        "6": _("dansk personnummer"),
        "7": _("Social Security-nummer"),
        "8": _("forsikringspolisenummer"),
        "9": _("annet"),
        "10": _("DUF-nummer"),
        "12": _("felles hjelpenummer (FH-nummer)"),
    },
)
MESSAGE_STATUS = CodeSystem(
    "7316",
    _("Status for meldingen"),
    {"N": _("ny"), "M": _("erstatter"), "T": _("supplerer"), "C": _("annullerer")},
)

# Municipalities by their number since 2024, those with most inhabitants; the rest show their number.
MUNICIPALITIES = {
    "0301": "Oslo", "1101": "Eigersund", "1103": "Stavanger", "1106": "Haugesund", "1108": "Sandnes",
    "1505": "Kristiansund", "1506": "Molde", "1508": "Ålesund", "1804": "Bodø", "1806": "Narvik",
    "1833": "Rana", "3101": "Halden", "3103": "Moss", "3105": "Sarpsborg", "3107": "Fredrikstad",
    "3201": "Bærum", "3203": "Asker", "3205": "Lillestrøm", "3301": "Drammen", "3303": "Kongsberg",
    "3305": "Ringerike", "3401": "Kongsvinger", "3403": "Hamar", "3405": "Lillehammer", "3407": "Gjøvik",
    "3901": "Horten", "3903": "Holmestrand", "3905": "Tønsberg", "3907": "Sandefjord", "3909": "Larvik",
    "4001": "Porsgrunn", "4003": "Skien", "4201": "Risør", "4202": "Grimstad", "4203": "Arendal",
    "4204": "Kristiansand", "4205": "Lindesnes", "4601": "Bergen", "4602": "Kinn", "4640": "Sogndal",
    "4647": "Sunnfjord", "5001": "Trondheim", "5006": "Steinkjer", "5037": "Levanger", "5501": "Tromsø",
    "5503": "Harstad", "5601": "Alta", "5603": "Hammerfest", "5605": "Sør-Varanger", "5607": "Vadsø",
}  # fmt: skip


def _municipality(code: str) -> str | None:
    if code in MUNICIPALITIES:
        return MUNICIPALITIES[code]
    if len(code) == 4 and code.isdigit():  # noqa: PLR2004 -- a municipality number has four digits
        return gettext("kommune nr. %(number)s") % {"number": code}
    return None


MUNICIPALITY = CodeSystem("3402", _("Kommunenummer"), MUNICIPALITIES, explain=_municipality)


def municipality_name(code: str) -> str:
    """`Bergen`, or `kommune nr. 4699` where the name is not on our list."""
    return _municipality(code) or code
