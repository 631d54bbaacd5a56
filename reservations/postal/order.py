"""Having a form made: the order, the waiting, and the making itself, which the worker does.

The one exception to owed work as rows (docs/decisions/0017): an order is a task with the form's id and its key,
sealed with the key ring for this id alone. If the worker dies, the waiting page, whose cookie brings the key, orders
again. One form is made by one worker at a time, and once: what comes too late or twice finds the PDF there.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from base64 import b64decode, b64encode
from dataclasses import dataclass
from enum import Enum, auto
from math import ceil

import structlog
from celery import current_app
from kombu.exceptions import OperationalError as QueueError

from kpr_portal.ground import clock
from kpr_portal.ground.keyring import CannotOpen, keyring
from reservations.postal.kept import (
    BEGUN_AT,
    FAILED,
    HINDERED,
    OF_THE_MAKING,
    PDF,
    FormKey,
    Gone,
    Kept,
    Unreachable,
    forget,
    name_of,
    reaching,
    read,
    server,
)

log = structlog.get_logger(__name__)

MAKE = "postal.make_form"
CLAIM_SECONDS = 30  # the task's own limit: nobody makes a form for longer
AGAIN_SECONDS = 10  # at most one order in so many seconds, however often the waiting page is loaded
UNMEASURED_SECONDS = 2.0
WEIGHT = 0.1  # of the newest form in what one takes on average
SLOW_AFTER_SECONDS = 60
LINE = "kpr:forms:line"  # who waits, by when they ordered
WORKING = "kpr:forms:working"  # the processes that make forms, by when each last began or ended one
TAKES, MOVED = "kpr:forms:seconds", "kpr:forms:moved"
MEASURED_FOR = 3600

_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
# What belongs to an order is written only while that order stands: a form that was changed or deleted is left alone.
_IF_ORDERED = """
if redis.call('HGET', KEYS[1], 'order') ~= ARGV[1] then return 0 end
if redis.call('HEXISTS', KEYS[1], 'pdf') == 1 then return 0 end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
return 1
"""
_ORDER = """
if redis.call('HEXISTS', KEYS[1], 'draft') == 0 then return 0 end
redis.call('HDEL', KEYS[1], 'begun_at', 'hindered', 'failed', 'pdf', 'fetched')
redis.call('HSET', KEYS[1], 'order', ARGV[1], 'ordered_at', ARGV[2])
return 1
"""


class State(Enum):
    """How far the making of a form has come."""

    NOT_ORDERED = auto()
    WAITING = auto()
    READY = auto()
    FAILED = auto()


@dataclass(frozen=True)
class Standing:
    """How it stands with an order. `seconds` is about how long it will take, measured; 0 where nobody can tell."""

    state: State
    in_front: int = 0
    seconds: int = 0
    is_slow: bool = False

    @property
    def minutes(self) -> int:
        """The same in whole minutes, rounded up."""
        return ceil(self.seconds / 60)

    @property
    def look_again_seconds(self) -> int:
        """When the waiting page is to look again: seldom where the line is long, or nobody can tell how long it is."""
        return AGAIN_SECONDS if self.is_slow else min(30, max(1, self.seconds // 4))


@reaching
def place(key: FormKey, kept: Kept) -> None:
    """Order the form, unless it is ordered and under way or made. Raises Gone, Unreachable."""
    if kept.order and not kept.has_failed:
        return
    order, now = secrets.token_hex(8), clock.now().timestamp()
    if not server().eval(_ORDER, 1, name_of(key.id), order, str(now)):
        raise Gone
    server().zadd(LINE, {key.id: now})
    try:
        _queue(key, order)
    except Unreachable:
        with server().pipeline() as pipeline:
            pipeline.hdel(name_of(key.id), *OF_THE_MAKING)
            pipeline.zrem(LINE, key.id)
            pipeline.execute()
        raise


@reaching
def standing(key: FormKey, kept: Kept) -> Standing:
    """How it stands. Orders again where whoever made it has died, or nobody seems to have heard. Raises Unreachable."""
    if kept.is_made:
        return Standing(State.READY)
    if not kept.order or kept.ordered_at is None:
        return Standing(State.NOT_ORDERED)
    if kept.has_failed:
        return Standing(State.FAILED)
    now = clock.now().timestamp()
    with server().pipeline(transaction=False) as pipeline:
        pipeline.zrank(LINE, key.id)
        pipeline.zrange(LINE, 0, 0, withscores=True)
        pipeline.zrangebyscore(WORKING, now - CLAIM_SECONDS, "+inf", withscores=True)
        pipeline.mget(TAKES, MOVED)
        pipeline.exists(_claim(key.id))
        rank, first, seen, (takes, moved), is_claimed = pipeline.execute()
    in_front = rank or 0
    each = float(takes) if takes else UNMEASURED_SECONDS
    lately = now - max(AGAIN_SECONDS, 2 * each)  # who works makes one in this time, and the line moves by it
    moves = moved is not None and float(moved) > lately
    if not is_claimed and (kept.begun_at or not in_front or not moves):
        _queue_again(key, kept.order)
    longest = min([kept.ordered_at.timestamp(), *(since for _form, since in first if in_front)])
    is_slow = kept.is_hindered or (now - longest > SLOW_AFTER_SECONDS and not moves)
    working = sum(at > lately for _worker, at in seen)
    seconds = 0 if is_slow else ceil((in_front / max(1, working) + 1) * each)
    return Standing(State.WAITING, in_front=in_front, seconds=seconds, is_slow=is_slow)


@reaching
def drop(key: FormKey) -> None:
    """Delete the form and its place in the line, at once. Raises Unreachable."""
    forget(key)
    _give_up_the_place(key.id)


@reaching
def make(form: str, *, key: str, order: str) -> bool:
    """Make the form of this order, as its worker; whether it was made now. Safe to run twice, and two at once.

    What goes wrong in the making is said on the waiting page, and no word of the form is logged. Where it is
    the machine, such as a full disk, the order stands, and the waiting page brings it again. Raises Unreachable.
    """
    try:
        opened = FormKey(keyring().open(b64decode(key), context=_context(form)))
    except (CannotOpen, ValueError):
        log.warning("form_order_not_opened")
        return False
    if not server().set(_claim(form), order, nx=True, ex=CLAIM_SECONDS):
        return False
    try:
        return _make(opened, order)
    finally:
        server().eval(_RELEASE, 1, _claim(form), order)


def _make(key: FormKey, order: str) -> bool:
    from reservations.postal.form_page import make_form  # noqa: PLC0415 -- slow, worker only

    try:
        kept = read(key)
    except Gone:
        _leave_the_line(key.id)
        return False
    if not kept.order:  # changed while it waited
        _leave_the_line(key.id)
    if kept.order != order or kept.is_made:
        return False
    now, began = clock.now().timestamp(), time.perf_counter()
    server().eval(_IF_ORDERED, 1, name_of(key.id), order, BEGUN_AT, str(now))
    _seen_at_work(now)
    try:
        pdf = make_form(kept.draft.finished())
    except Exception as error:  # noqa: BLE001 -- whatever it is, the page says so; its text may hold what was typed
        log.error("form_not_made", error=type(error).__name__)  # noqa: TRY400 -- a traceback may quote it
        if isinstance(error, OSError):  # it is the machine, and not the form
            server().eval(_IF_ORDERED, 1, name_of(key.id), order, HINDERED, "1")
            _give_up_the_place(key.id)  # it may never be brought again: the others do not wait for it
            return False
        server().eval(_IF_ORDERED, 1, name_of(key.id), order, FAILED, "1")
        _leave_the_line(key.id)
        return False
    sealed = key.seal(pdf, what=PDF)
    is_new = server().eval(_IF_ORDERED, 1, name_of(key.id), order, PDF, sealed)
    _leave_the_line(key.id, took=time.perf_counter() - began)
    _seen_at_work(clock.now().timestamp())
    if not is_new:
        log.warning("form_made_in_vain")  # changed or deleted meanwhile, or made twice
    return bool(is_new)


def _give_up_the_place(form: str) -> None:
    """Nobody is to wait behind this form. The line has not moved by it."""
    server().zrem(LINE, form)


def _seen_at_work(now: float) -> None:
    """This process makes forms: it is counted among those who do, also between one and the next."""
    with server().pipeline() as pipeline:
        pipeline.zadd(WORKING, {f"{socket.gethostname()}:{os.getpid()}": now})
        pipeline.zremrangebyscore(WORKING, "-inf", now - CLAIM_SECONDS)
        pipeline.expire(WORKING, CLAIM_SECONDS)
        pipeline.execute()


def _leave_the_line(form: str, *, took: float | None = None) -> None:
    """Nobody waits for this form any more; note how long it took, where it was made."""
    now = clock.now().timestamp()
    before = server().get(TAKES) if took is not None else None
    with server().pipeline(transaction=False) as pipeline:
        pipeline.zrem(LINE, form)
        pipeline.zremrangebyscore(LINE, "-inf", now - MEASURED_FOR)
        pipeline.set(MOVED, str(now), ex=MEASURED_FOR)
        if took is not None:
            takes = took if before is None else (1 - WEIGHT) * float(before) + WEIGHT * took
            pipeline.set(TAKES, f"{takes:.3f}", ex=MEASURED_FOR)
        pipeline.execute()


def _queue_again(key: FormKey, order: str) -> None:
    try:
        _queue(key, order)
    except Unreachable:
        log.warning("form_not_queued_again")


def _queue(key: FormKey, order: str) -> None:
    """Send the order to the worker, unless that was done just now. Raises Unreachable."""
    just_now = f"{name_of(key.id)}:queued:{order}"
    if not server().set(just_now, "1", nx=True, ex=AGAIN_SECONDS):
        return
    wrapped = b64encode(keyring().seal(key.secret, context=_context(key.id))).decode()
    try:
        current_app.send_task(MAKE, kwargs={"form": key.id, "key": wrapped, "order": order}, retry=False)
    except QueueError as error:
        server().delete(just_now)
        raise Unreachable from error


def _claim(form: str) -> str:
    return f"{name_of(form)}:claim"


def _context(form: str) -> str:
    return f"{MAKE}:{form}"


__all__ = ["Standing", "State", "drop", "make", "place", "standing"]
