"""In which order a form is asked for, one question a page. Pure: no table, no setting, no request.

A draft is what has been answered so far. Whoever jumps ahead is led to the first question without an answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from reservations.postal.answers import FormAnswers
from reservations.postal.bases import PaperBasis, basis_of
from reservations.postal.kinds import PostalForm, form_of


class Step(StrEnum):
    """A question; the value is its address."""

    CHOICES = "valg"
    PERSON = "hvem"
    SIGNER = "underskrift"
    HELPER = "hjelper"
    LANGUAGE = "sprak"


class UnknownStep(KeyError):
    """This form does not ask that."""


@dataclass(frozen=True, repr=False)
class Draft:
    """What has been answered so far. Never prints itself.

    `answered` are the steps that have been; `known` are those of them (PERSON, SIGNER) whose name and number come
    from the register: they are never shown in clear. `filled_in_for` is the key of the person who was signed in
    when the register was asked: nobody else may open the draft from then on. Empty where nothing was filled in.
    `decides_alone`: the register says that the known PERSON is so old that no parents are asked or told.
    """

    answers: FormAnswers
    answered: frozenset[Step] = frozenset()
    known: frozenset[Step] = frozenset()
    filled_in_for: str = ""
    decides_alone: bool = False

    def __repr__(self) -> str:
        return "Draft(******)"

    @property
    def form(self) -> PostalForm:
        """What is asked for."""
        return form_of(self.answers.kind).signed_by(self.basis)

    @property
    def basis(self) -> PaperBasis:
        """For whom."""
        return basis_of(self.answers.basis)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What this form asks, in order."""
        return steps_of(self.form, self.basis)

    def is_anothers(self, person: str) -> bool:
        """Whether it may not be opened by the person of this key (empty: nobody is signed in)."""
        return self.filled_in_for not in {"", person}

    @property
    def first_unanswered(self) -> Step | None:
        """The first step that has no answer; None where all have."""
        return next((step for step in self.steps if step not in self.answered), None)

    def may_open(self, step: Step) -> bool:
        """Whether everything before this step has been answered. Raises UnknownStep."""
        return not set(self.before(step)) - self.answered

    def before(self, step: Step) -> tuple[Step, ...]:
        """The steps before this one, in order. Raises UnknownStep."""
        if step not in self.steps:
            raise UnknownStep(step)
        return self.steps[: self.steps.index(step)]

    def answer(self, step: Step, **changes: Any) -> Self:
        """The draft with this step answered by whoever fills it in."""
        return replace(
            self,
            answers=self.answers.with_(**changes),
            answered=self.answered | {step},
            known=self.known - {step},
        )

    def supplement(self, step: Step, **changes: Any) -> Self:
        """The draft with this step answered, where the register knows a part of it."""
        return replace(self, answers=self.answers.with_(**changes), answered=self.answered | {step})

    def know(self, step: Step, *, is_whole: bool, **changes: Any) -> Self:
        """The draft with this step filled in from the register; `is_whole` where nothing more is to be asked."""
        return replace(
            self,
            answers=self.answers.with_(**changes),
            answered=self.answered | {step} if is_whole else self.answered,
            known=self.known | {step},
        )

    def ask_again(self, step: Step, **changes: Any) -> Self:
        """The draft with this step unanswered."""
        return replace(
            self,
            answers=self.answers.with_(**changes),
            answered=self.answered - {step},
            known=self.known - {step},
        )

    def finished(self) -> FormAnswers:
        """What is to be printed: `is_known` where every name and number comes from the register."""
        who = {Step.PERSON, Step.SIGNER} & set(self.steps)
        return self.answers.with_(is_known=who <= self.known)

    def to_json(self) -> bytes:
        """As bytes, for sealing."""
        return json.dumps(
            {
                "answers": json.loads(self.answers.to_json()),
                "answered": sorted(self.answered),
                "known": sorted(self.known),
                "filled_in_for": self.filled_in_for,
                "decides_alone": self.decides_alone,
            },
            ensure_ascii=False,
        ).encode()

    @classmethod
    def from_json(cls, written: bytes) -> Self:
        """What `to_json` wrote."""
        plain: Mapping[str, Any] = json.loads(written)
        return cls(
            answers=FormAnswers.from_json(json.dumps(plain["answers"]).encode()),
            answered=frozenset(map(Step, plain["answered"])),
            known=frozenset(map(Step, plain["known"])),
            filled_in_for=plain["filled_in_for"],
            decides_alone=plain["decides_alone"],
        )


def steps_of(form: PostalForm, basis: PaperBasis) -> tuple[Step, ...]:
    """What this form asks, in order."""
    asked = [Step.CHOICES, Step.PERSON]
    if not basis.is_self:
        asked.append(Step.SIGNER)
    if form.helper:
        asked.append(Step.HELPER)
    return (*asked, Step.LANGUAGE)
