"""A disk so small that a test can fill it: real memory behind a real file system, which says ENOSPC when it is full.

It is a tmpfs in a mount namespace of its own, held by a process that ends when the test does, however that ends;
nobody else sees it, and nothing is left. Whoever runs the tests may have one: root, and where the system lets users
have namespaces, everybody; else through sudo, as the Makefile installs packages. Where none of it goes the test fails
and says so: a fault that was not tried is not skipped in silence.
"""

import os
import pwd
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

FILLER = "everything-else"
MIB = 2**20
# Its end of the input is the end of whoever asked for the disk.
_HELD = f"""
mount -t tmpfs -o "$1" tmpfs "$0" && : > "$0/{FILLER}" && chmod 666 "$0/{FILLER}" || exit 1
echo ready; read -r _
umount -l "$0"; rmdir "$0" 2>/dev/null
"""
_OWN_NAMESPACE = ("unshare", "--map-root-user", "--mount", "sh", "-c", _HELD)
_FOR_ALL = (*(() if os.geteuid() == 0 else ("sudo", "-n")), "sh", "-c", _HELD)


class NoSmallDisk(Exception):
    """Nobody here may mount anything."""


class SmallDisk:
    """A disk of `size` bytes from its making until `leave`. Also a context manager.

    `user` is the system user whose it is, and whose servers reach it, where that is not the caller.
    """

    def __init__(self, size: int = 4 * MIB, *, user: str | None = None) -> None:
        self._point = Path(tempfile.mkdtemp(prefix="kpr-small-disk-"))
        self._point.chmod(0o755)
        why = []
        for holder in (_OWN_NAMESPACE, _FOR_ALL):
            options = f"size={size},mode=0755"
            if holder is _FOR_ALL:
                options += f",uid={pwd.getpwnam(user).pw_uid if user else os.getuid()}"
            held = self._hold(
                [*holder, str(self._point), options], user=user if holder is _OWN_NAMESPACE else None
            )
            if isinstance(held, str):
                why.append(held)
                continue
            self._holder = held
            beyond = f"/proc/{held.pid}/root" if holder is _OWN_NAMESPACE else ""
            self.path = Path(f"{beyond}{self._point}")
            return
        self._point.rmdir()
        raise NoSmallDisk(" ".join(["A full disk cannot be tried here:", *why]))

    @staticmethod
    def _hold(command: list[str], *, user: str | None) -> "subprocess.Popen[bytes] | str":
        """The process that holds the disk, or what it said when it could not."""
        try:
            holder = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                user=user,
                group=user,
                extra_groups=[] if user else None,
            )
        except OSError as error:
            return str(error)
        if holder.stdout is not None and holder.stdout.readline() == b"ready\n":
            return holder
        _out, said = holder.communicate()
        return said.decode(errors="replace").strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def fill(self, *, but: int = 0) -> None:
        """Let there be no room any more, or only for so many bytes."""
        with (self.path / FILLER).open("ab", buffering=0) as filler:
            for size in (MIB, 4096, 1):
                with suppress(OSError):
                    while filler.write(bytes(size)):
                        pass
            filler.truncate(max(0, filler.tell() - but))

    def make_room(self) -> None:
        """Take away what filled it."""
        os.truncate(self.path / FILLER, 0)

    def leave(self) -> None:
        """Let it go, with everything that is on it."""
        self._holder.communicate(b"\n")
        if self._point.exists():  # where it is not the holder's to remove
            self._point.rmdir()


@contextmanager
def full(disk: SmallDisk, *, but: int = 0) -> Iterator[None]:
    """The disk takes no more while this lasts."""
    disk.fill(but=but)
    try:
        yield
    finally:
        disk.make_room()
