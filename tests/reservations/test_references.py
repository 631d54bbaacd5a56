"""References: unique enough, and any slip of the pen is seen."""

import re

from hypothesis import given
from hypothesis import strategies as st

from reservations.casework.forms import ReferenceForm
from reservations.references import ALPHABET, free_reference, is_reference, new_reference, read_reference


def test_reference_has_its_form():
    reference = new_reference()

    assert (reference[:4], reference[8], len(reference)) == ("KPR-", "-", 13)
    assert set(reference[4:]) - {"-"} <= set(ALPHABET)


def test_reference_that_is_taken_is_not_given_again():
    asked = []

    reference = free_reference(lambda each: asked.append(each) or len(asked) < 3)

    assert (len(asked), reference) == (3, asked[-1])


def test_reference_is_read_as_we_write_it():
    reference = new_reference()

    assert read_reference(f" {reference[4:].lower().replace('-', ' ')} ") == reference
    assert [read_reference(typed) for typed in ("", "KPR", reference[:-1])] == [None] * 3


def test_reference_is_known_however_it_is_typed():
    reference = new_reference()

    assert [
        is_reference(typed)
        for typed in (
            reference,
            reference.lower(),
            reference.replace("-", " "),
            reference[4:],
            f" {reference} ",
        )
    ] == [True] * 5


@given(st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_seen(place, wrong):
    reference = new_reference().removeprefix("KPR-").replace("-", "")
    changed = reference[:place] + wrong + reference[place + 1 :]

    assert is_reference(changed) == (changed == reference)


@given(st.integers(0, 6))
def test_two_swapped_characters_are_seen(place):
    reference = new_reference().removeprefix("KPR-").replace("-", "")
    swapped = reference[:place] + reference[place + 1] + reference[place] + reference[place + 2 :]

    assert is_reference(swapped) == (swapped == reference)


def test_what_is_no_reference_is_refused():
    assert [is_reference(text) for text in ("", "KPR", "KPR-0000-0000", "KPR-333-333", "x" * 100)] == [
        False
    ] * 5


def test_example_on_the_page_is_one_that_would_be_taken():
    help_text = str(ReferenceForm.base_fields["reference"].help_text)

    (example,) = re.findall(r"KPR-\w+-\w+", help_text)

    assert is_reference(example)
