"""Where a form is while somebody fills it in: ciphertext in the queue's server, for an hour after the last page.

It is never in PostgreSQL and never in clear. Each form has a random key of its own, which the visitor's cookie
holds and nothing else does; the name under which the ciphertext lies is a keyed hash under that key. So the cookie
is all: the address is the same for everybody, and whoever reads the server's memory has neither name nor key.

Expiry is kept twice: by the server itself, in real time, and by the portal's clock, in `until`. Neither is ever
later than POSTAL_FORM_MOST_HOURS after `started`, whatever is looked at or changed.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property, wraps
from hashlib import blake2b
from typing import ParamSpec, Self, TypeVar

import redis
import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from kpr_portal.ground import clock
from reservations.postal.steps import Draft

log = structlog.get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

KEY_BYTES = 32
NONCE_BYTES = 12
ID_BYTES = 16
MARK_BYTES = 8
BESIDE_THE_KEY = "."  # parts the key, in a cookie, from what stands beside it
PREFIX = "kpr:form:"
DRAFT, PDF = "draft", "pdf"
STARTED, UNTIL, FETCHED = "started", "until", "fetched"
# What is known of the making of it (order.py): tells of nobody.
ORDER, ORDERED_AT, BEGUN_AT, HINDERED, FAILED = "order", "ordered_at", "begun_at", "hindered", "failed"
OF_THE_MAKING = (ORDER, ORDERED_AT, BEGUN_AT, HINDERED, FAILED, PDF)

# Now, how long from now, and how long from the start at most, all in seconds; a key whose time is over is deleted.
_LAST = """
local function last(now, lasts, most)
  local started = tonumber(redis.call('HGET', KEYS[1], 'started') or '0')
  local ends = math.min(now + lasts, started + most)
  redis.call('HSET', KEYS[1], 'until', string.format('%.3f', ends))
  return redis.call('EXPIRE', KEYS[1], math.ceil(ends - now))
end
"""
_KEEP = f"""{_LAST}
if redis.call('HEXISTS', KEYS[1], 'draft') == 0 then return 0 end
redis.call('HDEL', KEYS[1], 'order', 'ordered_at', 'begun_at', 'hindered', 'failed', 'pdf', 'fetched')
redis.call('HSET', KEYS[1], 'draft', ARGV[4])
return last(tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]))
"""
_RENEW = f"""{_LAST}
if redis.call('HEXISTS', KEYS[1], 'draft') == 0 or redis.call('HEXISTS', KEYS[1], 'fetched') == 1 then return 0 end
return last(tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]))
"""
_FETCHED = f"""{_LAST}
if redis.call('HEXISTS', KEYS[1], 'pdf') == 0 or redis.call('HEXISTS', KEYS[1], 'fetched') == 1 then return 0 end
redis.call('HSET', KEYS[1], 'fetched', '1')
return last(tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]))
"""


class Unreachable(Exception):
    """The queue's server does not answer, or takes no more: nothing can be kept or made just now."""


class Gone(Exception):
    """The form was deleted, or its time is over."""


@dataclass(frozen=True, repr=False)
class FormKey:
    """The key of one form, as random bytes. Everything else of it follows from the key."""

    secret: bytes

    @classmethod
    def new(cls) -> Self:
        """A key for a new form."""
        return cls(os.urandom(KEY_BYTES))

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """The key in a cookie, which may be anything a browser sent; None where it is no key."""
        key, _, _beside = (text or "").partition(BESIDE_THE_KEY)
        try:
            secret = urlsafe_b64decode(key.encode("ascii", "strict"))
        except (NotBase64, ValueError):
            return None
        return cls(secret) if len(secret) == KEY_BYTES else None

    def __repr__(self) -> str:
        return "FormKey(******)"

    @property
    def text(self) -> str:
        """As it stands in the cookie."""
        return urlsafe_b64encode(self.secret).decode()

    @cached_property
    def id(self) -> str:
        """The name under which the form lies. Tells nothing of the key."""
        return self._derived("id", ID_BYTES).hex()

    @cached_property
    def mark(self) -> str:
        """What the form's pages carry, so that one open in another window is not taken for this."""
        return self._derived("mark", MARK_BYTES).hex()

    def seal(self, plain: bytes, *, what: str) -> bytes:
        """Encrypt, bound to this form and to `what` it is (AES-256-GCM under a key derived from this one)."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, self._bound(what))

    def open(self, sealed: bytes, *, what: str) -> bytes:
        """What `seal` sealed. Raises Gone where it was changed, or is another thing."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._bound(what))
        except (InvalidTag, ValueError) as error:
            log.warning("form_not_opened")
            raise Gone from error

    @property
    def _cipher(self) -> AESGCM:
        return AESGCM(self._derived("seal", KEY_BYTES))

    def _bound(self, what: str) -> bytes:
        return f"postal.form:1:{what}:{self.id}".encode()

    def _derived(self, purpose: str, size: int) -> bytes:
        return blake2b(
            purpose.encode(), key=self.secret, digest_size=size, person=b"kpr-postal-form"
        ).digest()


