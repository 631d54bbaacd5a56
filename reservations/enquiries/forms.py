"""What is asked in an enquiry: as little as can be, and never a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reservations.enquiries.kinds import Asks, EnquiryKind

MOST_CHARACTERS = 4_000


class EnquiryForm(forms.Form):
    """The fields of a kind: a choice where it has some, a text where it may have one."""

    choice = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": _("Velg ett av svarene.")}
    )
    text = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=MOST_CHARACTERS,
        help_text=_("Skriv ikke fødselsnummer. Vi vet hvem du er."),
        error_messages={
            "required": _("Skriv hva det gjelder."),
            "max_length": _("Teksten er for lang. Den kan ha høyst 4 000 tegn."),
        },
    )

    def __init__(self, *args: Any, kind: EnquiryKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choice"].label = kind.choice_label
        self.fields["choice"].choices = list(kind.choices)  # type: ignore[attr-defined]  # ChoiceField's
        self.fields["text"].label = kind.label
        self.fields["text"].required = kind.asks is Asks.MUST
        if not kind.choices:
            del self.fields["choice"]
        if kind.asks is Asks.NOTHING:
            del self.fields["text"]
