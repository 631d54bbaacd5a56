"""The address a request came from, where proxies stand in between."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

ONE_CLIENTS_BITS = 64


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
    return address if _parsed(address) else connected


def client_network(request: HttpRequest) -> str:
    """What one client has at its hand: an IPv4 address, or the /64 network of an IPv6 address.

    Any subscriber of IPv6 holds a /64, and so 2**64 addresses to ask from.
    """
    address = _parsed(client_address(request))
    if isinstance(address, IPv6Address):
        return str(ip_network((address, ONE_CLIENTS_BITS), strict=False))
    return str(address or "")


def _is_trusted(address: str) -> bool:
    networks = _networks(tuple(settings.TRUSTED_PROXIES))
    found = _parsed(address)
    return found is not None and any(found in network for network in networks)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """The address; IPv4 written as IPv6 (`::ffff:192.0.2.1`) is the IPv4 address that it is."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


@lru_cache(maxsize=4)
def _networks(texts: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(text) for text in texts)
