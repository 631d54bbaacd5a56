"""The form field for a national identity number: the same checks, in the same words, on every page that asks."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kpr_portal.people.errors import NUMBER_MESSAGES
from kpr_portal.people.national_id import InvalidNationalId, NationalId, check_policy

MOST_TYPED = 400  # a number longer than this is not looked at


class NumberField(forms.CharField):
    """A national identity number, checked by its digits alone: whose it is, nobody is told.

    Its value is a NationalId, which never prints itself; None where it may be left out and is.
    """

    default_error_messages: ClassVar = {
        "required": _("Skriv nummeret."),
        "max_length": _("Nummeret skal ha 11 siffer."),
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Fødselsnummer eller D-nummer"))
        options.setdefault("help_text", _("11 siffer."))
        widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"})
        super().__init__(max_length=MOST_TYPED, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        """The number; what is wrong with its digits is said, and where the installation takes no such number."""
        typed = super().clean(value)
        if typed in self.empty_values:
            return None
        try:
            number = NationalId.parse(typed)
            check_policy(number, policy=settings.NATIONAL_ID_SYNTHETIC)
        except InvalidNationalId as invalid:
            raise forms.ValidationError(str(NUMBER_MESSAGES[invalid.reason])) from None
        return number
