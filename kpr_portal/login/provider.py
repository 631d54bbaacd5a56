"""ID-porten and the staff issuer as allauth providers (allauth finds them by this module's name).

allauth gives the flow: the state kept with the browser's session, PKCE, redirect and callback. What it leaves
out, or lets the query string decide, is overridden: nothing a browser sends changes what is asked for.
No SocialAccount or SocialToken is ever stored: the person is found by number, in the vault.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse

from kpr_portal.ground import clock
from kpr_portal.login import limits
from kpr_portal.login.oidc.client import PushingClient
from kpr_portal.login.oidc.metadata import metadata_of
from kpr_portal.login.oidc.realms import Realm, RealmName, realm
from kpr_portal.login.oidc.tokens import Identity, believe


class RealmAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth is untyped
    """Speaks with one realm's issuer."""

    def __init__(self, request: HttpRequest, provider_id: str) -> None:
        super().__init__(request, provider_id)
        self.realm = realm(PROVIDERS[provider_id].realm_name)

    @property
    def authorize_url(self) -> str:
        return metadata_of(self.realm).authorization_endpoint

    def get_client(self, request: HttpRequest, app: SocialApp) -> PushingClient:
        del app
        return PushingClient(request, self.realm)

    def identify(self, request: HttpRequest, *, code: str, state: Mapping[str, Any]) -> tuple[Identity, str]:
        """Who signed in, and the ID token that says so. Raises SignInRefused and ProviderUnavailable."""
        client = PushingClient(request, self.realm)
        answer = client.get_access_token(code, pkce_code_verifier=state.get("pkce_code_verifier"))
        token = answer.get("id_token")
        identity = believe(token, realm=self.realm, nonce=str(state.get("nonce", "")))
        return identity, str(token)


class RealmProvider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth is untyped
    """One realm as allauth sees it."""

    oauth2_adapter_class = RealmAdapter
    pkce_enabled_default = True
    realm_name: RealmName

    def __init__(self, request: HttpRequest, app: SocialApp | None = None) -> None:
        # Never one from allauth's table or from the request: the settings alone say whom we trust.
        del app
        super().__init__(request, app=_app_of(self.id, realm(self.realm_name)))

    def get_scope(self) -> list[str]:
        return list(realm(self.realm_name).scope)

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        del request
        return self.get_scope()

    def get_auth_params(self) -> dict[str, str]:
        return {
            "acr_values": realm(self.realm_name).acr,
            "max_age": str(int(limits.longest().total_seconds())),
        }

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        del request, action
        return self.get_auth_params()

    def start(
        self, request: HttpRequest, *, next_url: str, language: str, chosen: bool, afresh: bool
    ) -> HttpResponse:
        """Send the browser to the issuer. `afresh` demands that the person proves who they are once more.

        The state, the nonce and the PKCE secret stay here, with the browser's session; `language`, and
        whether it was `chosen` here, are kept with them. Raises ProviderUnavailable.
        """
        nonce = secrets.token_urlsafe(32)
        asked = {**self.get_auth_params(), "nonce": nonce, "ui_locales": language}
        if afresh:
            asked["prompt"] = "login"
        kept = {"nonce": nonce, "language": language, "chosen": chosen}
        if afresh:
            kept["asked_at"] = clock.now().isoformat()
        response: HttpResponse = self.redirect(
            request,
            AuthProcess.LOGIN,
            next_url=next_url,
            auth_params=asked,
            scope=self.get_scope(),
            data=kept,
        )
        return response

    def take_state(self, request: HttpRequest, state_id: str) -> dict[str, Any] | None:
        """What was kept at the start, once. None for what this browser never started here."""
        state = statekit.unstash_state(request, provider_id=self.sub_id, state_id=state_id)
        return None if state is None else {**state, **(state.get("data") or {})}


class IdportenProvider(RealmProvider):
    """Citizens."""

    id = "idporten"
    name = "ID-porten"
    realm_name = RealmName.CITIZEN


class StaffProvider(RealmProvider):
    """Staff, through another client at another issuer."""

    id = "staff"
    name = "Ansatt"
    realm_name = RealmName.STAFF


provider_classes = [IdportenProvider, StaffProvider]
PROVIDERS: dict[str, type[RealmProvider]] = {provider.id: provider for provider in provider_classes}


def _app_of(provider_id: str, of: Realm) -> SocialApp:
    return SocialApp(
        provider=provider_id, provider_id=provider_id, name=provider_id, client_id=of.client_id, settings={}
    )
