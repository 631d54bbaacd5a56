"""An OpenID provider that misbehaves on demand: a real HTTP server on the loopback address.

It does what ID-porten does (discovery, pushed requests, code, ID token), checking the client as strictly, and
each field of `Mischief` makes it do one thing wrong. `Person` says who is sitting in front of it.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass
class Person:
    """Whoever signs in: the claims that say who they are."""

    pid: str | None
    acr: str = "idporten-loa-high"
    locale: str = "nb"
    sid: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    auth_time: int | None = None  # None: just now
    claims: dict[str, Any] = field(default_factory=dict)


@dataclass
class Mischief:
    """What goes wrong; by default nothing.

    `claims` replace the token's (None takes one out); `token` rewrites the finished token; `response`
    replaces the parameters sent back through the browser (None takes one out); `answers` maps a path to a
    status and body sent instead of the right answer; `slow` maps a path to the seconds it takes; `fails`
    maps a path to how many times it breaks before it works again.
    """

    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    token: Callable[[str], Any] | None = None
    signed_by_another: bool = False
    response: dict[str, str | None] = field(default_factory=dict)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    fails: dict[str, int] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)


@lru_cache(maxsize=8)
def new_key(name: str) -> dict[str, Any]:
    """A private RSA key as a JWK, one for each name in a run."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk = RSAAlgorithm.to_jwk(key, as_dict=True)
    del jwk["key_ops"]
    return {**jwk, "kid": name, "alg": "RS256", "use": "sig"}


@lru_cache(maxsize=8)
def private_key(name: str) -> Any:
    """The same key, ready to sign: reading one takes longer than all else here."""
    return jwt.PyJWK.from_dict(new_key(name)).key


def public_part(jwk: dict[str, Any]) -> dict[str, Any]:
    return {name: jwk[name] for name in ("kty", "n", "e", "kid", "alg", "use")}


