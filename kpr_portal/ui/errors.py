"""Pages for when something is wrong. Each says what is wrong and what to do, with a reference.

Those that may be shown because the database is away (400, 500, 503) are made without asking it
for anything: not for the session, not for notices.
"""

import re
import sys
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from kpr_portal.ui import context

log = structlog.get_logger(__name__)

# Long enough for a database to start again, short enough that nobody gives up.
RETRY_AFTER_SECONDS = 15
_CHOICE = re.compile(r"[a-z][a-z-]{0,30}")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the address or the form could not be read."""
    del exception
    return _page(request, 400, alone=True)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: shows the sentence a refusal was raised with, when there is one."""
    return _page(request, 403, message=_sentence(exception))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 where a form came without its token: mostly a page that has been open for long."""
    del reason
    return _page(request, 403, template="csrf", chosen=_chosen(request))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404. One and the same wherever it is met: a page that is refused as one that never was."""
    del exception
    request.resolver_match = None  # it stands in no part of the portal
    return _page(request, 404)


def too_many_requests(request: HttpRequest, *, retry_after: int) -> HttpResponse:
    """429, for limits by place. `retry_after` in seconds."""
    minutes = max(1, round(retry_after / 60))
    response = _page(request, 429, alone=True, minutes=minutes, chosen=_chosen(request))
    response["Retry-After"] = str(retry_after)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 when what went wrong is that the database is away."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return unavailable(request, error)
    return _page(request, 500, alone=True)


def unavailable(request: HttpRequest, error: BaseException | None = None) -> HttpResponse:
    """503 with Retry-After. A page that was only read tries again by itself."""
    if error is not None:
        log.error("database_unavailable", error=type(error).__name__)
    readable = request.method in {"GET", "HEAD"}
    response = _page(request, 503, alone=True, retry_seconds=RETRY_AFTER_SECONDS if readable else None)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def waiting(request: HttpRequest, *, retry_after: int) -> HttpResponse:
    """503 under pressure: the page waits its turn, while the choice pages stay open."""
    readable = request.method in {"GET", "HEAD"}
    response = _page(
        request, 503, template="waiting", alone=True, retry_seconds=retry_after if readable else None
    )
    response["Retry-After"] = str(retry_after)
    return response


def _chosen(request: HttpRequest) -> str:
    """What was chosen on the start page of the paper forms, as that page is asked for it: no name, no number."""
    asked = {"hva": request.POST.get("hva"), "for": request.POST.get("hvem")}
    said = {name: value for name, value in asked.items() if value and _CHOICE.fullmatch(value)}
    return f"?{urlencode(said)}" if said else ""


def _sentence(exception: Exception | None) -> str:
    """What a refusal says to the person, never Django's own default text."""
    if exception is None or not exception.args:
        return ""
    return str(exception.args[0])


def _page(
    request: HttpRequest,
    status: int,
    *,
    template: str = "",
    alone: bool = False,
    **values: object,
) -> HttpResponse:
    """Render `templates/errors/<status>.html`, `alone` meaning without database and session."""
    language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    with translation.override(language):
        values["reference"] = getattr(request, "reference", "")
        if alone:
            values["site"] = context.site_alone(request)
        body = render_to_string(
            f"errors/{template or status}.html", values, request=None if alone else request
        )
    response = HttpResponse(body, status=status)
    response["Content-Language"] = language
    return response
