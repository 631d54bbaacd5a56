"""Whether an ID token may be believed, and what it says (OpenID Connect Core 1.0, 3.1.3.7).

The provider lives in the real time, also where a demo or a test has moved the portal's clock: a token is
judged by the real time, and the sign-in it tells of is entered in the portal's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from kpr_portal.ground import clock
from kpr_portal.login import limits
from kpr_portal.login.errors import LEVEL_TOO_LOW, NOT_PROVEN, TOO_LATE, UNTRUSTED, SignInRefused
from kpr_portal.login.oidc.metadata import signing_key
from kpr_portal.login.oidc.realms import Realm

LEEWAY = timedelta(seconds=60)
# A token is made while we wait for it: an older one is none of ours, or a clock is wrong.
OLDEST = timedelta(seconds=120)
MAX_CHARACTERS = 16_384
MAX_CLAIM_CHARACTERS = 255
MAX_ORGANISATION = 200  # as much as the access log keeps
# Asymmetric only: never `none`, and never HS, for which anybody could sign with the public key.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384")
# From low to high; what is not here is no level at all.
LEVELS = ("idporten-loa-low", "idporten-loa-substantial", "idporten-loa-high")


@dataclass(frozen=True, repr=False)
class Identity:
    """What a believed ID token says. `pid` is as received: not yet known to be a number, and secret."""

    issuer: str
    sid: str
    auth_time: datetime
    pid: str | None
    locale: str
    roles: frozenset[str]
    organisation: str


def real_now() -> datetime:
    """The time now, where the portal's clock has not been moved."""
    return clock.now() - clock.moved_by()


def believe(token: object, *, realm: Realm, nonce: str) -> Identity:
    """What the token says, if it is the answer to this very sign-in.

    Checked: signature by a key of the issuer, `iss`, `aud` and `azp`, `nonce`, `exp`, `iat` and `nbf` with
    60 seconds' leeway either way, `iat` no more than two minutes ago, `auth_time` within the longest session,
    and `acr` at least the realm's. Raises
    SignInRefused, and ProviderUnavailable where the issuer's keys cannot be had.
    """
    claims = _signed_claims(token, realm=realm)
    if claims.get("iss") != realm.issuer:
        raise SignInRefused(UNTRUSTED, code="issuer")
    _check_audience(claims, client_id=realm.client_id)
    if not nonce or claims.get("nonce") != nonce:
        raise SignInRefused(UNTRUSTED, code="nonce")
    auth_time = _check_times(claims)
    check_level(claims.get("acr"), at_least=realm.acr)
    return Identity(
        issuer=realm.issuer,
        sid=_text(claims, "sid"),
        auth_time=auth_time + clock.moved_by(),
        pid=_text(claims, "pid") or None,
        locale=_text(claims, "locale"),
        roles=frozenset(_texts(claims.get("roles"))),
        organisation=_text(claims, "organisation")[:MAX_ORGANISATION],
    )


def check_level(acr: object, *, at_least: str) -> None:
    """Raise SignInRefused unless this assurance level is known, and at least the one demanded."""
    if acr not in LEVELS or at_least not in LEVELS or LEVELS.index(str(acr)) < LEVELS.index(at_least):
        raise SignInRefused(LEVEL_TOO_LOW, code="acr")


def check_proven(identity: Identity, *, asked_at: str | None) -> datetime | None:
    """When the person proved who they are, if we asked them to do so anew (`prompt=login`) at this moment.

    `asked_at` is the portal's time as ISO 8601, None where that was not asked for: then the answer is None.
    Raises SignInRefused where the issuer did not ask them: `auth_time` is from before, by more than 60 seconds.
    """
    if asked_at is None:
        return None
    if identity.auth_time + LEEWAY < datetime.fromisoformat(asked_at):
        raise SignInRefused(NOT_PROVEN, code="not_proven_anew")
    return identity.auth_time


def _signed_claims(token: object, *, realm: Realm) -> dict[str, Any]:
    """The token's content, once a key of the issuer has been found to have signed it."""
    if not isinstance(token, str) or not token:
        raise SignInRefused(UNTRUSTED, code="no_token")
    if len(token) > MAX_CHARACTERS:
        raise SignInRefused(UNTRUSTED, code="token_too_large")
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise SignInRefused(UNTRUSTED, code="malformed_token") from error
    algorithm, key_id = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise SignInRefused(UNTRUSTED, code="algorithm")
    if not isinstance(key_id, str) or (jwk := signing_key(realm, key_id=key_id)) is None:
        raise SignInRefused(UNTRUSTED, code="unknown_key")
    if jwk.get("alg", algorithm) != algorithm:
        raise SignInRefused(UNTRUSTED, code="algorithm")
    try:
        key = jwt.PyJWK.from_dict(jwk, algorithm=algorithm)
        # Only the signature here. The times are judged by our own clock, the rest with codes of its own.
        options: Any = {
            f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")
        }
        return jwt.decode(token, key=key, algorithms=[algorithm], options=options)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise SignInRefused(UNTRUSTED, code="signature") from error


def _check_audience(claims: dict[str, Any], *, client_id: str) -> None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if client_id not in audiences:
        raise SignInRefused(UNTRUSTED, code="audience")
    if claims.get("azp", client_id) != client_id or (len(audiences) > 1 and "azp" not in claims):
        raise SignInRefused(UNTRUSTED, code="authorised_party")


def _check_times(claims: dict[str, Any]) -> datetime:
    """When the person proved who they are, in the real time."""
    now = real_now()
    expires, issued, signed_in = (_moment(claims, name) for name in ("exp", "iat", "auth_time"))
    if expires + LEEWAY <= now:
        raise SignInRefused(TOO_LATE, code="expired")
    if max(issued, signed_in, _moment(claims, "nbf") if "nbf" in claims else issued) > now + LEEWAY:
        raise SignInRefused(UNTRUSTED, code="from_the_future")
    if issued < now - OLDEST:
        raise SignInRefused(TOO_LATE, code="issued_long_ago")
    if signed_in + limits.longest() <= now:
        raise SignInRefused(TOO_LATE, code="auth_time_too_old")
    return min(signed_in, now)


def _moment(claims: dict[str, Any], name: str) -> datetime:
    value = claims.get(name)
    try:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(name)
        return datetime.fromtimestamp(value, tz=UTC)
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise SignInRefused(UNTRUSTED, code=f"no_{name}") from error


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return (
        value if isinstance(value, str) and len(value) <= MAX_CLAIM_CHARACTERS and "\0" not in value else ""
    )


def _texts(value: object) -> Iterable[str]:
    return (item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
