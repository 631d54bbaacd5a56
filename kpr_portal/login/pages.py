"""The pages one meets instead of being signed in. They never hold anything about the person."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode

from kpr_portal.ground import clock
from kpr_portal.login import limits
from kpr_portal.login.errors import ProviderUnavailable, Refusal, SignInRefused
from kpr_portal.login.oidc.metadata import metadata_of
from kpr_portal.login.oidc.realms import Realm, RealmName

log = structlog.get_logger(__name__)

RETRY_AFTER = timedelta(minutes=2)
START = {RealmName.CITIZEN: "login:sign_in", RealmName.STAFF: "login:staff_sign_in"}


def turn_away(refusal: SignInRefused, *, realm: Realm, next_url: str) -> HttpResponse:
    """To the page of this refusal, away from an address that is spent. The log is told why, and not whom."""
    log.warning("sign_in_refused", reason=refusal.code, realm=realm.name.value)
    address = reverse("login:refused", kwargs={"name": realm.name.value, "slug": refusal.refusal.slug})
    return HttpResponseRedirect(_with_next(address, next_url))


def refused(request: HttpRequest, refusal: Refusal, *, realm: Realm, next_url: str) -> HttpResponse:
    """What happened, what to do, and the ways on."""
    values = {
        "refusal": refusal,
        "again": _start(realm, next_url=next_url, afresh=refusal.afresh or refusal.end_idporten_session),
        "is_staff": realm.name is RealmName.STAFF,
        "leaving": leaving(realm) if refusal.end_idporten_session else None,
    }
    return render(request, "login/refused.html", values, status=refusal.status)


def wait(error: ProviderUnavailable, *, realm: Realm, next_url: str) -> HttpResponse:
    """To the page that says when to try again."""
    log.error("sign_in_unavailable", reason=error.code, realm=realm.name.value)
    address = reverse("login:unavailable", kwargs={"name": realm.name.value})
    return HttpResponseRedirect(_with_next(address, next_url))


def unavailable(request: HttpRequest, *, realm: Realm, next_url: str) -> HttpResponse:
    """503: the sign-in service is away. Says when to try again, and what works meanwhile."""
    values = {
        "retry_at": limits.whole_minute(clock.now() + RETRY_AFTER + timedelta(minutes=1)),
        "again": _start(realm, next_url=next_url),
        "is_staff": realm.name is RealmName.STAFF,
    }
    response = render(request, "login/unavailable.html", values, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = str(int(RETRY_AFTER.total_seconds()))
    return response


def leaving(realm: Realm, *, id_token: str = "") -> dict[str, Any] | None:
    """The form that ends the session at the issuer too (RP-Initiated Logout 1.0), or None where it is away.

    A form and not a link: an ID token holds the number, and must not end up in the browser's history.
    """
    try:
        address = metadata_of(realm).end_session_endpoint
    except ProviderUnavailable:
        return None
    language = translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(settings.LANGUAGE_CODE):
        back = f"{settings.PUBLIC_URL}{reverse('login:signed_out')}"
    fields = {"client_id": realm.client_id, "post_logout_redirect_uri": back, "state": language}
    if id_token:
        fields["id_token_hint"] = id_token
    return {"address": address, "fields": fields}


def _start(realm: Realm, *, next_url: str, afresh: bool = False) -> str:
    address = _with_next(reverse(START[realm.name]), next_url)
    if not afresh:
        return address
    return address + ("&" if "?" in address else "?") + "paa_nytt=1"


def _with_next(address: str, next_url: str) -> str:
    return f"{address}?{urlencode({'next': next_url})}" if next_url else address
