"""Somebody of whom there is one of everything, which others are not to see."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from insight.downloads import order_report
from insight.models import Record
from insight.operations import ingest_file
from kpr_portal.documents.operations import store_document
from kpr_portal.notices.models import OwedWork
from kpr_portal.notices.operations import tell
from kpr_portal.people.acting import Acting
from kpr_portal.people.models import Person
from kpr_portal.people.representation.blocks import block_for
from kpr_portal.people.representation.rows import BlockChannel
from reservations import operations
from reservations.catalogue import entry_of, kinds
from reservations.enquiries.kinds import ASK, RETENTION_LIMIT
from reservations.enquiries.operations import enquire
from reservations.models import Receipt, ReservationEntry
from reservations.rules import Action, Will
from reservations.texts import confirmation
from tests.insight.files import claim, claims_file
from tests.support.family import Family, number_of

R1, R2 = (kind.code for kind in kinds()[:2])
WORD = "Nebbdyr"  # stands in everything that is the victim's, and nowhere else


@dataclass(frozen=True)
class Victim:
    """A person with the keys of what is theirs, by what each is, and what no page for another may say."""

    person: Person
    name: str
    keys: dict[str, UUID]
    marks: tuple[str, ...]

    def opening(self, what: Collection[str]) -> list[UUID]:
        """The keys of these; of one of them where none is asked for."""
        return [key for name, key in self.keys.items() if name in what] or [self.keys["receipt"]]


def victim(family: Family, slug: str, *, helped_by: str, folder: Path) -> Victim:
    """Let someone have one of everything. `helped_by` may act for them already, and has done so."""
    person, acting = family.person(slug), family.oneself(slug)
    helper = family.acting(helped_by, for_=slug)
    assert helper.representation is not None
    own, others = _choose(acting, R1), _choose(helper, R2)
    asked = enquire(ASK, acting=acting, text=f"{WORD}?")
    enquire(RETENTION_LIMIT, acting=acting)
    told = tell(person.key, kind="reservations.changed", title=_text(), body=_text())
    blocked = block_for(
        person,
        representative=family.person("much_data"),
        by=family.person("caseworker"),
        channel=BlockChannel.PHONE,
    )
    keys = {
        "record": _record(person, slug, folder),
        "receipt": own.key,
        "receipt of another's choice": others.key,
        "enquiry": asked.key,
        "message": told.key,
        "report": _report(acting),
        "right": helper.representation,
        "block": blocked.key,
    }
    references = (own.reference, others.reference, asked.reference)
    name = family.entries[slug].name
    return Victim(person, name, keys, (WORD, name, *references, *map(str, (*keys.values(), person.key))))


def shown(code: str, action: Action) -> str:
    """What a form says that confirms the text as it stands."""
    return confirmation(entry_of(code), action).sha256


def _choose(acting: Acting, code: str) -> ReservationEntry:
    will = Will.online(shown=shown(code, Action.PLACED), heard=acting.rights.must_confirm_heard)
    line = operations.place(entry_of(code).kind, acting=acting, will=will)
    document = store_document(b"%PDF", media_type="application/pdf", title="Kvittering")
    Receipt.objects.create(entry=line, document=document.key, language="nb")
    return line


def _record(person: Person, slug: str, folder: Path) -> UUID:
    path = folder / slug
    path.write_bytes(claims_file(claim(1, number_of(slug), behandler_navn=f"{WORD} legesenter")))
    ingest_file(path)
    key: UUID = Record.objects.get(person_id=person.pk).key
    return key


def _report(acting: Acting) -> UUID:
    key = order_report(acting=acting)
    store_document(WORD.encode(), media_type="application/pdf", title="Rapport", key=key)
    assert OwedWork.objects.filter(payload__document=str(key)).exists()
    return key


def _text() -> Promise:
    return gettext_lazy(WORD)
