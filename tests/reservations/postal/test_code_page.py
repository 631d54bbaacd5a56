"""The page of the format says what the code is: its lists are those of the forms, and its vectors hold."""

import codecs
import re
from pathlib import Path

import pytest
from django.conf import settings

from reservations.postal import bases
from reservations.postal.answers import ANSWER_IN, LANGUAGES, TICKS
from reservations.postal.code import MOST_BYTES, FormContent, FormKind, FormLanguage, Tag, read, write
from reservations.postal.code_names import CHARACTER_SETS
from reservations.postal.code_numbers import BASES, CHOICES
from reservations.postal.code_numbers import TICKS as NUMBERED_TICKS
from reservations.postal.kinds import all_forms
from reservations.postal.symbol import LEAST_MODULE_MM, WIDEST_MM, draw
from tests.reservations.postal.contents import fullest
from tests.reservations.postal.rings import FIXED

PART = "the part of ISO 8859 with that number"
PAGE = (Path(settings.BASE_DIR) / "docs" / "form-code.md").read_text(encoding="utf-8")
VECTORS = re.findall(r"\| (\d) \| kind (\d), language (\d)(?:, blank|; (.*?)) \| `([0-9a-f]+)` \|", PAGE)
DRAWN = re.findall(r"\| (\d) \| (\d+) \| (\d+) × (\d+) \| ([0-9.]+) mm \| ([0-9.]+) mm \|", PAGE)


def content_of(kind, language, listed):
    parts = [part.split(" ", 1) for part in listed.split("; ")] if listed else []
    said = {Tag(int(tag)): text for tag, text in parts}
    return FormContent(FormKind(int(kind)), FormLanguage(int(language)), said)


@pytest.mark.parametrize(
    ("named", "numbers"),
    [("basis", BASES), ("choice", CHOICES), ("tick", NUMBERED_TICKS)],
)
def test_page_lists_every_number_of_the_code(named, numbers):
    (listed,) = re.findall(rf"^\| number \| {named} \|.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)

    assert {
        code: int(number) for number, code in re.findall(r"^\| (\d+) \| `(.+?)` \|", listed, re.MULTILINE)
    } == numbers


def test_page_lists_every_character_set_of_a_name():
    (listed,) = re.findall(r"^\| number \| character set.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    said = {
        number: charset
        for spans, charset in re.findall(r"^\| ([\d, to]+) \| (.+?)[,|]", listed, re.MULTILINE)
        for span in spans.split(", ")
        for first, last in [(int(span.split(" ")[0]), int(span.split(" ")[-1]))]
        for number in range(first, last + 1)
    }

    assert {number: codecs.lookup(charset) for number, charset in CHARACTER_SETS.items()} == {
        number: codecs.lookup({PART: f"ISO8859-{number}", "UTF-16": "UTF-16BE"}.get(charset.strip(), charset))
        for number, charset in said.items()
    }


def test_what_can_be_chosen_has_a_number_in_the_code_and_nothing_else_has():
    chosen = {
        option.code
        for form, basis in all_forms()
        for c in form.signed_by(basis).choices()
        for option in c.options
    }

    assert set(CHOICES) == chosen
    assert set(BASES) == {basis.code for basis in bases.BASES}
    assert set(NUMBERED_TICKS) == {*TICKS, *(ANSWER_IN + code for code in LANGUAGES)}


@pytest.mark.parametrize("numbers", [BASES, CHOICES, NUMBERED_TICKS], ids=["bases", "choices", "ticks"])
def test_numbers_are_each_used_once(numbers):
    assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))


def test_page_has_vectors_of_a_blank_form_and_of_the_longest():
    sizes = [len(written) // 2 for *_, written in VECTORS]
    longest = max(len(write(fullest(form, basis).content(), prover=FIXED)) for form, basis in all_forms())

    assert (len(VECTORS), min(sizes), max(sizes)) == (4, 6, longest)


@pytest.mark.parametrize(("_number", "kind", "language", "listed", "written"), VECTORS)
def test_vectors_of_the_page_are_written_and_read(_number, kind, language, listed, written):
    content = content_of(kind, language, listed)

    assert write(content, prover=FIXED).hex() == written
    assert read(bytes.fromhex(written), prover=FIXED) == content


def test_vectors_are_drawn_as_the_page_says():
    symbols = [(number, len(written) // 2, draw(bytes.fromhex(written))) for number, *_, written in VECTORS]

    assert [
        (
            number,
            f"{size}",
            f"{drawn.side}",
            f"{drawn.side}",
            f"{drawn.module_mm:.2f}",
            f"{drawn.size_mm:.1f}",
        )
        for number, size, drawn in symbols
    ] == DRAWN


def test_page_says_the_measures_and_the_most_bytes_of_the_code():
    said = (f"At most {MOST_BYTES} bytes.", f"up to {WIDEST_MM} mm", f"narrower\nthan {LEAST_MODULE_MM} mm")

    assert [part for part in said if part not in PAGE] == []
