"""The portal as in production, on servers of its own, and people signed in to it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kpr_portal.embedded.places import scratch_data_dir
from kpr_portal.embedded.servers import Servers

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2


def set_up() -> Servers:
    """Servers with the care of production (every commit reaches the disk), migrated and ready."""
    servers = Servers(scratch_data_dir(), remove_at_end=True).attach()
    os.environ.update(servers.environment)
    os.environ.update(
        ENVIRONMENT="test", DJANGO_SETTINGS_MODULE="bench.settings", KPR_ROLE="owner", LOG_LEVEL="ERROR"
    )
    import django  # noqa: PLC0415 -- settings are read from the environment made above
    from django.core.management import call_command  # noqa: PLC0415 -- the same

    django.setup()
    call_command("migrate", verbosity=0)
    return servers


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def process(*command: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the portal with the rights of `web`, stopped at the end."""
    run = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, "KPR_ROLE": "web", **environment},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield run
    finally:
        run.send_signal(signal.SIGTERM)
        try:
            run.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()


@contextmanager
def web_server() -> Iterator[str]:
    """The portal under granian; yields its address once it answers."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    command = (
        "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(WORKERS), "--no-ws", "--log-level", "error", "kpr_portal.wsgi:application",
    )  # fmt: skip
    with process(*command, PUBLIC_URL=base):
        for _ in range(200):
            try:
                with urllib.request.urlopen(base + "/robots.txt", timeout=1):
                    break
            except OSError:
                time.sleep(0.1)
        else:
            raise RuntimeError("The web server did not start.")
        yield base


@contextmanager
def worker(queues: str = "default") -> Iterator[None]:
    """One Celery worker for these queues, as `make run` has it."""
    with process("celery", "-A", "kpr_portal", "worker", "--concurrency", "1", "-Q", queues, "-l", "error"):
        yield
