"""Where a person goes after signing in: back to a page of ours, in their language, and never elsewhere."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

MAX_CHARACTERS = 2_000


def next_page(request: HttpRequest) -> str:
    """The address in `next`, where it is a path here; else the front page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_ours(wanted) else reverse("front")


def is_ours(address: str) -> bool:
    """Whether this is a path on this site, and no way to another."""
    return (
        address.startswith("/")
        and len(address) <= MAX_CHARACTERS
        and address.isprintable()
        and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    )


def in_language_of(address: str, *, locale: str, language: str, chosen: bool) -> str:
    """The page in the language ID-porten was used in, unless the person had chosen one here."""
    if chosen or locale == language or locale not in dict(settings.LANGUAGES):
        return address
    with translation.override(language):
        return translate_url(address, locale)


def has_chosen_language(request: HttpRequest) -> bool:
    """Whether the person chose a language here: it is in the cookie, or they went to another than bokmål."""
    return (
        settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        or translation.get_language() != settings.LANGUAGE_CODE
    )
