"""What the 2D code of a form says: a compact, versioned content that proves that we wrote it.

The form carries its own data, so that a caseworker need not retype it. This is the content alone, as bytes; it
is drawn and read elsewhere. Pure: nothing here reads a table, a setting or a clock, and the key ring is given.
docs/form-code.md describes the format for others, with test vectors; a test holds both to each other.

    magic "KP" | version | form kind | language | flags | field ... | key id (4 bytes) | proof (16 bytes)

A field is a tag, a length and so many bytes; a basis, a choice and a tick are one byte each (`code_numbers`), and a
name is written in the character set that takes fewest (`code_names`). A blank form's content ends after the flags:
kind, version and language, and no proof, since it says nothing. No address, telephone number or web address has a tag.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Protocol

from reservations.postal.code_names import read_name, write_name
from reservations.postal.code_numbers import BASES, CHOICES, TICKS

MAGIC = b"KP"
VERSION = 1
MOST_BYTES = (
    199  # drawn in modules of 0.71 mm or more: of finer ones too few are read through coffee and a fold
)
HEAD_BYTES = len(MAGIC) + 4
KEY_ID_BYTES = 4
PROOF_BYTES = 16
CONTEXT = "postal.form_code"
FILLED = 0b0000_0001
KNOWN_FLAGS = FILLED
NUMBER_BYTES = 5  # eleven digits as one number: less than 2 ** 37


class FormKind(IntEnum):
    """What a form asks for."""

    RESERVATION = 1
    INSIGHT = 2
    HELPER_INSIGHT = 3  # a helper sees once
    RETENTION_LIMIT = 4
    ERASE_OR_BLOCK = 5


class FormLanguage(IntEnum):
    """The language of a form, and of the answer where nothing else is said."""

    BOKMAL = 1
    NYNORSK = 2
    ENGLISH = 3


class Tag(IntEnum):
    """What a field is. A new one takes the next number; none is ever used again for another thing."""

    PERSON_NAME = 1
    PERSON_NUMBER = 2
    SIGNER_NAME = 3
    SIGNER_NUMBER = 4
    BASIS = 5
    CHOICES = 6
    TICKS = 7
    REFERENCE = 8


NAMES = frozenset({Tag.PERSON_NAME, Tag.SIGNER_NAME})
NUMBERS = frozenset({Tag.PERSON_NUMBER, Tag.SIGNER_NUMBER})
CODED: Mapping[Tag, Mapping[str, int]] = {Tag.BASIS: BASES, Tag.CHOICES: CHOICES, Tag.TICKS: TICKS}


class Refused(StrEnum):
    """Why bytes, or a picture of them, are no content of ours: each with its own reason, for the caseworker."""

    NOT_OURS = "not_ours"  # another code than of a form
    OVERSIZED = "oversized"
    UNKNOWN_VERSION = "unknown_version"
    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown_key"  # made by a key that is retired, or by another installation
    CHANGED = "changed"  # the proof does not fit: changed, or never ours
    NO_CODE = "no_code"  # on the picture
    SEVERAL = "several"  # different contents on one picture
    NO_PICTURE = "no_picture"
    PICTURE_TOO_LARGE = "picture_too_large"


class CodeRefused(ValueError):
    """These bytes are not read; `reason` says why. Holds nothing of them."""

    def __init__(self, reason: Refused) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Prover(Protocol):
    """The part of the key ring that proves (`kpr_portal.ground.keyring.KeyRing`)."""

    @property
    def key_ids(self) -> tuple[str, ...]: ...

    def mac(self, value: bytes, *, context: str) -> tuple[str, bytes]: ...

    def verify(self, value: bytes, *, key_id: str, proof: bytes, context: str) -> bool: ...


@dataclass(frozen=True, repr=False)
class FormContent:
    """What a form's code says. Numbers are eleven digits, names and the reference as printed.

    Basis, choices and ticks are codes of `code_numbers`, parted by commas where there are several, each once.
    `is_blank` is a form that nobody has filled in: it has no fields. Raises ValueError for what cannot be written.
    """

    kind: FormKind
    language: FormLanguage
    fields: Mapping[Tag, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for tag, text in self.fields.items():
            if not 0 < len(_value(tag, text)) <= 255:  # noqa: PLR2004 -- a byte
                msg = "A field is empty, or longer than a length byte can say."
                raise ValueError(msg)

    @property
    def is_blank(self) -> bool:
        """Whether nobody has filled it in."""
        return not self.fields


def write(content: FormContent, *, prover: Prover) -> bytes:
    """The bytes of a content. Raises ValueError where they would be more than MOST_BYTES."""
    flags = 0 if content.is_blank else FILLED
    head = MAGIC + bytes([VERSION, content.kind, content.language, flags])
    if content.is_blank:
        return head
    body = b"".join(_field(tag, content.fields[tag]) for tag in sorted(content.fields))
    key_id, proof = prover.mac(head + body, context=CONTEXT)
    written = head + body + bytes.fromhex(key_id) + proof[:PROOF_BYTES]
    if len(written) > MOST_BYTES:
        msg = f"The content is {len(written)} bytes; the code takes {MOST_BYTES}."
        raise ValueError(msg)
    return written


def read(written: bytes, *, prover: Prover) -> FormContent:
    """The content of bytes that `write` made, to the letter. Raises CodeRefused for all others."""
    if len(written) > MOST_BYTES:
        raise CodeRefused(Refused.OVERSIZED)
    if written[: len(MAGIC)] != MAGIC:
        raise CodeRefused(Refused.NOT_OURS)
    if len(written) < HEAD_BYTES:
        raise CodeRefused(Refused.MALFORMED)
    version, kind, language, flags = written[len(MAGIC) : HEAD_BYTES]
    if version != VERSION:
        raise CodeRefused(Refused.UNKNOWN_VERSION)
    if flags & ~KNOWN_FLAGS:
        raise CodeRefused(Refused.MALFORMED)
    fields = _fields(_proven(written, prover=prover)) if flags & FILLED else {}
    if not flags & FILLED and len(written) != HEAD_BYTES:
        raise CodeRefused(Refused.MALFORMED)
    try:
        content = FormContent(FormKind(kind), FormLanguage(language), fields)
    except ValueError as error:
        raise CodeRefused(Refused.MALFORMED) from error
    if flags & FILLED and content.is_blank:
        raise CodeRefused(Refused.MALFORMED)
    return content


def _proven(written: bytes, *, prover: Prover) -> bytes:
    """The fields' bytes, once the proof over all that stands before it holds."""
    end = len(written) - KEY_ID_BYTES - PROOF_BYTES
    if end < HEAD_BYTES:
        raise CodeRefused(Refused.MALFORMED)
    key_id = written[end : end + KEY_ID_BYTES].hex()
    if key_id not in prover.key_ids:
        raise CodeRefused(Refused.UNKNOWN_KEY)
    if not prover.verify(written[:end], key_id=key_id, proof=written[end + KEY_ID_BYTES :], context=CONTEXT):
        raise CodeRefused(Refused.CHANGED)
    return written[HEAD_BYTES:end]


