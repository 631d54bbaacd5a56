"""The two issuers whose word we take: ID-porten for citizens, another for staff. Never one for the other."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import TextChoices
from django.urls import reverse
from django.utils import translation


class RealmName(TextChoices):
    """Who signs in through it."""

    CITIZEN = "citizen"
    STAFF = "staff"


@dataclass(frozen=True)
class Realm:
    """One issuer and our client there. `acr` is the lowest assurance level that is let in."""

    name: RealmName
    issuer: str
    client_id: str
    client_key_file: str
    acr: str
    scope: tuple[str, ...]
    callback: str

    @property
    def callback_address(self) -> str:
        """The redirect address registered with the issuer: always the same, in no other language."""
        with translation.override(settings.LANGUAGE_CODE):
            return f"{settings.PUBLIC_URL}{reverse(self.callback)}"

    @property
    def origins(self) -> tuple[str, ...]:
        """Where the issuer's pages may be, as far as the issuer's own address tells."""
        parts = urlsplit(self.issuer)
        return (f"{parts.scheme}://{parts.netloc}",)


def _citizens() -> Realm:
    return Realm(
        name=RealmName.CITIZEN,
        issuer=settings.IDPORTEN_ISSUER,
        client_id=settings.IDPORTEN_CLIENT_ID,
        client_key_file=settings.IDPORTEN_CLIENT_JWK_FILE,
        acr=settings.IDPORTEN_ACR,
        scope=("openid", "profile"),
        callback="login:idporten_callback",
    )


def _staff() -> Realm:
    return Realm(
        name=RealmName.STAFF,
        issuer=settings.STAFF_ISSUER,
        client_id=settings.STAFF_CLIENT_ID,
        client_key_file=settings.STAFF_CLIENT_JWK_FILE,
        acr=settings.STAFF_ACR,
        scope=("openid", "profile"),
        callback="login:staff_callback",
    )


_REALMS: dict[RealmName, Callable[[], Realm]] = {RealmName.CITIZEN: _citizens, RealmName.STAFF: _staff}


def realm(name: RealmName) -> Realm:
    """The realm as the settings describe it now."""
    return _REALMS[name]()


def realm_of_issuer(issuer: str) -> Realm | None:
    """The realm that this issuer speaks for, or None for a stranger."""
    return next((made for make in _REALMS.values() if (made := make()).issuer == issuer), None)
