"""Narrowing a list: what stands in its address, read kindly."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from insight.queries import ProviderChoice

FIRST_YEAR, LAST_YEAR = 1900, 2200
MAX_WORDS = 200
MAX_ID = 2**31 - 1
_YEAR = _("Vi forsto ikke året. Velg et år fra listen.")
_PROVIDER = _("Vi forsto ikke stedet. Velg et sted fra listen.")


class ListForm(forms.Form):
    """Filters and search of a list, from its address. What is wrong there is told, and left out.

    `at` is the place in the list that a page gave out (insight.queries). Where `hides_places`, nothing is asked
    about where, and what an address says of it is not heard.
    """

    words = forms.CharField(
        label=_("Søk"),
        help_text=_("For eksempel en plage, en diagnose, en kode eller et sted"),
        max_length=MAX_WORDS,
        required=False,
        error_messages={"max_length": _("Søket er for langt. Skriv færre ord.")},
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    year = forms.IntegerField(
        label=_("År"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        required=False,
        widget=forms.Select,
        error_messages={"invalid": _YEAR, "min_value": _YEAR, "max_value": _YEAR},
    )
    provider = forms.IntegerField(
        label=_("Sted"),
        min_value=1,
        max_value=MAX_ID,
        required=False,
        widget=forms.Select,
        error_messages={"invalid": _PROVIDER, "min_value": _PROVIDER, "max_value": _PROVIDER},
    )

    def __init__(self, *args: Any, hides_places: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hides_places:
            del self.fields["provider"]
            self.fields["words"].help_text = _("For eksempel en plage, en diagnose eller en kode")

    def offer(self, *, years: Iterable[int], providers: Iterable[ProviderChoice]) -> None:
        """What there is to choose from."""
        self._choose("year", _("Alle år"), [(str(year), str(year)) for year in years])
        if "provider" in self.fields:
            named = [(str(choice.id), f"{choice.name} ({choice.count})") for choice in providers]
            self._choose("provider", _("Alle steder"), named)

    def wanted(self) -> dict[str, Any]:
        """The filters that could be read, by the names `insight.queries.records` gives them."""
        self.is_valid()
        found = self.cleaned_data
        return {
            "words": found.get("words", ""),
            "year": found.get("year"),
            "provider": found.get("provider"),
        }

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out of the list."""
        return any(self.wanted().values())

    def address(self, *, at: str = "") -> str:
        """The query string of this list at a place: `?year=2024&at=...`, empty for the whole from the top."""
        parts = {name: value for name, value in self.wanted().items() if value}
        if at:
            parts["at"] = at
        return f"?{urlencode(parts)}" if parts else ""

    def _choose(self, name: str, everything: Any, choices: list[tuple[str, str]]) -> None:
        widget = self.fields[name].widget
        assert isinstance(widget, forms.Select)  # noqa: S101 -- as declared above
        widget.choices = [("", everything), *choices]
