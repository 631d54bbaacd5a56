"""People to measure with: persons, their sessions, and records as many as are asked for."""

import random
from datetime import date

from django.conf import settings

from bench.load import Browser
from kpr_portal.embedded.population_numbers import NumberMaker
from kpr_portal.ground import clock
from kpr_portal.login.models import Account
from kpr_portal.login.oidc.realms import RealmName
from kpr_portal.login.sessions import SessionStore, SignedIn
from kpr_portal.people.models import Person
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.operations import people_for
from kpr_portal.people.population_register import Sex


def numbers(count: int, *, seed: int = 1) -> list[NationalId]:
    """So many different synthetic numbers (month + 80)."""
    chance = random.Random(seed)  # noqa: S311 -- not for secrets
    maker = NumberMaker(chance, taken=set())
    days = [
        date(1940 + chance.randrange(60), 1 + chance.randrange(12), 1 + chance.randrange(28))
        for _ in range(count)
    ]
    return [maker.number(day, Sex.FEMALE) for day in days]


def persons(count: int, *, seed: int = 1) -> list[Person]:
    return list(people_for(numbers(count, seed=seed)).values())


def signed_in(person: Person, *, base: str, **data: str) -> Browser:
    """A browser with a session of this person's, made as the sign-in makes it; `data` is kept in it."""
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
    store.begin(who, data={"display_name": "Rolig Fjell", **data})
    return Browser(base=base, cookies={settings.SESSION_COOKIE_NAME: str(store.session_key)})
