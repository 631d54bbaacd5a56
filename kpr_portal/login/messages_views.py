"""Messages to the person signed in. Nobody else is shown them, whomever they act for.

A message is opened by being read: when, is recorded at the first time (eForvaltningsforskriften § 8).
"""

from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kpr_portal.login.access import citizen_required
from kpr_portal.login.requests import known
from kpr_portal.notices.operations import note_opening
from kpr_portal.notices.queries import ShownMessage, message_for, messages_for
from kpr_portal.people.acting import Acting, log, log_refused
from kpr_portal.people.queries import keys_of

A_PAGE = 25


@never_cache
@citizen_required
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """What one has been told, the newest first."""
    acting = _for_oneself(request, "notices.messages")
    told = messages_for(keys_of(acting.subject))
    log(acting, "notices.messages")
    values = {
        "page": Paginator(told, A_PAGE).get_page(request.GET.get("page")),
        "unread": sum(message.is_unread for message in told),
        "remind_days": settings.NOTICE_REMIND_DAYS,
        "contact_details_url": settings.CONTACT_DETAILS_URL,
    }
    return render(request, "login/messages.html", values)


@never_cache
@citizen_required
@require_safe
@transaction.atomic
def message(request: HttpRequest, key: UUID) -> HttpResponse:
    """One message, which is opened by this."""
    acting = _for_oneself(request, "notices.message")
    told = message_for(keys_of(acting.subject), key)
    if told is None:
        _refuse(acting, "notices.message")
    assert told is not None  # noqa: S101 -- the line above
    if request.method == "GET":
        note_opening(told.key, by=acting.actor.key)
    log(acting, "notices.message", details={"message": str(told.key)})
    return render(request, "login/message.html", {"message": told, "leads_to": _address(told)})


def _for_oneself(request: HttpRequest, action: str) -> Acting:
    """Raises Http404 for who acts for another: the page is not there then, whoever the other is."""
    acting = known(request).acting
    assert acting is not None  # noqa: S101 -- citizen_required
    if not acting.is_self:
        _refuse(acting, action)
    return acting


def _refuse(acting: Acting, action: str) -> None:
    log_refused(acting, action)
    raise Http404


def _address(told: ShownMessage) -> str:
    """The page the message is about. A message outlives pages: where there is none any more, nothing."""
    if not told.link_name:
        return ""
    for arguments in ([told.about] if told.about else [], []):
        try:
            return reverse(told.link_name, args=arguments)
        except NoReverseMatch:
            continue
    return ""
