"""The questions of a form for printing, one form a step, and the start page's two.

Each step's form is made from the draft, and `changes()` gives what it answers, as values of `FormAnswers`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kpr_portal.ground import clock
from kpr_portal.people.fields import NumberField
from kpr_portal.people.national_id import NationalId
from reservations.postal import ages
from reservations.postal.answers import (
    HEARD,
    KEEP_FROM_PARENTS,
    MOST_ADDRESS,
    MOST_ADDRESS_LINES,
    MOST_OFFICE,
    MOST_OFFICE_ADDRESS,
    MOST_OFFICE_LINES,
    MOST_WORKPLACE,
    Helper,
    Named,
    Office,
)
from reservations.postal.bases import BASES, GUARDIAN, PaperBasis
from reservations.postal.choices_form import ChoicesForm, StepForm
from reservations.postal.combinations import basis_at, why_not
from reservations.postal.fields import OFF, HeardField, NameField, TextField
from reservations.postal.kinds import FORMS, PostalForm, form_at
from reservations.postal.law import with_ages
from reservations.postal.sheet import OFFICE, OFFICE_ADDRESS
from reservations.postal.steps import Draft, Step

LANGUAGES = (("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English"))


class StartForm(forms.Form):
    """What one wants, and for whom."""

    hva = forms.ChoiceField(
        label=_("Hva vil du gjøre?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Velg hva du vil gjøre."),
            "invalid_choice": _("Velg hva du vil gjøre."),
        },
    )
    hvem = forms.ChoiceField(
        label=_("Hvem gjelder det?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Velg hvem det gjelder."),
            "invalid_choice": _("Velg hvem det gjelder."),
        },
    )
    kjent = forms.BooleanField(
        label=_("Bruk det dere vet om meg, så slipper jeg å skrive navn og nummer"), required=False
    )

    def __init__(self, *args: Any, offers_known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hva"].choices = [(form.slug, form.ask) for form in FORMS]  # type: ignore[attr-defined]
        self.fields["hvem"].choices = [(basis.slug, basis.title) for basis in BASES]  # type: ignore[attr-defined]
        if not offers_known:
            del self.fields["kjent"]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if "hva" in typed and "hvem" in typed and (why := why_not(self.form, self.basis)):
            self.add_error("hvem", why)
        return typed

    @property
    def form(self) -> PostalForm:
        """What was chosen, once it is valid."""
        return form_at(self.cleaned_data["hva"])

    @property
    def basis(self) -> PaperBasis:
        """For whom, once it is valid."""
        return basis_at(self.cleaned_data["hvem"])


class PersonForm(StepForm):
    """Whom it concerns. A child's birth date is asked, since no age is ever read from a number."""

    step = Step.PERSON
    name = NameField(label=_("Fornavn og etternavn"))
    number = NumberField()
    born = forms.DateField(
        label=_("Når er barnet født?"),
        help_text=_("Dag, måned og år, for eksempel 24.03.2015."),
        input_formats=["%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%d-%m-%Y", "%d %m %Y", "%d%m%Y", "%Y-%m-%d"],
        widget=forms.DateInput(format="%d.%m.%Y", attrs=OFF),
        error_messages={
            "required": _("Skriv når barnet er født."),
            "invalid": _("Skriv dag, måned og år, for eksempel 24.03.2015."),
        },
    )
    keep = forms.BooleanField(
        label=with_ages(
            _("Jeg er mellom %(young)s og %(last)s år, og vil ikke at foreldrene mine skal få vite om dette")
        ),
        required=False,
    )

    def said(self) -> Mapping[str, Any]:
        answers = self.draft.answers
        return {
            **_named(answers.person),
            "born": answers.born,
            "keep": KEEP_FROM_PARENTS in answers.ticks,
        }

    def arrange(self) -> None:
        if not self.draft.basis.for_a_child:
            del self.fields["born"]
        if not self.draft.basis.is_self:
            del self.fields["keep"]

    def clean_born(self) -> date:
        born: date = self.cleaned_data["born"]
        today = clock.today()
        if born > today:
            raise forms.ValidationError(_("Datoen er ikke kommet ennå. Se om noe er tastet feil."))
        if ages.age_at(born, today) >= settings.LAW_DECIDES_ALONE_FROM_AGE:
            raise forms.ValidationError(
                _(
                    "Den som har fylt %(age)s år, bestemmer selv og skriver under selv. Begynn på nytt "
                    "sammen med den det gjelder, og velg «Meg selv»."
                )
                % {"age": settings.LAW_DECIDES_ALONE_FROM_AGE}
            )
        return born

    def clean_number(self) -> str:
        # A signer who is typed is asked afterwards, and is told then: so two that were mixed up can be put right.
        signer = self.draft.answers.signer if Step.SIGNER in self.draft.known else None
        return _not_the_same(self.cleaned_data["number"], signer)

    def changes(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "person": Named(typed["name"], typed["number"]),
            "born": typed.get("born"),
            "ticks": self._ticks_kept(),
        }

    def _ticks_kept(self) -> frozenset[str]:
        """Whoever signs has said of one person that they were heard, and of no other."""
        kept = _ticks(self.draft, KEEP_FROM_PARENTS, on=bool(self.cleaned_data.get("keep")))
        before = self.draft.answers.person
        is_the_same = before is not None and before.number == self.cleaned_data["number"]
        return kept if is_the_same else kept - {HEARD}


