"""Around every request: a reference, headers, no malformed address, calm when the database is away."""

import re
import secrets
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from kpr_portal.ui import errors

log = structlog.get_logger(__name__)

type_of_view = Callable[[HttpRequest], HttpResponse]

# Crockford's alphabet without U: easy to read out over the telephone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LONGEST_ADDRESS = 8_192
_ENCODED_NUL = re.compile(r"%00|\x00")

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
        "geolocation",
        "gyroscope",
        "hid",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "publickey-credentials-get",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)


def new_reference() -> str:
    """Eight random characters in two groups, such as `K7F3-92QM`."""
    characters = [secrets.choice(_ALPHABET) for _ in range(8)]
    return f"{''.join(characters[:4])}-{''.join(characters[4:])}"


class RequestReferenceMiddleware:
    """Give each request a reference, for the log and for the person who calls us about an error.

    The reference is always ours: one sent from outside could be used to forge a trail.
    """

    def __init__(self, get_response: type_of_view) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reference = new_reference()
        request.reference = reference  # type: ignore[attr-defined]
        # Read by django_structlog, so that the same reference stands on every log line.
        request.META["HTTP_X_REQUEST_ID"] = reference
        response = self.get_response(request)
        response["X-Request-Reference"] = reference
        return response


class HeadersMiddleware:
    """Headers on every page of ours, and no page about a person left behind in any cache.

    A response is taken to be about a person as soon as a session cookie came or goes with it.
    Also refuses, as 400, an address that no page of ours could have: overlong, or with NUL in it,
    which PostgreSQL cannot hold.
    """

    def __init__(self, get_response: type_of_view) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = request.path + "?" + request.META.get("QUERY_STRING", "")
        if _ENCODED_NUL.search(address) or len(address) > _LONGEST_ADDRESS:
            response = errors.bad_request(request, BadRequest("malformed address"))
        else:
            response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        signed_in = settings.SESSION_COOKIE_NAME
        if signed_in in request.COOKIES or signed_in in response.cookies:
            response["Cache-Control"] = "private, no-store"
        elif not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response


class UnavailableMiddleware:
    """When the database is away, slow or locked: a 503 that says so, instead of an error of ours.

    What middleware further in meets ends in `errors.server_error`, which asks the same question.
    """

    def __init__(self, get_response: type_of_view) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationalError | InterfaceError):
            return errors.unavailable(request, exception)
        return None
