"""allauth's hooks (SOCIALACCOUNT_ADAPTER): its tables decide nothing, and nobody signs up by it."""

import secrets
from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.http import HttpRequest

from kpr_portal.login.provider import PROVIDERS

STATE_BYTES = 32


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """The providers are ours alone; states cannot be guessed."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        made = [cls(request).app for name, cls in PROVIDERS.items() if provider in {None, name}]
        return [app for app in made if client_id in {None, app.client_id}]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        del request, sociallogin
        return False

    def generate_state_param(self, state: dict[str, Any]) -> str:
        del state
        return secrets.token_urlsafe(STATE_BYTES)
