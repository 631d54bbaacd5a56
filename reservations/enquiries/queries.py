"""Reading enquiries: one's own, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from kpr_portal.documents.errors import DocumentGone
from kpr_portal.documents.queries import read_document
from kpr_portal.people.models import Person
from kpr_portal.people.queries import ids_of
from kpr_portal.ui.formats import OSLO
from reservations.enquiries.kinds import EnquiryKind, kind_of
from reservations.enquiries.rows import Enquiry, EnquiryAction, OutcomeState

if TYPE_CHECKING:
    from kpr_portal.people.acting import Acting


@dataclass(frozen=True)
class EnquiryShown:
    """An enquiry as the one who sent it sees it. `text` is filled only where it is opened."""

    key: UUID
    reference: str
    kind: EnquiryKind
    is_lift: bool
    choice: str
    about: UUID | None
    received_at: datetime
    answer_by: date | None
    state: OutcomeState | None
    state_at: datetime | None
    text: str = ""
    answer: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer."""
        return self.state is OutcomeState.ANSWERED


def enquiries_of(*, acting: Acting) -> list[EnquiryShown]:
    """The person's own enquiries, newest first, without their texts."""
    rows = (
        Enquiry.objects.filter(person__in=ids_of(acting.subject))
        .prefetch_related("outcomes")
        .order_by("-received_at", "-id")
    )
    return [_shown(row) for row in rows]


def enquiry(key: UUID, *, acting: Acting) -> EnquiryShown | None:
    """One of the person's own enquiries with its text and answer; None where it is not theirs."""
    row = Enquiry.objects.filter(key=key, person__in=ids_of(acting.subject)).first()
    return _shown(row, opened=True) if row is not None else None


def is_standing(person: Person, kind: EnquiryKind) -> bool:
    """Whether a standing instruction of this kind is in force for this human: the latest row tells."""
    latest = (
        Enquiry.objects.filter(person__in=ids_of(person), kind=kind.code)
        .order_by("-received_at", "-id")
        .first()
    )
    return latest is not None and latest.action == EnquiryAction.SENT


def _shown(row: Enquiry, *, opened: bool = False) -> EnquiryShown:
    kind = kind_of(row.kind)
    outcomes = sorted(row.outcomes.all(), key=lambda each: (each.recorded_at, each.pk))
    last = outcomes[-1] if outcomes else None
    answers_by = row.received_at.astimezone(OSLO).date() + timedelta(days=settings.ENQUIRY_ANSWER_DAYS)
    return EnquiryShown(
        key=row.key,
        reference=row.reference,
        kind=kind,
        is_lift=row.action == EnquiryAction.LIFTED,
        choice=str(dict(kind.choices).get(row.choice, "")),
        about=row.about,
        received_at=row.received_at,
        answer_by=None if kind.standing else answers_by,
        state=OutcomeState(last.state) if last else None,
        state_at=last.recorded_at if last else None,
        text=_text(row.document) if opened else "",
        answer=_text(last.document) if opened and last else "",
    )


def _text(document: UUID | None) -> str:
    if document is None:
        return ""
    try:
        return read_document(document).content.decode()
    except DocumentGone:
        return ""
