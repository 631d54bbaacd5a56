"""Owing work, nudging the queue, and doing what is owed exactly once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from kpr_portal.ground.locks import try_advisory_lock
from kpr_portal.notices.models import OwedAttempt, OwedWork

log = structlog.get_logger(__name__)

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