@dataclass(frozen=True, repr=False)
class Kept:
    """A form as it lies there, `until` it is deleted. `order` is empty where nothing has been ordered.

    It `is_hindered` where the machine could not make it, such as for want of room, and will be made when it can.
    """

    draft: Draft
    until: datetime | None = field(default=None, compare=False)
    order: str = ""
    ordered_at: datetime | None = None
    begun_at: datetime | None = None
    is_hindered: bool = False
    has_failed: bool = False
    is_made: bool = False
    is_fetched: bool = False


def reaching(function: Callable[P, R]) -> Callable[P, R]:
    """For what asks the queue's server: raises Unreachable where it does not answer."""

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except redis.RedisError as error:
            log.warning("forms_unreachable", error=type(error).__name__)
            raise Unreachable from error

    return asked


def server() -> redis.Redis:
    """The queue's server, by its own connection."""
    return _server_at(settings.REDIS_URL)


@cache
def _server_at(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=2)


def name_of(form: str) -> str:
    """The server's name for the form of this id."""
    return PREFIX + form


@reaching
def begin(key: FormKey, draft: Draft) -> None:
    """Keep the first answers of a new form. Raises Unreachable."""
    lasts = timedelta(minutes=settings.POSTAL_FORM_MINUTES)
    now = clock.now()
    values = {
        DRAFT: key.seal(draft.to_json(), what=DRAFT),
        STARTED: _at(now),
        UNTIL: _at(now + lasts),
    }
    with server().pipeline() as pipeline:
        pipeline.hset(name_of(key.id), mapping=values)  # type: ignore[arg-type]  # bytes and text
        pipeline.expire(name_of(key.id), lasts)
        pipeline.execute()


@reaching
def keep(key: FormKey, draft: Draft) -> None:
    """Keep what has been answered now; what was made of earlier answers is gone. Raises Gone, Unreachable."""
    sealed = key.seal(draft.to_json(), what=DRAFT)
    if not server().eval(_KEEP, 1, name_of(key.id), *_lasting(settings.POSTAL_FORM_MINUTES), sealed):
        raise Gone


@reaching
def read(key: FormKey) -> Kept:
    """The form of this key. Raises Gone, Unreachable."""
    names = (DRAFT, UNTIL, ORDER, ORDERED_AT, BEGUN_AT, HINDERED, FAILED, FETCHED)
    with server().pipeline(transaction=False) as pipeline:
        pipeline.hmget(name_of(key.id), names)
        pipeline.hexists(name_of(key.id), PDF)
        found, is_made = pipeline.execute()
    draft, until, order, ordered_at, begun_at, hindered, failed, fetched = found
    if draft is None or until is None:
        raise Gone
    if float(until) <= clock.now().timestamp():
        forget(key)
        raise Gone
    return Kept(
        draft=_read(key.open(draft, what=DRAFT)),
        until=_moment(until),
        order=(order or b"").decode(),
        ordered_at=_moment(ordered_at),
        begun_at=_moment(begun_at),
        is_hindered=hindered is not None,
        has_failed=failed is not None,
        is_made=bool(is_made),
        is_fetched=fetched is not None,
    )


@reaching
def renew(key: FormKey) -> None:
    """Another page was seen: the time begins anew, unless the finished form has been fetched. Raises Unreachable."""
    server().eval(_RENEW, 1, name_of(key.id), *_lasting(settings.POSTAL_FORM_MINUTES))


@reaching
def fetch(key: FormKey) -> bytes:
    """The finished PDF; from now on it lasts POSTAL_FETCHED_MINUTES. Raises Gone where there is none, Unreachable."""
    sealed = server().hget(name_of(key.id), PDF)
    if sealed is None:
        raise Gone
    pdf = key.open(sealed, what=PDF)  # type: ignore[arg-type]  # bytes, from a client that decodes nothing
    server().eval(_FETCHED, 1, name_of(key.id), *_lasting(settings.POSTAL_FETCHED_MINUTES))
    return pdf


@reaching
def forget(key: FormKey) -> None:
    """Delete everything of the form, at once."""
    server().delete(name_of(key.id))


def _read(written: bytes) -> Draft:
    """The draft as it was written. Raises Gone where it is of another version of the portal, which asked otherwise."""
    try:
        draft = Draft.from_json(written)
        draft.steps  # noqa: B018 -- what is asked for, and for whom, is still there to be asked
    except (KeyError, TypeError, ValueError) as error:
        log.warning("form_not_read", error=type(error).__name__)
        raise Gone from None
    return draft


def _lasting(minutes: int) -> tuple[str, str, str]:
    """What `_LAST` is told."""
    return _at(clock.now()), str(minutes * 60), str(settings.POSTAL_FORM_MOST_HOURS * 3600)


def _at(moment: datetime) -> str:
    return f"{moment.timestamp():.3f}"


def _moment(written: bytes | None) -> datetime | None:
    return None if written is None else datetime.fromtimestamp(float(written), tz=UTC)
