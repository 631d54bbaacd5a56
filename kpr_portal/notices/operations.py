"""Owing work, nudging the queue, and doing what is owed exactly once. Telling people something."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from kpr_portal.ground import clock
from kpr_portal.ground.keyring import keyring
from kpr_portal.ground.locks import advisory_lock, try_advisory_lock
from kpr_portal.notices.models import (
    Channel,
    Message,
    MessageOpening,
    MessageText,
    NoticeDelivery,
    Outcome,
    OwedAttempt,
    OwedWork,
)
from kpr_portal.notices.queries import text_context, to_remind_of

log = structlog.get_logger(__name__)

# Whoever can look up the address does it: the task lives above this app.
DELIVER = "people.deliver_notice"
REMIND_AT_MOST = 500

# A text in the reader's language: a lazy translation, or what gives one when it is called.
Text = Promise | Callable[[], str]

QUEUE_UNREACHABLE = (KombuError, RedisError, OSError)


def owe(task: str, *, cause: UUID, payload: Mapping[str, Any] | None = None) -> OwedWork:
    """Owe this work, in the caller's transaction, and nudge the queue once it is committed."""
    owed = OwedWork.objects.create(task=task, cause=cause, payload=dict(payload or {}))
    transaction.on_commit(partial(nudge, owed.pk, task), robust=True)
    return owed


def nudge(owed_id: int, task: str) -> bool:
    """Tell a worker, and say whether that went well. An unreachable queue is logged, never raised."""
    try:
        current_app.send_task(task, kwargs={"owed_id": owed_id}, retry=False)
    except QUEUE_UNREACHABLE as error:
        log.warning("queue_unreachable", task=task, owed_id=owed_id, error=type(error).__name__)
        return False
    return True


@contextmanager
def claim(owed_id: int) -> Iterator[OwedWork | None]:
    """Do owed work inside this, once: yields None where it is done, gone, or in other hands.

    What is written inside is committed together with the mark that it is done. An exception undoes
    it, records a failed attempt, and goes on to the worker's log; the sweep tries again later.
    """
    try:
        with transaction.atomic():
            owed = OwedWork.objects.filter(pk=owed_id).exclude(attempts__done=True).first()
            if owed is None or not try_advisory_lock("owed", owed_id) or _is_done(owed_id):
                yield None
                return
            yield owed
            OwedAttempt.objects.create(owed=owed, done=True)
    except Exception as error:
        OwedAttempt.objects.create(owed_id=owed_id, done=False, error=type(error).__name__[:100])
        raise


def _is_done(owed_id: int) -> bool:
    """Asked again under the lock: another worker may have finished in between."""
    return OwedAttempt.objects.filter(owed_id=owed_id, done=True).exists()


@transaction.atomic
def tell(
    recipient: UUID,
    *,
    kind: str,
    title: Text,
    body: Text,
    about: UUID | None = None,
    link: str | None = None,
) -> Message:
    """Write a message to a person, in every language, and owe a notice that there is one.

    `recipient` is the person's key. The texts are lazy translations; one with a date or a number in it is a
    function without arguments, called once in each language. Raises TypeError for a text that is translated
    already. `link` names an address of the portal, which is given `about` where it takes it.
    """
    message = Message.objects.create(
        recipient=recipient, kind=kind, about=about, link_name=link or "", sent_at=clock.now()
    )
    texts = {
        code: {"title": _written(title, language=code), "body": _written(body, language=code)}
        for code, _name in settings.LANGUAGES
    }
    seal_text(message, json.dumps(texts, ensure_ascii=False).encode())
    owe(DELIVER, cause=message.key, payload={"reminder": False})
    return message


def seal_text(message: Message, texts: bytes) -> None:
    """Keep what a message says, under the newest generation of the key ring."""
    ring = keyring()
    sealed = ring.seal(texts, context=text_context(message.key))
    MessageText.objects.create(message=message, key_id=ring.current, sealed=sealed)


def note_opening(message: UUID, *, by: UUID) -> None:
    """Record that a message was opened, by the person with this key, unless it was before."""
    pk = Message.objects.values_list("pk", flat=True).get(key=message)
    opening = MessageOpening(message_id=pk, opened_at=clock.now(), opened_by=by)
    MessageOpening.objects.bulk_create([opening], ignore_conflicts=True)


def note_letter_sent(message: UUID) -> None:
    """Record that a letter telling of this message was put in the post."""
    _note_letter(message, Outcome.SENT)


def note_letter_not_sent(message: UUID, *, why: str) -> None:
    """Record that no letter will tell of this message, and why: a code."""
    _note_letter(message, Outcome.WITHHELD, why=why)


def _note_letter(message: UUID, outcome: Outcome, *, why: str = "") -> None:
    pk = Message.objects.values_list("pk", flat=True).get(key=message)
    row = NoticeDelivery(
        message_id=pk, channel=Channel.LETTER, outcome=outcome, why=why, is_reminder=False, at=clock.now()
    )
    NoticeDelivery.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def owe_reminders() -> int:
    """Owe one more notice of each message that is still unread long enough after the first; say how many.

    Safe to run twice, at the same time too, and after any silence (eForvaltningsforskriften § 8).
    """
    advisory_lock("notices.remind")
    due = to_remind_of(task=DELIVER, limit=REMIND_AT_MOST)
    for message in due:
        owe(DELIVER, cause=message, payload={"reminder": True})
    return len(due)


def _written(text: Text, *, language: str) -> str:
    if isinstance(text, str) or not (isinstance(text, Promise) or callable(text)):
        msg = "A message is written in every language: give a lazy translation, or a function that gives one."
        raise TypeError(msg)
    with translation.override(language):
        return str(text() if callable(text) else text)
