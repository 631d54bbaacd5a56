"""What caseworkers do with the queue of the post: find, see, read, print, mark, withdraw, try again, make anew.

Whoever opens what is for a person is asked whether they are impartial, and is written in that person's access log.
The list itself names nobody.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from kpr_portal.documents.errors import DocumentGone
from kpr_portal.documents.queries import read_document
from kpr_portal.login.requests import StaffSession
from kpr_portal.people.acting import Acting, Basis, log
from kpr_portal.people.errors import PeopleRefused
from kpr_portal.people.impartiality.permissions import check_impartial
from kpr_portal.people.models import Person, Role
from kpr_portal.people.queries import names_of
from reservations.casework.hindrances import GONE, SINCE_MADE, Hindrance, hindrance_of
from reservations.postal.letters import posting as queue
from reservations.postal.letters.errors import (
    AddressChanged,
    AddressHidden,
    AddressNotShown,
    AddressUnknown,
    AlreadyEnded,
    LetterRefused,
    NothingPrinted,
    NotPrinted,
    NotThere,
    NotToBeSent,
)
from reservations.postal.letters.kinds import kind_of
from reservations.postal.letters.queries import posting_of, posting_with
from reservations.postal.letters.queries import read_letter as letter_of
from reservations.postal.models import Posting, PostingKind, PostingOutcome

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SEEN, READ, PRINTED = "casework.posting", "casework.read_letter", "casework.print_posting"
POSTED, WITHDRAWN, TRIED_AGAIN = "casework.posted", "casework.withdraw_posting", "casework.retry_posting"
MADE_ANEW, POSTED_AS_IT_WAS = "casework.remake_posting", "casework.posted_as_it_was"
PRINT_AT_MOST = 100
SENT = (PostingOutcome.POSTED, PostingOutcome.POSTED_AND_ANEW)


@dataclass(frozen=True)
class PostingShown:
    """One thing of the queue, as it is shown to who may see it. `name` is empty where the address is protected.

    `printed` is each time it was opened for the printer, the latest first. `is_void` where the letter is not to be
    sent as it is, by what the register says now, and `must_be_anew` where it can be made anew with another address.
    """

    posting: Posting
    title: "StrOrPromise"
    name: str
    hindrance: Hindrance | None
    printed: tuple[datetime, ...]
    is_void: bool = False
    must_be_anew: bool = False

    @property
    def is_form(self) -> bool:
        """Whether a form goes with it."""
        return self.posting.kind == PostingKind.FORM

    @property
    def tells_of_message(self) -> bool:
        """Whether it tells of a message in the portal."""
        return self.posting.order.notice is not None

    @property
    def may_lie_in_the_post(self) -> bool:
        """Whether it was printed before it was to be stopped: then it may be too late."""
        return self.is_open and self.is_void and bool(self.printed)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be posted or withdrawn."""
        return _is_open(self.posting)

    @property
    def was_sent(self) -> bool:
        """Whether it was put in the post."""
        return not self.is_open and self.posting.end.outcome in SENT

    @property
    def may_be_read(self) -> bool:
        """Whether there is a letter to read: one that waits, only where it may be printed too."""
        return self.posting.letter is not None and (not self.is_open or self.hindrance is None)


@dataclass(frozen=True)
class Batch:
    """What became of several: how many were done, and how many were left as they were.

    `not_printed` are apart from these: they were left since nobody has printed them. `not_to_be_sent` are the
    references of those that are left since the register says so now, and `changed` of those among which another
    address stands on the letter than the register has now: the letters may lie there printed.
    """

    done: int
    left: int
    not_printed: int = 0
    not_to_be_sent: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def title_of(posting: Posting) -> "StrOrPromise":
    """What it is, in the words of staff."""
    if posting.kind == PostingKind.FORM:
        return PostingKind.FORM.label
    return kind_of(posting.order.kind).title


