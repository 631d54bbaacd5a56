"""The one form of the register: yes to a text."""

from django import forms

from reservations.errors import TextChanged
from reservations.rules import Will


class ConfirmForm(forms.Form):
    """Confirms the text that was shown, by its hash. No reason is asked for."""

    shown = forms.CharField(
        widget=forms.HiddenInput,
        max_length=64,
        error_messages={"required": TextChanged.message, "max_length": TextChanged.message},
    )

    def will(self) -> Will:
        """What the person wants, once the form is valid."""
        return Will.online(shown=self.cleaned_data["shown"])
