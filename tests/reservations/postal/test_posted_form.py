"""The form that we post to somebody who has rung: what they said is on it, and what is theirs to fill in is open."""

import pytest

from reservations.postal.answers import LANGUAGES
from reservations.postal.bases import GUARDIAN, PARENT
from reservations.postal.kinds import RESERVATION, all_forms
from reservations.postal.sheet import sheet_of
from tests.reservations.postal.printed import NAME, SIGNER_NAME, blank, filled, printed, said_by, text_of
from tests.reservations.postal.test_form_page import wrong_with


def test_both_parents_may_sign_for_what_a_posted_form_leaves_open():
    one, both = ("purpose_2+",), ("withhold_national_id+", "purpose_2+")
    made = filled(RESERVATION, PARENT)

    asked = [made.with_(choices=chosen, is_posted=True) for chosen in (one, both)]
    assert [sheet_of(each).both_parents_sign for each in asked] == [True, False]
    assert not sheet_of(made.with_(choices=one)).both_parents_sign


@pytest.mark.parametrize(("form", "basis"), list(all_forms()), ids=lambda one: one.slug)
def test_whoever_signs_a_posted_form_finds_every_box_of_a_blank_one(form, basis):
    """What is for them alone to tick is open; nobody ticked it for them on the telephone."""
    made = filled(form, basis).with_(
        is_posted=True, is_young=True, born=None, ticks=frozenset(), choices=(), helper=None, details=""
    )
    posted, empty = sheet_of(made), sheet_of(blank(form, basis))

    for sheet in (posted, empty):
        ticks = [*(tick for choice in sheet.choices for tick in choice.ticks), sheet.heard]
        assert not any(tick.is_ticked for tick in (*ticks, sheet.keeps_from_parents) if tick)
    for part in ("choices", "heard", "keeps_from_parents", "child_signs", "both_parents_sign", "helper"):
        assert getattr(posted, part) == getattr(empty, part), part


def test_form_that_names_nobody_says_who_is_to_write(tmp_path):
    made = filled(RESERVATION, GUARDIAN).with_(person=None, is_posted=True)
    hint = "Skriv navnet og nummeret her, helst med store bokstaver."

    text = text_of(printed(made))

    assert (hint in text, SIGNER_NAME in text, NAME in text) == (True, True, False)
    assert [
        hint in text_of(printed(one)) for one in (filled(RESERVATION, GUARDIAN), blank(RESERVATION, GUARDIAN))
    ] == [
        False,
        False,
    ]
    for language in LANGUAGES:
        for large in (False, True):
            each = made.with_(language=language, large_print=large)
            assert wrong_with(each, tmp_path) == []
            assert said_by(printed(each)) == each.content()
