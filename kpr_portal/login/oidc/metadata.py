"""The provider's addresses and keys, from its discovery document, kept for a day (ID-porten's own advice).

A token signed with a key we have not seen makes us fetch the keys again, unless that very key was looked for in
vain a moment ago: so a key rotation is followed within one sign-in, however many people come at once, and
nobody can make us hammer the provider.
"""

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

import requests
from django.conf import settings
from django.core.cache import cache

from kpr_portal.login.errors import ProviderUnavailable
from kpr_portal.login.oidc.calls import call
from kpr_portal.login.oidc.realms import Realm

KEPT_SECONDS = 24 * 60 * 60
SECONDS_BEFORE_ANOTHER_LOOK = 15


@dataclass(frozen=True)
class Metadata:
    """What we need of an OpenID provider's metadata (OpenID Connect Discovery 1.0; RFC 9126; RFC 9207)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    pushed_authorization_request_endpoint: str
    jwks_uri: str
    end_session_endpoint: str
    authorization_response_iss_parameter_supported: bool


def metadata_of(realm: Realm) -> Metadata:
    """The provider's metadata, kept or fetched. Raises ProviderUnavailable, also where it is not usable."""
    key = _cache_key("metadata", realm.issuer)
    if kept := cache.get(key):
        return Metadata(**kept)
    metadata = _read(_fetch(f"{realm.issuer}/.well-known/openid-configuration"), issuer=realm.issuer)
    cache.set(key, asdict(metadata), KEPT_SECONDS)
    return metadata


def signing_key(realm: Realm, *, key_id: str) -> dict[str, Any] | None:
    """The provider's public JWK with this id, or None where it has none such. Raises ProviderUnavailable."""
    if found := _find(cache.get(_cache_key("keys", realm.issuer)) or {}, key_id=key_id):
        return found
    in_vain = _cache_key("key-in-vain", f"{realm.issuer} {key_id}")
    if cache.get(in_vain):
        return None
    fetched = _fetch(metadata_of(realm).jwks_uri)
    cache.set(_cache_key("keys", realm.issuer), fetched, KEPT_SECONDS)
    found = _find(fetched, key_id=key_id)
    if found is None:
        cache.set(in_vain, 1, SECONDS_BEFORE_ANOTHER_LOOK)
    return found


def _fetch(address: str) -> dict[str, Any]:
    status, content = call("GET", address)
    if status != requests.codes.ok:
        raise ProviderUnavailable(f"status_{status}")
    return content


def _read(content: dict[str, Any], *, issuer: str) -> Metadata:
    if content.get("issuer") != issuer:
        raise ProviderUnavailable("metadata_of_another_issuer")
    addresses = {
        name: _address(content.get(name), name=name)
        for name in (
            "authorization_endpoint",
            "token_endpoint",
            "pushed_authorization_request_endpoint",
            "jwks_uri",
            "end_session_endpoint",
        )
    }
    names_itself = content.get("authorization_response_iss_parameter_supported") is True
    return Metadata(issuer=issuer, authorization_response_iss_parameter_supported=names_itself, **addresses)


def _address(value: object, *, name: str) -> str:
    schemes = ("https://",) if settings.PRODUCTION else ("https://", "http://")
    if isinstance(value, str) and value.startswith(schemes):
        return value
    raise ProviderUnavailable(f"metadata_without_{name}")


def _find(content: dict[str, Any], *, key_id: str) -> dict[str, Any] | None:
    keys = content.get("keys")
    for key in keys if isinstance(keys, list) else []:
        if isinstance(key, dict) and key.get("kid") == key_id and key.get("use", "sig") == "sig":
            return key
    return None


def _cache_key(what: str, of: str) -> str:
    return f"login:{what}:{sha256(of.encode()).hexdigest()[:32]}"
