"""Our own key at the provider: how the portal proves who it is (private_key_jwt, RFC 7523).

The file holds one private JWK, or a JWK set whose first key is used. It is read again when it changes, so a
key is rotated by replacing the file (`manage.py client_keys`, docs/id-porten.md).
"""

import json
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ImproperlyConfigured
from jwt.algorithms import RSAAlgorithm

LIFETIME = timedelta(seconds=60)
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384")
PRIVATE_PART = "d"
RSA_BITS = 3_072
# What the issuer is given of a key, and nothing else.
PUBLIC_PARTS = ("kty", "n", "e", "kid", "alg", "use")


@dataclass(frozen=True, repr=False)
class ClientKey:
    """A private key, its algorithm, and the headers by which the provider finds its public half."""

    key: Any
    algorithm: str
    headers: dict[str, Any]


def client_assertion(*, key_file: str, client_id: str, audience: str, at: datetime) -> str:
    """A fresh, signed statement that we are this client, for one call. `audience` is the issuer."""
    ours = client_key(key_file)
    statement = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": str(uuid.uuid4()),
        "iat": int(at.timestamp()),
        "exp": int((at + LIFETIME).timestamp()),
    }
    return jwt.encode(statement, ours.key, algorithm=ours.algorithm, headers=ours.headers)


def new_client_jwk(*, at: datetime) -> dict[str, Any]:
    """A private RSA key for RS256 as a JWK. Its `iat` says when it was made."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    jwk = RSAAlgorithm.to_jwk(key, as_dict=True)
    del jwk["key_ops"]
    made = int(at.timestamp())
    return {
        **jwk,
        "kid": f"kpr-{at.date()}-{secrets.token_hex(4)}",
        "alg": "RS256",
        "use": "sig",
        "iat": made,
    }


def public_part(jwk: dict[str, Any]) -> dict[str, Any]:
    """What is registered at the issuer."""
    return {name: jwk[name] for name in PUBLIC_PARTS if name in jwk}


def client_key(file: str) -> ClientKey:
    """The key in the file. Raises ImproperlyConfigured with a sentence that says what is wrong."""
    try:
        changed = Path(file).stat().st_mtime_ns
    except OSError as error:
        msg = "The key file of a sign-in client cannot be read (docs/operations.md, Keys)."
        raise ImproperlyConfigured(msg) from error
    return _read(file, changed)


@lru_cache(maxsize=8)
def _read(file: str, _changed: int) -> ClientKey:
    try:
        content = json.loads(Path(file).read_text(encoding="utf-8"))
        jwk = content["keys"][0] if "keys" in content else content
        algorithm = jwk.get("alg", "RS256")
        key = jwt.PyJWK.from_dict(jwk, algorithm=algorithm).key
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, jwt.PyJWTError) as error:
        msg = "The key file of a sign-in client holds no JSON Web Key (docs/operations.md, Keys)."
        raise ImproperlyConfigured(msg) from error
    if algorithm not in ALGORITHMS or PRIVATE_PART not in jwk or "kid" not in jwk:
        msg = (
            "The key of a sign-in client must be private and asymmetric, with a kid "
            "(docs/operations.md, Keys)."
        )
        raise ImproperlyConfigured(msg)
    headers = {name: jwk[name] for name in ("kid", "x5c") if name in jwk}
    return ClientKey(key=key, algorithm=algorithm, headers=headers)
