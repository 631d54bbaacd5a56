"""What a printed form says, and to whom: its choices, its dates, what to enclose, and who signs."""

import re
from datetime import UTC, datetime

import pytest
from django.utils import translation

from kpr_portal.ground import clock
from reservations.postal.bases import PARENT, SELF
from reservations.postal.form_page import answered_by, recipient_lines
from reservations.postal.kinds import (
    FORMS,
    HELPER_INSIGHT,
    INSIGHT,
    LIFT,
    RESERVATION,
    RETENTION_LIMIT,
    all_forms,
)
from reservations.postal.sheet import sheet_of
from tests.reservations.postal.printed import (
    blank,
    drawn_text_of,
    filled,
    printed,
    text_of,
)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_choices_stand_in_the_words_of_the_web_page(language):
    form = printed(blank(RESERVATION, SELF, language))
    text = text_of(form)

    with translation.override(language):
        said = [str(part) for choice in RESERVATION.choices() for part in (choice.title, choice.sentence)]
        meant = {str(o.sentence) for choice in RESERVATION.choices() for o in choice.options if o.sentence}
    assert [part for part in (*said, *meant) if part not in text] == []


@pytest.mark.parametrize("words", [text_of, drawn_text_of], ids=["as read", "as drawn"])
def test_what_is_ticked_is_printed_and_nothing_else_is(words):
    text = words(printed(filled(RESERVATION, SELF)))

    assert text.count("X Reservere") == 2
    assert len(re.findall(r"\bX ", text)) == 2 + 1 + 1  # the box of the young, and the language of the answer
    assert "X Nynorsk" in text


def test_filled_form_says_by_which_day_and_the_blank_one_promises():
    with clock.moved_to(datetime(2027, 6, 3, 22, 30, tzinfo=UTC)):  # the fourth in Oslo
        assert str(answered_by()) == "2027-07-09"
        text = text_of(printed(filled(RETENTION_LIMIT, SELF)))

    assert "Sender du skjemaet senest 4. juni 2027, kommer svaret senest 9. juli 2027." in text
    assert "Du får svar innen én måned etter at vi har fått skjemaet." in text_of(
        printed(blank(RETENTION_LIMIT, SELF))
    )


def test_settings_of_the_owner_are_followed(settings):
    settings.OWNER_ADDRESS, settings.POSTAL_MARK = "Storgata 1, 0001 Oslo", "KPR"
    settings.LAW_POSTAL_COPY_OF_ID = True
    printed.cache_clear()

    text = text_of(printed(blank(INSIGHT, SELF)))
    printed.cache_clear()

    assert recipient_lines() == ("Folkehelseinstituttet (FHI), KPR", "Storgata 1", "0001 Oslo")
    assert "Legg ved • Kopi av gyldig legitimasjon." in text


def test_form_goes_to_the_address_without_a_stamp_where_there_is_one(settings):
    settings.REPLY_ADDRESS = "Svarsending 0000, 0090 Oslo"

    assert recipient_lines()[1:] == ("Svarsending 0000", "0090 Oslo")


def test_no_copy_of_identity_is_asked_for():
    assert "legitimasjon" not in "".join(text_of(printed(blank(form, SELF))) for form in FORMS)


@pytest.mark.parametrize(
    ("form", "basis"), [(f, b) for f, b in all_forms() if b.enclose and f is not HELPER_INSIGHT]
)
def test_what_to_enclose_stands_on_the_form(form, basis):
    with translation.override("nb"):
        sheet = sheet_of(blank(form, basis))

    assert all(sheet.basis.enclose)
    if form is INSIGHT:
        text = text_of(printed(blank(form, basis)))
        assert [line for line in basis.enclose if str(line) not in text] == []


def test_both_parents_sign_where_something_is_lifted_and_on_a_blank_form():
    lifts = filled(RESERVATION, PARENT).with_(choices=("purpose_2" + LIFT,))
    both = "Den andre forelderens underskrift"

    asked = (lifts, filled(RESERVATION, PARENT), blank(RESERVATION, PARENT))
    assert [both in text_of(printed(one)) for one in asked] == [True, False, True]
    assert both not in text_of(printed(blank(INSIGHT, PARENT)))


def test_young_person_may_keep_it_from_parents_and_a_child_may_say_that_it_has_read_it():
    own = "Jeg er mellom 12 og 15 år, og vil ikke at foreldrene mine skal få vite om dette."

    assert [own in text_of(printed(blank(form, SELF))) for form in FORMS] == [True] * len(FORMS)
    assert "Barnets underskrift" in text_of(printed(blank(INSIGHT, PARENT)))
    assert "Barnets underskrift" not in text_of(printed(blank(INSIGHT, SELF)))
