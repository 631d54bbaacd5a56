"""What stands on a form, as values that the template shows: every part, box and field, with its words.

Made of the answers, the date of today and what is decided of the law (`law`), with no table. One reading of them
serves the filled form, the blank one with fields to type in, and the print version on the web.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpr_portal.ground import clock
from kpr_portal.ui.formats import day
from reservations.postal.ages import has_a_say, must_be_heard
from reservations.postal.answers import (
    HEARD,
    KEEP_FROM_PARENTS,
    MOST_ADDRESS,
    MOST_DETAILS,
    MOST_OFFICE,
    MOST_OFFICE_ADDRESS,
    MOST_WORKPLACE,
    FormAnswers,
    Helper,
    Named,
    Office,
)
from reservations.postal.bases import PARENT, PaperBasis, basis_of
from reservations.postal.code import FormKind
from reservations.postal.code_words import LANGUAGE_NAMES, in_words
from reservations.postal.form_parts import FormField, ShownChoice, Someone, Tick
from reservations.postal.kinds import LIFT, Choice, PostalForm, form_of
from reservations.postal.law import both_parents_lift, with_ages
from reservations.postal.printed_text import shortened

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DIGITS = 11
TWO = 2
IN_A_HEAD = 40  # characters of a name that stand on a line in large print
MOST_PHONE = 30
NAME = _("Navn (fornavn og etternavn)")
NUMBER = _("Fødselsnummer eller D-nummer (11 siffer)")
OFFICE = _("Barnevernstjenesten eller kontoret")
OFFICE_ADDRESS = _("Postadressen til kontoret")


@dataclass(frozen=True)
class Sheet:
    """A form as it stands on paper. `said` is what the code says, in words, but names and numbers."""

    answers: FormAnswers
    form: PostalForm
    basis: PaperBasis
    choices: tuple[ShownChoice, ...]
    person: Someone
    signer: Someone | None
    details: FormField | None
    helper: tuple[FormField, ...]
    heard: Tick | None
    keeps_from_parents: Tick | None
    child_signs: bool
    both_parents_sign: bool
    languages: tuple[Tick, ...]
    phone: FormField
    place: FormField
    signed_on: FormField
    said: tuple[StrOrPromise, ...]

    @property
    def to_know(self) -> tuple[StrOrPromise, ...]:
        """What whoever signs should know."""
        return self.form.to_know_of(self.basis)

    @property
    def right(self) -> str:
        """What gives the right to what is asked for."""
        return self.form.right_of(self.basis)

    @property
    def not_heard(self) -> StrOrPromise:
        """When the tick that somebody was heard is left open; empty where that cannot be, or it is ticked."""
        if self.heard is None or self.heard.is_ticked or self._is_old_enough_to_be_heard:
            return ""
        return self.basis.not_heard

    @property
    def _is_old_enough_to_be_heard(self) -> bool:
        born = self.answers.born
        return born is not None and must_be_heard(born, on=clock.today())

    @property
    def is_blank(self) -> bool:
        """Whether nobody has filled it in."""
        return self.answers.is_blank

    @property
    def whose(self) -> str:
        """Whom it concerns, shortly, for the head of its sheets: so they are put together if they come apart."""
        person = self.answers.person
        name = shortened(person.name, most=IN_A_HEAD) if person else ""
        return " · ".join(part for part in (self.answers.reference, name) if part)

    @property
    def is_person_open(self) -> bool:
        """Whether all is filled in but whom it concerns: whoever signs writes that by hand."""
        return not self.is_blank and self.answers.person is None

    @property
    def is_large(self) -> bool:
        """Whether it is in large print."""
        return self.answers.large_print

    @property
    def choices_side_by_side(self) -> bool:
        """Whether two things to choose about stand beside each other; in large print there is no room."""
        return not self.is_large and sum(bool(choice.title) for choice in self.choices) == TWO

    @property
    def meanings(self) -> tuple[tuple[str, str], ...]:
        """What an option means, with its name."""
        return self.form.meanings

    @property
    def is_two_sided(self) -> bool:
        """Whether it fills both sides of its sheet; what one asks for oneself mostly fits on one."""
        return self.signer is not None or self.is_person_overleaf

    @property
    def is_person_overleaf(self) -> bool:
        """Whether already the one it concerns stands on the other side: there is much to say of what is wanted."""
        return bool(self.helper) or (self.details is not None and self.details.is_tall)

    @property
    def is_reservation(self) -> bool:
        """Whether it can hold something that is in force from the day it comes."""
        return self.form.kind is FormKind.RESERVATION


def sheet_of(answers: FormAnswers) -> Sheet:
    """The sheet of these answers (see `cleaned`), in the language that is active when its texts are shown."""
    basis = basis_of(answers.basis)
    form = form_of(answers.kind).signed_by(basis)
    return Sheet(
        answers=answers,
        form=form,
        basis=basis,
        choices=tuple(_choices(form, answers)),
        person=_someone(
            "person", basis.person, answers.person, born=day(answers.born) if answers.born else ""
        ),
        signer=_signer(basis, answers),
        details=_details(form, answers),
        helper=_helper(answers.helper) if form.helper else (),
        heard=Tick(HEARD, basis.hears, basis.hears, is_ticked=HEARD in answers.ticks)
        if basis.hears
        else None,
        keeps_from_parents=_keeps_from_parents(answers)
        if basis.is_self and (answers.is_blank or answers.is_young or KEEP_FROM_PARENTS in answers.ticks)
        else None,
        child_signs=basis.for_a_child and (answers.born is None or has_a_say(answers.born, on=clock.today())),
        both_parents_sign=basis is PARENT
        and form.is_reservation
        and _may_lift(form, answers)
        and both_parents_lift(),
        languages=_languages(answers),
        phone=FormField(
            "phone", _("Telefon, hvis du vil"), _("Telefonnummeret ditt, hvis du vil"), most=MOST_PHONE
        ),
        place=FormField("place", _("Sted"), _("Stedet der du skriver under")),
        signed_on=FormField("date", _("Dato"), _("Datoen da du skriver under"), most=MOST_PHONE),
        said=() if answers.is_blank else tuple(in_words(answers.content(), form=form, basis=basis)),
    )


def _may_lift(form: PostalForm, answers: FormAnswers) -> bool:
    """Whether something is lifted, or may be by hand: on a blank form, and in what a posted one leaves open."""
    ticked = set(answers.choices)
    is_open = any(ticked.isdisjoint(option.code for option in choice.options) for choice in form.choices())
    by_hand = is_open and (answers.is_posted or not ticked)
    return by_hand or any(code.endswith(LIFT) for code in ticked)


def _choices(form: PostalForm, answers: FormAnswers) -> Iterable[ShownChoice]:
    for choice in form.choices():
        only = len(choice.options) == 1
        yield ShownChoice(
            title="" if only or choice.title == form.title else choice.title,
            sentence=choice.sentence,
            ticks=tuple(_ticks(choice, answers)),
        )


def _ticks(choice: Choice, answers: FormAnswers) -> Iterable[Tick]:
    for option in choice.options:
        about = option.label if len(choice.options) == 1 else f"{choice.title}: {option.label}"
        yield Tick(field_name(option.code), option.label, about, option.code in answers.choices)


def field_name(option_code: str) -> str:
    """The field of an option, such as `choice_purpose_2_lift`: stable, for whoever reads filled PDFs."""
    return f"choice_{option_code[:-1]}_{'lift' if option_code.endswith(LIFT) else 'place'}"


def _someone(role: str, heading: StrOrPromise, named: Named | None, *, born: str = "") -> Someone:
    return Someone(
        heading=heading,
        beside=(
            _name(role, heading, named),
            FormField(
                f"{role}_number", NUMBER, f"{heading}: {NUMBER}", named.number if named else "", most=DIGITS
            ),
        ),
        born=born,
    )


def _name(role: str, heading: StrOrPromise, named: Named | None) -> FormField:
    return FormField(f"{role}_name", NAME, f"{heading}: {NAME}", named.name if named else "")


def _signer(basis: PaperBasis, answers: FormAnswers) -> Someone | None:
    if basis.is_self:
        return None
    if not basis.for_an_office:
        return _someone("signer", basis.signer, answers.signer)
    said = answers.office or Office("")
    return Someone(
        heading=basis.signer,
        beside=(
            _name("signer", basis.signer, answers.signer),
            FormField("office_name", OFFICE, OFFICE, said.name, most=MOST_OFFICE),
        ),
        address=FormField(
            "office_address", OFFICE_ADDRESS, OFFICE_ADDRESS, said.address, most=MOST_OFFICE_ADDRESS, lines=2
        ),
    )


def _details(form: PostalForm, answers: FormAnswers) -> FormField | None:
    if not form.details:
        return None
    return FormField("details", form.details, form.details, answers.details, most=MOST_DETAILS, lines=3)


def _helper(helper: Helper | None) -> tuple[FormField, ...]:
    said = helper or Helper("")
    return (
        FormField("helper_name", _("Navnet til hjelperen"), _("Navnet til hjelperen"), said.name),
        FormField(
            "helper_workplace",
            _("Arbeidsstedet, hvis hjelperen gjør dette i jobben"),
            _("Arbeidsstedet til hjelperen"),
            said.workplace,
            most=MOST_WORKPLACE,
        ),
        FormField(
            "helper_address", _("Adressen vi skal sende svaret til"), _("Adressen vi skal sende svaret til"),
            said.address, most=MOST_ADDRESS, lines=2,
        ),
    )  # fmt: skip


def _keeps_from_parents(answers: FormAnswers) -> Tick:
    label = with_ages(
        _("Jeg er mellom %(young)s og %(last)s år, og vil ikke at foreldrene mine skal få vite om dette.")
    )
    return Tick(KEEP_FROM_PARENTS, label, label, is_ticked=KEEP_FROM_PARENTS in answers.ticks)


def _languages(answers: FormAnswers) -> tuple[Tick, ...]:
    wanted = "" if answers.is_blank else answers.answer_language or answers.language
    return tuple(
        Tick(
            f"answer_in_{code}",
            name,
            f"{gettext('Språket i svaret fra oss')}: {name}",
            is_ticked=code == wanted,
        )
        for code, name in LANGUAGE_NAMES.items()
    )
