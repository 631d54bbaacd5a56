"""The form that we post to somebody who has rung: what they said is on it, and what is theirs to fill in is open."""

from reservations.postal.answers import LANGUAGES
from reservations.postal.bases import GUARDIAN
from reservations.postal.kinds import RESERVATION
from tests.reservations.postal.printed import NAME, SIGNER_NAME, blank, filled, printed, said_by, text_of
from tests.reservations.postal.test_form_page import wrong_with


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
