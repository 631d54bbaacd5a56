"""What caseworkers type to close somebody out, and to keep staff out of a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpr_portal.people.errors import NUMBER_MESSAGES
from kpr_portal.people.national_id import InvalidNationalId, NationalId
from kpr_portal.people.representation.rows import BlockChannel


class NumberField(forms.CharField):
    """A national identity number; its value is a NationalId, which never prints itself."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(**{"max_length": 40, "widget": widget, "help_text": _("11 siffer."), **kwargs})

    def clean(self, value: Any) -> Any:
        """The number; what is wrong with its digits is said."""
        typed = super().clean(value)
        if typed in self.empty_values:
            return None
        try:
            return NationalId.parse(typed)
        except InvalidNationalId as invalid:
            raise forms.ValidationError(str(NUMBER_MESSAGES[invalid.reason])) from None


class BlockForm(forms.Form):
    """Whom to protect, and from whom: one, or all."""

    person = NumberField(
        label=_("Nummeret til den det gjelder"), error_messages={"required": _("Skriv nummeret.")}
    )
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


class DeclareForm(forms.Form):
    """Whose case one stays out of."""

    person = NumberField(
        label=_("Nummeret til den saken gjelder"), error_messages={"required": _("Skriv nummeret.")}
    )


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
