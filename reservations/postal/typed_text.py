"""What may stand in a text that somebody types: names, and sentences of their own. Pure.

What is refused is what has no place on paper, or tricks the eye: control characters, marks that turn the direction
of writing, halves of characters, pictures, what is not seen at all, and marks stacked up the page. A formula for a
spreadsheet is text like any other.
"""

from __future__ import annotations

import re
import unicodedata

NAME_MARKS = frozenset(" -'’ʼ.‐‑")
# Besides letters, numbers and punctuation; of symbols only these, so that no picture comes along.
TEXT_SYMBOLS = frozenset("+<=>|~^`´¨$£€°")
MOST_MARKS = 4  # on one letter: Vietnamese has two, Hebrew with its points three
# Default_Ignorable_Code_Point of Unicode, as ranges: nothing is seen of these, also where they are called letters. The
# variation selectors are among them, which make a picture of what stands before them. The last are two blanks.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\U00013441\U00013442"
)
_IS_UNSEEN = re.compile(f"[{_UNSEEN}]")
# Zero width joiner and non-joiner part or join letters of these, and some names are misspelt without them: Arabic and
# its kin, the scripts of India, those of Myanmar and the Khmer, and Mongolian.
_JOINING = "\u0620-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1820-\u18af"
_JOINED = re.compile(f"(?<=([{_JOINING}]))[\u200c\u200d](?=([{_JOINING}]))")
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
    """Whether it is letters, and what stands between letters in names; with a letter in it that is seen."""
    seen = _without_joiners(text)
    return (
        _is_printable(seen)
        and any(_kind(character) == "L" for character in seen)
        and all(_kind(character) in "LM" or character in NAME_MARKS for character in seen)
    )


def is_seen(text: str) -> bool:
    """Whether there is a letter or a digit in it that is seen."""
    return any(_kind(character) in "LN" for character in _IS_UNSEEN.sub("", text))


def is_text(text: str) -> bool:
    """Whether every character may stand in a text of one's own, a line break among them."""
    seen = _without_joiners(text)
    return _is_printable(seen) and all(
        _kind(character) in "LMNP" or character in TEXT_SYMBOLS or character in " \n" for character in seen
    )


def _is_printable(text: str) -> bool:
    """Whether all of it is seen, and none of it prints a line up the page or a frame around its letter."""
    if _IS_UNSEEN.search(text) or any(unicodedata.category(character) == "Me" for character in text):
        return False
    kinds = "".join(map(_kind, unicodedata.normalize("NFC", text)))
    return "M" * (MOST_MARKS + 1) not in kinds


def _without_joiners(text: str) -> str:
    """The text without the joiners that stand where a script needs them: before a letter, after one or its mark."""
    return _JOINED.sub(
        lambda joiner: "" if _kind(joiner[1]) in "LM" and _kind(joiner[2]) == "L" else joiner[0], text
    )


def _kind(character: str) -> str:
    """The first letter of its category: L of a letter, M of a mark, N of a number, P of punctuation."""
    return unicodedata.category(character)[0]
