#!/usr/bin/env python
"""Django's commands, on the embedded servers where the environment names no others.

Without DATABASE_URL or REDIS_URL a command attaches to the running embedded servers, or starts its own and
stops them at the end. KPR_ROLE says which database login it uses: `web`, `owner` or `keeper`; without it
the table in kpr_portal/embedded/logins.py decides.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kpr_portal.settings")

    from kpr_portal.embedded.logins import login_for, needs_servers  # noqa: PLC0415 -- after the environment

    arguments = sys.argv[1:]
    if arguments == ["run"]:
        run_demo()
        return
    os.environ.setdefault("KPR_ROLE", login_for(arguments[0] if arguments else ""))
    with embedded_servers() if needs_servers(arguments) else nullcontext():
        from django.core.management import execute_from_command_line  # noqa: PLC0415 -- after the environment

        execute_from_command_line(sys.argv)


def run_demo() -> None:
    """What the `run` command does, without Django, whose own start would take longer than the rest."""
    from kpr_portal.embedded.demo import main as run  # noqa: PLC0415 -- not in the image
    from kpr_portal.embedded.places import EmbeddedError  # noqa: PLC0415 -- not in the image

    try:
        run()
    except EmbeddedError as error:
        sys.exit(str(error))


@contextmanager
def embedded_servers() -> Iterator[None]:
    """The embedded servers for the time of this command; none in production, whose servers are named."""
    if os.environ.get("ENVIRONMENT") == "production":
        yield
        return

    from kpr_portal.embedded.places import EmbeddedError  # noqa: PLC0415 -- not in the image
    from kpr_portal.embedded.servers import Servers, attach_or_start  # noqa: PLC0415 -- not in the image

    # Being asked to end must leave the servers in order too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        servers: Servers = attach_or_start()
    except EmbeddedError as error:
        sys.exit(str(error))
    with servers:
        yield


if __name__ == "__main__":
    main()
