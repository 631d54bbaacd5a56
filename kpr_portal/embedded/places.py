"""Where the embedded servers keep what is theirs."""

import hashlib
import json
import os
import pwd
import shutil
import socket
import stat
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
# Every process of an embedded server carries this in its environment, with its DATA_DIR as the value.
MARKER = "KPR_EMBEDDED"
SCRATCH_PREFIX = "kpr-scratch-"


class EmbeddedError(Exception):
    """An embedded server cannot be had; the message says in one sentence why, and what to do."""


def runs_as_root() -> bool:
    return os.geteuid() == 0


def default_data_dir() -> Path:
    """DATA_DIR from the environment, else `.data` in the project; for root a folder outside root's home.

    PostgreSQL refuses to run as root, so root's servers run as a system user, who must be able to
    reach the folder without anything of root's being opened.
    """
    if chosen := os.environ.get("DATA_DIR"):
        return Path(chosen).resolve()
    if runs_as_root():
        checkout = hashlib.blake2b(str(BASE_DIR).encode(), digest_size=4).hexdigest()
        return Path("/var/lib/kpr-portal") / checkout
    return BASE_DIR / ".data"


def scratch_data_dir() -> Path:
    """A new, empty data folder for tests, which the servers' system user can reach."""
    parent = Path(tempfile.gettempdir())
    if runs_as_root() and closed_parent(parent / "any"):
        parent = Path("/var/tmp")  # noqa: S108 -- the folder made in it is ours alone
    made = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX, dir=parent))
    made.chmod(0o711)
    return made


def closed_parent(path: Path) -> Path | None:
    """The first folder above `path` that other users may not pass through, if any."""
    for parent in reversed(path.absolute().parents):
        if parent.exists() and not parent.stat().st_mode & stat.S_IXOTH:
            return parent
    return None


@dataclass(frozen=True)
class Places:
    """The files and folders in one DATA_DIR."""

    root: Path

    def make(self) -> None:
        """Make the folders that are missing. Raises EmbeddedError where the system user cannot reach them."""
        if runs_as_root() and (closed := closed_parent(self.root)):
            why = f"because {closed} is closed to others"
            msg = f"The database's system user cannot reach {self.root}, {why}. Choose another DATA_DIR."
            raise EmbeddedError(msg)
        missing = [folder for folder in (self.root, *self.root.parents) if not folder.exists()]
        self.root.mkdir(parents=True, exist_ok=True)
        for folder in (
            self.keys,
            self.run,
            self.logs,
            self.valkey,
            self.idporten,
            self.stamps,
            self.mail,
        ):
            folder.mkdir(mode=0o700, exist_ok=True)
        self.postgres.mkdir(mode=0o711, exist_ok=True)
        if runs_as_root():
            # Whatever root's umask: the servers' system user passes through these on its way to its own.
            for folder in (*missing, self.root, self.postgres):
                folder.chmod(0o711)

    def within(self, *parts: str) -> Path:
        return self.root.joinpath(*parts)

    @property
    def keys(self) -> Path:
        return self.within("keys")

    @property
    def run(self) -> Path:
        return self.within("run")

    @property
    def stamps(self) -> Path:
        return self.within("run", "stamps")

    @property
    def logs(self) -> Path:
        return self.within("logs")

    @property
    def postgres(self) -> Path:
        return self.within("postgres")

    @property
    def valkey(self) -> Path:
        return self.within("valkey")

    @property
    def idporten(self) -> Path:
        return self.within("idporten")

    @property
    def mail(self) -> Path:
        """A file for each mail that would have been sent."""
        return self.within("mail")

    @property
    def blank_forms(self) -> Path:
        return self.within("blank-forms")

    @property
    def static(self) -> Path:
        return self.within("static")

    @property
    def environment(self) -> dict[str, str]:
        """The whole environment of an embedded server: the marker, and nothing of the caller's."""
        return {
            MARKER: str(self.root),
            "PATH": os.environ.get("PATH", os.defpath),
            "LC_ALL": "C",
        }

    @property
    def assets(self) -> Path:
        return self.within("assets")

    @property
    def folders(self) -> tuple[Path, ...]:
        """Every folder that may be made here."""
        return (
            self.run,
            self.logs,
            self.postgres,
            self.valkey,
            self.idporten,
            self.static,
            self.assets,
            self.blank_forms,
            self.mail,
            self.keys,
        )

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"


def write_private(path: Path, content: str) -> None:
    """Write a file that its owner alone may read, whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def remembered_ports(places: Places, names: Iterable[str], *, in_use: Iterable[str] = ()) -> dict[str, int]:
    """A port on the loopback address for each name: the one used last time while it is free, else a new one.

    The servers named by `in_use` run already, so their ports are kept without looking.
    """
    file = places.run / "ports.json"
    known: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    kept = set(in_use)
    chosen = {
        name: known[name] if name in known and (name in kept or port_is_free(known[name])) else 0
        for name in names
    }
    # Held open together, so that no two names are given the same port.
    with_sockets = {
        name: socket.create_server(("127.0.0.1", 0)) for name, port in chosen.items() if port == 0
    }
    for name, opened in with_sockets.items():
        chosen[name] = opened.getsockname()[1]
    for opened in with_sockets.values():
        opened.close()
    if {**known, **chosen} != known:
        write_private(file, json.dumps({**known, **chosen}, indent=1))
    return chosen


def port_is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback address now."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def remove_tree(path: Path) -> None:
    """Remove a folder and all in it; one that is not there is fine."""
    shutil.rmtree(path, ignore_errors=True)


def user_exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
