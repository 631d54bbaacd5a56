"""The forms of the register: yes to a text, and no reason asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reservations.errors import NotHeard, TextChanged
from reservations.rules import Will


class ConfirmForm(forms.Form):
    """Confirms the text that was shown, by its hash. No reason is asked for."""

    shown = forms.CharField(
        widget=forms.HiddenInput,
        max_length=64,
        error_messages={"required": TextChanged.message, "max_length": TextChanged.message},
    )

    heard = forms.BooleanField(
        label=_("Jeg har hørt hva personen selv mener om dette."),
        help_text=_("En verge skal høre personen før vergen bestemmer noe."),
        error_messages={"required": NotHeard.message},
    )

    def __init__(self, *args: Any, must_confirm_heard: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not must_confirm_heard:
            del self.fields["heard"]

    def will(self) -> Will:
        """What the person wants, once the form is valid."""
        return Will.online(shown=self.cleaned_data["shown"], heard=bool(self.cleaned_data.get("heard")))
