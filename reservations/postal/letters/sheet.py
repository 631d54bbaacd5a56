"""A letter as a page: its texts filled in, its template rendered. No table is written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from kpr_portal.ui.formats import day
from reservations.postal.form_page import recipient_lines
from reservations.postal.letters.kinds import SHARED, LetterKind
from reservations.queries import LineShown, receipt_facts


@dataclass(frozen=True, repr=False)
class Sheet:
    """What is to be printed: on `made_on`, to the `recipient` (the lines of the window), under this number."""

    kind: LetterKind
    language: str
    number: str
    made_on: date
    recipient: Sequence[str]
    values: Mapping[str, Any]
    large_print: bool = False
    entries: Sequence[LineShown] = field(default=())

    def __repr__(self) -> str:
        return f"Sheet({self.kind.code}, {self.number})"

    @property
    def html(self) -> str:
        """The whole page, in its language."""
        with translation.override(self.language):
            text = self._texts()
            return render_to_string(
                self.kind.template,
                {
                    "language": self.language,
                    "large_print": self.large_print,
                    "recipient": self.recipient,
                    "made_on": self.made_on,
                    "number": self.number,
                    "owner_name": settings.OWNER_NAME,
                    "is_prepaid": bool(settings.REPLY_ADDRESS),
                    "text": text,
                    "said": self.values,
                    "entries": self.entries,
                },
            )

    @property
    def title(self) -> str:
        """What the letter is called, in its language."""
        with translation.override(self.language):
            return self._texts()["title"]

    def _texts(self) -> dict[str, str]:
        said = {**facts(), **self.values, "number": self.number}
        filled = {name: day(value) if isinstance(value, date) else value for name, value in said.items()}
        filled = {name: "" if value is None else value for name, value in filled.items()}
        every = {**SHARED, **self.kind.texts}
        return {name: str(text).format_map(filled) for name, text in every.items()}


def facts() -> dict[str, Any]:
    """What every letter knows, in the language of the moment."""
    return {
        "owner": settings.OWNER_NAME,
        "reply_address": ", ".join(recipient_lines()),
        "phone": settings.OWNER_PHONE,
        "hours": settings.OWNER_HOURS,
        "complaint": settings.OWNER_COMPLAINT,
        "portal": urlsplit(settings.PUBLIC_URL).netloc,
        "age": settings.LAW_DECIDES_ALONE_FROM_AGE,
        "promise": settings.POSTAL_ANSWER_PROMISE,
    }


def entries_of(values: Mapping[str, Any]) -> list[LineShown]:
    """The lines of the register that the letter confirms. Raises LookupError where one is not there."""
    found = []
    for key in values.get("entries") or []:
        line = receipt_facts(key)
        if line is None:
            raise LookupError(key)
        found.append(line)
    return found