class SignerForm(StepForm):
    """Who signs for another, and that the other has been heard."""

    step = Step.SIGNER
    name = NameField(label=_("Fornavn og etternavn"))
    number = NumberField()
    heard = HeardField()

    def said(self) -> Mapping[str, Any]:
        return {**_named(self.draft.answers.signer), "heard": HEARD in self.draft.answers.ticks}

    def arrange(self) -> None:
        basis = self.draft.basis
        if not basis.hears:
            del self.fields["heard"]
            return
        self.fields["heard"].label = basis.hears
        must = must_be_heard(self.draft)
        self.fields["heard"].required = must
        self.fields["heard"].help_text = "" if must else basis.not_heard
        self.fields["heard"].error_messages["required"] = _(
            "Snakk med den det gjelder først, og sett kryss her når det er gjort. Går det ikke, kan du ringe oss."
        )

    def clean_number(self) -> str:
        return _not_the_same(self.cleaned_data["number"], self.draft.answers.person)

    def changes(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "signer": Named(typed["name"], typed["number"]),
            "ticks": _ticks(self.draft, HEARD, on=bool(typed.get("heard"))),
        }


class OfficeForm(SignerForm):
    """Who signs at work: for which office, and where the answer goes. No number, and no address of theirs."""

    number = None  # type: ignore[assignment]  # so Django takes a field away
    office = TextField(
        label=OFFICE,
        max_length=MOST_OFFICE,
        too_long=_("Navnet på kontoret kan ha høyst 72 tegn. Forkort det hvis du må."),
        errors={"required": _("Skriv navnet på kontoret.")},
    )
    address = TextField(
        label=OFFICE_ADDRESS,
        help_text=_("Svaret kommer hit, og aldri hjem til deg. Ikke skriv hvor barnet bor."),
        lines=3,
        max_length=MOST_OFFICE_ADDRESS,
        most_lines=MOST_OFFICE_LINES,
        too_long=_("Adressen til kontoret kan ha høyst 100 tegn."),
        errors={"required": _("Skriv adressen vi skal sende svaret til.")},
    )
    field_order = ("name", "office", "address", "heard")

    def said(self) -> Mapping[str, Any]:
        office = self.draft.answers.office or Office("")
        return {**super().said(), "office": office.name, "address": office.address}

    def changes(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "signer": Named(typed["name"], ""),
            "office": Office(typed["office"], typed["address"]),
            "ticks": _ticks(self.draft, HEARD, on=bool(typed.get("heard"))),
        }


class KnownSignerForm(SignerForm):
    """The tick alone, where name and number of who signs are known."""

    def arrange(self) -> None:
        super().arrange()
        del self.fields["name"], self.fields["number"]

    def changes(self) -> dict[str, Any]:
        return {"ticks": _ticks(self.draft, HEARD, on=bool(self.cleaned_data.get("heard")))}


