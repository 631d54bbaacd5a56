"""Making a form for somebody who has rung or come to the desk: which form and for whom, then who."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from kpr_portal.login.access import StaffRequiredMixin
from kpr_portal.login.requests import StaffSession
from kpr_portal.people.acting import Acting, Basis, log, log_refused
from kpr_portal.people.errors import PeopleRefused
from kpr_portal.people.fields import NumberField
from kpr_portal.people.impartiality.permissions import check_impartial
from kpr_portal.people.models import Person, Role
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.operations import person_for
from kpr_portal.people.queries import find_person
from reservations.postal.bases import BASES, PaperBasis, UnknownBasis
from reservations.postal.combinations import basis_at, why_not
from reservations.postal.errors import FormRefused
from reservations.postal.form_page import enclosures
from reservations.postal.forms import StartForm
from reservations.postal.kinds import PostalForm, UnknownForm, form_at
from reservations.postal.ordering import OrderedForm, check_known, order_form

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ACTION = "casework.order_form"
OPEN = ""
LEFT_OPEN = _(
    "Navnet og nummeret til den skjemaet gjelder, kommer bare med når registrene viser at den som skriver under, kan "
    "handle for personen. Ellers skriver den som skriver under, det for hånd. Alt det andre du fyller ut her, kommer "
    "med."
)
LEFT_OPEN_OF_THE_DEAD = _(
    "Navnet og nummeret til den som er død, kommer ikke med. Den som skriver under, skriver det for hånd. Alt det "
    "andre du fyller ut her, kommer med."
)


class OrderForm(forms.Form):
    """Who it concerns, who signs, what is ticked already, and how it is printed."""

    person = NumberField(label=_("Nummeret til den skjemaet gjelder"))
    signer = NumberField(label=_("Nummeret til den som skal skrive under"))
    language = forms.ChoiceField(label=_("Språket i skjemaet"), choices=settings.LANGUAGES)
    large_print = forms.BooleanField(label=_("Stor skrift"), required=False)

    def __init__(self, *args: Any, form: PostalForm, basis: PaperBasis, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form = form
        if basis.is_self:
            del self.fields["signer"]
        self.fields["language"].initial = get_language()
        names = []
        for place, choice in enumerate(form.choices(), 1):
            if len(choice.options) > 1:
                names.append(f"choice_{place}")
                self.fields[names[-1]] = forms.ChoiceField(
                    label=choice.title,
                    choices=[
                        (OPEN, _("La det stå åpent")),
                        *((option.code, option.label) for option in choice.options),
                    ],
                    widget=forms.RadioSelect,
                    required=False,
                    initial=OPEN,
                )
        alone = [choice.options[0] for choice in form.choices() if len(choice.options) == 1]
        if alone:
            names.append("several")
            self.fields["several"] = forms.MultipleChoiceField(
                label=_("Kryss av for det du vet. Resten krysser personen selv."),
                choices=[(option.code, option.label) for option in alone],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        self.order_fields(["person", "signer", *names, "language", "large_print"])

    @property
    def chosen(self) -> tuple[str, ...]:
        """The codes of what is to be ticked, in the order of the form."""
        typed = {value for name, value in self.cleaned_data.items() if name.startswith("choice_")}
        typed |= set(self.cleaned_data.get("several", ()))
        return tuple(
            option.code for choice in self.form.choices() for option in choice.options if option.code in typed
        )


class OrderStartForm(StartForm):
    """Which form, and for whom, as the person said it to the caseworker who fills it in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, offers_known=False, **kwargs)
        what, whom = self.fields["hva"], self.fields["hvem"]
        what.label = _("Hva vil personen gjøre?")
        what.help_text = _("Valgene står slik personen selv sier det.")
        # To whoever signs at work no post goes at home, and of their office no register tells.
        whom.choices = [(basis.slug, basis.title) for basis in BASES if not basis.for_an_office]  # type: ignore[attr-defined]
        whom.help_text = _(
            "Valgene står slik personen selv sier det. Barnevernet finner skjemaet sitt på nettsidene, på siden "
            "«Gjør det på papir»."
        )
        what.error_messages["required"] = what.error_messages["invalid_choice"] = _(
            "Velg hva personen vil gjøre."
        )


