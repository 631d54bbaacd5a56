"""What letters say, in every language: true on whatever day they are read, and of use to who has only paper."""

import re
from datetime import date, timedelta

import pytest
from django.conf import settings as configured

from kpr_portal.ground import clock
from reservations.postal.form_page import recipient_lines
from reservations.postal.letters.kinds import CONFIRMATION, COVER, KINDS, MESSAGE_WAITING, RECEIVED, REFUSAL
from reservations.postal.letters.sheet import Sheet, entries_of
from reservations.postal.letters.texts import version_of
from tests.reservations.conftest import R1, lift, place
from tests.reservations.postal.letters.conftest import VALUES

LANGUAGES = [code for code, _name in configured.LANGUAGES]
# A letter is made on one day, printed on another, and read on a third.
OF_THE_MOMENT = re.compile(
    r"\b(i dag|i går|i morgen|i morgon|i kveld|i natt|denne uken|denne veka|akkurat nå|akkurat no|fra nå|frå no"
    r"|gjelde nå|gjelde no|gjelder nå|gjeld no|today|tonight|yesterday|tomorrow|this week|right now|just now"
    r"|as of now|from now|appl\w+ now)\b",
    re.IGNORECASE,
)


def sheet(kind, language="nb", **options):
    values = {**dict.fromkeys(kind.values, ""), **VALUES[kind.code], **options.pop("values", {})}
    return Sheet(
        kind=kind,
        language=language,
        number="KPR-1234-5678",
        made_on=date(2027, 6, 4),
        recipient=("Stødig Bjørk", "Bjørkeveien 1", "7011 Trondheim"),
        values=values,
        **options,
    )


def says(*arguments, **options):
    html = re.sub(r"<head>.*?</head>|<[^>]*>", " ", sheet(*arguments, **options).html, flags=re.DOTALL)
    return " ".join(html.split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_no_text_of_a_letter_tells_of_the_day_it_is_read(kind, language):
    assert OF_THE_MOMENT.findall(version_of(kind, language=language).body) == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_nor_does_what_it_confirms(family, language):
    person = family.person("much_data")
    keys = [do(R1, person).key for do in (place, lift)]
    lines = entries_of({"entries": keys})

    with clock.shift(timedelta(days=9)):
        text = says(CONFIRMATION, language, values={"entries": keys}, entries=lines)

    assert all(line.reference in text for line in lines)
    assert OF_THE_MOMENT.findall(text) == []


@pytest.mark.parametrize(
    ("language", "since"),
    [("nb", "Fra 3. juni 2027"), ("nn", "Frå 3. juni 2027"), ("en", "From 3 June 2027")],
)
def test_reservation_applies_from_the_day_the_form_came(language, since):
    text = says(RECEIVED, language)

    assert since in text
    assert "2027-06" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusal_says_where_to_write_and_whom_to_call(language):
    text = says(REFUSAL, language)

    for part in ("Datatilsynet", "Postboks 458 Sentrum", "0105 Oslo", "22 39 69 00", *recipient_lines()):
        assert part in text, part


def test_refusal_to_one_for_another_says_nothing_of_data_about_the_reader():
    text = says(REFUSAL, values={"for_name": "Glad Kvist"})

    assert "Dette gjelder Glad Kvist." in text
    assert "om deg" not in text


def test_owner_says_to_whom_to_complain(settings):
    settings.OWNER_COMPLAINT = "Klag til Helseklage innen tre uker."

    text = says(REFUSAL)

    assert "Klag til Helseklage innen tre uker." in text
    assert "Datatilsynet" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_larger_print_is_offered_where_the_print_is_not_large(kind, language):
    larger = {"nb": "større skrift", "nn": "større skrift", "en": "larger print"}[language]

    assert [larger in says(kind, language, large_print=large) for large in (False, True)] == [True, False]


@pytest.mark.parametrize(
    ("language", "others"),
    [("nb", "nynorsk eller engelsk"), ("nn", "bokmål eller engelsk"), ("en", "bokmål or nynorsk")],
)
def test_other_languages_are_offered_in_either_print(language, others):
    both = [says(MESSAGE_WAITING, language, large_print=large) for large in (False, True)]

    assert [others in text for text in both] == [True, True]


def test_letter_with_a_form_promises_what_the_form_promises(settings):
    settings.POSTAL_ANSWER_PROMISE = "Du får svar innen ti dager."

    text = says(COVER)

    assert "Du får svar innen ti dager." in text
    assert "måned" not in text
