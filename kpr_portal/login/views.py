"""Signing in and out, staying, and what to do when it did not work."""

import re
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from kpr_portal.login import choosing, errors, operations, pages, typed
from kpr_portal.login.errors import ProviderUnavailable, SignInRefused
from kpr_portal.login.next_page import has_chosen_language, in_language_of, is_ours, next_page
from kpr_portal.login.oidc.metadata import metadata_of
from kpr_portal.login.oidc.realms import Realm, RealmName, realm, realm_of_issuer
from kpr_portal.login.oidc.tokens import check_proven
from kpr_portal.login.pages import START, leaving, turn_away, wait
from kpr_portal.login.provider import PROVIDERS
from kpr_portal.login.requests import known
from kpr_portal.ui.security import frameable_by_sign_in

AWAY = frozenset({"server_error", "temporarily_unavailable"})
ERROR_CODE = re.compile(r"[a-z_]{1,40}")
SIGN_IN = {RealmName.CITIZEN: operations.sign_in, RealmName.STAFF: operations.sign_in_staff}


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Straight on to the issuer, and back to `next` afterwards. `paa_nytt` asks for proof once more.

    Nothing else in the query string is read. Begins at the portal's one public address: the issuer comes back
    there, and only there would the browser's cookie come along.
    """
    if request.get_host() != urlsplit(settings.PUBLIC_URL).netloc:
        return HttpResponseRedirect(f"{settings.PUBLIC_URL}{request.get_full_path()}")
    provider = PROVIDERS[provider_id](request)
    where = next_page(request)
    afresh = "paa_nytt" in request.GET
    if way := _already_in(request, provider.realm_name, where=where, afresh=afresh):
        return way
    try:
        return provider.start(
            request,
            next_url=where,
            language=translation.get_language() or settings.LANGUAGE_CODE,
            chosen=has_chosen_language(request),
            afresh=afresh,
        )
    except ProviderUnavailable as error:
        return wait(error, realm=realm(provider.realm_name), next_url=where)


@never_cache
@require_GET
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the issuer: signed in and sent on, or told why not and what to do."""
    provider = PROVIDERS[provider_id](request)
    issuer = realm(provider.realm_name)
    state = provider.take_state(request, request.GET.get("state", "")) or {}
    where, language = state.get("next", ""), state.get("language", settings.LANGUAGE_CODE)
    was_here = known(request).citizen
    with translation.override(language):
        try:
            code = _code_in(request, state=state, issuer=issuer)
            identity, id_token = provider.get_oauth2_adapter(request).identify(
                request, code=code, state=state
            )
            proven_at = check_proven(identity, asked_at=state.get("asked_at"))
            let_in = SIGN_IN[provider.realm_name]
            person = let_in(request, identity=identity, id_token=id_token, proven_at=proven_at)
        except SignInRefused as refusal:
            return turn_away(refusal, realm=issuer, next_url=where)
        except ProviderUnavailable as error:
            return wait(error, realm=issuer, next_url=where)
    chosen = state["chosen"] or provider.realm_name is RealmName.STAFF
    address = in_language_of(where, locale=identity.locale, language=language, chosen=chosen)
    is_new_here = provider.realm_name is RealmName.CITIZEN and person != was_here
    if is_new_here and choosing.has_choices(person):
        address = choosing.choose_first(address)
    return HttpResponseRedirect(address)


@never_cache
@require_safe
def refused(request: HttpRequest, name: str, slug: str) -> HttpResponse:
    """Why nobody was signed in, and what to do. Says nothing about anybody, so anybody may read it."""
    if (refusal := errors.REFUSALS.get(slug)) is None:
        raise Http404
    return pages.refused(request, refusal, realm=realm(RealmName(name)), next_url=_next_given(request))


@never_cache
@require_safe
def unavailable(request: HttpRequest, name: str) -> HttpResponse:
    """When to try again."""
    return pages.unavailable(request, realm=realm(RealmName(name)), next_url=_next_given(request))


@never_cache
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Our own session first, then the issuer's, by a form that the browser sends by itself if it can.

    Whose time is out here may still be signed in there, and is signed out there as well.
    """
    session = known(request).session
    row = session.signed_in or session.was_signed_in
    if row is None:
        return redirect(_signed_out_address())
    if request.method == "GET":
        return render(request, "login/sign_out.html")
    issuer = realm(RealmName(row.realm))
    id_token = operations.sign_out(request)
    form = leaving(issuer, id_token=id_token)
    if form is None:
        response = render(request, "login/signed_out_here_only.html")
    else:
        response = render(request, "login/signing_out.html", {"leaving": form})
    # Whoever sits down here next opens no form for printing, also where its server could not be told.
    response.delete_cookie(settings.FORM_COOKIE_NAME, samesite="Strict")
    return response


@never_cache
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Back from the issuer after signing out: the front page, which says so. `state` is the language."""
    language = request.GET.get("state") or translation.get_language() or settings.LANGUAGE_CODE
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    with translation.override(language):
        if not request.user.is_authenticated:
            messages.success(request, _("Du er logget ut."))
        return redirect("front")


