"""Which yearly file this is: whose it is, for which year, and which of several for that year."""

import re
from collections.abc import Mapping
from datetime import date

from insight.catalogue import DeliveryFacts
from insight.reading import convert, xml
from insight.reading.opening import Opening
from insight.reading.reasons import FileRefused, LineRefused
from insight.sources.iplos_yearly.structure import CHILDREN, CONTACT, NAMESPACE, ROOT, TAG, VERSION


class _Skim(xml.SkimTexts):
    """Checks the structure and keeps the introduction."""

    def __init__(self) -> None:
        super().__init__(CHILDREN)
        self.introduction: dict[str, str] = {}

    def seen(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == ROOT and attributes.get("versjon") != VERSION:
            raise FileRefused("version")

    def text(self, tag: str | None, text: str) -> None:
        if tag is not None and tag.startswith(TAG + "ii") and tag != CONTACT:
            name = tag.removeprefix(TAG)
            self.introduction[name] = self.introduction.get(name, "") + text


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
