from typing import Any

import pytest
from django.test import Client

from kpr_portal.people.models import Person, Role
from tests.support.family import Family, enter_family
from tests.support.sign_in import sign_in


@pytest.fixture
def family(db: Any) -> Family:
    return enter_family()


@pytest.fixture
def caseworker(client: Client, family: Family) -> Person:
    """Signed in at `client`."""
    return sign_in(client, family.person("caseworker"), staff=True, roles=[Role.CASEWORKER])
