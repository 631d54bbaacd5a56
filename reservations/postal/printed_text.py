"""What was typed, as it may stand on paper. The page and its code are both made of this, so they never say two things.

Pure. What may be typed at all is another question (`typed_text`): here everything is made fit to print.
"""

from __future__ import annotations

import re
import unicodedata

from reservations.postal.answers import (
    MOST_ADDRESS,
    MOST_DETAILS,
    MOST_NAME_BYTES,
    MOST_OFFICE,
    MOST_OFFICE_ADDRESS,
    MOST_WORKPLACE,
    FormAnswers,
    Helper,
    Named,
    Office,
    cut,
)

JOINERS = "\u200c\u200d"  # letters of some names need them
LINE_BREAKS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")


def cleaned(answers: FormAnswers) -> FormAnswers:
    """The same without what no paper can show: control characters and marks that turn the writing around.

    The page and the code are both made of this, so that they never say two things. Raises ValueError for a
    lone surrogate, which is no text.
    """
    return answers.with_(
        person=_named(answers.person),
        signer=_named(answers.signer),
        details=plain(answers.details, most=MOST_DETAILS),
        helper=answers.helper
        and Helper(
            _name(answers.helper.name),
            plain_line(answers.helper.workplace, most=MOST_WORKPLACE),
            plain(answers.helper.address, most=MOST_ADDRESS),
        ),
        office=answers.office
        and Office(
            plain_line(answers.office.name, most=MOST_OFFICE),
            plain(answers.office.address, most=MOST_OFFICE_ADDRESS),
        ),
    )


def plain(text: str, *, most: int) -> str:
    """A text of at most so many characters, of letters, marks, signs and line breaks. Raises ValueError."""
    text.encode()
    text = LINE_BREAKS.sub("\n", text[: most * 4]).replace("\t", " ")
    kept = (one for one in text if one in "\n" + JOINERS or unicodedata.category(one)[0] != "C")
    return unicodedata.normalize("NFC", "".join(kept)).strip()[:most]


def plain_line(text: str, *, most: int) -> str:
    """The same on one line."""
    return " ".join(plain(text, most=most).split())


def _name(name: str) -> str:
    return cut(plain_line(name, most=MOST_NAME_BYTES))


def _named(named: Named | None) -> Named | None:
    return named and Named(_name(named.name), named.number)


def shortened(line: str, *, most: int) -> str:
    """A line of at most so many characters, cut between words where that is possible."""
    if len(line) <= most:
        return line
    kept, _space, _rest = line[:most].rpartition(" ")
    return f"{kept or line[: most - 1]}…"
