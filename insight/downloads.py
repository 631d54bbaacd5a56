"""Ordering the report as a PDF, making it, and finding it again.

An order is a row of owed work whose cause is the person: it names the document before it is made, so that
the two belong together without a table of their own. The document is gone after DOWNLOADS_KEPT_DAYS.

Whoever acts for another orders, gets made and fetches by one and the same right, as open as it was: where it has
closed, or opens less or more, there is no such order.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from io import BytesIO
from typing import Any
from uuid import UUID

import pikepdf
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from insight.errors import InsightRefused
from insight.permissions import check_may_see, may_see
from insight.report import gather, sections_with_records
from insight.shown import name_of_another
from kpr_portal.audit.operations import log_access
from kpr_portal.documents.errors import DocumentGone
from kpr_portal.documents.operations import store_document
from kpr_portal.documents.queries import OpenedDocument, read_document
from kpr_portal.documents.rendering import render_pdf
from kpr_portal.ground import clock
from kpr_portal.notices.models import OwedWork
from kpr_portal.notices.operations import claim, owe
from kpr_portal.notices.queries import OwedState, owed_for
from kpr_portal.people.acting import Acting, Basis, log, log_refused
from kpr_portal.people.operations import lock_person
from kpr_portal.people.queries import keys_of, person_by_key
from kpr_portal.people.representation.queries import representing
from kpr_portal.people.representation.rights import Closed

TASK = "insight.make_report"
A_DAY = timedelta(days=1)


class EnoughOrders(InsightRefused):
    """The person has ordered as many reports as one may in a day (REPORTS_A_DAY)."""

    message = _("Du har bestilt mange PDF-er det siste døgnet. Vent til i morgen, eller last ned som JSON.")


class RegisterAway(Exception):
    """The register does not answer whether a right is open: the order waits."""


class OrderState(StrEnum):
    """How far an order has come."""

    WAITING = "waiting"
    DELAYED = "delayed"  # it failed, and will be tried again
    READY = "ready"
    GONE = "gone"  # its time is over


@dataclass(frozen=True)
class Order:
    """A report somebody asked for. `pages` and `kilobytes` are known once it is ready."""

    key: UUID
    state: OrderState
    ordered_at: datetime
    language: str
    pages: int = 0
    kilobytes: int = 0


def order_report(*, acting: Acting) -> UUID:
    """Order a PDF of what the portal shows, and give its handle. One that is on its way is given again.

    Raises NotAllowed, and EnoughOrders where there have been too many in a day.
    """
    check_may_see(acting=acting)
    with transaction.atomic():
        lock_person(acting.subject)
        for state in _orders(acting):
            if not state.is_done:
                return UUID(state.owed.payload["document"])
        since = clock.now() - A_DAY
        if sum(state.owed.owed_at > since for state in _all_orders(acting)) >= settings.REPORTS_A_DAY:
            raise EnoughOrders
        document = uuid.uuid4()
        payload = {
            "document": str(document),
            "actor": str(acting.actor.key),
            "language": translation.get_language() or settings.LANGUAGE_CODE,
            "right": _right(acting),
        }
        owe(TASK, cause=acting.subject.key, payload=payload)
        log(acting, "insight.order")
        return document


def latest_order(*, acting: Acting) -> Order | None:
    """The order this actor made last about the person acted for, if any. Raises NotAllowed."""
    check_may_see(acting=acting)
    orders = _orders(acting)
    return _order(orders[0]) if orders else None


def ordered_report(key: UUID, *, acting: Acting) -> OpenedDocument:
    """The report of an order this actor made about the person acted for, by the right they use now.

    Raises NotAllowed, and DocumentGone where there is none, or its time is over.
    """
    check_may_see(acting=acting)
    if all(state.owed.payload["document"] != str(key) for state in _orders(acting)):
        raise DocumentGone
    return read_document(key)


def issue_report(owed_id: int) -> None:
    """Make the report this row owes, once, in the language the page had when it was ordered.

    Not at all where the right it was ordered by is not what it was.
    """
    with claim(owed_id) as owed:
        acting = _acting_of(owed) if owed is not None else None
        if owed is None or acting is None:
            return
        log_access(actor=None, subject=acting.subject.key, action=TASK, basis=Basis.SYSTEM.value)
        language = owed.payload["language"]
        with translation.override(language):
            html, title = _page(acting, language=language)
        store_document(
            render_pdf(html),
            media_type="application/pdf",
            title=title,
            key=UUID(owed.payload["document"]),
            expires_at=clock.now() + kept(),
        )


def kept() -> timedelta:
    """How long a report can be fetched."""
    return timedelta(days=settings.DOWNLOADS_KEPT_DAYS)


def _page(acting: Acting, *, language: str) -> tuple[str, str]:
    report = gather(acting)
    sections = sections_with_records(report)
    values = {
        "report": report,
        "sections": sections,
        "language": language,
        "for_name": name_of_another(acting),
    }
    return render_to_string("insight/report.html", values), report["title"]


def _right(acting: Acting) -> dict[str, Any] | None:
    """By what right a report is ordered, and what it shows; None of one's own."""
    if acting.is_self:
        return None
    return {
        "representation": str(acting.representation),
        "scopes": sorted(scope.value for scope in acting.rights.scopes),
        "hides_places": acting.rights.hides_places,
    }


def _acting_of(owed: OwedWork) -> Acting | None:
    """Who gets the report, with the rights of this moment; None where these are not those of the order.

    Raises RegisterAway where that cannot be told now, while it is worth the wait.
    """
    right, person = owed.payload.get("right"), person_by_key(owed.cause)
    if person is None or right is None:
        return Acting.for_oneself(person) if person is not None else None
    actor = person_by_key(UUID(owed.payload["actor"]))
    acting = representing(UUID(right["representation"]), actor=actor) if actor is not None else None
    if acting is None or acting.subject.key not in keys_of(person):
        return None
    if may_see(acting=acting) and _right(acting) == right:
        return acting
    if acting.rights.closed is Closed.AWAY and owed.owed_at > clock.now() - kept():
        raise RegisterAway
    log_refused(acting, TASK)
    return None


def _orders(acting: Acting) -> list[OwedState]:
    """The orders by this actor by the right they use now about the person acted for, newest first."""
    right = _right(acting)
    return [state for state in _all_orders(acting) if state.owed.payload.get("right") == right]


def _all_orders(acting: Acting) -> list[OwedState]:
    """The orders by this actor about the person acted for, newest first, under whichever number."""
    keys = keys_of(acting.subject)
    actors = {str(key) for key in keys} if acting.is_self else {str(acting.actor.key)}
    return [state for state in owed_for(keys, task=TASK) if state.owed.payload["actor"] in actors]


def _order(state: OwedState) -> Order:
    owed = state.owed
    order = Order(
        key=UUID(owed.payload["document"]),
        state=OrderState.DELAYED if state.failures else OrderState.WAITING,
        ordered_at=owed.owed_at,
        language=owed.payload["language"],
    )
    if not state.is_done:
        return order
    try:
        document = read_document(order.key)
    except DocumentGone:
        return replace(order, state=OrderState.GONE)
    with pikepdf.open(BytesIO(document.content)) as pdf:
        pages = len(pdf.pages)
    kilobytes = max(1, round(len(document.content) / 1_000))
    return replace(order, state=OrderState.READY, pages=pages, kilobytes=kilobytes)
