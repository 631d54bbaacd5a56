"""Where caseworkers and approvers begin, and what they can do so far."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView

from kpr_portal.login.access import FreshProofMixin, StaffRequiredMixin
from kpr_portal.people.errors import PeopleRefused
from kpr_portal.people.models import Role
from kpr_portal.people.representation.rows import BlockChannel
from reservations.casework import operations
from reservations.casework.forms import BlockForm, DeclareForm, StaffChoiceForm
from reservations.queries import import_state

PROOF_MINUTES = 15


class Start(StaffRequiredMixin, TemplateView):
    """What can be done here, what is to come, and what must be known until then."""

    required_role = (Role.CASEWORKER, Role.APPROVER)
    template_name = "casework/start.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            staff=self.staff,
            import_state=import_state(),
            is_approver=Role.APPROVER.value in self.staff.roles,
            is_caseworker=Role.CASEWORKER.value in self.staff.roles,
        )


class OneForm(FormView):  # type: ignore[type-arg]  # not generic at run time
    """A page with one form about one person. What is refused is said, and what was typed is kept."""

    template_name = "casework/form.html"
    words: ClassVar[dict[str, Any]]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(words=self.words, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            self.do(form.cleaned_data)
        except PeopleRefused as refused:
            form.add_error(None, str(refused.message))
            return self.form_invalid(form)
        messages.success(self.request, self.words["done"])
        return redirect("casework:start")

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(form=form), status=HTTPStatus.UNPROCESSABLE_ENTITY
        )

    def do(self, typed: dict[str, Any]) -> None:
        """What the button does. Raises PeopleRefused."""
        raise NotImplementedError


class CaseForm(StaffRequiredMixin, OneForm):
    """One of these for caseworkers and approvers."""

    required_role: Role | tuple[Role, ...] = (Role.CASEWORKER, Role.APPROVER)


class BlockView(CaseForm):
    """Closing a person to a representative, as somebody who rings asks for."""

    form_class = BlockForm
    required_role = Role.CASEWORKER
    words: ClassVar = {
        "title": _("Steng for en representant"),
        "lead": _(
            "Når noen ringer eller skriver og vil stenge for en forelder, verge eller fullmektig, gjør du det her. "
            "Det gjelder med en gang. Spør aldri hvorfor."
        ),
        "button": _("Steng"),
        "done": _("Det er stengt fra nå av. Personen får en melding."),
    }

    def do(self, typed: dict[str, Any]) -> None:
        operations.block(
            typed["person"],
            representative=typed["representative"],
            channel=BlockChannel(typed["channel"]),
            staff=self.staff,
        )


class DeclareView(CaseForm):
    """Staying out of somebody's case."""

    form_class = DeclareForm
    words: ClassVar = {
        "title": _("Meld deg inhabil"),
        "lead": _("Du slipper ikke til i saken etterpå. Du trenger ikke si hvorfor."),
        "button": _("Meld meg inhabil"),
        "done": _("Du er meldt inhabil, og slipper ikke til i saken."),
    }

    def do(self, typed: dict[str, Any]) -> None:
        operations.declare_out(typed["person"], staff=self.staff)


class StaffChoiceView(StaffRequiredMixin, FreshProofMixin, OneForm):
    """A page where an approver chooses among the staff, having just proven who they are."""

    proof_minutes = PROOF_MINUTES

    form_class = StaffChoiceForm
    required_role = Role.APPROVER

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "staff": operations.staff_choices()}


class NameOutView(StaffChoiceView):
    """Keeping out an employee whom the person has named."""

    words: ClassVar = {
        "title": _("Hold en ansatt utenfor en sak"),
        "lead": _(
            "Når en person ber om at en ansatt ikke skal se saken, gjør du det her. Spør aldri hvorfor."
        ),
        "button": _("Hold utenfor"),
        "done": _("De valgte slipper ikke til i saken."),
    }

    def do(self, typed: dict[str, Any]) -> None:
        operations.name_out(typed["person"], named=map(UUID, typed["staff"]), staff=self.staff)


class ShieldView(StaffChoiceView):
    """Opening a case to some of the staff alone."""

    words: ClassVar = {
        "title": _("Skjerm en sak"),
        "lead": _(
            "Bare de du velger, slipper til. Alle andre ansatte blir stengt ute, også du hvis du ikke er valgt."
        ),
        "button": _("Skjerm saken"),
        "done": _("Saken er skjermet."),
    }

    def do(self, typed: dict[str, Any]) -> None:
        operations.shield(typed["person"], to=map(UUID, typed["staff"]), staff=self.staff)
