"""Every word a user may read stands in bokmål, nynorsk and English."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("kpr_portal", "reservations", "insight", "templates", "static")
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|\{(\w*)\}|%[sd]")
LANGUAGES = ("nn", "en")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    """The catalogue as the sources are now: (msgid, plural) of each message."""
    copy = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    (copy / "locale").mkdir()
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "en", "-v", "0"],
        cwd=copy,
        check=True,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
    )
    with (copy / "locale" / "en" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return [message for message in read_po(file, locale="en") if message.id]


def catalogue(language):
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file)


def texts(value):
    return (value,) if isinstance(value, str) else tuple(value)


def names(text):
    return sorted(match.group(0) for match in PLACEHOLDER.finditer(text.replace("%%", "")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(extracted, language):
    done = catalogue(language)
    missing = []
    for message in extracted:
        found = done.get(message.id, message.context)
        if found is None or not all(texts(found.string)) or "fuzzy" in found.flags:
            missing.append(texts(message.id)[0])

    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_every_placeholder(extracted, language):
    done = catalogue(language)
    wrong = []
    for message in extracted:
        found = done.get(message.id, message.context)
        originals = texts(message.id)
        for number, text in enumerate(texts(found.string) if found else ()):
            if names(text) != names(originals[min(number, len(originals) - 1)]):
                wrong.append(text)

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_behind(extracted, language):
    wanted = {(texts(m.id)[0], m.context) for m in extracted}

    assert [
        texts(m.id)[0] for m in catalogue(language) if m.id and (texts(m.id)[0], m.context) not in wanted
    ] == []


def test_no_gettext_hides_under_a_name_that_extraction_does_not_know():
    """`gettext as _` alone is found by extraction: under another name a text would never be translated."""
    alias = re.compile(r"gettext\w* as (?!_\b)")
    files = [path for folder in SOURCES[:3] for path in (ROOT / folder).rglob("*.py")]

    assert [path.name for path in files if alias.search(path.read_text("utf-8"))] == []


def test_english_is_set_with_the_apostrophe_of_print():
    typed = [
        text
        for message in catalogue("en")
        if message.id
        for text in texts(message.string)
        if re.search(r"[A-Za-z]'[A-Za-z]", re.sub(r"<[^>]*>", "", text))
    ]

    assert typed == []
