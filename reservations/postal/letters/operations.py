"""Owing letters, and making them: once each, in two copies, queued for posting."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction

from kpr_portal.documents.operations import store_document
from kpr_portal.documents.queries import read_document
from kpr_portal.ground import clock
from kpr_portal.notices.operations import claim, note_letter_not_sent, owe
from kpr_portal.notices.queries import unread_message
from kpr_portal.people.letters import Addressee, NoLetter, addressee_of
from kpr_portal.people.models import Person
from reservations.models import Enquiry, ReservationEntry
from reservations.postal.letters import texts, values
from reservations.postal.letters.kinds import COVER, LetterKind, kind_of
from reservations.postal.letters.sheet import Sheet, entries_of
from reservations.postal.letters.window import fingerprint_of
from reservations.postal.models import (
    GO_ON,
    Letter,
    LetterOrder,
    Posting,
    PostingEnd,
    PostingKind,
    PostingOutcome,
)
from reservations.references import free_reference

log = structlog.get_logger(__name__)

MAKE_LETTER = "postal.make_letter"
PDF, JSON = "application/pdf", "application/json"
FEBRUARY_28 = 28


@transaction.atomic
def owe_letter(
    kind: LetterKind,
    *,
    recipient: Person,
    by: Person | None,
    concerned: Person | None = None,
    about: UUID | None = None,
    values: Mapping[str, Any] | None = None,
    language: str = "",
    large_print: bool = False,
) -> LetterOrder:
    """Owe somebody a letter, in the caller's transaction. A worker makes it and queues it for posting.

    `values` is what the kind `needs` and `may` have (`kinds.py`); `about` the key of the row it is about; `by` who
    caused it, None where nobody did; `concerned` whom it is about, where that is another than the recipient.
    `language` where it was asked for, else the registers choose it. Raises ValueError where the values are not the
    kind's, SaysTooLittle where one that it needs is blank, and NumberInLetter where a text holds a national identity
    number. Whether there is an address is seen when it is made: where there is none, the posting page says so.
    """
    return _owe(
        kind,
        recipient=recipient,
        by=by,
        concerned=concerned,
        about=about,
        given=values or {},
        language=language,
        large_print=large_print,
    )


@transaction.atomic
def queue_for_posting(
    form: UUID,
    *,
    recipient: Person,
    by: Person | None,
    title: str,
    concerned: Person | None = None,
    about: UUID | None = None,
    language: str = "",
    large_print: bool = False,
    reference: str = "",
) -> LetterOrder:
    """Queue a form made for somebody (the key of its document) for posting, with a cover letter.

    `title` is what the form is called, in the language of the letter. The document is erased when the form has
    been posted or withdrawn. Queued twice, it is one posting. Raises SaysTooLittle where the title is blank, and
    NumberInLetter where it holds a number.

    `reference` is the one that stands on the form (`free_number`), where one does: the letter gets the same. Whoever
    rings has one of the two sheets in hand and reads one reference aloud; two would be one too many to keep apart,
    and only one would be found.
    """
    before = LetterOrder.objects.filter(enclosure=form).first()
    return before or _owe(
        COVER,
        recipient=recipient,
        by=by,
        concerned=concerned,
        about=about,
        given={"form_title": title},
        language=language,
        large_print=large_print,
        enclosure=form,
        reference=reference,
    )


def owe_letter_of_notice(
    kind: LetterKind, *, recipient: Person, message: UUID, values: Mapping[str, Any] | None = None
) -> LetterOrder:
    """Owe the letter that tells of a message. Raises IntegrityError where it is owed already."""
    return _owe(kind, recipient=recipient, by=None, given=values or {}, notice=message, about=message)


def owe_again(order: LetterOrder) -> None:
    """Let a worker try once more to make this letter; one that waits or is over is left as it is."""
    owe(MAKE_LETTER, cause=order.key)


def make_letter(owed_id: int) -> None:
    """Make the letter that this row owes, once: both copies and its place in the queue, or why it has none.

    One that was made before, and is to be made anew, says the same under the same number and in the same language,
    with the address and the date of today.
    """
    with claim(owed_id) as owed:
        if owed is None:
            return
        order = LetterOrder.objects.select_related("recipient").filter(key=owed.cause).first()
        if order is None or _is_made(order):
            log.warning("letter_not_needed", owed_id=owed_id)
            return
        if order.notice is not None and unread_message(order.notice) is None:
            return  # read in the meantime: there is nothing left to tell
        to = addressee_of(order.recipient)
        if to.why is not None:
            _cannot_be_sent(order, to.why)
        else:
            letter = _make(order, to)
            _queue(order, letter=letter)


def _owe(kind: LetterKind, *, given: Mapping[str, Any], **columns: Any) -> LetterOrder:
    said = values.checked(kind, given)
    by = columns.pop("by")
    document = None
    if said:
        document = store_document(
            values.to_json(said), media_type=JSON, title=kind.code, expires_at=kept_until()
        ).key
    order = LetterOrder.objects.create(
        kind=kind.code, values=document, ordered_by=by, ordered_at=clock.now(), **columns
    )
    owe_again(order)
    return order


def _is_made(order: LetterOrder) -> bool:
    """Whether it waits, ready or in the list of what cannot be posted, or was posted or withdrawn."""
    latest = Posting.objects.select_related("end").filter(order=order).order_by("pk").last()
    if latest is None:
        return False
    end: PostingEnd | None = getattr(latest, "end", None)
    return end is None or end.outcome not in GO_ON


def _make(order: LetterOrder, to: Addressee) -> Letter:
    kind, before = kind_of(order.kind), order.letters.order_by("edition").last()
    language = before.language if before else order.language or to.language
    said = values.from_json(kind, read_document(order.values).content if order.values else b"")
    now = clock.now()
    sheet = Sheet(
        kind=kind,
        language=language,
        number=before.number if before else order.reference or free_number(),
        made_on=clock.today(),
        recipient=to.lines,
        values=said,
        large_print=order.large_print,
        entries=entries_of(said),
    )
    html = sheet.html
    window, window_key = fingerprint_of(sheet.recipient, order=order.key)
    return Letter.objects.create(
        order=order,
        edition=before.edition + 1 if before else 1,
        number=sheet.number,
        kind=kind.code,
        language=language,
        text=texts.keep(texts.version_of(kind, language=language)),
        recipient=order.recipient,
        about=order.about,
        made_at=now,
        screen=_copy(html, title=sheet.title, archive=False),
        archive=_copy(html, title=sheet.title, archive=True),
        caused_by=order.ordered_by,
        window=window,
        window_key=window_key,
    )


def _copy(html: str, *, title: str, archive: bool) -> UUID:
    from kpr_portal.documents.rendering import render_pdf  # noqa: PLC0415 -- slow import, worker only

    pdf = render_pdf(html, archive=archive)
    return store_document(pdf, media_type=PDF, title=title, expires_at=kept_until()).key


def _queue(order: LetterOrder, *, letter: Letter | None = None, why: NoLetter | None = None) -> Posting:
    return Posting.objects.create(
        kind=PostingKind.FORM if order.enclosure else PostingKind.LETTER,
        order=order,
        letter=letter,
        recipient=order.recipient,
        why=why.value if why else "",
        queued_at=clock.now(),
        by=order.ordered_by,
    )


def _cannot_be_sent(order: LetterOrder, why: NoLetter) -> None:
    """Say so on the posting page. The dead are not written to, and nobody needs to do anything about it."""
    posting = _queue(order, why=why)
    if why is NoLetter.DEAD:
        PostingEnd.objects.create(posting=posting, outcome=PostingOutcome.WITHDRAWN, at=clock.now())
        if order.notice is not None:
            note_letter_not_sent(order.notice, why=why.value)


def kept_until() -> datetime:
    """How long a letter made now is kept."""
    now = clock.now()
    return now.replace(year=now.year + settings.LETTERS_KEPT_YEARS, day=min(now.day, FEBRUARY_28))


def free_number() -> str:
    """A reference for a letter, or for a form and its cover letter, that nothing else has."""
    return free_reference(_is_taken)


def _is_taken(reference: str) -> bool:
    return (
        LetterOrder.objects.filter(reference=reference).exists()
        or Letter.objects.filter(number=reference).exists()
        or ReservationEntry.objects.filter(reference=reference).exists()
        or Enquiry.objects.filter(reference=reference).exists()
    )
