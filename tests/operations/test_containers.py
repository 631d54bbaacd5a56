"""The container files: checked by their checkers, and held to what the portal needs and promises."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from ruamel.yaml import YAML

ROOT = settings.BASE_DIR
BIN = Path(sys.executable).parent
PORTAL = {"migrate", "web", "worker", "forms", "keeper", "beat"}
LOGINS = {"web": {"DATABASE_URL"}, "owner": {"OWNER_DATABASE_URL"}, "keeper": {"KEEPER_DATABASE_URL"}}


@pytest.fixture(scope="module")
def services():
    return YAML(typ="safe").load(ROOT / "docker-compose.yml")["services"]


@pytest.mark.parametrize(
    "command",
    [
        ["hadolint", "Dockerfile"],
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
    ],
    ids=["Dockerfile", "docker-compose.yml"],
)
def test_container_file_passes_its_checker(command):
    ran = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("name", sorted({*PORTAL, "valkey"}))
def test_service_can_do_no_more_than_it_must(services, name):
    service = services[name]

    assert (service["read_only"], service["cap_drop"], service["security_opt"]) == (
        True,
        ["ALL"],
        ["no-new-privileges:true"],
    )


def test_queue_runs_as_nobody_in_particular_in_place_of_the_shell(services):
    _shell, _option, script = services["valkey"]["command"]

    assert services["valkey"]["user"] == "10002:10002"
    assert script.startswith("exec ")


def test_each_service_is_a_role_of_the_entry_point_with_its_own_login_and_no_other(services):
    roles = dict(re.findall(r"^  (\w+)\)\s+(?:\n\s+)?export KPR_ROLE=(\w+)", entrypoint(), re.MULTILINE))
    for name in PORTAL:
        (role,) = services[name]["command"]
        logins = {variable for variable in services[name]["environment"] if variable.endswith("DATABASE_URL")}

        assert (name, logins) == (role, LOGINS[roles[role]])


def test_each_queue_has_a_worker_of_its_own_that_takes_from_no_other():
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    worked = re.findall(r"&& worker (\S+) ", entrypoint())

    assert sorted(worked) == sorted({settings.CELERY_TASK_DEFAULT_QUEUE, *routed})


def test_one_port_is_published_and_it_is_the_public_one(services):
    assert {name: s["ports"] for name, s in services.items() if "ports" in s} == {
        "web": ["127.0.0.1:${PORT:-8000}:8000"]
    }


def test_those_alone_reach_outside_who_speak_to_others(services):
    assert {name for name, s in services.items() if "outside" in s["networks"]} == {"web", "worker"}


def test_every_process_of_ours_reads_the_same_file_of_settings(services):
    read = {name: service.get("env_file") for name, service in services.items()}

    assert {name for name, files in read.items() if files} == PORTAL
    assert {file["path"] for name in PORTAL for file in read[name]} == {"portal.env"}


def test_every_secret_comes_from_outside_and_has_no_default():
    composed = (ROOT / "docker-compose.yml").read_text()
    secret = re.findall(r"\$\{([A-Z_]*(?:PASSWORD|SECRET|KEY|JWK)[A-Z_]*)([^}]*)\}", composed)

    assert {default for _name, default in secret} == {":?"}
    assert len({name for name, _default in secret}) == 9


def test_every_variable_of_a_service_is_a_documented_setting(services):
    documented = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text()))
    used = {variable for name in PORTAL for variable in services[name]["environment"]}

    assert used - documented == set()


def test_image_and_make_draw_pdfs_with_the_same_libraries():
    image, made = ((ROOT / name).read_text() for name in ("Dockerfile", "Makefile"))
    (target,) = re.findall(r"^\.venv/\.apt-run:.*\n((?:\t.*\n)+)", made, re.MULTILINE)
    library = r"\blib\w+-[\w.-]+"

    assert list(dict.fromkeys(re.findall(library, image))) == re.findall(library, target)


def test_image_runs_as_nobody_in_particular_and_takes_in_only_what_is_named():
    image = (ROOT / "Dockerfile").read_text()
    taken = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]

    assert re.findall(r"^USER (.+)$", image, re.MULTILINE) == ["10001"]
    assert taken[0] == "*"
    assert [line[1:] for line in taken if line.startswith("!") and not (ROOT / line[1:]).exists()] == []


def entrypoint():
    return (ROOT / "deploy" / "entrypoint").read_text()


def test_every_python_package_is_installed_by_its_hash():
    installs = [
        line.strip()
        for file in ("Makefile", "Dockerfile")
        for line in (ROOT / file).read_text().splitlines()
        if re.search(r"\bpip install\b", line)
    ]

    assert len(installs) == 4
    assert [line for line in installs if "--require-hashes" not in line] == []


@pytest.mark.parametrize("lock", sorted(ROOT.glob("requirements*.txt")), ids=lambda lock: lock.name)
def test_lock_names_one_version_and_its_hashes_for_each_package(lock):
    text = re.sub(r"^\s*#.*$", "", lock.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    packages = [line.split() for line in text.splitlines() if line.strip()]

    loose = [
        package[0]
        for package in packages
        if not re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^*,]+", package[0])
        or not any(word.startswith("--hash=sha256:") for word in package)
    ]
    assert (packages == [], loose) == (False, [])
