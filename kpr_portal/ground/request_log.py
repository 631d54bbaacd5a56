"""The reference that the page shows on every log line of its request, and one line when it is answered.

Never the query string, which may hold what somebody searched for in their own health data, nor the client's
address or browser. Who it was is the person's key, once that is known.
"""

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware


class RequestLogMiddleware(RequestMiddleware):
    """Django-structlog's own, told to be discreet. Stands just inside the one that gives the reference."""

    def prepare(self, request: HttpRequest) -> None:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.reference)  # type: ignore[attr-defined]

    def process_view(self, request: HttpRequest, _view: Callable[..., Any], *_: Any) -> None:
        self.bind_user_id(request)

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        if request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/") and response.status_code < 400:  # noqa: PLR2004
            structlog.contextvars.clear_contextvars()
            return
        super().handle_response(request, response)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"
