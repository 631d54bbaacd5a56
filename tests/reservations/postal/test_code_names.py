"""A name in a form's code takes as few bytes as a set of its letters can, and is read to the letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservations.postal.code_names import CHARACTER_SETS, name_bytes, read_name, write_name
from tests.reservations.postal.contents import names

UTF_8, LATIN_1, CYRILLIC, UTF_16 = 0, 1, 5, 17
texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=80)


@given(st.one_of(texts, names))
def test_name_is_read_as_it_was_written(name):
    assert read_name(write_name(name)) == name


@given(st.one_of(texts, names))
def test_name_never_takes_more_bytes_than_in_utf_8_or_utf_16(name):
    assert name_bytes(name) <= min(len(name.encode()), len(name.encode("utf-16-be")))


@pytest.mark.parametrize(
    ("name", "charset", "length"),
    [
        ("Rolig Fjell", UTF_8, 11),
        ("Åse Ærlig-Øvrebø", LATIN_1, 16),
        ("Áŋŋá Guhkes Čáhci", 4, 17),
        ("Łukasz Øvrebø", 13, 13),
        ("Şükrü Yıldırım Øverås", 9, 21),
        ("Олександра Шевченко", CYRILLIC, 19),
        ("محمد", 6, 4),
        ("Αλέξανδρος", 7, 10),
        ("דוד", 8, 3),
        ("สมชาย", 11, 5),
        ("தமிழ்", UTF_16, 10),
        ("王李", UTF_16, 4),
        ("Кузнецов Øyvind", UTF_8, 24),
    ],
)
def test_letters_of_one_alphabet_take_a_byte_each(name, charset, length):
    assert (write_name(name)[0], name_bytes(name)) == (charset, length)


@given(st.binary(max_size=60))
def test_other_bytes_are_a_name_or_a_value_error(written):
    try:
        name = read_name(written)
    except ValueError:
        return

    assert write_name(name) == written


@pytest.mark.parametrize("charset", sorted({*range(256)} - CHARACTER_SETS.keys()))
def test_set_that_nobody_knows_is_refused(charset):
    with pytest.raises(ValueError, match="no character set"):
        read_name(bytes([charset]) + b"Ola")


@pytest.mark.parametrize("name", ["", "\ud800", "Ola \udfff"])
def test_what_is_no_name_is_never_written(name):
    with pytest.raises(ValueError, match=r"is empty|surrogates"):
        write_name(name)
