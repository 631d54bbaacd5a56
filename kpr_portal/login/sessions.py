"""The session engine (SESSION_ENGINE): sessions in PostgreSQL, with limits measured by the portal's clock.

One query loads the session, its account and its person together. What is known of the sign-in is in columns
(models.Session). The rest, the person's name among it, is a small text sealed with the key ring for this one
session: the table tells nobody's name, and a text moved to another session opens there no more. It never holds
a national identity number.
"""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import structlog
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction

from kpr_portal.ground import clock
from kpr_portal.ground.keyring import CannotOpen, keyring
from kpr_portal.login import limits
from kpr_portal.login.models import Account, Session

log = structlog.get_logger(__name__)

KEY_BYTES = 32
DATA = "login.session"  # the context it is sealed in, with the session's own hash
MINUTE = timedelta(minutes=1)
# Ended sessions are told from unknown ones for a while, so that the person can be told.
KEPT_AFTER_END = timedelta(hours=12)


@dataclass(frozen=True, repr=False)
class SignedIn:
    """What is kept of a sign-in, beside the session's own data."""

    realm: str
    account: Account
    issuer: str
    sid: str
    auth_time: datetime
    id_token: bytes | None


class SessionStore(SessionBase):
    """One browser's session. `ended` tells that its cookie was known, but its time is out.

    An ended session holds nothing and is never written to; the browser keeps its cookie, so that whichever of
    its windows speaks next is told the same.
    """

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.ended = False
        self._ended_row: Session | None = None
        self._row: Session | None = None
        self._signing_in: SignedIn | None = None

    @property
    def signed_in(self) -> Session | None:
        """The row of a signed-in session, with account and person; None for anybody else."""
        self._get_session()  # type: ignore[attr-defined]  # loads it, once
        return self._row if self._row is not None and self._row.account_id is not None else None

    @property
    def was_signed_in(self) -> Session | None:
        """The row of a session that has ended, with account and person."""
        self._get_session()  # type: ignore[attr-defined]  # loads it, once
        return self._ended_row

    @property
    def ended_data(self) -> dict[str, Any]:
        """What an ended session held."""
        row = self.was_signed_in
        return {} if row is None else self._opened(row)

    def is_empty(self) -> bool:
        """Whether the browser's cookie is of no more use."""
        return self._ended_row is None and super().is_empty()

    def leave_alone(self) -> None:
        """Hold nothing for the rest of the request, and ask the database nothing: the browser keeps its cookie."""
        self._session_cache: dict[str, Any] = {}

    def flush(self) -> None:
        if self._ended_row is not None:
            Session.objects.filter(key_hash=self._ended_row.key_hash).delete()
        self.ended, self._ended_row, self._row = False, None, None
        super().flush()

    def load(self) -> dict[str, Any]:
        row = self._find()
        if row is None or self._is_over(row):
            self.ended = row is not None and row.account_id is not None
            self._ended_row = row if self.ended else None
            self._session_key = None
            return {}
        self._row = row
        return self._opened(row)

    def exists(self, session_key: str | None = None) -> bool:
        return session_key is not None and Session.objects.filter(key_hash=hash_of(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = secrets.token_urlsafe(KEY_BYTES)
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 -- Django's signature
        if self.session_key is None:
            self.create()
            return
        data = self._sealed(self._get_session(no_load=must_create))  # type: ignore[attr-defined]
        if must_create:
            self._insert(data)
        elif not Session.objects.filter(key_hash=hash_of(self.session_key)).update(data=data):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        if (key := session_key or self.session_key) is not None:
            Session.objects.filter(key_hash=hash_of(key)).delete()

    def begin(self, signed_in: SignedIn, *, data: dict[str, Any]) -> None:
        """Start anew as somebody signed in: another id, and nothing left of what was before."""
        self.flush()
        self._signing_in = signed_in
        self.update(data)
        self.create()

    def touch(self, *, at_once: bool = False) -> None:
        """Note that the person is active: at most once a minute, unless `at_once`."""
        row, now = self.signed_in, clock.now()
        if row is None or (now - row.last_seen < MINUTE and not at_once):
            return
        row.last_seen = limits.whole_minute(now)
        Session.objects.filter(key_hash=row.key_hash, last_seen__lt=row.last_seen).update(
            last_seen=row.last_seen
        )

    @classmethod
    def clear_expired(cls) -> None:
        """Remove sessions that ended so long ago that nobody needs to be told. Safe at any time."""
        now = clock.now() - KEPT_AFTER_END
        Session.objects.filter(last_seen__lte=now - limits.idle()).delete()
        Session.objects.filter(auth_time__lte=now - limits.longest()).delete()

    def _sealed(self, data: dict[str, Any]) -> str:
        text: bytes = self.serializer().dumps(data)
        context = f"{DATA}:{hash_of(str(self.session_key))}"
        return base64.b64encode(keyring().seal(text, context=context)).decode()

    def _opened(self, row: Session) -> dict[str, Any]:
        """What a session holds; nothing where it was changed, or sealed with keys that are gone."""
        try:
            text = keyring().open(base64.b64decode(row.data), context=f"{DATA}:{row.key_hash}")
        except (CannotOpen, ValueError):
            log.warning("session_not_opened")
            return {}
        found: dict[str, Any] = self.serializer().loads(text)
        return found

    def _find(self) -> Session | None:
        if self.session_key is None:
            return None
        rows = Session.objects.select_related("account__person")
        return rows.filter(key_hash=hash_of(self.session_key)).first()

    @staticmethod
    def _is_over(row: Session) -> bool:
        return limits.end_of(last_seen=row.last_seen, auth_time=row.auth_time) <= clock.now()

    def _insert(self, data: str) -> None:
        who = vars(self._signing_in) if self._signing_in else {}
        row = Session(
            key_hash=hash_of(str(self.session_key)),
            data=data,
            last_seen=limits.whole_minute(clock.now()),
            **who,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            if Session.objects.filter(key_hash=row.key_hash).exists():
                raise CreateError from error
            raise
        self._row = row


def hash_of(session_key: str) -> str:
    """What the table holds instead of the cookie's value."""
    return sha256(session_key.encode()).hexdigest()
