"""People to measure with: persons, their sessions, and records as many as are asked for."""

import random
from datetime import date

from django.conf import settings

from bench.load import Browser
from kpr_portal.ground import clock
from kpr_portal.login.models import Account
from kpr_portal.login.oidc.realms import RealmName
from kpr_portal.login.sessions import SessionStore, SignedIn
from kpr_portal.people.models import Person
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.operations import people_for

K1, K2 = (3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def numbers(count: int, *, seed: int = 1) -> list[NationalId]:
    """So many different synthetic numbers (month + 80)."""
    chance = random.Random(seed)  # noqa: S311 -- not for secrets
    found: dict[NationalId, None] = {}
    while len(found) < count:
        born = date(1940 + chance.randrange(60), 1 + chance.randrange(12), 1 + chance.randrange(28))
        head = f"{born.day:02}{born.month + 80:02}{born.year % 100:02}{chance.randrange(500):03}"
        k1 = -sum(int(d) * w for d, w in zip(head, K1, strict=True)) % 11
        k2 = -sum(int(d) * w for d, w in zip(f"{head}{k1}", K2, strict=True)) % 11
        if max(k1, k2) < 10:
            found[NationalId(f"{head}{k1}{k2}")] = None
    return list(found)


def persons(count: int, *, seed: int = 1) -> list[Person]:
    return list(people_for(numbers(count, seed=seed)).values())


def signed_in(person: Person, *, base: str) -> Browser:
    """A browser with a session of this person's, made as the sign-in makes it."""
    account, _ = Account.objects.get_or_create(person=person)
    store = SessionStore()
    who = SignedIn(
        realm=RealmName.CITIZEN,
        account=account,
        issuer=settings.IDPORTEN_ISSUER,
        sid=str(person.key),
        auth_time=clock.now(),
        id_token=b"\x01",
    )
    store.begin(who, data={"display_name": "Rolig Fjell"})
    return Browser(base=base, cookies={settings.SESSION_COOKIE_NAME: str(store.session_key)})