def _field(tag: Tag, text: str) -> bytes:
    value = _value(tag, text)
    return bytes([tag, len(value)]) + value


def _value(tag: Tag, text: str) -> bytes:
    """How a field is written. Raises ValueError, which says nothing of a name or a number."""
    if tag in NUMBERS:
        if len(text) != 11 or not (text.isascii() and text.isdigit()):  # noqa: PLR2004 -- its length
            msg = f"{tag.name} is not eleven digits."
            raise ValueError(msg)
        return int(text).to_bytes(NUMBER_BYTES, "big")
    if tag in NAMES:
        return write_name(text)
    return _coded(tag, text.split(",")) if tag in CODED else text.encode()


def _coded(tag: Tag, codes: list[str]) -> bytes:
    known = CODED[tag]
    unknown = [code for code in codes if code not in known]
    if unknown or len(set(codes)) < len(codes) or (tag is Tag.BASIS and len(codes) > 1):
        msg = (
            f"{tag.name} has no number for {', '.join(unknown)}." if unknown else f"{tag.name} says it twice."
        )
        raise ValueError(msg)
    return bytes(known[code] for code in codes)


def _text(tag: Tag, value: bytes) -> str:
    """What `_value` wrote, or something near it. Raises ValueError where it cannot have been written at all."""
    if tag in NUMBERS:
        return f"{int.from_bytes(value, 'big'):011}"
    if tag in NAMES:
        return read_name(value)
    if tag not in CODED:
        return value.decode()
    codes = {number: code for code, number in CODED[tag].items()}
    if not codes.keys() >= set(value):
        msg = f"{tag.name} has a number that is nobody's."
        raise ValueError(msg)
    return ",".join(codes[number] for number in value)


def _fields(body: bytes) -> dict[Tag, str]:
    """Each field once, in the order of its tags, as `write` puts them."""
    found: dict[Tag, str] = {}
    for number, value in _parts(body):
        try:
            tag = Tag(number)
            text = _text(tag, value)
        except ValueError as error:
            raise CodeRefused(Refused.MALFORMED) from error
        wrong_number = tag in NUMBERS and len(value) != NUMBER_BYTES
        if wrong_number or (found and tag <= max(found)):
            raise CodeRefused(Refused.MALFORMED)
        found[tag] = text
    return found


def _parts(body: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(body):
        if at + 2 > len(body) or at + 2 + body[at + 1] > len(body):
            raise CodeRefused(Refused.MALFORMED)
        tag, length = body[at], body[at + 1]
        yield tag, body[at + 2 : at + 2 + length]
        at += 2 + length
