"""The key ring: generations of keys, newest first, each with an id.

A generation has an AES-256 key (sealing) and a BLAKE2b key (look-up fingerprints and MACs). New
things are sealed under the newest; older generations open what they sealed until a rotation has
sealed it anew and the generation is taken out of the file.
"""

import base64
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FORMAT = b"\x01"
KEY_ID_BYTES = 4
NONCE_BYTES = 12
KEY_BYTES = 32
EMBEDDED = "embedded"
NO_KEYRING = "The key ring file cannot be read, or is not a key ring (docs/operations.md, Keys)."


class CannotOpen(Exception):
    """Something sealed does not open: its key is gone, it was changed, or it belongs elsewhere."""


@dataclass(frozen=True, repr=False)
class Generation:
    """One generation of keys. `id` is eight hexadecimal digits."""

    id: str
    aes: bytes
    blake: bytes

    @property
    def mark(self) -> str:
        """Twenty digits to know the keys by, which tell nothing of them: to note down and to compare."""
        return blake2b(self.aes + self.blake, digest_size=10, person=b"kpr-keys-mark").hexdigest()


class KeyRing:
    """Seals, opens and fingerprints. The context says what a value is: it opens in no other."""

    def __init__(self, generations: list[Generation]) -> None:
        if not generations:
            msg = "The key ring is empty."
            raise ImproperlyConfigured(msg)
        self._generations = {generation.id: generation for generation in generations}

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of every generation, newest first."""
        return tuple(self._generations)

    @property
    def current(self) -> str:
        """The id of the newest generation."""
        return self.key_ids[0]

    def mark_of(self, key_id: str) -> str | None:
        """The mark of a generation; None where it is not in the ring."""
        generation = self._generations.get(key_id)
        return generation.mark if generation else None

    def seal(self, plaintext: bytes, *, context: str, key_id: str | None = None) -> bytes:
        """Encrypt under the newest generation, unless told (AES-256-GCM, the context authenticated)."""
        generation = self._generations[key_id or self.current]
        nonce = os.urandom(NONCE_BYTES)
        box = AESGCM(generation.aes).encrypt(nonce, plaintext, context.encode())
        return FORMAT + bytes.fromhex(generation.id) + nonce + box

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Decrypt what `seal` made. Raises CannotOpen."""
        sealed = bytes(sealed)
        head = len(FORMAT) + KEY_ID_BYTES
        generation = self._generations.get(self.key_id_of(sealed))
        if sealed[:1] != FORMAT or generation is None:
            msg = "No key in the ring opens this."
            raise CannotOpen(msg)
        nonce, box = sealed[head : head + NONCE_BYTES], sealed[head + NONCE_BYTES :]
        try:
            return AESGCM(generation.aes).decrypt(nonce, box, context.encode())
        except (InvalidTag, ValueError) as error:
            msg = "It was changed, or sealed for another context."
            raise CannotOpen(msg) from error

    @staticmethod
    def key_id_of(sealed: bytes) -> str:
        """The id of the generation that sealed this."""
        return bytes(sealed[len(FORMAT) : len(FORMAT) + KEY_ID_BYTES]).hex()

    def fingerprint(self, value: bytes, *, context: str, key_id: str | None = None) -> bytes:
        """A keyed hash (BLAKE2b, RFC 7693, 32 bytes): equal values are equal, nothing else shows."""
        generation = self._generations[key_id or self.current]
        return blake2b(
            value, key=generation.blake, digest_size=KEY_BYTES, person=_personalization(context)
        ).digest()

    def mac(self, value: bytes, *, context: str) -> tuple[str, bytes]:
        """A key id and a 32-byte proof that this portal made the value."""
        return self.current, self.fingerprint(value, context=f"mac:{context}")

    def verify(self, value: bytes, *, key_id: str, proof: bytes, context: str) -> bool:
        """Whether the proof is this portal's own for the value. An unknown key id is no."""
        if key_id not in self._generations:
            return False
        expected = self.fingerprint(value, context=f"mac:{context}", key_id=key_id)
        return hmac.compare_digest(expected[: len(proof)], proof) and len(proof) >= KEY_ID_BYTES * 2


@lru_cache
def _personalization(context: str) -> bytes:
    """What makes equal values differ from one use to another (RFC 7693 leaves 16 bytes for it)."""
    return blake2b(context.encode(), digest_size=16).digest()


def new_generation() -> dict[str, str]:
    """A fresh generation, as it stands in the key ring file."""
    return {
        "id": secrets.token_hex(KEY_ID_BYTES),
        "aes": base64.b64encode(os.urandom(KEY_BYTES)).decode(),
        "blake": base64.b64encode(os.urandom(KEY_BYTES)).decode(),
    }


def read_keyring(path: Path, *, refuse_embedded: bool) -> KeyRing:
    """The key ring in a file. Raises ImproperlyConfigured with a sentence that says what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(NO_KEYRING) from error
    return parse_keyring(text, refuse_embedded=refuse_embedded)


def parse_keyring(text: str, *, refuse_embedded: bool) -> KeyRing:
    """The key ring in the text of such a file. Raises ImproperlyConfigured likewise."""
    try:
        content = json.loads(text)
        generations = [
            Generation(
                id=g["id"],
                aes=base64.b64decode(g["aes"]),
                blake=base64.b64decode(g["blake"]),
            )
            for g in content["generations"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise ImproperlyConfigured(NO_KEYRING) from error
    if refuse_embedded and content.get("origin") == EMBEDDED:
        msg = "This key ring was made for a demo. Production needs its own (docs/operations.md, Keys)."
        raise ImproperlyConfigured(msg)
    if any(len(g.aes) != KEY_BYTES or len(g.blake) != KEY_BYTES for g in generations):
        msg = "A key in the key ring file has the wrong length."
        raise ImproperlyConfigured(msg)
    return KeyRing(generations)


@lru_cache(maxsize=4)
def _keyring_in(path: str, *, refuse_embedded: bool) -> KeyRing:
    return read_keyring(Path(path), refuse_embedded=refuse_embedded)


def keyring() -> KeyRing:
    """The key ring of this process, read once."""
    if not settings.KEYRING_FILE:
        msg = "KEYRING_FILE is not set: nothing can be sealed or opened (docs/operations.md, Keys)."
        raise ImproperlyConfigured(msg)
    return _keyring_in(settings.KEYRING_FILE, refuse_embedded=settings.PRODUCTION)


def forget_keyring() -> None:
    """Read the file again at the next use: it was changed by this process."""
    _keyring_in.cache_clear()
