"""Telling somebody that there is a message: by mail, or by a letter that is due.

The mail says that there is a message and how to sign in, and nothing else. Where it goes is told by the
caller: this app looks nobody up.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from smtplib import SMTPRecipientsRefused

import structlog
from django.conf import settings
from django.db import transaction

from kpr_portal.ground import clock
from kpr_portal.notices.mail import send_notice
from kpr_portal.notices.models import Channel, Message, NoticeDelivery, Outcome

log = structlog.get_logger(__name__)

REFUSED_FOR_GOOD = 500  # SMTP replies from here on are final (RFC 5321 section 4.2.1)


class Why(StrEnum):
    """Why there is no mail."""

    NO_CONTACT = "no_contact"  # the contact register has no active entry, or no address in it
    STALE = "stale_contact"  # not confirmed for 18 months (eForvaltningsforskriften § 32)
    DIGITAL_RESERVED = "digital_reserved"  # wants letters (eForvaltningsforskriften § 9)
    MAIL_FAILED = "mail_failed"
    DEAD = "dead"
    UNKNOWN = "unknown_person"


NOBODY_TO_WRITE_TO = frozenset({Why.DEAD, Why.UNKNOWN})


@dataclass(frozen=True, repr=False)
class Destination:
    """Where a notice goes: to `address` in `language`, or by no mail at all, and then `why`."""

    address: str = ""
    language: str = "nb"
    why: Why | None = None

    def __post_init__(self) -> None:
        if bool(self.address) == bool(self.why):
            msg = "A notice has an address, or a reason why it has none."
            raise ValueError(msg)

    def __repr__(self) -> str:
        return "Destination(******)"


class MailNotSent(Exception):
    """The mail did not go, and may go later."""

    def __init__(self, message: Message, *, is_reminder: bool, error: str) -> None:
        super().__init__(error)
        self.message, self.is_reminder, self.error = message, is_reminder, error


@transaction.atomic
def deliver(message: Message, *, to: Destination, is_reminder: bool) -> None:
    """Tell of this message, and record it: by mail, or by a letter that is due. Called once for each notice owed.

    Raises MailNotSent where it may go better later; the caller tries again, for NOTICE_MAIL_TRY_HOURS after
    the first failure. What is refused for good, or fails for so long, becomes a letter.
    """
    if to.why is not None:
        _no_mail(message, to.why, is_reminder=is_reminder)
        return
    try:
        send_notice(to.address, language=to.language, is_reminder=is_reminder)
    except (OSError, ValueError) as error:
        failure = MailNotSent(message, is_reminder=is_reminder, error=type(error).__name__)
        if not _is_final(error) and not _has_failed_too_long(message, is_reminder=is_reminder):
            raise failure from error
        record_failure(failure)
        _no_mail(message, Why.MAIL_FAILED, is_reminder=is_reminder)
        return
    NoticeDelivery.objects.create(
        message=message, channel=Channel.MAIL, outcome=Outcome.SENT, is_reminder=is_reminder, at=clock.now()
    )


def record_failure(failure: MailNotSent) -> None:
    """Record an attempt that did not succeed."""
    log.warning("notice_not_sent", message=str(failure.message.key), error=failure.error)
    NoticeDelivery.objects.create(
        message=failure.message,
        channel=Channel.MAIL,
        outcome=Outcome.FAILED,
        why=failure.error[:100],
        is_reminder=failure.is_reminder,
        at=clock.now(),
    )


def _no_mail(message: Message, why: Why, *, is_reminder: bool) -> None:
    letter = NoticeDelivery(
        message=message,
        channel=Channel.LETTER,
        outcome=Outcome.WITHHELD if why in NOBODY_TO_WRITE_TO else Outcome.DUE,
        why=why.value,
        is_reminder=is_reminder,
        at=clock.now(),
    )
    NoticeDelivery.objects.bulk_create([letter], ignore_conflicts=True)


def _is_final(error: Exception) -> bool:
    """Whether the address itself is what is wrong."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= REFUSED_FOR_GOOD for code, _said in error.recipients.values())
    return isinstance(error, ValueError)


def _has_failed_too_long(message: Message, *, is_reminder: bool) -> bool:
    before = clock.now() - timedelta(hours=settings.NOTICE_MAIL_TRY_HOURS)
    return NoticeDelivery.objects.filter(
        message=message,
        channel=Channel.MAIL,
        outcome=Outcome.FAILED,
        is_reminder=is_reminder,
        at__lte=before,
    ).exists()
