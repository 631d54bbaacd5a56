"""Production does not start half-configured: each thing that is missing or a demo's is one sentence."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from kpr_portal.ground.keyring import new_generation
from tests.support.production import production_environment

ROLES = {"web": "DATABASE_URL", "owner": "OWNER_DATABASE_URL", "keeper": "KEEPER_DATABASE_URL"}


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    return production_environment(tmp_path_factory.mktemp("production"))


def start(environment, *arguments):
    """Start with these settings; gives exit status and the last line said."""
    ran = subprocess.run(
        [sys.executable, "manage.py", *(arguments or ("check",))],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, (ran.stdout + ran.stderr).strip().splitlines()[-1]


def test_whole_environment_passes_the_check_for_deployment(production):
    told = start(production, "check", "--deploy", "--fail-level", "WARNING")

    assert told == (0, "System check identified no issues (0 silenced).")


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "KEYRING_FILE", "REDIS_URL", "IDPORTEN_CLIENT_JWK_FILE", "STAFF_CLIENT_JWK_FILE"]
)
def test_missing_secret_stops_the_start_with_a_sentence(production, name):
    status, said = start({key: value for key, value in production.items() if key != name})

    assert status != 0
    assert said.endswith(f"{name} is missing. Production does not start without it (docs/operations.md).")


@pytest.mark.parametrize(("role", "name"), ROLES.items())
def test_each_role_needs_its_own_login_and_no_other(production, role, name):
    alone = {key: value for key, value in production.items() if key not in set(ROLES.values()) - {name}}
    without = {key: value for key, value in production.items() if key != name}

    assert start({**alone, "KPR_ROLE": role})[0] == 0
    assert start({**without, "KPR_ROLE": role})[1].endswith(
        f"{name} is missing. Production does not start without it (docs/operations.md)."
    )


@pytest.mark.parametrize("login", ["kpr_owner", "kpr_keeper", "postgres"])
def test_pages_never_log_in_as_anybody_but_web(production, login):
    status, said = start({**production, "DATABASE_URL": f"postgresql://{login}:x@127.0.0.1:1/kpr"})

    assert status != 0
    assert said.endswith(
        "DATABASE_URL must log in as kpr_web: pages never have the rights of the owner or the keeper."
    )


def test_key_ring_of_a_demo_stops_the_start(production, tmp_path):
    ring = tmp_path / "keyring.json"
    ring.write_text(json.dumps({"origin": "embedded", "generations": [new_generation()]}))

    status, said = start({**production, "KEYRING_FILE": str(ring)})

    assert status != 0
    assert said.endswith(
        "This key ring was made for a demo. Production needs its own (docs/operations.md, Keys)."
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "CLOCK_SHIFT_SECONDS",
            "60",
            "CLOCK_SHIFT_SECONDS is for demos and tests. Production runs on the real time.",
        ),
        (
            "SECRET_KEY",
            "only-for-commands-that-need-no-secret",
            "SECRET_KEY is the one from the source code: anybody knows it.",
        ),
        ("SECRET_KEY", "short", "SECRET_KEY is too short: 50 characters at least, made at random."),
        ("ENVIRONMENT", "prod", "ENVIRONMENT is demo, test or production."),
        ("KPR_ROLE", "postgres", "KPR_ROLE is web, owner or keeper."),
    ],
)
def test_what_belongs_in_a_demo_stops_the_start(production, name, value, sentence):
    status, said = start({**production, name: value})

    assert status != 0
    assert said.endswith(sentence)
