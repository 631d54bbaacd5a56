"""The order of the questions, over every form for everybody it can be for."""

from dataclasses import replace
from itertools import chain, combinations

import pytest

from reservations.postal.answers import FormAnswers, Helper, Named
from reservations.postal.bases import BASES, DEAD, PARENT, SELF
from reservations.postal.combinations import basis_at, chosen, goes_together, why_not
from reservations.postal.kinds import FORMS, HELPER_INSIGHT, INSIGHT, RESERVATION, all_forms
from reservations.postal.steps import Draft, Step, UnknownStep, steps_of
from tests.reservations.postal.filling import CHILD, MOTHER

EVERY = [pytest.param(form, basis, id=f"{form.slug} {basis.slug}") for form, basis in all_forms()]
TABLE = {
    (True, False): "valg hvem sprak",
    (False, False): "valg hvem underskrift sprak",
    (True, True): "valg hvem hjelper sprak",
    (False, True): "valg hvem underskrift hjelper sprak",
}


def draft_of(form, basis, *answered):
    return Draft(FormAnswers(form.kind, basis.code, "nb"), frozenset(answered))


@pytest.mark.parametrize(("form", "basis"), EVERY)
def test_each_form_asks_what_it_must_and_no_more(form, basis):
    assert " ".join(steps_of(form, basis)) == TABLE[basis.is_self, form.helper]


@pytest.mark.parametrize(("form", "basis"), EVERY)
def test_whatever_has_been_answered_one_is_led_to_the_first_question_without_an_answer(form, basis):
    asked = steps_of(form, basis)
    for answered in chain.from_iterable(combinations(asked, n) for n in range(len(asked) + 1)):
        draft = draft_of(form, basis, *answered)
        missing = [step for step in asked if step not in answered]

        assert draft.first_unanswered == (missing[0] if missing else None)
        last = asked.index(missing[0]) if missing else len(asked)
        assert [step for step in asked if draft.may_open(step)] == list(asked[: last + 1])


def test_step_that_a_form_does_not_ask_is_unknown():
    with pytest.raises(UnknownStep):
        draft_of(RESERVATION, SELF).may_open(Step.SIGNER)


def test_draft_is_the_same_after_being_written_down():
    person, signer = Named("Å", CHILD.digits), Named("Ø", MOTHER.digits)
    draft = draft_of(HELPER_INSIGHT, PARENT).answer(Step.CHOICES, choices=("records+",), details="x\ny")
    draft = draft.know(Step.PERSON, is_whole=True, person=person).know(
        Step.SIGNER, is_whole=False, signer=signer
    )
    draft = draft.answer(Step.HELPER, helper=Helper("H", "W", "A\nB"))

    assert Draft.from_json(draft.to_json()) == draft
    assert (draft.answered, draft.known) == (
        {Step.CHOICES, Step.PERSON, Step.HELPER},
        {Step.PERSON, Step.SIGNER},
    )


@pytest.mark.parametrize(
    ("basis", "known", "all_known"),
    [
        (SELF, {Step.PERSON}, True),
        (SELF, set(), False),
        (PARENT, {Step.PERSON}, False),
        (PARENT, {Step.PERSON, Step.SIGNER}, True),
    ],
)
def test_form_says_that_it_is_known_only_where_everybody_on_it_is(basis, known, all_known):
    draft = draft_of(INSIGHT, basis)
    for step in known:
        draft = draft.know(step, is_whole=True)

    assert draft.finished().is_known is all_known


def test_typing_another_name_is_no_longer_known():
    draft = draft_of(INSIGHT, SELF).know(Step.PERSON, is_whole=True).ask_again(Step.PERSON, person=None)

    assert (draft.known, draft.answered, draft.finished().is_known) == (frozenset(), frozenset(), False)


def test_what_the_register_filled_in_is_anothers_to_everybody_but_one():
    typed = draft_of(INSIGHT, SELF)
    known = Draft.from_json(replace(typed, filled_in_for="one").to_json())

    assert [typed.is_anothers(person) for person in ("", "one", "two")] == [False, False, False]
    assert [known.is_anothers(person) for person in ("", "one", "two")] == [True, False, True]


def test_draft_never_prints_itself():
    draft = draft_of(INSIGHT, SELF).answer(Step.PERSON, person=Named("Nebbdyr", CHILD.digits))

    assert repr(draft) == "Draft(******)"


# --- What can be asked for whom


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.slug)
@pytest.mark.parametrize("basis", BASES, ids=lambda basis: basis.slug)
def test_every_combination_is_a_form_or_says_why_not_and_what_to_do(form, basis):
    why = str(why_not(form, basis))

    assert bool(why) is not goes_together(form, basis)
    assert not why or "Ring oss" in why or "be om innsyn" in why


def test_every_reason_is_given_once_for_what_it_is_about():
    apart = {(form.slug, basis.slug) for form in FORMS for basis in BASES if not goes_together(form, basis)}

    assert apart == {
        *((form.slug, "avdod") for form in FORMS if form is not INSIGHT),
        *(("innsyn-hjelper", slug) for slug in ("fullmakt", "parorende", "barnevernet", "fosterbarn")),
    }
    assert len({str(why_not(form, DEAD)) for form in FORMS}) == len(FORMS)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("reservasjon", "barn"), ("reservasjon", "barn")),
        (("reservasjon", "guardian"), ("reservasjon", "verge")),
        ((None, None), ("", "")),
        (("<script>", "x" * 10_000), ("", "")),
    ],
)
def test_other_pages_say_what_one_wants_by_what_is_known_here(asked, found):
    assert chosen(*asked) == found


def test_basis_is_found_by_address_and_by_code():
    assert (
        [basis_at(basis.slug) for basis in BASES] == [basis_at(basis.code) for basis in BASES] == list(BASES)
    )
