"""What people fill in while choosing whom to act for."""

from django import forms
from django.utils.translation import gettext_lazy as _

MOST = 100  # characters of a name


class SearchForm(forms.Form):
    """Part of a name, in any order."""

    q = forms.CharField(
        label=_("Søk etter navn"),
        required=False,
        max_length=MOST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    @property
    def words(self) -> list[str]:
        """What was asked for, folded; nothing where it cannot be read."""
        asked = self.cleaned_data.get("q", "") if self.is_valid() else ""
        return str(asked).casefold().split()
