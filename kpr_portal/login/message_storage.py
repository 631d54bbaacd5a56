"""Sentences carried to the next page: read in the session they were said in, and in no other.

They may name somebody. Whoever signs in next in the same browser, or nobody, is not shown what was said before.
"""

from typing import Any

from django.contrib.messages.storage.cookie import CookieStorage
from django.core.signing import get_cookie_signer
from django.http import HttpResponse

from kpr_portal.login.requests import known


class SessionMessages(CookieStorage):
    """MESSAGE_STORAGE: Django's own cookie, signed for one signed-in session, or for nobody."""

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Any] | None, bool]:
        self._sign_for_this_session()
        found: tuple[list[Any] | None, bool] = super()._get(*args, **kwargs)  # type: ignore[misc]  # stubs lack it
        return found

    def _store(self, messages: list[Any], response: HttpResponse, *args: Any, **kwargs: Any) -> list[Any]:
        self._sign_for_this_session()
        left: list[Any] = super()._store(messages, response, *args, **kwargs)  # type: ignore[misc]  # stubs lack it
        return left

    def _sign_for_this_session(self) -> None:
        """Asked anew each time: a session may begin or end in the middle of a request."""
        row = known(self.request).session.signed_in
        self.signer = get_cookie_signer(salt=f"{self.key_salt}:{row.key_hash if row is not None else ''}")
