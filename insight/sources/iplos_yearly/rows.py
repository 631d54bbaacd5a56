"""The parts of a yearly file as rows, in the file's order."""

import re
from collections.abc import Iterator
from typing import Any

from insight.catalogue import Refused, Row
from insight.codes import diagnoses, iplos
from insight.reading import convert, xml
from insight.reading.opening import Opening
from insight.reading.reasons import LineRefused
from insight.sources.iplos_yearly.delivery import YearlyDelivery
from insight.sources.iplos_yearly.structure import BY_FIELD, PARTS, PERSON, TAG
from insight.sources.iplos_yearly.variables import BY_NAME

_ICPC, _ICD = re.compile(r"icpc|7170|^h$", re.IGNORECASE), re.compile(r"icd|7110|^d$", re.IGNORECASE)


class _Reader:
    """Gathers one part of a person at a time and makes a row of it."""

    def __init__(self, delivery: YearlyDelivery) -> None:
        self.ready: list[Row | Refused] = []
        self._delivery = delivery
        self._number = 0
        self._person = ""
        self._own_id = ""
        self._leaf: str | None = None
        self._values: dict[str, str] = {}
        self._remembered = {tag: convert.Remembered(variable) for tag, variable in BY_FIELD.items()}
        self._made = {
            name: convert.Remembered(BY_NAME[name])
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
        if tag == PERSON:
            self._person = attributes.get("pePeID", "").strip()
        elif tag in PARTS:
            self._values = {}
            self._own_id = attributes.get(PARTS[tag][0], "").strip()
        else:
            self._leaf = tag

    def data(self, text: str) -> None:
        if self._leaf is not None and self._person:
            self._values[self._leaf] = self._values.get(self._leaf, "") + text

    def end(self, tag: str) -> None:
        self._leaf = None
        if tag == PERSON:
            self._person = ""
        elif tag in PARTS:
            self._number += 1
            try:
                self.ready.append(self._row(tag))
            except LineRefused as refused:
                self.ready.append(Refused(self._number, refused.code))

    def _row(self, tag: str) -> Row:
        _own, section, first, last, organisation = PARTS[tag]
        if not self._person or not self._own_id:
            raise LineRefused("required")
        members = list(self._shared)
        unknown: tuple[str, ...] = ()
        if tag == f"{TAG}FUNKSJON":
            made = self._function()
        elif tag == f"{TAG}DIAGNOSE":
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
        begins = self._values.get(TAG + first, "").strip()
        orgnr = self._values.get(TAG + organisation, "").strip() if organisation else ""
        return Row(
            self._number,
            convert.made_identity(delivery.key, tag, self._person, self._own_id),
            "N",
            None,
            delivery.reported_at,
            delivery.sequence,
            ("pid", self._person),
            convert.first_day(begins) if begins else delivery.facts.period_start.isoformat(),
            convert.last_day(self._values.get(TAG + last, "")),
            (orgnr, "", delivery.municipality) if re.fullmatch(r"\d{9}", orgnr) else None,
            section.slug,
            self._sensitive(tag),
            "{" + ",".join(members) + "}",
            unknown,
            convert.made_identity(delivery.facts.scope, tag, self._person, self._own_id),
        )

    def _function(self) -> list[tuple[str, Any, tuple[str, ...]]]:
        function = self._values.get(TAG + "fnFunkType", "").strip()
        name = {"13": "sight", "14": "hearing"}.get(function, "function_value")
        return [self._made[name][self._values.get(TAG + "fnFunkVerdi", "")]]

    def _diagnosis(self) -> list[tuple[str, Any, tuple[str, ...]]]:
        coded = _coded(self._values.get(TAG + "diKodeVersjon", ""), self._values.get(TAG + "diDiagKode", ""))
        return [self._made["diagnoses"][coded]]

    def _sensitive(self, tag: str) -> bool:
        if tag == f"{TAG}TJENESTE":
            return self._values.get(TAG + "tjTjenType", "").strip() in iplos.COERCION_TYPES
        if tag == f"{TAG}DIAGNOSE":
            return diagnoses.is_psychiatric(
                _coded(self._values.get(TAG + "diKodeVersjon", ""), self._values.get(TAG + "diDiagKode", ""))
            )
        return False


def _coded(version: str, code: str) -> str:
    version = version.strip()
    system = "H" if _ICPC.search(version) else "D" if _ICD.search(version) else version[:8].replace(" ", "")
    return diagnoses.coded(system, code.strip().upper()) if code.strip() else ""


def read(opening: Opening, prepared: YearlyDelivery) -> Iterator[Row | Refused]:
    """What a yearly file tells, part by part, in its order."""
    return xml.events(opening.path, _Reader(prepared))
