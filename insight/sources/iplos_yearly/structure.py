"""How the yearly file is built: its elements, what may stand in each, and the parts that become records."""

from typing import Any

from insight.sources.iplos_yearly.sections import ASSESSMENTS, DIAGNOSES, SERVICES, SITUATION, STAYS
from insight.sources.iplos_yearly.variables import VARIABLES

NAMESPACE = "http://www.npr.no/xmlstds/iplos/2019"
VERSION = "3.7"
TAG = f"{{{NAMESPACE}}}"

BY_FIELD = {TAG + variable.field: variable for variable in VARIABLES if variable.field}

# Element, the attribute with its own id, its section, and the names of its dates and organisation number.
PARTS = {
    f"{TAG}PERSONOPPL": ("poPoID", SITUATION, "poFraDato", "poTilDato", ""),
    f"{TAG}FUNKSJON": ("fnFnID", ASSESSMENTS, "fnFraDato", "fnTilDato", ""),
    f"{TAG}TJENESTE": ("tjTjID", SERVICES, "tjFraDato", "tjTilDato", "tjInstOrgnr"),
    f"{TAG}DIAGNOSE": ("diDiID", DIAGNOSES, "diFraDato", "diTilDato", ""),
    f"{TAG}DOGNTILBUD": ("dgDgID", STAYS, "dgFraDato", "dgTilDato", "dgInstOrgnr"),
}
_LEAVES = {
    f"{TAG}PERSONOPPL": [v.field for v in VARIABLES if v.field.startswith("po")] + ["poFraDato", "poTilDato"],
    f"{TAG}FUNKSJON": ["fnFunkType", "fnFunkVerdi", "fnFraDato", "fnTilDato"],
    f"{TAG}TJENESTE": [v.field for v in VARIABLES if v.field.startswith("tj")]
    + ["tjInstOrgnr", "tjFraDato", "tjTilDato"],
    f"{TAG}DIAGNOSE": ["diKodeVersjon", "diDiagKode", "diFraDato", "diTilDato"],
    f"{TAG}DOGNTILBUD": ["dgInstOrgnr", "dgFraDato", "dgTilDato"],
}
ROOT, _INTRODUCTION, CONTACT, PERSON = (TAG + n for n in ("IPLOS", "INNHINFO", "iiKontakt", "PERSON"))
_INTRODUCTION_LEAVES = (
    "iiInnhType", "iiKomnr", "iiBydelsnr", "iiFraDato", "iiTilDato", "iiLagetDato", "iiSysID", "iiSysVersjon",
    "iiLopenr",
)  # fmt: skip
_PERSON_LEAVES = ("peAlder", "peKjonn", "peKomnr", "peBydelsnr", "peFraDato", "peDodDato", "peEndrDato")


def _tags(names: Any) -> frozenset[str]:
    return frozenset(TAG + name for name in names)


CHILDREN: dict[str | None, frozenset[str]] = {
    None: frozenset({ROOT}),
    ROOT: frozenset({_INTRODUCTION, PERSON}),
    _INTRODUCTION: _tags(_INTRODUCTION_LEAVES) | {CONTACT},
    CONTACT: _tags(("Type", "Navn", "Telefon", "Epost")),
    PERSON: _tags(_PERSON_LEAVES) | frozenset(PARTS),
    **{part: _tags(leaves) for part, leaves in _LEAVES.items()},
}
