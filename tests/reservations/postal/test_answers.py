from datetime import date

import pytest

from kpr_portal.ground.keyring import keyring
from reservations.postal.answers import (
    ANSWER_IN,
    HEARD,
    LANGUAGES,
    MOST_NAME_BYTES,
    FormAnswers,
    Helper,
    Named,
    fitted,
    has_room,
)
from reservations.postal.code import MOST_BYTES, FormKind, FormLanguage, Tag, read, write
from reservations.postal.kinds import FORMS, LIFT, PLACE, RESERVATION, all_forms, form_of
from tests.reservations.postal.contents import fullest

LONGEST = "ạ" * (MOST_NAME_BYTES // 2)
ONE_CHOICE_MORE = 1  # byte
NUMBERS = ("14835821456", "12881852207")
MOTHER = FormAnswers(
    kind=FormKind.RESERVATION,
    basis="parent",
    language="nn",
    large_print=True,
    answer_language="nb",
    person=Named("Glad Kvist", NUMBERS[1]),
    signer=Named("Rolig Fjell", NUMBERS[0]),
    born=date(2018, 8, 12),
    choices=("withhold_national_id+", "purpose_2-"),
    ticks=frozenset({HEARD}),
    reference="KPR-7F3K-94MX",
)
FORM_AND_BASIS = [pytest.param(form, basis, id=f"{form.slug}-{basis.slug}") for form, basis in all_forms()]


def test_answers_come_back_from_what_was_sealed():
    helped = MOTHER.with_(helper=Helper("Ada Å", "Legesenteret", "Veien 1\n0001 Oslo"), details="Ær\n'øå")

    assert FormAnswers.from_json(helped.to_json()) == helped


def test_content_says_what_was_typed():
    assert dict(MOTHER.content().fields) == {
        Tag.PERSON_NAME: "Glad Kvist",
        Tag.PERSON_NUMBER: NUMBERS[1],
        Tag.SIGNER_NAME: "Rolig Fjell",
        Tag.SIGNER_NUMBER: NUMBERS[0],
        Tag.BASIS: "parent",
        Tag.CHOICES: "withhold_national_id+,purpose_2-",
        Tag.TICKS: "heard,answer_in_nb",
        Tag.REFERENCE: "KPR-7F3K-94MX",
    }
    assert MOTHER.content().language is FormLanguage.NYNORSK


def test_content_of_a_blank_form_says_kind_and_language_alone():
    blank = FormAnswers(kind=FormKind.INSIGHT, basis="self", language="en", answer_language="nb")

    assert (blank.is_blank, blank.content().is_blank) == (True, True)
    assert blank.content().language is FormLanguage.ENGLISH


def test_content_of_a_form_whose_person_writes_themselves_says_all_the_rest():
    partly = MOTHER.with_(person=None, born=None)

    assert (partly.is_blank, read(write(partly.content(), prover=keyring()), prover=keyring())) == (
        False,
        partly.content(),
    )
    assert dict(partly.content().fields) == {
        tag: said
        for tag, said in MOTHER.content().fields.items()
        if tag not in {Tag.PERSON_NAME, Tag.PERSON_NUMBER}
    }


def test_posted_form_is_not_blank_though_it_names_nobody():
    posted = FormAnswers(FormKind.RESERVATION, "parent", "nb", choices=("purpose_2+",), is_posted=True)

    assert (posted.is_blank, dict(posted.content().fields)) == (
        False,
        {Tag.BASIS: "parent", Tag.CHOICES: "purpose_2+"},
    )


def test_answers_never_print_what_was_typed():
    shown = repr(MOTHER) + repr(MOTHER.person) + str(Helper("Ada"))

    assert [part for part in ("Glad", "Rolig", "Ada", *NUMBERS) if part in shown] == []


@pytest.mark.parametrize("name", [LONGEST, "Å" * MOST_NAME_BYTES], ids=["letters of two bytes", "of one"])
@pytest.mark.parametrize(("form", "basis"), FORM_AND_BASIS)
def test_every_form_with_the_longest_names_fits_a_code_that_is_read_well(form, basis, name):
    """With every choice and tick, and one more choice than there is today."""
    for place in range(2):
        full = fullest(form, basis, name=name, place=place)
        written = write(full.content(), prover=keyring())

        assert len(written) + ONE_CHOICE_MORE <= MOST_BYTES
        assert read(written, prover=keyring()) == full.content()


def test_choices_of_a_reservation_are_those_of_the_catalogue():
    assert [[option.code[-1] for option in choice.options] for choice in RESERVATION.choices()] == [
        [PLACE, LIFT],
        [PLACE, LIFT],
    ]


def test_every_form_has_its_own_kind_and_address():
    assert {form_of(kind) for kind in FormKind} == set(FORMS)
    assert len({form.slug for form in FORMS}) == len(FORMS)


@pytest.mark.parametrize(("form", "basis"), FORM_AND_BASIS)
def test_every_form_says_what_to_enclose_or_that_nothing_is(form, basis):
    assert bool(basis.enclose) != bool(basis.nothing_enclosed)


def test_an_answer_in_the_form_s_own_language_needs_no_word():
    assert MOTHER.with_(answer_language="nn").content().fields[Tag.TICKS] == HEARD
    assert all(ANSWER_IN + code not in HEARD for code in LANGUAGES)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Rolig Fjell", "Rolig Fjell"),
        (f"Rolig {'Mellomnavn ' * 8}Lang Fjell", f"Rolig {'Mellomnavn ' * 4}Fjell"),
        (f"Å{'å' * 60} Fjell", "Å" + "å" * 55),
        ("م" * 30 + " " + "ح" * 30, "م" * 30 + " " + "ح" * 25),
        ("ạ" * 20 + " " + "ả" * 20, "ạ" * 20 + " " + "ả" * 7),
        ("å" * 55 + " Fjell", "å" * 55),
    ],
)
def test_name_from_a_register_is_made_to_fit(name, shown):
    assert fitted(name) == shown
    assert has_room(shown)
