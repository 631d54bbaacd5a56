"""Short labels of our own for diagnosis codes: chapters and common groups, never the licensed texts."""

import re

from django.utils.translation import gettext_lazy as _

from insight.catalogue import CodeSystem, Text

ICPC2_CHAPTERS = {
    "A": _("allment og uspesifisert"),
    "B": _("blod og immunforsvar"),
    "D": _("fordøyelse"),
    "F": _("øye"),
    "H": _("øre"),
    "K": _("hjerte og kretsløp"),
    "L": _("muskler og skjelett"),
    "N": _("nervesystemet"),
    "P": _("psykisk helse"),
    "R": _("luftveier"),
    "S": _("hud"),
    "T": _("hormoner, stoffskifte og ernæring"),
    "U": _("urinveier"),
    "W": _("svangerskap, fødsel og familieplanlegging"),
    "X": _("kvinnelige kjønnsorganer"),
    "Y": _("mannlige kjønnsorganer"),
    "Z": _("sosiale forhold"),
}

# First code, last code, label. Narrower groups first; the first that fits is used.
ICPC2_GROUPS: tuple[tuple[str, str, Text], ...] = (
    ("A97", "A97", _("uten sykdom")),
    ("A98", "A98", _("forebygging")),
    ("A60", "A69", _("administrativt")),
    ("D01", "D29", _("mageplager")),
    ("D87", "D93", _("mageplager")),
    ("K74", "K84", _("hjertesykdom")),
    ("K85", "K87", _("høyt blodtrykk")),
    ("L02", "L03", _("ryggplager")),
    ("L84", "L86", _("ryggplager")),
    ("L72", "L82", _("brudd og skader")),
    ("L88", "L91", _("leddsykdom")),
    ("L01", "L29", _("smerter i muskler og ledd")),
    ("L92", "L93", _("skulder- og albueplager")),
    ("P01", "P29", _("psykiske plager")),
    ("P70", "P99", _("psykisk lidelse")),
    ("R71", "R83", _("luftveisinfeksjon")),
    ("R95", "R97", _("kols, astma eller allergi")),
    ("R01", "R29", _("luftveisplager")),
    ("S87", "S88", _("eksem")),
    ("S09", "S15", _("hudinfeksjon eller sår")),
    ("S70", "S76", _("hudinfeksjon")),
    ("T89", "T90", _("diabetes")),
    ("T85", "T86", _("stoffskiftesykdom")),
    ("U70", "U72", _("urinveisinfeksjon")),
    ("W10", "W15", _("prevensjon")),
    ("W78", "W85", _("svangerskap")),
    ("X01", "X29", _("underlivsplager")),
)

_ICPC2 = re.compile(r"([A-Z])(\d\d)(?:\.\d+)?")


def icpc2_label(code: str) -> str | None:
    """`høyt blodtrykk (K86)`; None where no chapter has that letter."""
    matched = _ICPC2.fullmatch(code)
    if matched is None or matched[1] not in ICPC2_CHAPTERS:
        return None
    bare = matched[1] + matched[2]
    for first, last, label in ICPC2_GROUPS:
        if first <= bare <= last and first[0] == bare[0]:
            return f"{label} ({code})"
    return f"{ICPC2_CHAPTERS[matched[1]]} ({code})"


# First and last three characters of each ICD-10 chapter, with a short label of our own.
ICD10_CHAPTERS: tuple[tuple[str, str, Text], ...] = (
    ("A00", "B99", _("infeksjoner")),
    ("C00", "D48", _("svulster og kreft")),
    ("D50", "D89", _("blod og immunforsvar")),
    ("E00", "E90", _("hormoner, stoffskifte og ernæring")),
    ("F00", "F99", _("psykisk helse og atferd")),
    ("G00", "G99", _("nervesystemet")),
    ("H00", "H59", _("øye")),
    ("H60", "H95", _("øre")),
    ("I00", "I99", _("hjerte og kretsløp")),
    ("J00", "J99", _("luftveier")),
    ("K00", "K93", _("fordøyelse, munn og tenner")),
    ("L00", "L99", _("hud")),
    ("M00", "M99", _("muskler, skjelett og bindevev")),
    ("N00", "N99", _("urinveier og kjønnsorganer")),
    ("O00", "O99", _("svangerskap, fødsel og barseltid")),
    ("P00", "P96", _("nyfødtperioden")),
    ("Q00", "Q99", _("medfødt tilstand")),
    ("R00", "R99", _("symptomer og funn")),
    ("S00", "T98", _("skader og forgiftninger")),
    ("U00", "U99", _("særskilte koder")),
    ("V01", "Y98", _("ytre årsaker til skade")),
    ("Z00", "Z99", _("kontakt med helsetjenesten av andre grunner")),
)

_ICD10 = re.compile(r"([A-Z]\d\d)[0-9A-Z.]{0,5}")


def icd10_label(code: str) -> str | None:
    """`øye (H25)`; None where the code is in no chapter."""
    matched = _ICD10.fullmatch(code)
    if matched is None:
        return None
    for first, last, label in ICD10_CHAPTERS:
        if first <= matched[1] <= last:
            return f"{label} ({code})"
    return None


def diagnosis_label(coded: str) -> str | None:
    """A diagnosis as we keep it, `ICPC-2:K86` or `ICD-10:H25`, in words."""
    system, _colon, code = coded.partition(":")
    if system == "ICPC-2":
        return icpc2_label(code)
    if system == "ICD-10":
        return icd10_label(code)
    return None


def is_psychiatric(coded: str) -> bool:
    """Whether the diagnosis is of the psychiatric chapter: P in ICPC-2, F in ICD-10."""
    return coded.startswith(("ICPC-2:P", "ICD-10:F"))


def _prefixes() -> dict[str, Text]:
    """Every prefix of a coded diagnosis that stands for a chapter or a group, for the search."""
    found: dict[str, Text] = {f"ICPC-2:{letter}": label for letter, label in ICPC2_CHAPTERS.items()}
    for first, last, label in ICPC2_GROUPS:
        for number in range(int(first[1:]), int(last[1:]) + 1):
            found[f"ICPC-2:{first[0]}{number:02d}"] = label
    for first, last, label in ICD10_CHAPTERS:
        for letter in range(ord(first[0]), ord(last[0]) + 1):
            lowest = int(first[1:]) if letter == ord(first[0]) else 0
            highest = int(last[1:]) if letter == ord(last[0]) else 99
            if (lowest, highest) == (0, 99):
                found[f"ICD-10:{chr(letter)}"] = label
            else:
                found |= {f"ICD-10:{chr(letter)}{n:02d}": label for n in range(lowest, highest + 1)}
    return found


DIAGNOSIS = CodeSystem(
    "7170, 7110", _("Diagnose (ICPC-2 eller ICD-10)"), explain=diagnosis_label, groups=_prefixes()
)
DIAGNOSIS_SYSTEM = CodeSystem(
    "8410",
    _("Medisinsk kodeverk"),
    {"H": _("ICPC-2, primærhelsetjenestens koder"), "D": _("ICD-10, spesialistenes koder")},
)
SYSTEM_NAMES = {"H": "ICPC-2", "D": "ICD-10"}


def coded(system: str, code: str) -> str:
    """A diagnosis as we keep it: the system's name before the code. An unknown system keeps its code."""
    named = SYSTEM_NAMES.get(system, system)
    return f"{named}:{code}" if named else code
