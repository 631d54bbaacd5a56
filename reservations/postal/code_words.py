"""What a form's code says, in words: they stand beside it, so that nobody hands in what they cannot read.

Names and numbers are not said again: they stand in the boxes of the form, and the line above the words says so. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reservations.postal.answers import ANSWER_IN, HEARD, KEEP_FROM_PARENTS, LANGUAGES
from reservations.postal.code import FormContent, FormLanguage, Tag

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from reservations.postal.bases import PaperBasis
    from reservations.postal.kinds import PostalForm

LANGUAGE_NAMES: Mapping[str, StrOrPromise] = {"nb": _("Bokmål"), "nn": _("Nynorsk"), "en": _("Engelsk")}
IN_BOXES = frozenset({Tag.PERSON_NAME, Tag.PERSON_NUMBER, Tag.SIGNER_NAME, Tag.SIGNER_NUMBER})
KEEPS_FROM_PARENTS = _("Vil ikke at foreldrene skal få vite om dette")


def in_words(content: FormContent, *, form: PostalForm, basis: PaperBasis) -> Iterator[StrOrPromise]:
    """Everything that the code of this form on this basis says, a line for each, but names and numbers.

    Raises KeyError for a field that has no words: none is left out.
    """
    words: Mapping[Tag, Callable[[list[str]], Iterator[StrOrPromise]]] = {
        Tag.CHOICES: lambda codes: _choices(form, codes),
        Tag.TICKS: lambda codes: _ticks(basis, codes),
        Tag.REFERENCE: lambda said: iter([f"{gettext('Referanse')} {said[0]}"]),
    }
    yield f"{form.title}: {basis.title}"
    for tag, text in content.fields.items():
        if tag not in IN_BOXES | {Tag.BASIS}:
            yield from words[tag](text.split(","))
    yield f"{gettext('Språket i svaret fra oss')}: {LANGUAGE_NAMES[_answer_language(content)]}"


def _choices(form: PostalForm, codes: list[str]) -> Iterator[StrOrPromise]:
    for choice in form.choices():
        for option in choice.options:
            if option.code in codes:
                only = len(choice.options) == 1 or choice.title == form.title
                yield option.label if only else f"{choice.title}: {option.label}"


def _ticks(basis: PaperBasis, codes: list[str]) -> Iterator[StrOrPromise]:
    words = {HEARD: basis.heard, KEEP_FROM_PARENTS: KEEPS_FROM_PARENTS}
    return (words[code] for code in codes if not code.startswith(ANSWER_IN))


def _answer_language(content: FormContent) -> str:
    """The one that is ticked, and where none is, that of the form."""
    of_form: Mapping[FormLanguage, str] = {language: code for code, language in LANGUAGES.items()}
    ticks = content.fields.get(Tag.TICKS, "").split(",")
    told = (tick.removeprefix(ANSWER_IN) for tick in ticks if tick.startswith(ANSWER_IN))
    return next(told, of_form[content.language])
