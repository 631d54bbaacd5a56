"""The pages of /pa-vegne-av/ that are about oneself: who may act for me, and giving a power of attorney.

None of them exists for whoever acts for another: blocks and powers are never shown to a representative.
"""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import FormView, TemplateView

from kpr_portal.login.access import FreshProofMixin, KeepsTypedMixin
from kpr_portal.login.own import OwnPage
from kpr_portal.login.powers.forms import Power, PowerForm, seal, unseal
from kpr_portal.people.acting import log
from kpr_portal.people.basis import Basis
from kpr_portal.people.representation import blocks, powers
from kpr_portal.people.representation.errors import (
    GiverCannot,
    ReceiverNotUsable,
    RegisterAway,
    RepresentationRefused,
    TooManyTries,
)
from kpr_portal.people.representation.queries import blocks_of, choices_for, representatives_of

PROOF_MINUTES = 15


class PowersPage(OwnPage):
    """One's own, and never kept by the browser."""

    refused_action = "representation.seen"


class RepresentativesView(PowersPage, TemplateView):
    """Who may act for me, whom I have closed out, and what powers I hold."""

    template_name = "login/powers/representatives.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.acting.subject
        log(self.acting, "representation.seen")
        closed = blocks_of(person)
        return super().get_context_data(
            representatives=representatives_of(person),
            blocks=closed,
            is_closed_to_all=any(each.is_for_all for each in closed),
            held=[choice for choice in choices_for(person) if choice.basis is Basis.ATTORNEY],
            **kwargs,
        )


class GiveView(KeepsTypedMixin, PowersPage, FreshProofMixin, FormView):  # type: ignore[type-arg]  # not generic
    """Naming the receiver, the scope and the time; then the summary, on the same address."""

    template_name = "login/powers/give.html"
    form_class = PowerForm
    proof_minutes = PROOF_MINUTES

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            powers.check_may_give(self.acting.subject)
        except (GiverCannot, RegisterAway) as refused:
            return super().get_context_data(refused=refused.message, **kwargs)
        return super().get_context_data(refused="", **kwargs)

    def form_valid(self, form: PowerForm) -> HttpResponse:
        typed = form.cleaned_data
        try:
            receiver = powers.find_receiver(
                acting=self.acting, number=typed["number"].digits, surname=typed["surname"]
            )
        except (GiverCannot, RegisterAway, ReceiverNotUsable, TooManyTries) as refused:
            form.add_error("number", str(refused.message))
            too_many = isinstance(refused, TooManyTries)
            return self._again(form, HTTPStatus.TOO_MANY_REQUESTS if too_many else None)
        power = Power(receiver.number, receiver.name, form.chosen, form.until)
        values = {"power": power, "sealed": seal(power, giver=self.acting.subject)}
        return render(self.request, "login/powers/summary.html", values)

    def form_invalid(self, form: PowerForm) -> HttpResponse:
        return self._again(form)

    def _again(self, form: PowerForm, status: HTTPStatus | None = None) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(form=form), status=status or HTTPStatus.UNPROCESSABLE_ENTITY
        )


class ConfirmView(PowersPage, FreshProofMixin, View):
    """The one click that gives the power that was summed up."""

    http_method_names = ("post",)
    proof_minutes = PROOF_MINUTES

    def post(self, request: HttpRequest) -> HttpResponse:
        power = unseal(request.POST.get("power", ""), giver=self.acting.subject)
        if power is None:
            messages.warning(
                request, _("Oppsummeringen er for gammel. Ingenting ble endret. Fyll ut på nytt.")
            )
            return redirect("login:give_power")
        try:
            powers.give_power(
                acting=self.acting, receiver=power.receiver, scopes=power.scopes, until=power.until
            )
        except RepresentationRefused as refused:
            messages.warning(request, str(refused.message))
            return redirect("login:give_power")
        messages.success(
            request, _("Fullmakten er gitt. {name} ser den ved neste innlogging.").format(name=power.name)
        )
        return redirect("login:representatives")


class ChangeView(PowersPage, View):
    """One click each: end a power, close somebody out, let them in again."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, key: UUID | None = None) -> HttpResponse:
        try:
            done = self.change(key)
        except RepresentationRefused as refused:
            messages.warning(request, str(refused.message))
        else:
            messages.success(request, done)
        return redirect("login:representatives")

    def change(self, key: UUID | None) -> Any:
        """Do it, and give the sentence that says so."""
        raise NotImplementedError


class EndPowerView(ChangeView):
    """End a power of attorney, given or held."""

    def change(self, key: UUID | None) -> Any:
        assert key is not None  # noqa: S101 -- the address has one
        powers.end_power(key, acting=self.acting)
        return _("Fullmakten er avsluttet, og gjelder ikke lenger.")


class BlockView(ChangeView):
    """Close oneself to a representative, or to all."""

    def change(self, key: UUID | None) -> Any:
        blocks.block(key, acting=self.acting)
        return _("Det er stengt fra nå av.")


class LiftBlockView(ChangeView):
    """Open again."""

    def change(self, key: UUID | None) -> Any:
        assert key is not None  # noqa: S101 -- the address has one
        blocks.lift_block(key, acting=self.acting)
        return _("Det er åpnet igjen.")
