"""What a backup says of itself, and how a wrong or changed one is found.

A backup is a folder with three files: the dump, the key ring (sealed, in clear, or kept apart) and the
manifest, which is written last, so that a backup cut short has none. The manifest carries the checksum of
each file and a proof made with the key ring: only whoever has those keys could have written it. Until the
proof holds, a manifest is a stranger's word, and no name in it is opened.
"""

import base64
import hashlib
import json
import os
import stat
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kpr_portal.ground.backups.errors import BackupRefused
from kpr_portal.ground.keyring import KeyRing

FORMAT = 1
NAME = "manifest.json"
CONTEXT = "backup manifest"
BLOCK = 1 << 20
MOST_BYTES = 4 << 20  # of a manifest, and of a key ring
DUMP, KEYS = "database.sql.gz", "keyring.json"
SEALED = ".sealed"
OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True)
class Manifest:
    """Everything known of a backup without opening it.

    `keys` is "sealed" (with the backup key, as is the dump), "beside" (both in clear) or "apart" (not in the
    backup). `rows` counts each table's rows in the very snapshot that was dumped.
    """

    made_at: str
    server: int
    dumped_with: int
    keys: str
    key_ids: list[str]
    migrations: list[list[str]]
    rows: dict[str, int]
    files: dict[str, dict[str, Any]]
    format: int = FORMAT

    def write(self, folder: Path, *, ring: KeyRing) -> None:
        key_id, proof = ring.mac(self._canonical(), context=CONTEXT)
        signed = {**asdict(self), "proof": {"key_id": key_id, "mac": base64.b64encode(proof).decode()}}
        write_private(folder / NAME, json.dumps(signed, indent=1, sort_keys=True).encode())

    @property
    def expected_files(self) -> list[str]:
        """The names of the files of such a backup, in the order they are written."""
        names = [DUMP] if self.keys == "apart" else [DUMP, KEYS]
        return [name + SEALED if self.keys == "sealed" else name for name in names]

    def check_shape(self) -> None:
        """Raises BackupRefused where it names other files than a backup has, or says what makes no sense."""
        if (
            self.keys not in {"sealed", "beside", "apart"}
            or sorted(self.files) != sorted(self.expected_files)
            or any(set(told) != {"sha256", "bytes"} for told in self.files.values())
            or not all(type(version) is int for version in (self.server, self.dumped_with))
        ):
            msg = f"{NAME} is not that of a backup this portal can read."
            raise BackupRefused(msg)

    def check_proof(self, folder: Path, *, ring: KeyRing) -> None:
        """Raises BackupRefused where the manifest was not written with these keys, or was changed since."""
        try:
            proof = json.loads(read_small(folder / NAME))["proof"]
            genuine = ring.verify(
                self._canonical(),
                key_id=proof["key_id"],
                proof=base64.b64decode(proof["mac"]),
                context=CONTEXT,
            )
        except (KeyError, TypeError, ValueError):
            genuine = False
        if not genuine:
            msg = "The manifest was changed, or made with other keys: this backup is not restored."
            raise BackupRefused(msg)

    def proof_key(self, folder: Path) -> str:
        """The id of the generation that the proof says it is made with; empty where there is none."""
        proof = json.loads(read_small(folder / NAME)).get("proof")
        return str(proof.get("key_id", "")) if isinstance(proof, dict) else ""

    def check_files(self, folder: Path) -> None:
        """Raises BackupRefused where a file is missing or is not the one that was written."""
        for name, told in self.files.items():
            size = plain_file(folder / name).st_size
            if size != told["bytes"] or describe(folder / name) != told:
                msg = f"{name} is not the file that was backed up: its checksum differs."
                raise BackupRefused(msg)

    def _canonical(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the backup in this folder. Raises BackupRefused."""
    try:
        content = json.loads(read_small(folder / NAME))
        content.pop("proof", None)
        if content.get("format") != FORMAT:
            raise ValueError
        told = Manifest(**content)
        told.check_shape()
    except OSError as error:
        msg = f"{folder} holds no finished backup: there is no {NAME} in it."
        raise BackupRefused(msg) from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        msg = f"{NAME} is not that of a backup this portal can read."
        raise BackupRefused(msg) from error
    return told


def check_folder(folder: Path) -> None:
    """Raises BackupRefused where others could change the backup between the check and the restore."""
    for place in (folder, *(folder.iterdir() if folder.is_dir() else ())):
        if not place.is_symlink() and place.stat().st_mode & OTHERS_MAY_WRITE:
            msg = f"{place.name} can be written by others: take that away from them (chmod go-w) first."
            raise BackupRefused(msg)


def plain_file(file: Path) -> os.stat_result:
    """A file of a backup, as it is: no link, device or folder. Raises BackupRefused."""
    try:
        found = file.lstat()
    except OSError as error:
        msg = f"{file.name} is missing from the backup."
        raise BackupRefused(msg) from error
    if not stat.S_ISREG(found.st_mode):
        msg = f"{file.name} is no plain file: a backup holds no links."
        raise BackupRefused(msg)
    return found


def read_small(file: Path) -> bytes:
    """The content of a manifest or a key ring. Raises BackupRefused and OSError."""
    if file.lstat() and plain_file(file).st_size > MOST_BYTES:
        msg = f"{file.name} is far larger than that of any backup."
        raise BackupRefused(msg)
    return file.read_bytes()


def describe(file: Path) -> dict[str, Any]:
    """A file's checksum and size."""
    digest, size = hashlib.sha256(), 0
    with file.open("rb") as opened:
        while block := opened.read(BLOCK):
            digest.update(block)
            size += len(block)
    return {"sha256": digest.hexdigest(), "bytes": size}


def write_private(file: Path, content: bytes) -> None:
    """Write a new file that its owner alone may read."""
    with open(file, "xb", opener=private_opener) as opened:
        opened.write(content)


def private_opener(path: str, flags: int) -> int:
    """For `open`: the file is its owner's alone from the first moment."""
    return os.open(path, flags, 0o600)