def _since_made(posting: Posting) -> NotToBeSent | None:
    """Why one that has its letter is not to be sent as it is, by what the register says now."""
    if _is_open(posting):
        try:
            queue.check_to_be_sent(posting)
        except NotToBeSent as refused:
            return refused
    return None


def find(reference: str) -> UUID:
    """The key of what has this reference on it, on the letter or on the form in it. Tells of nobody: see `see`.

    Also what has been posted or withdrawn is found, for as long as the letter is kept. Raises NotThere.
    """
    posting = posting_with(reference)
    if posting is None:
        raise NotThere
    return posting.key


def see(key: UUID, *, staff: StaffSession) -> PostingShown:
    """One of them, for whom it is and what to do. Raises NotThere and NotImpartial."""
    posting = _impartially(key, staff=staff, action=SEEN)
    _log(posting, SEEN, staff=staff)
    name = names_of([posting.recipient]).get(posting.recipient_id, "")
    printed = tuple(posting.prints.order_by("-at").values_list("at", flat=True))
    why = _since_made(posting)
    hindrance = SINCE_MADE[type(why)] if why else hindrance_of(posting)
    must_be_anew = isinstance(why, AddressChanged) and queue.can_be_made_anew(posting)
    if hindrance is not None and isinstance(why, AddressChanged) and not must_be_anew:
        hindrance = replace(hindrance, to_do=GONE)
    is_void = why is not None and not isinstance(why, AddressUnknown)
    return PostingShown(posting, title_of(posting), name, hindrance, printed, is_void, must_be_anew)


def see_open(key: UUID, *, staff: StaffSession) -> PostingShown:
    """The same of what is still to be posted or withdrawn. Raises AlreadyEnded besides."""
    shown = see(key, staff=staff)
    if not shown.is_open:
        raise AlreadyEnded
    return shown


@transaction.atomic
def read_letter(key: UUID, *, staff: StaffSession) -> bytes:
    """The PDF of a letter as it was made, to be read, and not the form that goes with it. It counts as no printing.

    Raises NotThere where there is no letter, NotImpartial, AddressNotShown, AddressUnknown and DocumentGone; and
    NotToBeSent of one that waits and may not be printed either.
    """
    posting = _impartially(key, staff=staff, action=READ)
    if posting.letter is None:
        raise NotThere
    _check_may_be_read(posting)
    pdf = letter_of(posting.letter).content
    _log(posting, READ, staff=staff)
    return pdf


@transaction.atomic
def print_one(key: UUID, *, staff: StaffSession) -> bytes:
    """The PDF of one of them: the letter, and the form after it. From then on it may be marked as posted.

    Raises NotThere, NotImpartial, CannotBePosted where there is no letter, AlreadyEnded, NotToBeSent, and
    DocumentGone.
    """
    return _joined([_printed(key, staff=staff)])


@transaction.atomic
def print_all(keys: Iterable[UUID], *, staff: StaffSession) -> tuple[bytes, Batch]:
    """One PDF of all of these that staff may see, each begun on a new sheet of paper.

    The others are left out. Raises NothingPrinted where nothing is left to print.
    """
    found: list[list[bytes]] = []
    batch = _each(keys, lambda key: found.append(_printed(key, staff=staff)))
    if not found:
        raise NothingPrinted
    return _joined(found), batch


def mark_posted(keys: Iterable[UUID], *, staff: StaffSession) -> Batch:
    """Mark these as posted.

    Left are those that staff may not handle or that are no longer to be posted, and those nobody has printed.
    """

    def mark(key: UUID) -> None:
        posting = _impartially(key, staff=staff, action=POSTED)
        with transaction.atomic():
            queue.mark_posted(key, by=staff.person)
            _log(posting, POSTED, staff=staff)

    return _each(keys, mark)


def withdraw(key: UUID, *, staff: StaffSession) -> None:
    """Take one out of the queue. Raises NotThere, AlreadyEnded, NotImpartial."""
    _end(key, queue.withdraw, action=WITHDRAWN, staff=staff)


