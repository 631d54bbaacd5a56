"""What the frame around every page needs: `site` in every template."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils import translation

from kpr_portal.ui import queries

OWNER_FACTS = (
    "name",
    "organisation_number",
    "address",
    "phone",
    "hours",
    "email",
    "dpo_name",
    "dpo_contact",
    "accessibility_status",
    "complaint",
)

MESSAGES = frozenset({"login:messages", "login:message"})

_NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}


@dataclass(frozen=True)
class LanguageChoice:
    """The same page in one language. `address` is absolute, for hreflang."""

    code: str
    name: str
    url: str
    address: str
    is_current: bool


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, and as what.

    Minutes are the session's limits; seconds are what is left of it at most.
    """

    name: str  # empty: no register knows it
    is_staff: bool
    acting_for: str | None  # None: for oneself. Empty: for another whose name is not known
    idle_minutes: int
    max_minutes: int
    seconds_left: int


@dataclass(frozen=True)
class Site:
    owner: dict[str, Any]
    languages: tuple[LanguageChoice, ...]
    signed_in: SignedIn | None
    notices: tuple[str, ...]
    section: str  # which item of the main menu one is in


def site(request: HttpRequest) -> dict[str, Site]:
    """Context processor."""
    return {
        "site": Site(
            owner=owner(),
            languages=_languages(request),
            signed_in=_signed_in(request),
            notices=queries.current_notices(translation.get_language() or settings.LANGUAGE_CODE),
            section=_section(request),
        )
    }


def site_alone(request: HttpRequest) -> Site:
    """The same without asking the database for anything, for error pages."""
    return Site(
        owner=owner(),
        languages=_languages(request),
        signed_in=None,
        notices=(),
        section=_section(request),
    )


def owner() -> dict[str, Any]:
    """The facts about the register's owner, from the settings of the same names (OWNER_NAME ...)."""
    return {name: getattr(settings, f"OWNER_{name.upper()}") for name in OWNER_FACTS}


def _languages(request: HttpRequest) -> tuple[LanguageChoice, ...]:
    current = translation.get_language()
    choices = []
    for code, _ in settings.LANGUAGES:
        url = _in_language(request, code)
        choices.append(
            LanguageChoice(
                code=code,
                name=_NAMES[code],
                url=url,
                address=settings.PUBLIC_URL + url,
                is_current=code == current,
            )
        )
    return tuple(choices)


def _in_language(request: HttpRequest, code: str) -> str:
    """This page in another language, or the front page where the address is no page of ours."""
    here = request.get_full_path()
    there = translate_url(here, code)
    if there == here and code != translation.get_language():
        with translation.override(code):
            return reverse("front")
    return there


def _signed_in(request: HttpRequest) -> SignedIn | None:
    session = getattr(request, "session", None)
    if session is None or (name := session.get("display_name")) is None:
        return None
    acting = getattr(request, "acting", None)
    for_another = acting is not None and not acting.is_self
    return SignedIn(
        name=name,
        is_staff=getattr(request, "staff", None) is not None,
        acting_for=getattr(request, "acting_name", "") if for_another else None,
        idle_minutes=settings.SESSION_IDLE_MINUTES,
        max_minutes=settings.SESSION_MAX_MINUTES,
        seconds_left=getattr(request, "session_seconds_left", settings.SESSION_MAX_MINUTES * 60),
    )


def _section(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:
        return ""
    return "messages" if match.view_name in MESSAGES else match.namespace
