"""What a letter is given: nothing that its kind needs may be left out, or say nothing."""

from datetime import date
from uuid import uuid4

import pytest

from kpr_portal.ground import clock
from reservations.postal.letters.errors import SaysTooLittle
from reservations.postal.letters.kinds import CONFIRMATION, COVER, KINDS, RECEIVED, Value
from reservations.postal.letters.operations import owe_letter, queue_for_posting
from reservations.postal.letters.values import checked
from reservations.postal.models import LetterOrder
from tests.reservations.postal.letters.conftest import VALUES, a_form

NEEDED = [(kind, name) for kind in KINDS for name in kind.needs]
# Each looks as if something were said, until it is printed.
SAYS_NOTHING = {
    Value.TEXT: ["", " ", "\n", "–", "\x00", "\u00a0", "\u200b", "\u202e", "\u3164"],
    Value.LINES: [[], [""], [" "], ["\u200b", "-"], ()],
    Value.KEYS: [[], ()],
    Value.DAY: [],
    Value.YES: [],
}


def names(needed):
    return [f"{kind.code}-{name}" for kind, name in needed]


@pytest.mark.parametrize(("kind", "name"), NEEDED, ids=names(NEEDED))
def test_what_a_kind_needs_is_not_left_out(kind, name):
    given = {key: value for key, value in VALUES[kind.code].items() if key != name}

    with pytest.raises(SaysTooLittle) as refused:
        checked(kind, given)

    assert refused.value.names == (name,)


@pytest.mark.parametrize(("kind", "name"), NEEDED, ids=names(NEEDED))
def test_what_a_kind_needs_says_something(kind, name):
    for blank in SAYS_NOTHING[kind.needs[name]]:
        with pytest.raises(SaysTooLittle) as refused:
            checked(kind, {**VALUES[kind.code], name: blank})

        assert refused.value.names == (name,), repr(blank)


@pytest.mark.parametrize("given", [{}, {"entries": []}, {"decided": [" "]}, {"entries": (), "decided": []}])
def test_confirmation_confirms_something(given):
    with pytest.raises(SaysTooLittle) as refused:
        checked(CONFIRMATION, given)

    assert refused.value.names == ("entries", "decided")


@pytest.mark.parametrize("given", [{"entries": [uuid4()]}, {"decided": ["Ja."]}])
def test_confirmation_of_either_is_enough(given):
    assert checked(CONFIRMATION, given).keys() == given.keys()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_what_each_kind_has_is_enough(kind):
    assert checked(kind, VALUES[kind.code]).keys() == VALUES[kind.code].keys()


def test_every_kind_of_value_that_can_be_blank_is_tried():
    assert set(SAYS_NOTHING) == set(Value)
    assert {kind.needs[name] for kind, name in NEEDED} == {Value.TEXT, Value.LINES, Value.DAY}


def test_moment_is_no_day():
    """It could not be read back, and the letter would never be made."""
    moment = clock.now()

    with pytest.raises(ValueError, match="received_on"):
        checked(RECEIVED, {"received_on": moment, "answer_by": date(2027, 7, 3)})


@pytest.mark.django_db
def test_letter_that_says_too_little_is_not_owed(family):
    person = family.person("much_data")

    for kind in (kind for kind in KINDS if (kind.needs or kind.one_of) and kind is not COVER):
        with pytest.raises(SaysTooLittle):
            owe_letter(kind, recipient=person, by=None)
    with pytest.raises(SaysTooLittle):
        queue_for_posting(a_form(), recipient=person, by=None, title=" ")

    assert LetterOrder.objects.count() == 0
