"""The form as it is heard: headings that head one thing each, and boxes that say whether they are ticked."""

import re

import pytest

from reservations.postal.bases import PARENT, SELF
from reservations.postal.kinds import RESERVATION
from tests.reservations.postal.printed import SAMPLE, filled, name_of, printed
from tests.reservations.postal.tags import pictures_told, tags_of

CODE = "Kode for saksbehandleren: samme opplysninger som står i skjemaet"
TICKED, NOT_TICKED = "Krysset av", "Ikke krysset av"


@pytest.mark.parametrize("answers", SAMPLE, ids=name_of)
def test_no_heading_stands_in_another_and_the_form_has_one_title(answers):
    headings = [tag for tag in tags_of(printed(answers)) if re.fullmatch("H[1-6]", tag.kind)]

    assert [tag for tag in headings if any(re.fullmatch("H[1-6]", outer) for outer in tag.within)] == []
    assert [tag.kind for tag in headings].count("H1") == 1


@pytest.mark.parametrize("large", [False, True])
def test_each_box_says_whether_it_is_ticked(large):
    told = pictures_told(printed(filled(RESERVATION, SELF, large_print=large)))

    assert told == [
        CODE,
        *(TICKED, NOT_TICKED, TICKED, NOT_TICKED),  # to reserve and to lift, of each kind
        TICKED,  # the parents are not to know
        *(NOT_TICKED, TICKED, NOT_TICKED),  # the language of the answer
        CODE,
    ]


@pytest.mark.parametrize(("language", "told"), [("nn", "Ikkje kryssa av"), ("en", "Not ticked")])
def test_box_says_it_in_the_language_of_the_form(language, told):
    assert told in pictures_told(printed(filled(RESERVATION, PARENT, language)))
