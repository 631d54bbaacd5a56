"""Every command in the docs runs, and every link between them leads somewhere.

Commands stand in fenced blocks marked `console`, `bash` or `sh`. Those of manage.py and deploy/ are
really run, in order, in a copy of the project made of links, on servers of its own; `make` is asked what it
would do; what needs a network or a container is read for its form. A new kind of command must be taught.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from kpr_portal.embedded.keys import have_keys
from kpr_portal.embedded.servers import start_servers
from tests.support.production import production_environment

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^( *)```(?:console|bash|sh)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
NOT_LINKED = {".venv", ".git", "node_modules", ".data", "staticfiles"}
COMPOSE_VERBS = {"build", "up", "ps", "run", "logs", "down", "pull", "exec"}
# Started by a person and ended by one; tests of their own run them.
LASTING = {"run", "test", "soak", "bench", "check"}


def commands(document):
    """The commands of a document, one a line, continued lines joined."""
    for _indent, block in BLOCK.findall(document.read_text("utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            command = line.strip().removeprefix("$ ")
            if command and not command.startswith("#"):
                yield command


ALL = [(document.relative_to(ROOT), command) for document in DOCS for command in commands(document)]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """A folder that looks like the project; what commands make in it stays in it."""
    folder = tmp_path_factory.mktemp("sandbox")
    for entry in ROOT.iterdir():
        if entry.name not in NOT_LINKED:
            (folder / entry.name).symlink_to(entry)
    programs = folder / "programs"
    programs.mkdir()
    (programs / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (programs / "python").chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def servers():
    own = start_servers()
    yield own
    own.leave()


@pytest.fixture(scope="module")
def environment(sandbox, servers, tmp_path_factory):
    """What the text around each command has said is set."""
    outside = {
        name: value
        for name, value in os.environ.items()
        if name not in {"KPR_ROLE", "ENVIRONMENT", "DJANGO_SETTINGS_MODULE", *servers.environment}
    }
    path = f"{sandbox / 'programs'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    demo = {**outside, **servers.environment, "ENVIRONMENT": "demo", "PATH": path}
    folder = tmp_path_factory.mktemp("production")
    production = {**production_environment(folder, servers=servers.environment), "PATH": path}
    passwords = have_keys(servers.places).passwords
    port = int(servers.environment["DATABASE_URL"].rsplit(":", 1)[1].split("/")[0])
    superuser = {"PGHOST": "127.0.0.1", "PGPORT": str(port), "PGPASSWORD": passwords["postgres"]}
    logins = {f"KPR_{role.upper()}_PASSWORD": passwords[f"kpr_{role}"] for role in ("owner", "web", "keeper")}
    roles = {"ROLES_SQL": str(ROOT / "kpr_portal" / "ground" / "roles.sql"), "POSTGRES_DB": "set_up"}
    with psycopg.connect(
        host="127.0.0.1",
        port=port,
        user="postgres",
        password=passwords["postgres"],
        dbname="kpr",
        autocommit=True,
    ) as connection:
        connection.execute("CREATE DATABASE set_up")
    run("python manage.py migrate --verbosity 0", cwd=sandbox, env=demo)
    return {
        "python manage.py backup ": {**demo, "BACKUP_KEY_FILE": "backup.key.pub"},
        "python manage.py restore ": {**demo, "BACKUP_KEY_FILE": "backup.key"},
        "deploy/postgres-init.sh": {**demo, **superuser, **logins, **roles, "PATH": f"{psql()}:{path}"},
        "deploy/entrypoint": production,
        "": demo,
    }


def psql():
    """The folder of a psql new enough for the scripts."""
    from kpr_portal.ground.backups.programs import programs_for

    return programs_for(15).folder


def run(command, *, cwd, env):
    ran = subprocess.run(
        shlex.split(command), cwd=cwd, env=env, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, f"{command}\n{ran.stdout}{ran.stderr}"
    return ran.stdout


def filled_in(command, sandbox):
    """The command with a real value for each word that stands for one."""
    if re.search(r"\bID$", command):
        command = command[:-2] + json.loads((sandbox / "keyring.json").read_text())["generations"][-1]["id"]
    return command


def by_kind(command):
    """What is done with a command: run it, ask make, read it."""
    words = shlex.split(command)
    while "=" in words[0]:
        words = words[1:]
    if words[0] == "make":
        return "ask"
    if words[0] in {"git", "cd", "docker"}:
        return "read"
    if words[0].endswith("pytest"):
        return "collect"
    if words[:2] == ["python", "manage.py"] or words[:2] == [".venv/bin/python", "manage.py"]:
        return "lasting" if words[2] in LASTING else "run"
    if words[0].startswith("deploy/"):
        return "run"
    pytest.fail(f"This test does not know what to do with: {command}")


def test_every_command_that_can_run_does(sandbox, environment):
    ran = []
    for _document, command in ALL:
        if by_kind(command) != "run":
            continue
        told = next(env for start, env in environment.items() if command.startswith(start))
        plain = re.sub(r"^\.venv/bin/python", "python", filled_in(command, sandbox))
        words = shlex.split(plain)
        while "=" in words[0]:
            name, _, value = words.pop(0).partition("=")
            told = {**told, name: value}
        run(shlex.join(words), cwd=sandbox, env=told)
        ran.append(command)

    assert "python manage.py backup backups/2027-06-03" in ran


@pytest.mark.parametrize("command", sorted({c for _, c in ALL if by_kind(c) == "ask"}))
def test_make_knows_every_target(command, tmp_path):
    run(f"{command} --dry-run", cwd=ROOT, env={**os.environ, "MAKEFLAGS": ""})


@pytest.mark.parametrize("command", sorted({c for _, c in ALL if by_kind(c) == "collect"}))
def test_every_command_of_pytest_finds_its_tests(command):
    words = shlex.split(command)
    paths = [word for word in words[1:] if not word.startswith("-") and "/" in word]

    assert paths
    assert [path for path in paths if not (ROOT / path.split("::")[0]).exists()] == []


@pytest.mark.parametrize("command", sorted({c for _, c in ALL if by_kind(c) == "read"}))
def test_command_that_needs_the_world_is_well_formed(command):
    words = shlex.split(command)

    if words[:2] == ["docker", "compose"]:
        assert words[2] in COMPOSE_VERBS
    else:
        assert words[0] in {"git", "cd", "docker"}
        assert shutil.which("git")


@pytest.mark.parametrize("document", DOCS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_link_between_documents_leads_somewhere(document):
    text = document.read_text("utf-8")
    dead = []
    for target in LINK.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        file = (document.parent / name).resolve() if name else document
        if not file.exists() or (anchor and anchor not in anchors(file)):
            dead.append(target)

    assert dead == []


def anchors(file):
    """The anchors that headings give, as the usual viewers make them."""
    headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_document_is_found_from_the_readme_or_contributing():
    start = [ROOT / name for name in ("README.md", "CONTRIBUTING.md") if (ROOT / name).exists()]
    seen, waiting = set(), list(start)
    while waiting:
        document = waiting.pop()
        if document in seen or document.suffix != ".md" or not document.exists():
            continue
        seen.add(document)
        links = LINK.findall(document.read_text("utf-8"))
        waiting += [
            (document.parent / link.partition("#")[0]).resolve() for link in links if "://" not in link
        ]

    assert sorted(str(d.relative_to(ROOT)) for d in set(DOCS) - seen) == []
