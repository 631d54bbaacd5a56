"""The fields of a form for printing: names and texts, each with what it refuses and how it says so."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reservations.postal.answers import has_room
from reservations.postal.typed_text import is_name, is_text, one_line, several_lines

MOST_TYPED = 400  # a name longer than this is not looked at
OFF: dict[str, Any] = {"autocomplete": "off"}

NOT_A_NAME = _("Skriv navnet med bokstaver. Mellomrom, bindestrek, apostrof og punktum går også bra.")
NAME_TOO_LONG = _("Navnet er for langt for skjemaet. Skriv fornavn og etternavn, og forkort resten.")
TOO_MANY_LINES = _("Skriv det på høyst %(lines)s linjer. Flere ting kan stå på samme linje.")
NOT_A_TEXT = _("Skriv med bokstaver, tall og vanlige tegn. Bilder og usynlige tegn kan ikke skrives ut.")


class NameField(forms.CharField):
    """A person's name, as it is to stand on the form."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={**OFF, "spellcheck": "false"}))
        super().__init__(
            max_length=MOST_TYPED,
            error_messages={"required": _("Skriv navnet."), "max_length": NAME_TOO_LONG},
            **options,
        )

    def clean(self, value: Any) -> str:
        name = one_line(super().clean(value))
        if name and not is_name(name):
            raise forms.ValidationError(NOT_A_NAME)
        if name and not has_room(name):
            raise forms.ValidationError(NAME_TOO_LONG)
        return name


class HeardField(forms.BooleanField):
    """The tick that somebody has been heard. Nobody may choose that: where it is left open, the help says when."""

    tells_when_empty = True


class TextField(forms.CharField):
    """A text of one's own, on one line or several: `lines` are shown, and `most_lines` may be written."""

    def __init__(self, *, lines: int = 1, most_lines: int = 1, too_long: Any, **options: Any) -> None:
        self.lines = lines
        self.most_lines = max(lines, most_lines)
        widget = forms.TextInput(attrs=OFF) if lines == 1 else forms.Textarea(attrs={**OFF, "rows": lines})
        super().__init__(
            widget=widget, error_messages={"max_length": too_long, **options.pop("errors", {})}, **options
        )

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        return one_line(typed) if self.lines == 1 else several_lines(typed)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if not is_text(text):
            raise forms.ValidationError(NOT_A_TEXT)
        if text.count("\n") >= self.most_lines:
            raise forms.ValidationError(TOO_MANY_LINES % {"lines": self.most_lines})
        return text
