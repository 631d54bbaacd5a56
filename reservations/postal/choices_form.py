"""The first question of a form for printing: what one wants, in the choices of its kind."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from reservations.postal.answers import MOST_DETAILS, MOST_DETAILS_LINES
from reservations.postal.fields import TextField
from reservations.postal.kinds import Choice
from reservations.postal.steps import Draft, Step

LEAVE = "leave"


class StepForm(forms.Form):
    """One question, of a draft."""

    step: ClassVar[Step]

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        self.draft = draft
        kwargs["initial"] = {**self.said(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.arrange()

    def said(self) -> Mapping[str, Any]:
        """What was answered before, by field."""
        return {}

    def arrange(self) -> None:
        """Fit the fields to the draft."""

    def changes(self) -> dict[str, Any]:
        """What is answered, once it is valid."""
        raise NotImplementedError


class ChoicesForm(StepForm):
    """What one wants: one of each choice's options, or none; at least one in all."""

    step = Step.CHOICES

    def said(self) -> Mapping[str, Any]:
        chosen = self.draft.answers.choices
        said: dict[str, Any] = {"several": list(chosen), "details": self.draft.answers.details}
        for name, choice in self._radios():
            said[name] = next((option.code for option in choice.options if option.code in chosen), LEAVE)
        return said

    def arrange(self) -> None:
        form = self.draft.form
        radios = list(self._radios())
        for name, choice in radios:
            options = [(option.code, option.label) for option in choice.options]
            if len(radios) > 1:
                options.append((LEAVE, _("La det være som det er")))
            self.fields[name] = forms.ChoiceField(
                label=form.choose if len(radios) == 1 else choice.title,
                help_text=choice.sentence,
                choices=options,
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Velg ett av svarene."),
                    "invalid_choice": _("Velg ett av svarene."),
                },
            )
        if not radios:
            self.fields["several"] = forms.MultipleChoiceField(
                label=form.choose,
                choices=[
                    (option.code, option.label) for choice in form.choices() for option in choice.options
                ],
                widget=forms.CheckboxSelectMultiple,
                error_messages={
                    "required": _("Velg minst én ting."),
                    "invalid_choice": _("Velg minst én ting."),
                    "invalid_list": _("Velg minst én ting."),
                },
            )
        if form.details:
            self.fields["details"] = TextField(
                label=form.details,
                lines=6,
                max_length=MOST_DETAILS,
                most_lines=MOST_DETAILS_LINES,
                too_long=_(
                    "Teksten er for lang for skjemaet. Den kan ha høyst 500 tegn. Legg heller ved et ark til."
                ),
                help_text=_("Høyst 500 tegn, på høyst 10 linjer."),
                errors={"required": _("Skriv hvilke opplysninger det gjelder.")},
            )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        names = [name for name, _choice in self._radios()]
        if len(names) > 1 and all(typed.get(name) == LEAVE for name in names):
            self.add_error(names[0], _("Velg minst én ting du vil reservere eller oppheve."))
        return typed

    def changes(self) -> dict[str, Any]:
        typed = self.cleaned_data
        ticked = {*typed.get("several", ()), *(typed[name] for name, _choice in self._radios())}
        order = [option.code for choice in self.draft.form.choices() for option in choice.options]
        return {
            "choices": tuple(code for code in order if code in ticked),
            "details": typed.get("details", ""),
        }

    def _radios(self) -> Iterator[tuple[str, Choice]]:
        """Each choice between options, with the name of its field."""
        choices = self.draft.form.choices()
        return (
            (f"choice_{place}", choice) for place, choice in enumerate(choices, 1) if len(choice.options) > 1
        )
