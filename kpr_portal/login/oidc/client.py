"""The two calls of the code flow, each proving who we are: the pushed request and the redeemed code."""

from typing import Any, Final

import requests
import structlog
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from django.http import HttpRequest
from django.utils.http import urlencode

from kpr_portal.login.errors import CODE_USED, UNTRUSTED, ProviderUnavailable, SignInRefused
from kpr_portal.login.oidc.calls import call
from kpr_portal.login.oidc.client_key import client_assertion
from kpr_portal.login.oidc.metadata import metadata_of
from kpr_portal.login.oidc.realms import Realm
from kpr_portal.login.oidc.tokens import real_now

log = structlog.get_logger(__name__)

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MAX_CODE_CHARACTERS = 4_096


class PushingClient(OAuth2Client):  # type: ignore[misc]  # allauth is untyped
    """allauth's client with pushed requests (RFC 9126) and private_key_jwt (RFC 7523).

    What is asked for goes straight to the provider: the browser carries a reference to it, and can change
    nothing in it.
    """

    def __init__(self, request: HttpRequest, realm: Realm) -> None:
        super().__init__(request, realm.client_id, "", "POST", "", realm.callback_address)
        self.realm = realm

    def get_redirect_url(self, authorization_url: str, scope: list[str], extra_params: dict[str, Any]) -> str:
        """The address the browser goes to. Raises ProviderUnavailable."""
        asked = {
            "response_type": "code",
            "redirect_uri": self.callback_url,
            "scope": " ".join(scope),
            "state": str(self.state),
            **{name: _as_text(value) for name, value in extra_params.items()},
        }
        address = metadata_of(self.realm).pushed_authorization_request_endpoint
        status, answer = call("POST", address, data=self._proven(asked))
        reference = answer.get("request_uri")
        if status != requests.codes.created or not isinstance(reference, str):
            # Nothing a person could mend: our own registration at the provider is not as it should be.
            log.error("pushed_request_refused", status=status, error=_error_of(answer), realm=self.realm.name)
            raise ProviderUnavailable("pushed_request_refused")
        return (
            f"{authorization_url}?{urlencode({'client_id': self.realm.client_id, 'request_uri': reference})}"
        )

    def get_access_token(
        self, code: str, pkce_code_verifier: str | None = None, extra_data: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """The provider's answer to the code. Raises SignInRefused and ProviderUnavailable."""
        del extra_data
        if not code or len(code) > MAX_CODE_CHARACTERS or not pkce_code_verifier:
            raise SignInRefused(UNTRUSTED, code="malformed_code")
        given = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback_url,
            "code_verifier": pkce_code_verifier,
        }
        address = metadata_of(self.realm).token_endpoint
        status, answer = call("POST", address, data=self._proven(given), once_sent_never_again=True)
        if status == requests.codes.ok:
            return answer
        if _error_of(answer) == "invalid_grant":
            raise SignInRefused(CODE_USED, code="invalid_grant")
        log.error("code_not_redeemed", status=status, error=_error_of(answer), realm=self.realm.name)
        raise ProviderUnavailable("code_not_redeemed")

    def _proven(self, data: dict[str, str]) -> dict[str, str]:
        """The call's data with a statement, signed by us, of who we are."""
        statement = client_assertion(
            key_file=self.realm.client_key_file,
            client_id=self.realm.client_id,
            audience=self.realm.issuer,
            at=real_now(),
        )
        return {
            **data,
            "client_id": self.realm.client_id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": statement,
        }


def _as_text(value: object) -> str:
    return value.decode("ascii") if isinstance(value, bytes) else str(value)


def _error_of(answer: dict[str, Any]) -> str:
    """The provider's error code, fit for the log."""
    error = answer.get("error")
    return error[:60] if isinstance(error, str) else ""
