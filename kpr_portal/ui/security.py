"""The one exception to "no page of ours may be framed"."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt


def frameable_by_sign_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let the sign-in services put this view in a frame.

    For the front-channel log-out view alone: the provider calls it in a hidden frame when the
    person signs out somewhere else. It must show nothing and be safe to call at any time.
    """

    @wraps(view)
    def framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response._csp_replace = {"frame-ancestors": list(settings.SIGN_IN_ORIGINS)}  # type: ignore[attr-defined]
        return response

    return xframe_options_exempt(framed)
