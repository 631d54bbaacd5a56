"""Files sealed for one reader. Whoever writes them needs the reader's public key alone.

A fresh key is sealed by HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM). The content follows under it in
chunks (AES-256-GCM); a chunk's nonce is its number and a mark on the last one, so that no chunk can be left
out, moved, added or cut off unnoticed. The context tells what a file is: it opens as nothing else.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from kpr_portal.ground.backups.errors import BackupRefused

MAGIC = b"KPR sealed 1\n"
CHUNK_BYTES = 1 << 20
TAG_BYTES = 16
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
SEALED_KEY_BYTES = 32 + 32 + TAG_BYTES


def new_key_pair() -> tuple[bytes, bytes]:
    """A private key and its public key, as PEM."""
    private = X25519PrivateKey.generate()
    return (
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )


def read_public_key(file: Path) -> X25519PublicKey:
    """The public key in a PEM file, which may hold the private one instead. Raises BackupRefused."""
    content = _content(file)
    try:
        key = (
            load_pem_private_key(content, password=None).public_key()
            if b"PRIVATE KEY" in content
            else load_pem_public_key(content)
        )
    except (ValueError, TypeError) as error:
        raise BackupRefused(_not_a_key(file)) from error
    if not isinstance(key, X25519PublicKey):
        raise BackupRefused(_not_a_key(file))
    return key


def read_private_key(file: Path) -> X25519PrivateKey:
    """The private key in a PEM file. Raises BackupRefused."""
    content = _content(file)
    if b"PUBLIC KEY" in content:
        msg = f"{file.name} is the public half: restoring needs the private backup key (docs/operations.md)."
        raise BackupRefused(msg)
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError) as error:
        raise BackupRefused(_not_a_key(file)) from error
    if not isinstance(key, X25519PrivateKey):
        raise BackupRefused(_not_a_key(file))
    return key


def seal(source: Iterable[bytes], *, reader: X25519PublicKey, context: str) -> Iterator[bytes]:
    """The sealed file, piece by piece."""
    key = os.urandom(32)
    yield MAGIC + SUITE.encrypt(key, reader, info=context.encode())
    box = AESGCM(key)
    number, waiting = 0, bytearray()
    for piece in source:
        waiting += piece
        while len(waiting) > CHUNK_BYTES:  # the last chunk, full or not, is held back for its mark
            yield box.encrypt(_nonce(number, last=False), bytes(waiting[:CHUNK_BYTES]), None)
            del waiting[:CHUNK_BYTES]
            number += 1
    yield box.encrypt(_nonce(number, last=True), bytes(waiting), None)


def open_sealed(file: BinaryIO, *, reader: X25519PrivateKey, context: str) -> Iterator[bytes]:
    """The content, piece by piece. Raises BackupRefused at the first piece that is not what was sealed."""
    head = file.read(len(MAGIC) + SEALED_KEY_BYTES)
    try:
        if not head.startswith(MAGIC):
            raise InvalidTag
        box = AESGCM(SUITE.decrypt(head[len(MAGIC) :], reader, info=context.encode()))
        number, chunk = 0, file.read(CHUNK_BYTES + TAG_BYTES)
        while True:
            following = file.read(CHUNK_BYTES + TAG_BYTES)
            yield box.decrypt(_nonce(number, last=not following), chunk, None)
            if not following:
                return
            number, chunk = number + 1, following
    except (InvalidTag, ValueError) as error:
        msg = "The backup key does not open this file: it is another key's, or the file was changed."
        raise BackupRefused(msg) from error


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        msg = f"The backup key {file.name} cannot be read."
        raise BackupRefused(msg) from error


def _not_a_key(file: Path) -> str:
    return f"{file.name} is no backup key: make one with `manage.py keys backup-key FILE`."
