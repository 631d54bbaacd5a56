"""The environment of a production that is whole: secrets of its own, servers as given."""

import json
import os
import secrets
from pathlib import Path

from kpr_portal.embedded.idporten import new_jwk
from kpr_portal.ground.keyring import new_generation

LOGINS = {"DATABASE_URL": "kpr_web", "OWNER_DATABASE_URL": "kpr_owner", "KEEPER_DATABASE_URL": "kpr_keeper"}


def production_environment(folder: Path, *, servers: dict[str, str] | None = None) -> dict[str, str]:
    """All that production reads, with files in `folder`; without `servers` it names none that answers."""
    (folder / "keyring.json").write_text(json.dumps({"generations": [new_generation()]}))
    (folder / "client.jwk").write_text(json.dumps(new_jwk()))
    nowhere = {name: f"postgresql://{login}:x@127.0.0.1:1/kpr" for name, login in LOGINS.items()}
    given = {name: value for name, value in (servers or {}).items() if name in {*LOGINS, "REDIS_URL"}}
    return {
        "PATH": os.environ["PATH"],
        "ENVIRONMENT": "production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "KEYRING_FILE": str(folder / "keyring.json"),
        "IDPORTEN_CLIENT_JWK_FILE": str(folder / "client.jwk"),
        "STAFF_CLIENT_JWK_FILE": str(folder / "client.jwk"),
        "PUBLIC_URL": "https://kpr.example.no",
        "ALLOWED_HOSTS": "kpr.example.no",
        "REDIS_URL": "redis://:x@127.0.0.1:1/0",
        **nowhere,
        **given,
    }
