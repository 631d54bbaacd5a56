"""The queue of the post: what is posted, withdrawn, or tried again. Who may do it is the caller's to check."""

from uuid import UUID

from django.db import transaction

from kpr_portal.ground import clock
from kpr_portal.ground.locks import advisory_lock
from kpr_portal.notices.operations import note_letter_not_sent, note_letter_sent
from kpr_portal.people.letters import the_dead_among
from kpr_portal.people.models import Person
from reservations.postal.letters.errors import (
    AlreadyEnded,
    AlreadyMade,
    CannotBePosted,
    NotThere,
    RecipientDead,
)
from reservations.postal.letters.operations import owe_again
from reservations.postal.letters.queries import posting_of
from reservations.postal.models import Posting, PostingEnd, PostingOutcome

WITHDRAWN = "withdrawn"


@transaction.atomic
def mark_posted(key: UUID, *, by: Person) -> PostingEnd:
    """Record that this was put in the post; a message that it tells of has been told of by letter.

    Raises NotThere, AlreadyEnded, CannotBePosted where there is no letter, RecipientDead.
    """
    posting = _open(key)
    if posting.letter is None:
        raise CannotBePosted
    check_alive(posting)
    if posting.order.notice is not None:
        note_letter_sent(posting.order.notice)
    return _end(posting, PostingOutcome.POSTED, by=by)


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


def check_alive(posting: Posting) -> None:
    """Raise RecipientDead where the register says so now: the dead are not written to."""
    if the_dead_among([posting.recipient]):
        raise RecipientDead


def _open(key: UUID) -> Posting:
    advisory_lock("postal.posting", key)  # two caseworkers may press at once
    posting = posting_of(key)
    if posting is None:
        raise NotThere
    if getattr(posting, "end", None) is not None:
        raise AlreadyEnded
    return posting


def _end(posting: Posting, outcome: PostingOutcome, *, by: Person) -> PostingEnd:
    return PostingEnd.objects.create(posting=posting, outcome=outcome, at=clock.now(), by=by)
