"""The pages of /reservasjon/."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import FormView, TemplateView

from kpr_portal.documents.errors import DocumentGone
from kpr_portal.documents.queries import read_document
from kpr_portal.login.access import CitizenRequiredMixin, way_if_closed
from kpr_portal.login.requests import known
from kpr_portal.people.acting import Acting, log, log_refused
from kpr_portal.people.notices import unread_messages
from kpr_portal.ui.fragments import Fragment
from reservations import catalogue, operations, queries
from reservations.errors import NeedsTheOther, NotAllowed, NotReserved, ReservationRefused
from reservations.forms import ConfirmForm
from reservations.permissions import check_may_see, may_see
from reservations.rules import Action
from reservations.texts import Confirmation, confirmation

HISTORY_PAGE = 50

EXPLANATION = Fragment(
    "reservations/explanation.html",
    lambda: {
        "entries": catalogue.entries(),
        "purposes": catalogue.PURPOSES,
        "registration_objection_url": settings.REGISTRATION_OBJECTION_URL,
    },
)


class OverviewView(TemplateView):
    """The two cards, and all that they mean. Open to all; without signing in it explains only."""

    template_name = "reservations/overview.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return way_if_closed(request) or super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        acting = known(self.request).acting
        is_open = acting is not None and may_see(acting=acting)
        return super().get_context_data(
            cards=_seen_cards(acting) if acting and is_open else None,
            is_closed=acting is not None and not is_open,
            entries=catalogue.entries(),
            explanation=EXPLANATION,
            regulation_url=settings.REGULATION_URL,
            for_name=acting.name if acting else "",
            by_right=_by_right(acting) if acting else "",
            unread_messages=unread_messages(acting) if acting else 0,
            **kwargs,
        )


class ConfirmView(CitizenRequiredMixin, FormView):  # type: ignore[type-arg]  # not generic at run time
    """One page that repeats what a choice does and does not do, and one button."""

    form_class = ConfirmForm
    action: Action

    @cached_property
    def entry(self) -> catalogue.CatalogueEntry:
        try:
            return catalogue.entry_of(self.kwargs["kind"])
        except catalogue.UnknownKind as unknown:
            raise Http404 from unknown

    @cached_property
    def text(self) -> Confirmation:
        return confirmation(self.entry, self.action)

    def get_form_kwargs(self) -> dict[str, Any]:
        _check_reader(self.acting)
        must = self.acting.rights.must_confirm_heard
        return {**super().get_form_kwargs(), "must_confirm_heard": must}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(text=self.text, for_name=self.acting.name, **kwargs)

    def form_valid(self, form: ConfirmForm) -> HttpResponse:
        enter = operations.place if self.action is Action.PLACED else operations.lift
        try:
            line = enter(self.entry.kind, acting=self.acting, will=form.will())
        except NeedsTheOther:
            return redirect("reservations:wish", kind=self.entry.code)
        except ReservationRefused as refusal:
            form.add_error(None, str(refusal.message))
            return self.form_invalid(form)
        return redirect("reservations:receipt", key=line.key)

    def form_invalid(self, form: ConfirmForm) -> HttpResponse:
        told = {field: errors for field, errors in form.errors.items() if field != "heard"}
        context = self.get_context_data(
            form=form, refused=[error for errors in told.values() for error in errors]
        )
        return self.render_to_response(context, status=HTTPStatus.CONFLICT)


class PlaceView(ConfirmView):
    """A citizen reserves."""

    template_name = "reservations/place.html"
    action = Action.PLACED


class LiftView(ConfirmView):
    """A citizen lifts a reservation."""

    template_name = "reservations/lift.html"
    action = Action.LIFTED


class WishView(CitizenRequiredMixin, TemplateView):
    """What one parent placed the other does not lift alone: here one says that one wants to."""

    template_name = "reservations/wish.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        _check_reader(self.acting)
        try:
            entry = catalogue.entry_of(kwargs["kind"])
        except catalogue.UnknownKind as unknown:
            raise Http404 from unknown
        return super().get_context_data(entry=entry, by_right=_by_right(self.acting), **kwargs)

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        context = self.get_context_data(kind=kind)
        try:
            operations.wish_to_lift(context["entry"].kind, acting=self.acting)
        except NotReserved as refusal:
            return self.render_to_response(
                {**context, "refused": refusal.message}, status=HTTPStatus.CONFLICT
            )
        messages.success(request, _("Vi har sagt fra til den andre at du vil oppheve."))
        return redirect("reservations:overview")


class HistoryView(CitizenRequiredMixin, TemplateView):
    """Every change, with its receipt."""

    template_name = "reservations/history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        _check_reader(self.acting)
        lines = queries.history(acting=self.acting)
        log(self.acting, "reservations.history")
        page = Paginator(lines, HISTORY_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, for_name=self.acting.name, **kwargs)


class ReceiptView(CitizenRequiredMixin, TemplateView):
    """The receipt of one change, at once; its PDF as soon as it is made."""

    template_name = "reservations/receipt.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        line = _line(kwargs["key"], self.acting)
        log(self.acting, "reservations.receipt", details={"reference": line.reference})
        return super().get_context_data(
            line=line, for_name=self.acting.name, heading_for_another=_heading(line, self.acting), **kwargs
        )


class ReceiptPdfView(CitizenRequiredMixin, View):
    """The receipt as a PDF; 404 until it is made."""

    def get(self, _request: HttpRequest, key: UUID) -> HttpResponseBase:
        line = _line(key, self.acting)
        if line.document is None:
            raise Http404
        try:
            document = read_document(line.document)
        except DocumentGone as gone:
            raise Http404 from gone
        log(self.acting, "reservations.receipt", details={"reference": line.reference})
        disposition = f'inline; filename="{line.reference}.pdf"'
        return HttpResponse(
            document.content, document.media_type, headers={"Content-Disposition": disposition}
        )


class TextVersionsView(TemplateView):
    """What has stood on the confirmation pages, and since when. Open to all."""

    template_name = "reservations/text_versions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = queries.text_versions(get_language() or settings.LANGUAGE_CODE)
        return super().get_context_data(versions=versions, **kwargs)


def _heading(line: queries.LineShown, acting: Acting) -> str:
    """What a receipt is called by one who acts for another."""
    if acting.is_self or line.overtaken:
        return str(line.heading)
    text = _("Kvittering: {name} er reservert") if line.is_placing else _("Kvittering: opphevet for {name}")
    return str(text).format(name=acting.name)


def _by_right(acting: Acting) -> str:
    """By what right one acts for another, as the paper form's page is told it; empty for oneself."""
    return "" if acting.is_self else acting.basis.value


def _check_reader(acting: Acting) -> None:
    """For whoever may not see it there is no such page; the attempt is logged."""
    try:
        check_may_see(acting=acting)
    except NotAllowed as refused:
        log_refused(acting, "reservations.seen")
        raise Http404 from refused


def _seen_cards(acting: Acting) -> list[queries.Card]:
    _check_reader(acting)
    cards = queries.cards(acting=acting)
    log(acting, "reservations.overview")
    return cards


def _line(key: UUID, acting: Acting) -> queries.LineShown:
    _check_reader(acting)
    line = queries.receipt(key, acting=acting)
    if line is None:
        raise Http404
    return line
