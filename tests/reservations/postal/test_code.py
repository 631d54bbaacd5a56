"""The content of a form's code: what is written is read to the letter, and nothing else is ever read."""

import json
import re
from base64 import b64encode
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from kpr_portal.ground.keyring import KeyRing, new_generation, parse_keyring
from reservations.postal.code import (
    HEAD_BYTES,
    KEY_ID_BYTES,
    MAGIC,
    MOST_BYTES,
    NUMBERS,
    PROOF_BYTES,
    CodeRefused,
    FormContent,
    FormKind,
    FormLanguage,
    Refused,
    Tag,
    read,
    write,
)


def ring(*generations):

    return parse_keyring(json.dumps({"generations": list(generations)}), refuse_embedded=False)


OLD, NEW = new_generation(), new_generation()
RING: KeyRing = ring(NEW, OLD)

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
numbers = st.from_regex(r"[0-9]{11}", fullmatch=True)
fields = st.fixed_dictionaries({}, optional={tag: numbers if tag in NUMBERS else texts for tag in Tag})
contents = st.builds(FormContent, st.sampled_from(FormKind), st.sampled_from(FormLanguage), fields)
FILLED = FormContent(
    FormKind.RESERVATION,
    FormLanguage.BOKMAL,
    {Tag.PERSON_NAME: "Åse Ærlig-Øvrebø", Tag.PERSON_NUMBER: "00000000191", Tag.CHOICES: "R1+"},
)


def outcome(written):
    """What reading gives: the content, or the reason why there is none."""
    try:
        return read(written, prover=RING)
    except CodeRefused as error:
        return error.reason


def refused(written, prover=RING):
    with pytest.raises(CodeRefused) as error:
        read(written, prover=prover)
    return error.value.reason


@given(contents)
def test_what_is_written_is_read_to_the_letter(content):
    assert read(write(content, prover=RING), prover=RING) == content


def test_leading_zeros_of_a_number_are_kept():
    assert read(write(FILLED, prover=RING), prover=RING).fields[Tag.PERSON_NUMBER] == "00000000191"


@pytest.mark.parametrize("language", FormLanguage)
def test_blank_form_says_only_kind_version_and_language(language):
    blank = FormContent(FormKind.INSIGHT, language)

    assert write(blank, prover=RING) == b"KP" + bytes([1, 2, language, 0])
    assert read(write(blank, prover=RING), prover=RING) == blank


@given(contents.filter(lambda content: not content.is_blank), st.data())
def test_one_changed_byte_is_always_found(content, data):
    written = bytearray(write(content, prover=RING))
    at = data.draw(st.integers(0, len(written) - 1))
    written[at] ^= data.draw(st.integers(1, 255))

    refused(bytes(written))


@given(st.binary(max_size=400))
def test_other_bytes_are_refused_with_a_reason_and_never_fail(written):
    found = outcome(written)

    assert isinstance(found, Refused) or (found.is_blank and written.startswith(MAGIC))


@given(st.binary(max_size=280))
def test_bytes_that_carry_our_own_proof_are_still_read_with_care(body):
    """Proof is no parser: even what a key of ours has signed is refused where it is not a content."""
    head = MAGIC + bytes([1, 1, 1, 1])
    key_id, proof = RING.mac(head + body, context="postal.form_code")
    written = head + body + bytes.fromhex(key_id) + proof[:PROOF_BYTES]
    found = outcome(written)

    refusals = (Refused.MALFORMED, Refused.OVERSIZED)
    assert found in refusals if isinstance(found, Refused) else write(found, prover=RING) == written


def test_older_key_in_the_ring_still_proves():
    written = write(FILLED, prover=ring(OLD))

    assert read(written, prover=RING) == FILLED


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda w: b"", Refused.NOT_OURS),
        (lambda w: b"XX" + w[2:], Refused.NOT_OURS),
        (lambda w: b"KP" + bytes([2]) + w[3:], Refused.UNKNOWN_VERSION),
        (lambda w: w + b"\0" * MOST_BYTES, Refused.OVERSIZED),
        (lambda w: w[:5], Refused.MALFORMED),
        (lambda w: w[:HEAD_BYTES], Refused.MALFORMED),
        (lambda w: w[:5] + b"\x03" + w[6:], Refused.MALFORMED),
        (lambda w: w[:5] + b"\x00" + w[6:], Refused.MALFORMED),
        (lambda w: w[:-1] + bytes([w[-1] ^ 1]), Refused.CHANGED),
        (lambda w: w[: -PROOF_BYTES - KEY_ID_BYTES] + b"\0\0\0\0" + w[-PROOF_BYTES:], Refused.UNKNOWN_KEY),
    ],
)
def test_each_fault_has_its_own_reason(change, reason):
    assert refused(change(write(FILLED, prover=RING))) is reason


def test_another_installations_form_is_not_ours():
    assert refused(write(FILLED, prover=ring(new_generation()))) is Refused.UNKNOWN_KEY


def test_too_much_is_refused_before_it_is_drawn():
    long = FormContent(
        FormKind.RESERVATION, FormLanguage.BOKMAL, {tag: "Å" * 60 for tag in Tag if tag not in NUMBERS}
    )

    with pytest.raises(ValueError, match="the code takes 300"):
        write(long, prover=RING)


@pytest.mark.parametrize("number", ["1", "1" * 12, "1234567890x", "１２３４５６７８９０１", ""])
def test_number_that_is_not_eleven_digits_is_never_written(number):
    with pytest.raises(ValueError, match="eleven digits"):
        FormContent(FormKind.RESERVATION, FormLanguage.BOKMAL, {Tag.PERSON_NUMBER: number})


def test_two_of_the_longest_names_fit():
    """With numbers, basis, choices and ticks, and a reference: what a full form holds."""
    full = FormContent(
        FormKind.RESERVATION,
        FormLanguage.ENGLISH,
        {
            Tag.PERSON_NAME: "Ø" * 40,
            Tag.PERSON_NUMBER: "9" * 11,
            Tag.SIGNER_NAME: "Å" * 40,
            Tag.SIGNER_NUMBER: "9" * 11,
            Tag.BASIS: "child_welfare",
            Tag.CHOICES: "R1+,R2-",
            Tag.TICKS: "heard,alone",
            Tag.REFERENCE: "KPR-7F3K-94MX",
        },
    )

    assert len(write(full, prover=RING)) <= MOST_BYTES


VECTOR = re.compile(r"\| kind (\d), language (\d)(?:, blank|; (.*?)) \| `([0-9a-f]+)` \|")
VECTORS = VECTOR.findall((Path(settings.BASE_DIR) / "docs" / "form-code.md").read_text(encoding="utf-8"))


def test_page_of_the_format_has_vectors():
    assert len(VECTORS) == 3


@pytest.mark.parametrize(("kind", "language", "listed", "written"), VECTORS)
def test_vectors_of_the_page_are_written_and_read(kind, language, listed, written):
    told = ring(
        {
            "id": "00c0ffee",
            "aes": b64encode(bytes(32)).decode(),
            "blake": b64encode(bytes(range(32))).decode(),
        }
    )
    parts = [part.split(" ", 1) for part in listed.split("; ")] if listed else []
    content = FormContent(
        FormKind(int(kind)), FormLanguage(int(language)), {Tag(int(tag)): text for tag, text in parts}
    )

    assert write(content, prover=told).hex() == written
    assert read(bytes.fromhex(written), prover=told) == content
