"""What a person confirms, exactly: the text of a confirmation page, and the hash that stands for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import get_language, gettext

from reservations.catalogue import CatalogueEntry, entries
from reservations.rules import Action


@dataclass(frozen=True)
class Confirmation:
    """Everything on a confirmation page that bears on the choice, in one language."""

    language: str
    kind: str
    action: Action
    title: str
    sentences: tuple[str, ...]
    does: tuple[str, ...]
    to_know: tuple[str, ...]

    @property
    def does_heading(self) -> str:
        """What stands over the list of effects."""
        return gettext("Dette skjer")

    @property
    def to_know_heading(self) -> str:
        """What stands over the list of limits."""
        return gettext("Dette bør du vite")

    @property
    def body(self) -> str:
        """The text as it is kept: a line a sentence."""
        lists = (
            f"{heading}\n" + "\n".join(f"- {line}" for line in lines)
            for heading, lines in ((self.does_heading, self.does), (self.to_know_heading, self.to_know))
            if lines
        )
        return "\n\n".join([self.title, "\n".join(self.sentences), *lists])

    @property
    def sha256(self) -> str:
        """The hash over language, kind, action and text: two pages that differ never share it."""
        whole = json.dumps([self.language, self.kind, self.action, self.body], ensure_ascii=False)
        return sha256(whole.encode()).hexdigest()


def confirmation(entry: CatalogueEntry, action: Action) -> Confirmation:
    """The text to confirm, in the language of the page."""
    if action is Action.PLACED:
        sentences = [entry.sentence, gettext("Unntak kan følge av lov.")]
        does, to_know = entry.does, entry.to_know
    else:
        sentences = [entry.lift]
        does, to_know = (), (gettext("Det som allerede er utlevert, hentes ikke tilbake."),)
    return Confirmation(
        language=get_language() or "nb",
        kind=entry.code,
        action=action,
        title=str(entry.title),
        sentences=tuple(map(str, sentences)),
        does=tuple(map(str, does)),
        to_know=tuple(map(str, to_know)),
    )


def confirmations() -> tuple[Confirmation, ...]:
    """Every text as it stands now, in the language of the page."""
    return tuple(confirmation(entry, action) for entry in entries() for action in Action)
