"""The identity message (XPR(ide) 53.1.3): whom a municipality's own ids in a yearly file stand for."""

import re
from collections.abc import Iterator

from insight.catalogue import IdentityRow, Refused
from insight.reading import convert, xml
from insight.reading.opening import Opening
from insight.reading.reasons import FileRefused, LineRefused
from insight.sources.iplos_yearly.delivery import scope_of

NAMESPACE = "http://www.npr.no/xmlstds/53_1_3_ide"
VERSION = "53.1.3"
_N = f"{{{NAMESPACE}}}"
_ROOT, _CONTACT, _INSTITUTION, _PATIENT = (
    _N + name for name in ("Melding", "Kontaktperson", "Institusjon", "PasientIdent")
)
_CHILDREN: dict[str | None, frozenset[str]] = {
    None: frozenset({_ROOT}),
    _ROOT: frozenset({_CONTACT, _INSTITUTION}),
    _INSTITUTION: frozenset({_PATIENT}),
}


class _Skim(xml.Skim):
    def __init__(self) -> None:
        super().__init__(_CHILDREN)
        self.institutions: set[str] = set()
        self.year = 0

    def seen(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _ROOT:
            if attributes.get("versjon") != VERSION:
                raise FileRefused("version")
            try:
                self.year = int(convert.day(attributes.get("fraDatoPeriode", ""))[:4])
            except LineRefused:
                raise FileRefused("identities") from None
        elif tag == _INSTITUTION:
            self.institutions.add(attributes.get("institusjonID", "").strip())


class _Reader:
    def __init__(self) -> None:
        self.ready: list[IdentityRow | Refused] = []
        self._number = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag != _PATIENT:
            return
        self._number += 1
        sender_id = attributes.get("pid", "").strip()
        subject = (attributes.get("typeID", "").strip(), attributes.get("fid", "").strip())
        if not sender_id or len(sender_id) > convert.MAX_CODE:
            self.ready.append(Refused(self._number, "required"))
        elif convert.is_number_in_disguise(sender_id):  # it would be kept in clear
            self.ready.append(Refused(self._number, "value"))
        else:
            self.ready.append(IdentityRow(self._number, sender_id, subject))

    def end(self, tag: str) -> None:
        """All is told at the start of an element."""


def recognises(opening: Opening) -> bool:
    return opening.format == "xml" and (opening.namespace, opening.root) == (NAMESPACE, "Melding")


def prepare(opening: Opening) -> str:
    """The scope the identities are for: one sender and one year a message. Raises FileRefused."""
    first = _Skim()
    xml.skim(opening.path, first)
    if len(first.institutions) != 1 or not re.fullmatch(r"\d{4}(\d{2})?", next(iter(first.institutions))):
        raise FileRefused("identities")
    return scope_of(first.institutions.pop(), first.year)


def read(opening: Opening, _scope: str) -> Iterator[IdentityRow | Refused]:
    """Who each of the sender's own ids stands for."""
    return xml.events(opening.path, _Reader())
