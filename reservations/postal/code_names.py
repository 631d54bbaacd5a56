"""How a name is written in a form's code: in the character set that takes fewest bytes for it.

A code of fewer bytes has larger modules, and is read more often. In UTF-8 a name of Cyrillic or Arabic letters takes
twice as many bytes as it has letters, and an Å two; in the part of ISO 8859 that has these letters, one each. Which
set it is, stands before the name as one byte. A new set would make another one of names that are on paper already,
so it is a new version of the code. Pure. docs/form-code.md lists the sets for others.
"""

from __future__ import annotations

from collections.abc import Mapping

# The number is the part of ISO 8859, of which the twelfth was never made.
CHARACTER_SETS: Mapping[int, str] = {
    0: "UTF-8",
    **{part: f"ISO8859-{part}" for part in range(1, 17) if part != 12},  # noqa: PLR2004 -- as said
    17: "UTF-16BE",
}


def write_name(name: str) -> bytes:
    """The number of the set and the name in it: of the sets that are shortest, the first of the list.

    Raises ValueError for no name, and for half a character (a lone surrogate), which no set has.
    """
    if not name:
        msg = "A name is empty."
        raise ValueError(msg)
    name.encode()  # says what is wrong with half a character
    written = [bytes([number]) + found for number, found in _in_each_set(name)]
    return min(written, key=len)


def read_name(written: bytes) -> str:
    """The name that `write_name` wrote. Raises ValueError for any other bytes."""
    charset = CHARACTER_SETS.get(written[0]) if written else None
    if charset is None:
        msg = "A name is in no character set that we know."
        raise ValueError(msg)
    name = written[1:].decode(charset)
    if write_name(name) != written:
        msg = "A name is written otherwise than we write it."
        raise ValueError(msg)
    return name


def name_bytes(name: str) -> int:
    """How many bytes of the code a name takes, but for the one that says the set."""
    return len(write_name(name)) - 1


def _in_each_set(name: str) -> list[tuple[int, bytes]]:
    written = []
    for number, charset in CHARACTER_SETS.items():
        try:
            written.append((number, name.encode(charset)))
        except UnicodeEncodeError:
            continue
    return written
