"""The blank forms on the web: as files, and as a page to print. They need no database, session, queue or cache.

They are answered before anything asks for those, so that they are there for everybody when those are away.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.urls import resolve
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from kpr_portal.ui.context import site_alone
from reservations.postal.blank import BlankForm
from reservations.postal.combinations import UnknownBasis, UnknownForm, basis_at, goes_together
from reservations.postal.form_page import blank_print_path, print_page_values
from reservations.postal.kinds import form_at

log = structlog.get_logger(__name__)

ADDRESS = re.compile(r"^/(?:[a-z]{2}/)?skjema/tomt/[a-z-]+/[a-z-]+(?:\.pdf|/stor\.pdf|/utskrift/)$")
KEPT_SECONDS = 3600
RETRY_AFTER_SECONDS = 60


class BlankFilesMiddleware:
    """Answers these addresses before the session is looked up, and however pressed the portal is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or not ADDRESS.match(request.path_info):
            return self.get_response(request)
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            try:
                match = resolve(request.path_info)
                response: HttpResponse = match.func(request, *match.args, **match.kwargs)
            except Http404:  # the portal's own page says so
                return self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


@require_safe
def blank_pdf(request: HttpRequest, form: str, basis: str, *, large_print: bool = False) -> HttpResponse:
    """A blank form to fill in on the screen or by hand. Not made yet: a page that leads to the one to print."""
    blank = _found(form, basis, large_print=large_print)
    try:
        content = blank.path.read_bytes()
    except OSError as error:
        log.warning("blank_form_missing", form=blank.name, error=type(error).__name__)
        return _not_ready(request, blank)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    unchanged = request.headers.get("If-None-Match") == etag
    response = (
        HttpResponseNotModified() if unchanged else HttpResponse(content, content_type="application/pdf")
    )
    response["ETag"] = etag
    response["Content-Disposition"] = f'inline; filename="kpr-{blank.name.split("/")[-1]}"'
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    return response


@require_safe
def blank_print(request: HttpRequest, form: str, basis: str) -> HttpResponse:
    """The same form as a page of the portal, in normal and in large print: what is typed in it is sent nowhere."""
    blank = _found(form, basis)
    values = {"site": site_alone(request), **print_page_values(blank.answers)}
    response = HttpResponse(render_to_string("postal/form/print.html", values))
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    return response


def _found(form: str, basis: str, *, large_print: bool = False) -> BlankForm:
    language = translation.get_language() or settings.LANGUAGE_CODE
    try:
        what, whom = form_at(form), basis_at(basis)
    except (UnknownForm, UnknownBasis) as unknown:
        raise Http404 from unknown
    if not goes_together(what, whom):
        raise Http404
    return BlankForm(what, whom, language, large_print)


def _not_ready(request: HttpRequest, blank: BlankForm) -> HttpResponse:
    where = blank_print_path(blank.form, blank.basis, language=blank.language, large_print=blank.large_print)
    values = {"site": site_alone(request), "print_page": where}
    body = render_to_string("postal/form/not_ready.html", values)
    response = HttpResponse(body, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
