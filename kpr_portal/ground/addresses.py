"""The address a request came from, where proxies stand in between."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The nearest address that is none of our own proxies' (TRUSTED_PROXIES).

    Only what a trusted proxy has added to X-Forwarded-For is believed, so that nobody can claim to be
    somewhere else. Falls back on the address that connects.
    """
    connected = str(request.META.get("REMOTE_ADDR", ""))
    claimed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    address = connected
    while claimed and _is_trusted(address):
        address = claimed.pop()
    return address if _is_address(address) else connected


def _is_trusted(address: str) -> bool:
    networks = _networks(tuple(settings.TRUSTED_PROXIES))
    return _is_address(address) and any(ip_address(address) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4)
def _networks(texts: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(text) for text in texts)
