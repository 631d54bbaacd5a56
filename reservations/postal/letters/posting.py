"""The queue of the post: what is printed, posted, withdrawn, or tried again. Who may is the caller's to check."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from kpr_portal.documents.queries import are_there
from kpr_portal.ground import clock
from kpr_portal.ground.locks import advisory_lock
from kpr_portal.notices.models import Message
from kpr_portal.notices.operations import note_letter_not_sent, note_letter_sent
from kpr_portal.people.letters import NoLetter, RegisterSilent, window_now
from kpr_portal.people.models import Person
from reservations.postal.letters.errors import (
    AddressChanged,
    AddressHidden,
    AddressLost,
    AddressNotKept,
    AddressTheSame,
    AddressUnknown,
    AlreadyEnded,
    AlreadyMade,
    CannotBePosted,
    ContentGone,
    NotPrinted,
    NotThere,
    NotToBeSent,
    RecipientDead,
)
from reservations.postal.letters.operations import owe_again
from reservations.postal.letters.queries import not_to_post, posting_of
from reservations.postal.letters.window import is_known, stands_on
from reservations.postal.models import Posting, PostingEnd, PostingOutcome, PostingPrint

WITHDRAWN, READ = "withdrawn", "read"
AT_MOST = 500
NOT_SENT: Mapping[NoLetter, type[NotToBeSent]] = {
    NoLetter.DEAD: RecipientDead,
    NoLetter.STRICTLY_CONFIDENTIAL: AddressHidden,
}


@transaction.atomic
def note_printed(key: UUID, *, by: Person) -> PostingPrint:
    """Record that this was opened for the printer; as often as it is.

    Raises NotThere, AlreadyEnded, CannotBePosted where there is no letter, NotToBeSent.
    """
    posting = _still_open(key)
    if posting.letter is None:
        raise CannotBePosted
    check_to_be_sent(posting)
    return PostingPrint.objects.create(posting=posting, at=clock.now(), by=by)


@transaction.atomic
def mark_posted(key: UUID, *, by: Person) -> PostingEnd:
    """Record that this was put in the post; a message that it tells of has been told of by letter.

    Raises NotThere, AlreadyEnded, CannotBePosted where there is no letter, NotToBeSent, and NotPrinted where
    nobody has printed it.
    """
    posting = _open_with_letter(key)
    check_to_be_sent(posting)
    _check_printed(posting)
    return _posted(posting, by=by)


@transaction.atomic
def mark_posted_as_it_was(key: UUID, *, by: Person) -> PostingEnd:
    """Record that this lay in the post already when the register told that it should not, or not as it is.

    Where it can be, the letter is made once more besides, so that the recipient gets it at the address of today.
    Raises NotThere, AlreadyEnded, CannotBePosted where there is no letter, NotPrinted, and AddressUnknown.
    """
    posting = _open_with_letter(key)
    _check_printed(posting)
    try:
        check_to_be_sent(posting)
    except AddressUnknown:
        raise
    except AddressChanged:
        if can_be_made_anew(posting):
            return _made_anew(posting, PostingOutcome.POSTED_AND_ANEW, by=by)
    except NotToBeSent:
        pass
    return _posted(posting, by=by)


@transaction.atomic
def withdraw(key: UUID, *, by: Person) -> PostingEnd:
    """Record that this is not to be sent, or was dealt with in another way. Raises NotThere, AlreadyEnded."""
    posting = _open(key)
    if posting.order.notice is not None:
        note_letter_not_sent(posting.order.notice, why=posting.why or WITHDRAWN)
    return _end(posting, PostingOutcome.WITHDRAWN, by=by)


@transaction.atomic
def try_again(key: UUID, *, by: Person) -> PostingEnd:
    """Let the registers be asked once more for what had no address. Raises NotThere, AlreadyEnded, AlreadyMade."""
    posting = _open(key)
    if posting.letter is not None:
        raise AlreadyMade
    end = _end(posting, PostingOutcome.TRIED_AGAIN, by=by)
    owe_again(posting.order)
    return end


@transaction.atomic
def make_anew(key: UUID, *, by: Person) -> PostingEnd:
    """Let the letter be made once more, since another address stands on it; this one is not sent.

    It gets the same number and says the same; a form that goes with it goes with the next. Raises NotThere,
    AlreadyEnded, CannotBePosted where there is no letter, AddressTheSame where there is no need, RecipientDead,
    AddressHidden and AddressUnknown where it helps nothing, and ContentGone.
    """
    posting = _open_with_letter(key)
    try:
        check_to_be_sent(posting)
    except AddressChanged:
        if not can_be_made_anew(posting):
            raise ContentGone from None
        return _made_anew(posting, PostingOutcome.MADE_ANEW, by=by)
    raise AddressTheSame


def can_be_made_anew(posting: Posting) -> bool:
    """Whether what the letter was made from is there still, and the form that goes with it."""
    keys = [key for key in (posting.order.values, posting.order.enclosure) if key is not None]
    return are_there(keys)


def end_what_was_read() -> int:
    """Take out of the queue what waits for an address though its message was read in the portal; say how many.

    There is nothing left to tell, and nobody needs to do anything about it. Safe to run twice.
    """
    read = Message.objects.filter(key=OuterRef("order__notice"), opening__isnull=False)
    waiting = list(not_to_post().filter(Exists(read)).values_list("key", flat=True)[:AT_MOST])
    return sum(_end_as_read(key) for key in waiting)


@transaction.atomic
def _end_as_read(key: UUID) -> bool:
    try:
        posting = _open(key)
    except AlreadyEnded:
        return False
    assert posting.order.notice is not None  # noqa: S101 -- the query above
    note_letter_not_sent(posting.order.notice, why=READ)
    _end(posting, PostingOutcome.WITHDRAWN)
    return True


def check_to_be_sent(posting: Posting) -> None:
    """Raise NotToBeSent where the register says now that the letter is not to be sent, or not as it is.

    RecipientDead and AddressHidden; AddressChanged where another name or address stands on it, or AddressLost and
    AddressNotKept; AddressUnknown where the register does not answer. What has no letter is not asked about.
    """
    if posting.letter is None:
        return
    try:
        lines = window_now(posting.recipient)
    except RegisterSilent as silent:
        raise AddressUnknown from silent
    if isinstance(lines, NoLetter):
        raise NOT_SENT.get(lines, AddressLost)
    if not is_known(posting.letter):
        raise AddressNotKept
    if not stands_on(posting.letter, lines):
        raise AddressChanged


def _open(key: UUID) -> Posting:
    advisory_lock("postal.posting", key)  # two caseworkers may press at once
    return _still_open(key)


def _open_with_letter(key: UUID) -> Posting:
    posting = _open(key)
    if posting.letter is None:
        raise CannotBePosted
    return posting


def _check_printed(posting: Posting) -> None:
    if not posting.prints.exists():
        raise NotPrinted


def _still_open(key: UUID) -> Posting:
    posting = posting_of(key)
    if posting is None:
        raise NotThere
    if getattr(posting, "end", None) is not None:
        raise AlreadyEnded
    return posting


def _posted(posting: Posting, *, by: Person) -> PostingEnd:
    if posting.order.notice is not None:
        note_letter_sent(posting.order.notice)
    return _end(posting, PostingOutcome.POSTED, by=by)


def _made_anew(posting: Posting, outcome: PostingOutcome, *, by: Person) -> PostingEnd:
    end = _end(posting, outcome, by=by)
    owe_again(posting.order)
    return end


def _end(posting: Posting, outcome: PostingOutcome, *, by: Person | None = None) -> PostingEnd:
    return PostingEnd.objects.create(posting=posting, outcome=outcome, at=clock.now(), by=by)
