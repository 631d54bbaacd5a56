import base64
import json

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from kpr_portal.ground.keyring import CannotOpen, Generation, KeyRing, new_generation, read_keyring


def generation(seed: int) -> Generation:
    return Generation(id=f"{seed:08x}", aes=bytes([seed]) * 32, blake=bytes([seed + 1]) * 32)


OLD, NEW = generation(1), generation(7)


@given(st.binary(max_size=200), st.text(max_size=30))
def test_sealed_value_opens_in_its_own_context(plaintext, context):
    ring = KeyRing([NEW])

    assert ring.open(ring.seal(plaintext, context=context), context=context) == plaintext


def test_sealed_value_never_opens_in_another_context():
    ring = KeyRing([NEW])

    with pytest.raises(CannotOpen):
        ring.open(ring.seal(b"value", context="a"), context="b")


def test_old_generation_opens_and_new_one_seals():
    ring = KeyRing([NEW, OLD])
    sealed_before = KeyRing([OLD]).seal(b"value", context="c")

    assert ring.open(sealed_before, context="c") == b"value"
    assert ring.key_id_of(ring.seal(b"value", context="c")) == NEW.id
    assert (ring.current, ring.key_ids) == (NEW.id, (NEW.id, OLD.id))


def test_retired_generation_opens_nothing():
    sealed_before = KeyRing([OLD]).seal(b"value", context="c")

    with pytest.raises(CannotOpen):
        KeyRing([NEW]).open(sealed_before, context="c")


@given(st.integers(min_value=0))
def test_changed_ciphertext_never_opens(position):
    ring = KeyRing([NEW])
    sealed = bytearray(ring.seal(b"a value of some length", context="c"))
    sealed[position % len(sealed)] ^= 1

    with pytest.raises(CannotOpen):
        ring.open(bytes(sealed), context="c")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01abcd", b"\x01" + bytes.fromhex(NEW.id) + b"short"])
def test_malformed_ciphertext_is_refused(sealed):
    with pytest.raises(CannotOpen):
        KeyRing([NEW]).open(sealed, context="c")


def test_fingerprint_depends_on_value_context_and_key():
    ring = KeyRing([NEW, OLD])
    fingerprints = {
        ring.fingerprint(b"value", context="a"),
        ring.fingerprint(b"other", context="a"),
        ring.fingerprint(b"value", context="b"),
        ring.fingerprint(b"value", context="a", key_id=OLD.id),
    }

    assert len(fingerprints) == 4
    assert ring.fingerprint(b"value", context="a") == ring.fingerprint(b"value", context="a")


def test_mac_is_verified_under_the_key_that_made_it():
    made_before, proof = KeyRing([OLD]).mac(b"value", context="form")
    ring = KeyRing([NEW, OLD])

    assert ring.verify(b"value", key_id=made_before, proof=proof, context="form")
    assert not ring.verify(b"valuE", key_id=made_before, proof=proof, context="form")
    assert not ring.verify(b"value", key_id="ffffffff", proof=proof, context="form")
    assert not ring.verify(b"value", key_id=made_before, proof=b"", context="form")


def write(path, **content):
    path.write_text(json.dumps(content))
    return path


def test_keyring_file_of_a_demo_is_refused_in_production(tmp_path):
    path = write(tmp_path / "k.json", origin="embedded", generations=[new_generation()])

    with pytest.raises(ImproperlyConfigured, match="made for a demo"):
        read_keyring(path, refuse_embedded=True)

    assert len(read_keyring(path, refuse_embedded=False).key_ids) == 1


@pytest.mark.parametrize(
    "generations",
    [
        [],
        [{"id": "00000001", "aes": base64.b64encode(b"short").decode(), "blake": "AA=="}],
        [{"id": "00000001"}],
        "nonsense",
    ],
)
def test_broken_keyring_file_is_refused_with_a_sentence(tmp_path, generations):
    path = write(tmp_path / "k.json", generations=generations)

    with pytest.raises(ImproperlyConfigured, match=r"key"):
        read_keyring(path, refuse_embedded=False)