@never_cache
@frameable_by_sign_in
@require_safe
def signed_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """The issuer says that a person signed out somewhere else (Front-Channel Logout 1.0).

    Comes without cookies, in a hidden frame, any number of times. The answer is the same whatever came.
    """
    if issuer := realm_of_issuer(request.GET.get("iss", "")):
        operations.end_sessions_of(issuer=issuer.issuer, sid=request.GET.get("sid", ""))
    return HttpResponse("<!DOCTYPE html><html lang=nb><title>KPR</title></html>")


@never_cache
@require_http_methods(["GET", "POST"])
def stay(request: HttpRequest) -> HttpResponse:
    """Go on for another while. A script is answered with the seconds left, a form with the front page."""
    from_script = "text/html" not in request.headers.get("Accept", "")
    if not request.user.is_authenticated:
        if from_script:
            return JsonResponse({"seconds_left": 0}, status=HTTPStatus.UNAUTHORIZED)
        return redirect("login:ended")
    if request.method == "GET":
        return render(request, "login/stay.html")
    operations.stay(request)
    if from_script:
        return JsonResponse({"seconds_left": known(request).session_seconds_left})
    return redirect(next_page(request))


@never_cache
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what stands in the form of the page `side`, whose window has run out of time. 404: it is not kept.

    Sent by session.js; without it the form itself meets the ended session, and is kept where it comes in.
    """
    page = request.GET.get("side", "")
    if not (is_ours(page) and typed.is_kept_of(page) and typed.keep(request, address=page)):
        raise Http404
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@never_cache
@require_safe
def ended(request: HttpRequest) -> HttpResponse:
    """Told kindly that time is out, with the way back to the page one was on."""
    is_staff = "ansatt" in request.GET
    again = reverse(START[RealmName.STAFF if is_staff else RealmName.CITIZEN])
    if is_ours(where := request.GET.get("next", "")):
        again += "?" + urlencode({"next": where})
    values = {
        "again": again,
        "is_staff": is_staff,
        "idle": settings.SESSION_IDLE_MINUTES,
        "longest": settings.SESSION_MAX_MINUTES,
        "kept_minutes": settings.KEPT_FORMS_MINUTES if "skrevet" in request.GET else None,
    }
    return render(request, "login/ended.html", values)


def _next_given(request: HttpRequest) -> str:
    where = request.GET.get("next", "")
    return where if is_ours(where) else ""


def _already_in(request: HttpRequest, name: RealmName, *, where: str, afresh: bool) -> HttpResponse | None:
    """The way for one who is signed in already; never from one realm into the other."""
    seen = known(request)
    if name is RealmName.CITIZEN and seen.staff is not None:
        return render(request, "login/staff_on_citizen_page.html", status=HTTPStatus.FORBIDDEN)
    if name is RealmName.STAFF and seen.citizen is not None:
        return render(request, "login/citizen_on_staff_page.html", status=HTTPStatus.FORBIDDEN)
    return HttpResponseRedirect(where) if request.user.is_authenticated and not afresh else None


def _code_in(request: HttpRequest, *, state: dict[str, Any], issuer: Realm) -> str:
    """The code, if this is the answer of this issuer to what this browser asked (RFC 6749, RFC 9207)."""
    if not state:
        raise SignInRefused(errors.STATE_UNKNOWN, code="state")
    if any(len(values) > 1 for _name, values in request.GET.lists()):
        raise SignInRefused(errors.UNTRUSTED, code="repeated_parameter")
    said = request.GET.get("iss")
    must_say = metadata_of(issuer).authorization_response_iss_parameter_supported
    if (said is None and must_say) or (said is not None and said != issuer.issuer):
        raise SignInRefused(errors.UNTRUSTED, code="issuer_of_response")
    if error := request.GET.get("error"):
        code = error if ERROR_CODE.fullmatch(error) else "malformed_error"
        if error in AWAY:
            raise ProviderUnavailable(code)
        raise SignInRefused(errors.CANCELLED if error == "access_denied" else errors.UNTRUSTED, code=code)
    return request.GET.get("code", "")


def _signed_out_address() -> str:
    return (
        reverse("login:signed_out")
        + "?"
        + urlencode({"state": translation.get_language() or settings.LANGUAGE_CODE})
    )
