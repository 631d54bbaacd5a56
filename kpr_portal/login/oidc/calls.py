"""Calls to the provider: short waits, one retry, and never more than a little read."""

import json
from typing import Any

import requests
import structlog

from kpr_portal.login.errors import ProviderUnavailable

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 3
READ_SECONDS = 6
MAX_BYTES = 262_144
TRIES = 2


def call(
    method: str, address: str, *, data: dict[str, str] | None = None, once_sent_never_again: bool = False
) -> tuple[int, dict[str, Any]]:
    """The status and JSON object of an answer below 500. Raises ProviderUnavailable.

    A call that did not reach the provider, was not answered in time, or was answered with 5xx is made
    once more; where the provider may have acted on it (`once_sent_never_again`), only if it never left.
    """
    for left in reversed(range(TRIES)):
        try:
            return _call(method, address, data=data)
        except ProviderUnavailable as unavailable:
            never_left = isinstance(unavailable.__cause__, requests.ConnectTimeout | requests.ConnectionError)
            if not left or (once_sent_never_again and not never_left):
                log.warning("provider_unavailable", reason=unavailable.code, method=method)
                raise
    raise AssertionError


def _call(method: str, address: str, *, data: dict[str, str] | None) -> tuple[int, dict[str, Any]]:
    try:
        with (
            requests.Session() as session,
            session.request(
                method,
                address,
                data=data,
                headers={"Accept": "application/json"},
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as answer,
        ):
            body = answer.raw.read(MAX_BYTES + 1, decode_content=True)
            status = answer.status_code
    except requests.RequestException as error:
        raise ProviderUnavailable(type(error).__name__) from error
    except OSError as error:  # what urllib3 raises while the body is read
        raise ProviderUnavailable("broken_answer") from error
    if status >= requests.codes.server_error or status == requests.codes.too_many_requests:
        raise ProviderUnavailable(f"status_{status}")
    if len(body) > MAX_BYTES:
        raise ProviderUnavailable("answer_too_large")
    return status, _json_object(body)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ProviderUnavailable("answer_is_not_json") from error
    if not isinstance(content, dict):
        raise ProviderUnavailable("answer_is_no_object")
    return content
