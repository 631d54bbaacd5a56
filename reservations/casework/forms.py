"""What caseworkers type to close somebody out, and to keep staff out of a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpr_portal.people.fields import NumberField
from kpr_portal.people.representation.rows import BlockChannel
from reservations.references import read_reference

NOT_A_REFERENCE = _("Dette er ikke en av våre referanser. Se om noe er hørt eller tastet feil.")


class BlockForm(forms.Form):
    """Whom to protect, and from whom: one, or all."""

    person = NumberField(label=_("Nummeret til den det gjelder"))
    representative = NumberField(
        label=_("Nummeret til den som skal stenges ute"),
        required=False,
        help_text=_("La det stå tomt for å stenge for alle."),
    )
    channel = forms.ChoiceField(
        label=_("Hvordan ba personen om det?"),
        choices=[
            (BlockChannel.PHONE.value, _("På telefon")),
            (BlockChannel.POST.value, _("I posten")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hvordan personen ba om det.")},
    )


class ReferenceForm(forms.Form):
    """The reference of a letter or of the form in it, as somebody reads it aloud."""

    reference = forms.CharField(
        label=_("Referanse"),
        help_text=_("Den står på brevet og på skjemaet, for eksempel KPR-7F3K-94MJ."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Skriv referansen."), "max_length": NOT_A_REFERENCE},
    )

    def clean_reference(self) -> str:
        """The reference as we write it, however it was typed."""
        read = read_reference(self.cleaned_data["reference"])
        if read is None:
            raise forms.ValidationError(NOT_A_REFERENCE)
        return read


class DeclareForm(forms.Form):
    """Whose case one stays out of."""

    person = NumberField(label=_("Nummeret til den saken gjelder"))


class StaffChoiceForm(DeclareForm):
    """Whose case, and which of the staff."""

    staff = forms.TypedMultipleChoiceField(
        label=_("Hvem av de ansatte?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Velg minst én.")},
    )

    def __init__(self, *args: Any, staff: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].choices = staff  # type: ignore[attr-defined]  # ChoiceField's
