"""The reference of a receipt, KPR-7F3K-94MJ: short enough to say on the telephone, and hard to say wrong.

No letter or digit that is taken for another (0 O, 1 I, 2 Z, 5 S, 8 B, U) and no A or E, so that no word
comes up. Seven random characters, about 3.4 thousand million references, and a check character.
"""

import secrets
from collections.abc import Callable

ALPHABET = "34679CDFGHJKMNPQRTVWXYL"
PREFIX = "KPR"
RANDOM = 7
HALF = 4


def new_reference() -> str:
    """A reference nobody can guess from another. The register holds that none is given twice."""
    chosen = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return _written(chosen + _check(chosen))


def free_reference(is_taken: Callable[[str], bool]) -> str:
    """A reference not given yet, where `is_taken` says so; the table's own constraint stands behind it."""
    while is_taken(reference := new_reference()):
        continue
    return reference


def is_reference(text: str) -> bool:
    """Whether this is a reference without a slip: one wrong or two swapped characters are always seen."""
    return read_reference(text) is not None


def read_reference(text: str) -> str | None:
    """The reference as we write it, however somebody typed it; None where it has a slip, or is none."""
    characters = "".join(text.upper().replace("-", " ").split()).removeprefix(PREFIX)
    if len(characters) != RANDOM + 1 or not set(characters) <= set(ALPHABET):
        return None
    return _written(characters) if characters[-1] == _check(characters[:-1]) else None


def _check(characters: str) -> str:
    """A weighted sum in the field of the alphabet's size, which is a prime: hence the promise above."""
    total = sum(weight * ALPHABET.index(each) for weight, each in enumerate(characters, start=1))
    return ALPHABET[total % len(ALPHABET)]


def _written(characters: str) -> str:
    return f"{PREFIX}-{characters[:HALF]}-{characters[HALF:]}"
