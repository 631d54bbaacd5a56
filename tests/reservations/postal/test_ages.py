from datetime import date

import pytest

from kpr_portal.ground import clock
from reservations.postal.ages import has_a_say, must_be_heard
from reservations.postal.answers import FormAnswers, Named
from reservations.postal.code import FormKind
from reservations.postal.sheet import sheet_of

BORN = date(2014, 5, 17)


@pytest.mark.parametrize(
    ("on", "heard", "say"),
    [
        (date(2021, 5, 16), False, False),
        (date(2021, 5, 17), True, False),
        (date(2026, 5, 16), True, False),
        (date(2026, 5, 17), True, True),
    ],
)
def test_child_is_heard_from_seven_and_has_a_say_from_twelve(on, heard, say):
    assert (must_be_heard(BORN, on=on), has_a_say(BORN, on=on)) == (heard, say)


@pytest.mark.parametrize(("years", "signs"), [(8, False), (13, True), (None, True)])
def test_child_signs_where_it_is_old_enough_or_nobody_knows(years, signs):
    today = clock.today()
    born = date(today.year - years, 1, 1) if years else None
    person = Named("Glad Kvist", "12881852207") if years else None
    answers = FormAnswers(FormKind.RESERVATION, "parent", "nb", person=person, born=born)

    assert sheet_of(answers).child_signs is signs
