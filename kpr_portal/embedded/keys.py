"""Passwords and keys of the embedded default: made once, in DATA_DIR/keys, readable by their owner alone."""

import base64
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from kpr_portal.embedded.places import Places, write_private

PASSWORDS = ("postgres", "kpr_owner", "kpr_web", "kpr_keeper", "valkey", "supervisor", "secret_key")


@dataclass(frozen=True)
class Keys:
    """The secrets of one DATA_DIR."""

    passwords: dict[str, str]
    keyring_file: Path

    def __repr__(self) -> str:
        return "Keys(******)"


def have_keys(places: Places) -> Keys:
    """The secrets of this DATA_DIR; what is missing is made. The caller holds the start lock."""
    file = places.keys / "passwords.json"
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    passwords = {name: known.get(name) or secrets.token_hex(24) for name in PASSWORDS}
    if passwords != known:
        write_private(file, json.dumps(passwords, indent=1))
    keyring = places.keys / "keyring.json"
    if not keyring.exists():
        write_private(
            keyring,
            json.dumps({"origin": "embedded", "generations": [new_generation()]}, indent=1),
        )
    return Keys(passwords=passwords, keyring_file=keyring)


def new_generation() -> dict[str, str]:
    """One generation of keys as the key ring's file holds it."""
    return {
        "id": secrets.token_hex(4),
        "aes": base64.b64encode(secrets.token_bytes(32)).decode(),
        "blake": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
