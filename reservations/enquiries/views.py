"""The pages of /reservasjon/henvendelser/. All of them are one's own: for another there is paper."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView

from kpr_portal.login.access import KeepsTypedMixin
from kpr_portal.login.own import OwnPage
from kpr_portal.people.acting import log
from reservations import operations as register
from reservations import queries as register_queries
from reservations.enquiries import operations, queries
from reservations.enquiries.errors import EnquiryRefused, NotStanding
from reservations.enquiries.forms import EnquiryForm
from reservations.enquiries.kinds import KINDS, NOT_RIGHT, EnquiryKind, UnknownKind, kind_of
from reservations.errors import ReservationRefused
from reservations.rules import Action, Will
from reservations.texts import Confirmation, confirmation


class EnquiryPage(OwnPage):
    """One's own alone: a representative asks for themselves, or on paper."""

    refused_action = "enquiries.seen"


class ListView(EnquiryPage, TemplateView):
    """What one may ask for, and what one has asked."""

    template_name = "reservations/enquiries/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sent = queries.enquiries_of(acting=self.acting)
        log(self.acting, "enquiries.list")
        return super().get_context_data(sent=sent, kinds=[kind for kind in KINDS if kind.listed], **kwargs)


class ShowView(EnquiryPage, TemplateView):
    """One enquiry: its receipt, what was written, and what became of it."""

    template_name = "reservations/enquiries/enquiry.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = queries.enquiry(kwargs["key"], acting=self.acting)
        if found is None:
            raise Http404
        log(self.acting, "enquiries.enquiry", details={"reference": found.reference})
        return super().get_context_data(enquiry=found, **kwargs)


class NewView(KeepsTypedMixin, EnquiryPage, FormView):  # type: ignore[type-arg]  # not generic at run time
    """One page for each kind: what it means, as few questions as can be, and one button."""

    template_name = "reservations/enquiries/new.html"
    form_class = EnquiryForm

    @cached_property
    def kind(self) -> EnquiryKind:
        try:
            kind = kind_of(self.kwargs["kind"])
        except UnknownKind as unknown:
            raise Http404 from unknown
        if kind.needs_about:
            raise Http404
        return kind

    @property
    def about(self) -> UUID | None:
        """What the enquiry is about, where it was reached from there."""
        about: UUID | None = self.kwargs.get("about")
        return about

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kind": self.kind}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        standing = self.kind.standing and queries.is_standing(self.acting.subject, self.kind)
        return super().get_context_data(kind=self.kind, is_standing=standing, **kwargs)

    def form_valid(self, form: EnquiryForm) -> HttpResponse:
        try:
            row = operations.enquire(
                self.kind,
                acting=self.acting,
                text=form.cleaned_data.get("text", ""),
                choice=form.cleaned_data.get("choice", ""),
                about=self.about,
            )
        except EnquiryRefused as refused:
            form.add_error(None, str(refused.message))
            return self.form_invalid(form)
        return redirect("enquiries:enquiry", key=row.key)

    def form_invalid(self, form: EnquiryForm) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(form=form), status=HTTPStatus.UNPROCESSABLE_ENTITY
        )


class LiftView(EnquiryPage, TemplateView):
    """Lifting a standing instruction: as easy as giving it."""

    template_name = "reservations/enquiries/lift.html"

    @cached_property
    def kind(self) -> EnquiryKind:
        try:
            kind = kind_of(self.kwargs["kind"])
        except UnknownKind as unknown:
            raise Http404 from unknown
        if not kind.standing:
            raise Http404
        return kind

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        standing = queries.is_standing(self.acting.subject, self.kind)
        return super().get_context_data(**{**kwargs, "kind": self.kind, "is_standing": standing})

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:  # noqa: ARG002 -- the address's
        try:
            row = operations.lift_instruction(self.kind, acting=self.acting)
        except NotStanding:
            return self.render_to_response(self.get_context_data(), status=HTTPStatus.CONFLICT)
        return redirect("enquiries:enquiry", key=row.key)


class NotRightView(KeepsTypedMixin, EnquiryPage, FormView):  # type: ignore[type-arg]  # not generic at run time
    """Another did something with one's reservations, and it was not right.

    Where another lifted, one click places again on one's own; where another placed, nothing changes until the
    person wishes. A caseworker is told in either case, and binds nothing of the person's own choice.
    """

    template_name = "reservations/enquiries/not_right.html"
    form_class = EnquiryForm

    @cached_property
    def line(self) -> register_queries.LineShown:
        line = register_queries.receipt(self.kwargs["about"], acting=self.acting)
        if line is None or not line.by_another:
            raise Http404
        return line

    @cached_property
    def text(self) -> Confirmation:
        return confirmation(self.line.kind, Action.PLACED)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kind": NOT_RIGHT}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cards = register_queries.cards(acting=self.acting)
        in_force = any(card.in_force for card in cards if card.kind.code == self.line.kind.code)
        log(self.acting, "reservations.receipt", details={"reference": self.line.reference})
        return super().get_context_data(
            kind=NOT_RIGHT, line=self.line, text=self.text, in_force=in_force, **kwargs
        )

    def form_valid(self, form: EnquiryForm) -> HttpResponse:
        again = "again" in self.request.POST and not self.line.is_placing
        try:
            row = operations.enquire(
                NOT_RIGHT, acting=self.acting, text=form.cleaned_data.get("text", ""), about=self.line.key
            )
        except EnquiryRefused as refused:
            if not again:
                form.add_error(None, str(refused.message))
                return self.form_invalid(form)
            row = None
        if again:
            return self._place_again(form)
        assert row is not None  # noqa: S101 -- refused above
        return redirect("enquiries:enquiry", key=row.key)

    def form_invalid(self, form: EnquiryForm) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(form=form), status=HTTPStatus.UNPROCESSABLE_ENTITY
        )

    def _place_again(self, form: EnquiryForm) -> HttpResponse:
        """In the person's own voice; the text that was shown is the one of a placing."""
        will = Will.online(shown=self.request.POST.get("shown", ""))
        try:
            line = register.place(self.line.kind.kind, acting=self.acting, will=will)
        except ReservationRefused as refused:
            form.add_error(None, str(refused.message))
            return self.form_invalid(form)
        messages.success(self.request, _("Du er reservert igjen, og en saksbehandler har fått vite det."))
        return redirect("reservations:receipt", key=line.key)
