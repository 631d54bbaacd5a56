"""The reference that the page shows on every log line of its request, and one line when it is answered.

Never the query string, which may hold what somebody searched for in their own health data, nor the client's
address or browser. Who it was is the person's key, once that is known.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware

STATIC = f"/{settings.STATIC_URL.strip('/')}/"


class RequestLogMiddleware(RequestMiddleware):
    """Django-structlog's own, told to be discreet. Stands just inside the one that gives the reference."""

    def prepare(self, request: HttpRequest) -> None:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.reference)  # type: ignore[attr-defined]

    def process_view(self, request: HttpRequest, _view: Callable[..., Any], *_: Any) -> None:
        self.bind_user_id(request)

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        if not (request.path.startswith(STATIC) and response.status_code < HTTPStatus.BAD_REQUEST):
            super().handle_response(request, response)
        # Django may still log what it thinks of the answer; the next request begins with a clean slate.
        structlog.contextvars.bind_contextvars(request_id=request.reference)  # type: ignore[attr-defined]

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"
