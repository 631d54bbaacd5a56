import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from kpr_portal.ground.keyring import new_generation
from kpr_portal.people.models import Person, Role
from tests.conftest import database_role
from tests.support.family import Family, enter_family
from tests.support.sign_in import sign_in


@pytest.fixture
def family(db: Any) -> Family:
    return enter_family()


@pytest.fixture
def caseworker(client: Client, family: Family) -> Person:
    """Signed in at `client`."""
    return sign_in(client, family.person("caseworker"), staff=True, roles=[Role.CASEWORKER])


@pytest.fixture
def rotate(settings: Any, tmp_path: Path) -> Callable[..., None]:
    """As docs/operations.md rotates the keys: a generation on top, all sealed under it, and the old one retired."""

    def use(generations: list[dict[str, str]]) -> None:
        path = tmp_path / f"{generations[0]['id']}-{len(generations)}.json"
        path.write_text(json.dumps({"generations": generations}))
        settings.KEYRING_FILE = str(path)

    def rotate(*, retire: bool = False) -> None:
        old = json.loads(Path(settings.KEYRING_FILE).read_text())["generations"]
        new = new_generation()
        use([new, *old])
        with database_role("keeper"):
            call_command("rotate_keys", stdout=StringIO())
            call_command("rotate_document_keys", stdout=StringIO())
        if retire:
            use([new])

    return rotate