class CaseworkerPage(StaffRequiredMixin, FormView):  # type: ignore[type-arg]  # not generic at run time
    """One form of a caseworker's. What is refused is said, and what was typed is kept."""

    required_role = Role.CASEWORKER
    template_name = "casework/form.html"
    words: ClassVar[dict[str, Any]]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(words=self.words, **kwargs)

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(form=form), status=HTTPStatus.UNPROCESSABLE_ENTITY
        )


class ChooseView(CaseworkerPage):
    """Which form, and for whom."""

    form_class = OrderStartForm
    words: ClassVar = {
        "title": _("Send et skjema i posten"),
        "lead": _(
            "Når noen ringer eller kommer innom, lager du skjemaet her. Navn og nummer blir fylt ut når vi kan."
        ),
        "button": _("Gå videre"),
    }

    def form_valid(self, form: OrderStartForm) -> HttpResponse:
        return redirect("casework:order_form", form=form.form.slug, basis=form.basis.slug)


class OrderView(CaseworkerPage):
    """The rest, and the order. The caseworker never sees the form: it lies in the queue of the post."""

    form_class = OrderForm
    template_name = "casework/order_form.html"

    @cached_property
    def chosen(self) -> tuple[PostalForm, PaperBasis]:
        """The form and the basis of the address."""
        try:
            form, basis = form_at(self.kwargs["form"]), basis_at(self.kwargs["basis"])
        except (UnknownForm, UnknownBasis) as unknown:
            raise Http404 from unknown
        if why_not(form, basis) or basis.for_an_office:
            raise Http404
        return form, basis

    @property
    def words(self) -> dict[str, Any]:  # type: ignore[override]  # made from the address
        form, basis = self.chosen
        return {
            "title": form.title,
            "lead": basis.title,
            "to_know": form.to_know_of(basis),
            "enclose": enclosures(basis),
            "left_open": _left_open(basis),
            "button": _("Lag skjemaet og legg det i postkøen"),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        form, basis = self.chosen
        return {**super().get_form_kwargs(), "form": form.signed_by(basis), "basis": basis}

    def form_valid(self, form: OrderForm) -> HttpResponse:
        typed = form.cleaned_data
        try:
            order(
                *self.chosen,
                person=typed["person"],
                signer=typed.get("signer"),
                choices=form.chosen,
                language=typed["language"],
                large_print=typed["large_print"],
                staff=self.staff,
            )
        except FormRefused as refused:
            form.add_error(refused.field, str(refused.message))
            return self.form_invalid(form)
        except PeopleRefused as refused:
            form.add_error(None, str(refused.message))
            return self.form_invalid(form)
        messages.success(
            self.request, _("Skjemaet blir laget nå, og ligger snart i postkøen med et følgebrev.")
        )
        return redirect("casework:postings")


def _left_open(basis: PaperBasis) -> "StrOrPromise":
    """What the form may not say of the one it concerns, and never of the dead; empty where it says all."""
    if basis.is_self:
        return ""
    return LEFT_OPEN_OF_THE_DEAD if basis.is_of_the_dead else LEFT_OPEN


def order(
    form: PostalForm,
    basis: PaperBasis,
    *,
    person: NationalId,
    signer: NationalId | None,
    choices: tuple[str, ...],
    language: str,
    large_print: bool,
    staff: StaffSession,
) -> UUID:
    """Have a form made and queued for posting. Raises NotImpartial and FormRefused."""
    concerned = _impartially(person, field="person", staff=staff)
    signing = _impartially(signer, field="signer", staff=staff) if signer is not None else None
    asked = [
        Acting(staff.person, each, Basis.STAFF, role=Role.CASEWORKER.value)
        for each in (concerned, signing)
        if each
    ]
    try:
        with transaction.atomic():
            ordered = OrderedForm(form, basis, concerned, signing, choices, language, large_print)
            key = order_form(ordered, by=staff.person)
            for acting in asked:
                log(acting, ACTION, organisation=staff.organisation)
    except FormRefused:  # the answer tells something of them: it is in their access log
        for acting in asked:
            log_refused(acting, ACTION)
        raise
    return key


def _impartially(number: NationalId, *, field: str, staff: StaffSession) -> Person:
    """The person of a number, whom this caseworker may handle: asked before anything is told of them."""
    person = find_person(number)
    if person is None:
        check_known(number, field=field)
        person = person_for(number)
    check_impartial(staff.person, person, role=Role.CASEWORKER.value, action=ACTION)
    return person
