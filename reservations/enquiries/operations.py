"""Sending an enquiry, giving and lifting a standing instruction, and saying what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kpr_portal.documents.operations import store_document
from kpr_portal.ground import clock
from kpr_portal.notices.operations import tell
from kpr_portal.people.acting import Acting, log, log_refused
from kpr_portal.people.operations import lock_person
from kpr_portal.people.queries import ids_of
from reservations.enquiries.errors import AlreadyStanding, EnoughForToday, NotOneself, NotStanding
from reservations.enquiries.queries import is_standing
from reservations.enquiries.rows import Enquiry, EnquiryAction, EnquiryOutcome, OutcomeState
from reservations.references import free_reference

if TYPE_CHECKING:
    from uuid import UUID

    from kpr_portal.people.models import Person
    from reservations.enquiries.kinds import EnquiryKind

A_DAY = timedelta(days=1)
TEXT = "text/plain"
ANSWERED = "enquiries.answered"


@transaction.atomic
def enquire(
    kind: EnquiryKind, *, acting: Acting, text: str = "", choice: str = "", about: UUID | None = None
) -> Enquiry:
    """Send an enquiry for oneself, or give a standing instruction. What is written is kept encrypted.

    Raises NotOneself, AlreadyStanding where the instruction is in force, and EnoughForToday, which never
    stands in the way of an instruction.
    """
    _check_oneself(acting, kind)
    lock_person(acting.subject)
    if kind.standing and is_standing(acting.subject, kind):
        raise AlreadyStanding
    since = clock.now() - A_DAY
    sent = Enquiry.objects.filter(person__in=ids_of(acting.subject), received_at__gt=since).count()
    if not kind.standing and sent >= settings.ENQUIRIES_A_DAY:
        raise EnoughForToday
    document = None
    if text:
        document = store_document(text.encode(), media_type=TEXT, title=str(kind.title)).key
    return _record(kind, EnquiryAction.SENT, acting=acting, choice=choice, about=about, document=document)


@transaction.atomic
def lift_instruction(kind: EnquiryKind, *, acting: Acting) -> Enquiry:
    """Lift a standing instruction of one's own. Raises NotOneself, and NotStanding where there is none."""
    _check_oneself(acting, kind)
    lock_person(acting.subject)
    if not is_standing(acting.subject, kind):
        raise NotStanding
    return _record(kind, EnquiryAction.LIFTED, acting=acting)


@transaction.atomic
def record_outcome(enquiry: Enquiry, *, state: OutcomeState, by: Person, answer: str = "") -> EnquiryOutcome:
    """Say what has become of an enquiry. The person is told of an answer. Who `by` may be the caller asks."""
    document = None
    if answer:
        document = store_document(answer.encode(), media_type=TEXT, title=enquiry.reference).key
    outcome = EnquiryOutcome.objects.create(
        enquiry=enquiry, state=state, by=by, document=document, recorded_at=clock.now()
    )
    if state is OutcomeState.ANSWERED:
        tell(
            enquiry.person.key,
            kind=ANSWERED,
            title=_("Vi har svart på henvendelsen din"),
            body=_("Svaret står på siden om henvendelsen."),
            about=enquiry.key,
            link="enquiries:enquiry",
        )
    return outcome


def _check_oneself(acting: Acting, kind: EnquiryKind) -> None:
    if acting.is_self:
        return
    log_refused(acting, "enquiries.send", details={"kind": kind.code})
    raise NotOneself


def _record(
    kind: EnquiryKind,
    action: EnquiryAction,
    *,
    acting: Acting,
    choice: str = "",
    about: UUID | None = None,
    document: UUID | None = None,
) -> Enquiry:
    row = Enquiry.objects.create(
        reference=free_reference(_is_taken),
        person=acting.subject,
        kind=kind.code,
        action=action,
        choice=choice,
        about=about,
        document=document,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        received_at=clock.now(),
    )
    log(acting, "enquiries.send", details={"reference": row.reference})
    return row


def _is_taken(reference: str) -> bool:
    return Enquiry.objects.filter(reference=reference).exists()
