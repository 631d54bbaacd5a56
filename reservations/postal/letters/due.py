"""Notices that mail cannot reach become letters: each once, also those due before there were letters.

Which letter it is follows from what the message is about: who comes to decide alone gets the neutral letter,
everybody else the one that says that a message waits.
"""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef

from kpr_portal.ground.locks import advisory_lock
from kpr_portal.notices.models import Message
from kpr_portal.notices.operations import note_letter_not_sent
from kpr_portal.notices.queries import letters_due
from kpr_portal.people.models import Person
from kpr_portal.people.queries import person_by_key
from reservations.models import HandedOver
from reservations.postal.letters.kinds import MESSAGE_WAITING, OWN_DECISIONS
from reservations.postal.letters.operations import owe_letter_of_notice
from reservations.postal.models import LetterOrder
from reservations.telling import IN_FORCE

log = structlog.get_logger(__name__)

AT_MOST = 500
# Who comes of age is told of it, and of each right that ends with it, in the same days.
SAME_TIME = timedelta(days=30)
SAME_LETTER = "same_letter"


@transaction.atomic
def owe_letters_due() -> int:
    """Owe a letter for every notice that is due as one and has none; say how many. Safe to run twice.

    Who comes to decide alone gets one letter of it, however many messages there are.
    """
    advisory_lock("postal.letters_due")
    owed = LetterOrder.objects.filter(notice=OuterRef("message__key"))
    rows = letters_due().filter(~Exists(owed)).select_related("message")[:AT_MOST]
    return sum(_owe(row.message) for row in rows)


def _owe(message: Message) -> bool:
    recipient = person_by_key(message.recipient)
    if recipient is None:  # delivery withholds what is for nobody
        log.warning("letter_for_nobody", message=str(message.key))
        return False
    if message.kind != IN_FORCE:
        owe_letter_of_notice(MESSAGE_WAITING, recipient=recipient, message=message.key)
        return True
    near = message.sent_at - SAME_TIME
    before = LetterOrder.objects.filter(
        recipient=recipient, kind=OWN_DECISIONS.code, ordered_at__gte=near
    ).exists()
    if before:  # the letter says nothing of what the message says: one is enough
        note_letter_not_sent(message.key, why=SAME_LETTER)
        return False
    owe_letter_of_notice(
        OWN_DECISIONS,
        recipient=recipient,
        message=message.key,
        values={"sixteen": _came_of_age(recipient, since=near)},
    )
    return True


def _came_of_age(person: Person, *, since: datetime) -> bool:
    """Whether the person was told on turning the age, and not only because another may no longer act for them."""
    told = HandedOver.objects.filter(person=person, representation__isnull=True, told__isnull=False)
    return told.filter(recorded_at__gte=since).exists()