def try_again(key: UUID, *, staff: StaffSession) -> None:
    """Ask the registers once more. Raises NotThere, AlreadyEnded, AlreadyMade, NotImpartial."""
    _end(key, queue.try_again, action=TRIED_AGAIN, staff=staff)


def make_anew(key: UUID, *, staff: StaffSession) -> None:
    """Let the letter be made once more with the address of today. Raises NotImpartial, and what the queue's raises."""
    _end(key, queue.make_anew, action=MADE_ANEW, staff=staff)


def mark_posted_as_it_was(key: UUID, *, staff: StaffSession) -> None:
    """Mark what lay in the post before it was to be stopped. Raises NotImpartial, and what the queue's raises."""
    _end(key, queue.mark_posted_as_it_was, action=POSTED_AS_IT_WAS, staff=staff)


def _end(key: UUID, do: Callable[..., object], *, action: str, staff: StaffSession) -> None:
    posting = _impartially(key, staff=staff, action=action)
    with transaction.atomic():
        do(key, by=staff.person)
        _log(posting, action, staff=staff)


def _check_may_be_read(posting: Posting) -> None:
    try:
        queue.check_to_be_sent(posting)
    except AddressHidden as hidden:
        raise AddressNotShown from hidden
    except AddressUnknown:
        raise
    except NotToBeSent:
        if _is_open(posting):
            raise


def _is_open(posting: Posting) -> bool:
    return getattr(posting, "end", None) is None


@transaction.atomic
def _printed(key: UUID, *, staff: StaffSession) -> list[bytes]:
    """The PDFs of one of them, noted as printed."""
    posting = _impartially(key, staff=staff, action=PRINTED)
    queue.note_printed(key, by=staff.person)
    pdfs = _documents(posting)
    _log(posting, PRINTED, staff=staff)
    return pdfs


def _each(keys: Iterable[UUID], do: Callable[[UUID], None]) -> Batch:
    done = left = not_printed = 0
    not_to_be_sent: list[str] = []
    changed: list[str] = []
    for key in list(dict.fromkeys(keys))[:PRINT_AT_MOST]:
        try:
            do(key)
        except NotPrinted:
            not_printed += 1
        except AddressUnknown:
            left += 1
        except NotToBeSent as refused:
            (changed if isinstance(refused, AddressChanged) else not_to_be_sent).append(_number_of(key))
        except (LetterRefused, PeopleRefused, DocumentGone):
            left += 1
        else:
            done += 1
    return Batch(done, left, not_printed, tuple(not_to_be_sent), tuple(changed))


def _number_of(key: UUID) -> str:
    posting = posting_of(key)
    assert posting is not None and posting.letter is not None  # noqa: S101, PT018 -- it was asked about
    return posting.letter.number


def _impartially(key: UUID, *, staff: StaffSession, action: str) -> Posting:
    posting = posting_of(key)
    if posting is None:
        raise NotThere
    for person in _persons_of(posting):
        check_impartial(staff.person, person, role=Role.CASEWORKER.value, action=action)
    return posting


def _persons_of(posting: Posting) -> list[Person]:
    """Who gets it, and whom it is about where that is another."""
    concerned = posting.order.concerned
    return [posting.recipient] if concerned is None else [posting.recipient, concerned]


def _documents(posting: Posting) -> list[bytes]:
    assert posting.letter is not None  # noqa: S101 -- the callers have asked
    keys = [posting.letter.screen, posting.order.enclosure]
    return [read_document(key).content for key in keys if key is not None]


def _joined(groups: list[list[bytes]]) -> bytes:
    from kpr_portal.documents.joining import join_pdfs  # noqa: PLC0415 -- no page needs it

    return join_pdfs(groups)


def _log(posting: Posting, action: str, *, staff: StaffSession) -> None:
    details = {"reference": posting.letter.number} if posting.letter else None
    for person in _persons_of(posting):
        acting = Acting(staff.person, person, Basis.STAFF, role=Role.CASEWORKER.value)
        log(acting, action, organisation=staff.organisation, details=details)
