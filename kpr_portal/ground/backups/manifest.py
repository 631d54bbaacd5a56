"""What a backup says of itself, and how a wrong or changed one is found.

A backup is a folder with three files: the dump, the key ring (sealed, in clear, or kept apart) and the
manifest, which is written last, so that a backup cut short has none. The manifest carries the checksum of
each file and a proof made with the key ring: only this portal could have written it.
"""

import base64
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kpr_portal.ground.backups.errors import BackupRefused
from kpr_portal.ground.keyring import KeyRing

FORMAT = 1
NAME = "manifest.json"
CONTEXT = "backup manifest"
BLOCK = 1 << 20


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

    def check_proof(self, folder: Path, *, ring: KeyRing) -> None:
        """Raises BackupRefused where the manifest was not written with these keys, or was changed since."""
        try:
            proof = json.loads((folder / NAME).read_bytes())["proof"]
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

    def check_files(self, folder: Path) -> None:
        """Raises BackupRefused where a file is missing or is not the one that was written."""
        for name, told in self.files.items():
            file = folder / name
            if not file.is_file():
                msg = f"{name} is missing from the backup."
                raise BackupRefused(msg)
            if describe(file) != told:
                msg = f"{name} is not the file that was backed up: its checksum differs."
                raise BackupRefused(msg)

    def _canonical(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the backup in this folder. Raises BackupRefused."""
    try:
        content = json.loads((folder / NAME).read_bytes())
        content.pop("proof", None)
        if content.get("format") != FORMAT:
            raise ValueError
        return Manifest(**content)
    except OSError as error:
        msg = f"{folder} holds no finished backup: there is no {NAME} in it."
        raise BackupRefused(msg) from error
    except (ValueError, TypeError, AttributeError) as error:
        msg = f"{NAME} is not that of a backup this portal can read."
        raise BackupRefused(msg) from error


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