class HostileProvider:
    """The provider; `issuer` is where it answers. Counts what was asked of it in `calls`."""

    def __init__(self, client_id: str, callback: str) -> None:
        self.client_id = client_id
        self.callback = callback
        self.person = Person(pid=None)
        self.mischief = Mischief()
        self.client_key = new_key(f"client-{client_id}")
        self.signing_key = new_key("provider-1")
        self.calls: list[str] = []
        self.pushed: list[dict[str, str]] = []
        self.ended: list[dict[str, str]] = []
        self._requests: dict[str, dict[str, str]] = {}
        self._codes: dict[str, dict[str, str]] = {}
        self._assertions: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"

    def write_client_key(self, folder: Path) -> Path:
        """The file the portal reads its own key from."""
        file = folder / f"{self.client_id}.jwk"
        file.write_text(json.dumps(self.client_key))
        return file

    def behave(self) -> None:
        self.mischief = Mischief()

    def rotate(self, name: str) -> None:
        """Sign with another key from now on; the old one is gone."""
        self.signing_key = new_key(name)

    @contextmanager
    def running(self) -> Iterator["HostileProvider"]:
        thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        thread.start()
        try:
            yield self
        finally:
            self.stop()
            thread.join()

    def stop(self) -> None:
        """Be away. Safe more than once."""
        self._server.shutdown()
        self._server.server_close()

    def authorize(self, address: str) -> str:
        """What a browser does here: go to the address, sign in at once; returns where it is sent back to."""
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}" == self.issuer
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert set(asked) == {"client_id", "request_uri"}, "everything else is pushed"
        request = self._requests.pop(asked["request_uri"])
        code = secrets.token_urlsafe(24)
        self._codes[code] = request
        sent = {"code": code, "state": request["state"], "iss": self.issuer, **self.mischief.response}
        return f"{request['redirect_uri']}?{urlencode({k: v for k, v in sent.items() if v is not None})}"

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "pushed_authorization_request_endpoint": f"{self.issuer}/par",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/logout",
            "authorization_response_iss_parameter_supported": True,
        }

    def _answer(self, path: str, form: dict[str, str]) -> tuple[int, Any]:
        match path:
            case "/.well-known/openid-configuration":
                return 200, self._discovery()
            case "/jwks":
                return 200, {"keys": [public_part(self.signing_key)]}
            case "/par":
                return self._push(form)
            case "/token":
                return self._redeem(form)
        return 404, {}

    def _push(self, form: dict[str, str]) -> tuple[int, Any]:
        if not self._knows(form):
            return 401, {"error": "invalid_client"}
        right = (
            form.get("response_type") == "code"
            and form.get("redirect_uri") == self.callback
            and form.get("code_challenge_method") == "S256"
            and {"state", "nonce", "code_challenge", "acr_values"} <= form.keys()
        )
        if not right:
            return 400, {"error": "invalid_request"}
        self.pushed.append(form)
        reference = f"urn:ietf:params:oauth:request_uri:{secrets.token_urlsafe(16)}"
        self._requests[reference] = form
        return 201, {"request_uri": reference, "expires_in": 120}

    def _redeem(self, form: dict[str, str]) -> tuple[int, Any]:
        if not self._knows(form):
            return 401, {"error": "invalid_client"}
        request = self._codes.pop(form.get("code", ""), None)
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proven = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        if (
            request is None
            or request["code_challenge"] != proven
            or form.get("redirect_uri") != self.callback
        ):
            return 400, {"error": "invalid_grant"}
        answer = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 120}
        return 200, {**answer, "id_token": self._id_token(request)}

    def _id_token(self, request: dict[str, str]) -> Any:
        now, person, mischief = int(time.time()), self.person, self.mischief
        claims = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": secrets.token_urlsafe(16),
            "nonce": request["nonce"],
            "iat": now,
            "exp": now + 120,
            "auth_time": now if person.auth_time is None else person.auth_time,
            "acr": person.acr,
            "amr": ["TestID"],
            "pid": person.pid,
            "locale": person.locale,
            "sid": person.sid,
            **person.claims,
            **mischief.claims,
        }
        said = {name: value for name, value in claims.items() if value is not None}
        by = new_key("somebody-else") if mischief.signed_by_another else self.signing_key
        key = private_key(by["kid"])
        token = jwt.encode(
            said, key, algorithm="RS256", headers={"kid": self.signing_key["kid"], **mischief.header}
        )
        return mischief.token(token) if mischief.token else token

    def _knows(self, form: dict[str, str]) -> bool:
        """private_key_jwt: signed by the client's key, meant for this issuer, short, never seen before."""
        if form.get("client_id") != self.client_id or form.get("client_assertion_type") != ASSERTION_TYPE:
            return False
        key = jwt.PyJWK.from_dict(public_part(self.client_key))
        try:
            said = jwt.decode(
                form["client_assertion"],
                key=key,
                algorithms=["RS256"],
                audience=self.issuer,
                issuer=self.client_id,
                options={"require": ["exp", "iat", "jti", "sub"]},
            )
        except (jwt.PyJWTError, KeyError):
            return False
        fresh = said["jti"] not in self._assertions and said["exp"] - said["iat"] <= 120
        self._assertions.add(said["jti"])
        return fresh and said["sub"] == self.client_id

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._serve({})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                self._serve({name: values[0] for name, values in parse_qs(body).items()})

            def _serve(self, form: dict[str, str]) -> None:
                path = urlsplit(self.path).path
                provider.calls.append(path)
                if provider.mischief.fails.get(path, 0) > 0:
                    provider.mischief.fails[path] -= 1
                    self.close_connection = True
                    self.connection.close()
                    return
                time.sleep(provider.mischief.slow.get(path, 0))
                status, content = provider.mischief.answers.get(path) or provider._answer(path, form)
                body = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        return Handler


@contextmanager
def hostile_provider(client_id: str, callback: str) -> Iterator[HostileProvider]:
    """A provider that runs for as long as the block."""
    with HostileProvider(client_id, callback).running() as provider:
        yield provider
