"""What has been answered, as lines to look over: a label, what was said, and the step where it is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kpr_portal.ui.formats import day
from reservations.postal.answers import HEARD, KEEP_FROM_PARENTS, Named
from reservations.postal.sheet import OFFICE, OFFICE_ADDRESS
from reservations.postal.steps import Draft, Step

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LANGUAGES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
YES, NO = _("Ja"), _("Nei")
UNCHANGED = _("La det være som det er")
NUMBER_IS_KNOWN = _("Nummeret har vi, og det blir skrevet på skjemaet")


@dataclass(frozen=True, repr=False)
class Line:
    """One answer, in as many lines as it needs."""

    label: StrOrPromise
    said: tuple[StrOrPromise, ...]
    step: Step


def lines(draft: Draft) -> list[Line]:
    """Every answer, in the order in which it was asked."""
    by_step = {
        Step.CHOICES: _choices,
        Step.PERSON: _person,
        Step.SIGNER: _signer,
        Step.HELPER: _helper,
        Step.LANGUAGE: _language,
    }
    return [line for step in draft.steps for line in by_step[step](draft)]


def _choices(draft: Draft) -> Iterator[Line]:
    chosen, form = draft.answers.choices, draft.form
    choices = form.choices()
    if len(choices) > 1 and all(len(choice.options) > 1 for choice in choices):
        for choice in choices:
            said = next((option.label for option in choice.options if option.code in chosen), UNCHANGED)
            yield Line(choice.title, (said,), Step.CHOICES)
    else:
        options = (option for choice in choices for option in choice.options)
        said_all = tuple(option.label for option in options if option.code in chosen)
        yield Line(_("Hva skjemaet gjelder"), said_all, Step.CHOICES)
    if form.details:
        yield Line(form.details, tuple(draft.answers.details.split("\n")), Step.CHOICES)


def _person(draft: Draft) -> Iterator[Line]:
    answers = draft.answers
    if answers.person is not None:
        yield from _named(answers.person, draft.basis.person, draft, Step.PERSON)
    if answers.born is not None:
        yield Line(_("Barnet er født"), (day(answers.born),), Step.PERSON)
    if KEEP_FROM_PARENTS in answers.ticks:
        yield Line(_("Vil ikke at foreldrene skal få vite om dette"), (YES,), Step.PERSON)


def _signer(draft: Draft) -> Iterator[Line]:
    if draft.answers.signer is not None:
        yield from _named(draft.answers.signer, draft.basis.signer, draft, Step.SIGNER)
    if draft.answers.office is not None:
        yield Line(OFFICE, (draft.answers.office.name,), Step.SIGNER)
        yield Line(OFFICE_ADDRESS, tuple(draft.answers.office.address.split("\n")), Step.SIGNER)
    if draft.basis.hears:
        yield Line(draft.basis.heard, (YES if HEARD in draft.answers.ticks else NO,), Step.SIGNER)


def _helper(draft: Draft) -> Iterator[Line]:
    helper = draft.answers.helper
    if helper is not None:
        said = (helper.name, helper.workplace, *helper.address.split("\n"))
        yield Line(_("Hjelperen som skal få svaret"), tuple(part for part in said if part), Step.HELPER)


def _language(draft: Draft) -> Iterator[Line]:
    answers = draft.answers
    yield Line(_("Språket i skjemaet"), (LANGUAGES[answers.language],), Step.LANGUAGE)
    answer = LANGUAGES[answers.answer_language or answers.language]
    yield Line(_("Språket i svaret fra oss"), (answer,), Step.LANGUAGE)
    yield Line(_("Stor skrift"), (YES if answers.large_print else NO,), Step.LANGUAGE)


def _named(named: Named, heading: StrOrPromise, draft: Draft, step: Step) -> Iterator[Line]:
    """Whoever it is, with the number where they have one here; one that the register gave is never shown."""
    number = NUMBER_IS_KNOWN if step in draft.known else f"{named.number[:6]} {named.number[6:]}".strip()
    yield Line(heading, (named.name, number) if number else (named.name,), step)
