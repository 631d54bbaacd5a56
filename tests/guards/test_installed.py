"""What `make` installs from Debian is enough for the programs that come from PyPI."""

import subprocess
import sysconfig
from pathlib import Path

PACKAGES = Path(sysconfig.get_path("purelib"))
ELF = b"\x7fELF"


def test_every_installed_program_finds_its_libraries():
    found = subprocess.run(["ldd", *programs()], capture_output=True, text=True, check=True).stdout

    assert [line.strip() for line in found.splitlines() if "not found" in line] == []


def test_the_programs_looked_at_are_those_the_servers_and_the_browser_need():
    names = {program.name for program in programs()}

    assert {"initdb", "postgres", "valkey-server", "node"} - names == set()


def programs():
    """Compiled programs in the virtual environment; libraries that are no programs are left out."""
    candidates = [file for file in PACKAGES.rglob("*") if file.is_file() and file.stat().st_mode & 0o100]
    return [file for file in candidates if ".so" not in file.name and begins(file) == ELF]


def begins(file):
    with file.open("rb") as opened:
        return opened.read(len(ELF))