class KnownPersonForm(PersonForm):
    """What the register does not say of whom it concerns."""

    def arrange(self) -> None:
        super().arrange()
        del self.fields["name"], self.fields["number"]
        if self.draft.decides_alone:
            self.fields.pop("keep", None)

    def changes(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "born": typed.get("born"),
            "ticks": _ticks(self.draft, KEEP_FROM_PARENTS, on=bool(typed.get("keep"))),
        }


class HelperForm(StepForm):
    """Whom the answer may go to, once."""

    step = Step.HELPER
    name = NameField(label=_("Navnet til hjelperen"))
    workplace = TextField(
        label=_("Arbeidsstedet"),
        required=False,
        max_length=MOST_WORKPLACE,
        too_long=_("Navnet på arbeidsstedet kan ha høyst 80 tegn."),
    )
    address = TextField(
        label=_("Adressen vi skal sende svaret til"),
        lines=3,
        max_length=MOST_ADDRESS,
        most_lines=MOST_ADDRESS_LINES,
        too_long=_("Adressen kan ha høyst 200 tegn."),
        errors={"required": _("Skriv adressen vi skal sende svaret til.")},
    )

    def said(self) -> Mapping[str, Any]:
        helper = self.draft.answers.helper
        return vars(helper) if helper else {}

    def changes(self) -> dict[str, Any]:
        return {"helper": Helper(**self.cleaned_data)}


class LanguageForm(StepForm):
    """In which language the form is printed and answered, and how large it is."""

    step = Step.LANGUAGE
    language = forms.ChoiceField(
        label=_("Språket i skjemaet"),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Velg språket i skjemaet."),
            "invalid_choice": _("Velg språket i skjemaet."),
        },
    )
    answer_language = forms.ChoiceField(
        label=_("Språket i svaret fra oss"),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Velg språket i svaret fra oss."),
            "invalid_choice": _("Velg språket i svaret fra oss."),
        },
    )
    large_print = forms.BooleanField(label=_("Skriv ut skjemaet med stor skrift"), required=False)

    def said(self) -> Mapping[str, Any]:
        answers = self.draft.answers
        return {
            "language": answers.language,
            "answer_language": answers.answer_language or answers.language,
            "large_print": answers.large_print,
        }

    def changes(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


STEP_FORMS: Mapping[Step, type[StepForm]] = {
    form.step: form for form in (ChoicesForm, PersonForm, SignerForm, HelperForm, LanguageForm)
}
KNOWN_FORMS: Mapping[Step, type[StepForm]] = {Step.PERSON: KnownPersonForm, Step.SIGNER: KnownSignerForm}


def form_class(step: Step, draft: Draft) -> type[StepForm]:
    """The form of a step; without name and number where these are known."""
    if step is Step.SIGNER and draft.basis.for_an_office:
        return OfficeForm
    return KNOWN_FORMS[step] if step in draft.known else STEP_FORMS[step]


def must_be_heard(draft: Draft) -> bool:
    """Whether nobody may go on before the person has been heard: a guardian, and for a child who is old enough.

    pbrl § 4-4, vergemålsloven § 33. Whoever else is to be heard "where it can be done", and the form says so.
    """
    if draft.basis is GUARDIAN:
        return True
    born = draft.answers.born
    return born is not None and ages.must_be_heard(born, on=clock.today())


def _named(named: Named | None) -> Mapping[str, str]:
    return {"name": named.name, "number": named.number} if named else {}


def _ticks(draft: Draft, tick: str, *, on: bool) -> frozenset[str]:
    return draft.answers.ticks | {tick} if on else draft.answers.ticks - {tick}


def _not_the_same(number: NationalId, other: Named | None) -> str:
    """The digits, as they are to stand on the form."""
    if other is not None and number.digits == other.number:
        raise forms.ValidationError(
            _(
                "Den skjemaet gjelder og den som skriver under, kan ikke ha samme nummer. Se om noe er tastet feil."
            )
        )
    return number.digits
