"""The content of a form's code: what is written is read to the letter, and nothing else is ever read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpr_portal.ground.keyring import KeyRing, new_generation, parse_keyring
from reservations.postal.answers import MOST_NAME_BYTES
from reservations.postal.bases import PARENT
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
from reservations.postal.code_numbers import BASES, CHOICES, TICKS
from reservations.postal.kinds import RESERVATION
from tests.reservations.postal.contents import fullest


def ring(*generations):
    return parse_keyring(json.dumps({"generations": list(generations)}), refuse_embedded=False)


OLD, NEW = new_generation(), new_generation()
RING: KeyRing = ring(NEW, OLD)

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
numbers = st.from_regex(r"[0-9]{11}", fullmatch=True)


def codes(of, most):
    return st.lists(st.sampled_from(sorted(of)), min_size=1, max_size=most, unique=True).map(",".join)


CODES = {Tag.BASIS: codes(BASES, 1), Tag.CHOICES: codes(CHOICES, 4), Tag.TICKS: codes(TICKS, 2)}
fields = st.fixed_dictionaries(
    {}, optional={tag: CODES.get(tag, numbers if tag in NUMBERS else texts) for tag in Tag}
)
contents = st.builds(FormContent, st.sampled_from(FormKind), st.sampled_from(FormLanguage), fields)
FILLED = FormContent(
    FormKind.RESERVATION,
    FormLanguage.BOKMAL,
    {Tag.PERSON_NAME: "Åse Ærlig-Øvrebø", Tag.PERSON_NUMBER: "00000000191", Tag.CHOICES: "purpose_2+"},
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
    written = proven(body)
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
        FormKind.RESERVATION,
        FormLanguage.BOKMAL,
        {Tag.PERSON_NAME: "Å" * 90, Tag.SIGNER_NAME: "Å" * 90, Tag.REFERENCE: "1"},
    )

    with pytest.raises(ValueError, match="the code takes 199"):
        write(long, prover=RING)


@pytest.mark.parametrize("number", ["1", "1" * 12, "1234567890x", "１２３４５６７８９０１", ""])
def test_number_that_is_not_eleven_digits_is_never_written(number):
    with pytest.raises(ValueError, match="eleven digits"):
        FormContent(FormKind.RESERVATION, FormLanguage.BOKMAL, {Tag.PERSON_NUMBER: number})


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        (Tag.BASIS, "cousin"),
        (Tag.BASIS, "self,parent"),
        (Tag.CHOICES, "purpose_3+"),
        (Tag.CHOICES, "purpose_2"),
        (Tag.CHOICES, "purpose_2+,"),
        (Tag.CHOICES, "purpose_2+,purpose_2+"),
        (Tag.TICKS, "heard,heard"),
        (Tag.TICKS, ""),
        (Tag.PERSON_NAME, ""),
        (Tag.PERSON_NAME, "a" * 256),
        (Tag.PERSON_NAME, "\ud800"),
    ],
)
def test_what_the_format_has_no_bytes_for_is_never_written(tag, text):
    with pytest.raises(ValueError, match=r"has no number|says it twice|is empty|surrogates"):
        FormContent(FormKind.RESERVATION, FormLanguage.BOKMAL, {tag: text})


@pytest.mark.parametrize(
    "body",
    [
        bytes([Tag.PERSON_NAME, 0]),
        bytes([Tag.PERSON_NAME, 1, 0]),
        bytes([Tag.PERSON_NAME, 3, 0]) + b"\xc3\x28",
        bytes([Tag.PERSON_NAME, 3, 17]) + b"\xd8\x00",
        bytes([Tag.PERSON_NAME, 2, 12]) + b"a",
        bytes([Tag.PERSON_NAME, 2, 1]) + b"a",
        bytes([Tag.PERSON_NAME, 3, 0]) + "Å".encode(),
        bytes([Tag.BASIS, 1, 0]),
        bytes([Tag.BASIS, 1, len(BASES) + 1]),
        bytes([Tag.BASIS, 2, 1, 2]),
        bytes([Tag.CHOICES, 2, 1, 1]),
        bytes([Tag.CHOICES, 1, 0xFF]),
        bytes([Tag.TICKS, 0]),
        bytes([Tag.PERSON_NUMBER, 4, 0, 0, 0, 1]),
        bytes([Tag.PERSON_NUMBER, 5]) + (10**11).to_bytes(5, "big"),
    ],
    ids=lambda body: body.hex(),
)
def test_field_that_the_page_of_the_format_does_not_allow_is_malformed_though_proven(body):
    assert refused(proven(body)) is Refused.MALFORMED


def proven(body):
    """A reservation of such fields, with a proof of ours."""
    head = MAGIC + bytes([1, 1, 1, 1])
    key_id, proof = RING.mac(head + body, context="postal.form_code")
    return head + body + bytes.fromhex(key_id) + proof[:PROOF_BYTES]


@pytest.mark.parametrize("name", ["ạ" * (MOST_NAME_BYTES // 2), "x" * MOST_NAME_BYTES])
def test_longest_form_has_room_for_more_choices_and_ticks_to_come(name):
    full = fullest(RESERVATION, PARENT, name=name).content()
    with_all = {Tag.CHOICES: ",".join(CHOICES), Tag.TICKS: ",".join(TICKS)}

    written = write(FormContent(full.kind, full.language, {**full.fields, **with_all}), prover=RING)

    assert len(written) <= MOST_BYTES
