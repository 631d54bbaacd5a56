"""What may stand in a text that somebody types: names, and sentences of their own. Pure.

What is refused is what has no place on paper, or tricks the eye: control characters, marks that turn the direction
of writing, halves of characters, pictures. A formula for a spreadsheet is text like any other.
"""

from __future__ import annotations

import re
import unicodedata

# The last two join or part letters, and some names are misspelt without them.
NAME_MARKS = frozenset(" -'’ʼ.‐‑\u200c\u200d")
# Besides letters, numbers and punctuation; of symbols only these, so that no picture comes along.
TEXT_SYMBOLS = frozenset("+<=>|~^`´¨$£€°")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def one_line(typed: str) -> str:
    """The text as it is kept: composed (NFC), and every run of spaces and line breaks one space."""
    return " ".join(unicodedata.normalize("NFC", typed).split())


def several_lines(typed: str) -> str:
    """The same for a text that may have line breaks: at most one after the other."""
    text = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()


def is_name(text: str) -> bool:
    """Whether it is letters, and what stands between letters in names; with a letter in it."""
    return any(map(_is_letter, text)) and all(
        _is_letter(character) or _is_mark(character) or character in NAME_MARKS for character in text
    )


def is_text(text: str) -> bool:
    """Whether every character may stand in a text of one's own, a line break among them."""
    return all(
        unicodedata.category(character)[0] in "LMNP" or character in TEXT_SYMBOLS or character in " \n"
        for character in text
    )


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] == "L"


def _is_mark(character: str) -> bool:
    # A variation selector is a mark that makes a picture of what stands before it.
    return unicodedata.category(character)[0] == "M" and not "\ufe00" <= character <= "\ufe0f"
