"""A hostile provider for each realm, a visitor to sign in with, and people to sign in as."""

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client

from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.models import Role
from kpr_portal.people.operations import grant_role, person_for
from kpr_portal.people.population_register import RegisterPerson, Sex
from tests.login.browser import Browser
from tests.support.hostile_provider import Mischief, Person, hostile_provider
from tests.support.numbers import synthetic_number

PORTAL = "http://127.0.0.1:8000"


@pytest.fixture(scope="session")
def _idporten():
    with hostile_provider("kpr-portal", f"{PORTAL}/logg-inn/idporten/retur/") as provider:
        yield provider


@pytest.fixture(scope="session")
def _staff_issuer():
    with hostile_provider("kpr-portal-staff", f"{PORTAL}/logg-inn/ansatt/retur/") as provider:
        yield provider


@pytest.fixture
def idporten(_idporten, settings, tmp_path, db):
    """ID-porten; whoever sits there is a synthetic person nobody has met."""
    settings.PUBLIC_URL = PORTAL
    settings.IDPORTEN_ISSUER = _idporten.issuer
    settings.IDPORTEN_CLIENT_ID = _idporten.client_id
    settings.IDPORTEN_CLIENT_JWK_FILE = str(_idporten.write_client_key(tmp_path))
    return fresh(_idporten, Person(pid=synthetic_number().digits))


@pytest.fixture
def staff_issuer(_staff_issuer, settings, tmp_path, db):
    """The issuer for staff; whoever sits there is a caseworker as far as the issuer knows."""
    settings.PUBLIC_URL = PORTAL
    settings.STAFF_ISSUER = _staff_issuer.issuer
    settings.STAFF_CLIENT_ID = _staff_issuer.client_id
    settings.STAFF_CLIENT_JWK_FILE = str(_staff_issuer.write_client_key(tmp_path))
    claims = {"roles": ["caseworker"], "organisation": "Folkehelseinstituttet"}
    return fresh(_staff_issuer, Person(pid=synthetic_number(5).digits, claims=claims))


@pytest.fixture
def caseworker(db):
    """The person at the staff issuer, with the role here too."""
    person = person_for(synthetic_number(5))
    grant_role(person, Role.CASEWORKER, granted_by=None)
    return person


@pytest.fixture
def visitor():
    return Browser(Client(HTTP_HOST=PORTAL.removeprefix("http://")))


@pytest.fixture
def another_visitor():
    return Browser(Client(HTTP_HOST=PORTAL.removeprefix("http://")))


@pytest.fixture
def registered(db):
    """A maker of people the population register knows."""

    def make(number, *, name="Rolig Fjell", died=None):
        known = RegisterPerson(
            number=number, name=name, birth_date=date(1980, 5, 17), sex=Sex.FEMALE, death_date=died
        )
        EmbeddedPopulationRegister().put_many([known])
        return known

    return make


def fresh(provider, person):
    cache.clear()
    provider.person = person
    provider.mischief = Mischief()
    provider.rotate("provider-1")
    for kept in (provider.calls, provider.pushed, provider.ended):
        kept.clear()
    return provider
