"""The container's entry point, run without a container: production's settings on real servers."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress

import pytest
from django.conf import settings

from tests.support.production import production_environment

ROOT = settings.BASE_DIR
# The one login that each role is given, as in docker-compose.yml.
LOGINS = {"migrate": "OWNER_DATABASE_URL", "keeper": "KEEPER_DATABASE_URL"}


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """The environment of a production: secrets of its own, files collected, tables made."""
    folder = tmp_path_factory.mktemp("production")
    environment = {
        **production_environment(folder, servers=dict(os.environ)),
        "PYTHON": sys.executable,
        "STATIC_ROOT": str(folder / "static"),
        "ASSETS_DIR": str(folder / "assets"),
        "CELERY_BEAT_SCHEDULE_FILENAME": str(folder / "schedule"),
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "made by web alone"),
        "HOST": "127.0.0.1",
    }
    unprotected = {**environment, "ENVIRONMENT": "demo"}
    entrypoint("manage", "collectstatic", "--no-input", "--verbosity=0", environment=unprotected)
    entrypoint("migrate", environment=given_to("migrate", environment))
    return environment


def given_to(role, environment):
    """What of this environment a role is given: of the logins its own alone."""
    login = LOGINS.get(role, "DATABASE_URL")
    return {
        name: value
        for name, value in environment.items()
        if name == login or not name.endswith("DATABASE_URL")
    }


def entrypoint(*arguments, environment):
    ran = subprocess.run(
        ["deploy/entrypoint", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@contextmanager
def started(role, environment):
    """A role of the entry point, while it runs; gives the process."""
    errors = tempfile.TemporaryFile()  # noqa: SIM115 -- closed below, after it was read
    process = subprocess.Popen(
        ["deploy/entrypoint", role],
        cwd=ROOT,
        env=given_to(role, environment),
        stdout=subprocess.DEVNULL,
        stderr=errors,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)
        errors.seek(0)
        sys.stdout.write(errors.read().decode())  # shown where the test fails
        errors.close()


def free_port():
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return opened.getsockname()[1]


def get(port, path, **headers):
    """Status and body, whatever the status."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310 -- our own address
            return response.status, response.read().decode()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.read().decode()


def wait_for(asked, process):
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert process.poll() is None
        try:
            return asked()
        except OSError:
            time.sleep(0.2)
    raise AssertionError("it does not answer")


def test_web_serves_pages_outside_and_health_and_metrics_inside(production):
    public, internal = free_port(), free_port()
    environment = {**production, "PORT": str(public), "INTERNAL_PORT": str(internal)}
    https = {"Host": "kpr.example.no", "X-Forwarded-Proto": "https"}
    with started("web", environment) as process:
        live = wait_for(lambda: get(internal, "/health/live"), process)
        front = wait_for(lambda: get(public, "/", **https), process)
        ready = get(internal, "/health/ready")
        outside = [get(public, path, **https)[0] for path in ("/metrics", "/health/ready", "/health/live")]
        metrics = get(internal, "/metrics")
        health = entrypoint("health", "web", environment=given_to("web", environment))
        process.send_signal(signal.SIGTERM)
        ended = process.wait(30)

    assert live == (200, '{"live": "OK"}')
    assert front[0] == 200
    assert ready[0] == 200, ready
    assert outside == [404, 404, 404]
    assert 'django_http_responses_total_by_status_total{status="404"} 3.0' in metrics[1]
    assert "kpr_owed_work_overdue 0.0" in metrics[1]
    assert (health, ended) == ("", 0)
    for port in (public, internal):  # nothing is left behind
        with pytest.raises(urllib.error.URLError):
            get(port, "/health/live")


@pytest.mark.parametrize("role", ["worker", "forms", "keeper"])
def test_worker_answers_its_health_check_and_stops_when_asked(production, role):
    with started(role, production) as process:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and process.poll() is None:
            asked = subprocess.run(
                ["deploy/entrypoint", "health", role],
                cwd=ROOT,
                env=given_to(role, production),
                capture_output=True,
                check=False,
            )
            if asked.returncode == 0:
                break
        process.send_signal(signal.SIGTERM)
        ended = process.wait(60)

    assert (asked.returncode, ended) == (0, 0)


def test_beat_answers_its_health_check_once_it_has_a_schedule(production):
    with started("beat", production) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            asked = subprocess.run(
                ["deploy/entrypoint", "health", "beat"],
                cwd=ROOT,
                env=given_to("beat", production),
                capture_output=True,
                check=False,
            )
            if asked.returncode == 0:
                break
            time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        process.wait(30)

    assert asked.returncode == 0


def test_unknown_role_is_told_which_there_are(production):
    ran = subprocess.run(
        ["deploy/entrypoint", "everything"],
        cwd=ROOT,
        env=production,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 64
    assert ran.stderr.splitlines()[0].startswith("deploy/entrypoint web ")
