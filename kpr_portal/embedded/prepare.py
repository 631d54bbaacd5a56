"""The steps between running servers and a portal that answers: done once, and again when inputs change."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from kpr_portal.embedded.places import BASE_DIR, EmbeddedError, Places, write_private
from kpr_portal.embedded.processes import tail

MANAGE = (sys.executable, str(BASE_DIR / "manage.py"))
LOCK = "requirements-run.txt"
CITIZENS, STAFF = "{idporten}/idporten-people.json", "{idporten}/staff-people.json"


@dataclass(frozen=True)
class Step:
    """One step, safe to run again. It is skipped while what it depends on is the same, or not there at all.

    `inputs` are patterns of files in the project, `variables` names in the environment, `outputs` files that
    must be there. `needs` names a module without which the step has nothing to do yet. In a command,
    `{idporten}` is that folder of DATA_DIR.
    """

    name: str
    says: str
    command: Sequence[str]
    inputs: Sequence[str]
    variables: Sequence[str] = ()
    outputs: Callable[[Places], Sequence[Path]] = lambda _: ()
    needs: str = ""


def compiled_translations(_: Places) -> list[Path]:
    return [file.with_suffix(".mo") for file in (BASE_DIR / "locale").glob("*/LC_MESSAGES/*.po")]


STEPS = (
    Step(
        name="translations",
        says="Compiling translations",
        command=(
            sys.executable,
            "-m",
            "babel.messages.frontend",
            "-q",
            "compile",
            "-d",
            "locale",
            "-D",
            "django",
        ),
        inputs=("locale/*/LC_MESSAGES/*.po",),
        outputs=compiled_translations,
    ),
    Step(
        name="static",
        says="Collecting style sheets, fonts and scripts",
        command=(*MANAGE, "collectstatic", "--noinput", "--verbosity=0"),
        inputs=(
            "static/**/*",
            "package-lock.json",
            LOCK,
            "kpr_portal/settings.py",
            "kpr_portal/ui/assets.py",
        ),
        outputs=lambda places: [places.static / "staticfiles.json"],
    ),
    Step(
        name="tables",
        says="Making the tables",
        command=(*MANAGE, "migrate", "--noinput", "--verbosity=0"),
        inputs=("**/migrations/*.py", "**/models.py", "**/models/*.py", "kpr_portal/ground/*.*", LOCK),
        variables=("OWNER_DATABASE_URL", "CLOCK_SHIFT_SECONDS"),
    ),
    Step(
        name="texts",
        says="Keeping the texts of the choices",
        command=(*MANAGE, "keep_texts"),
        inputs=("locale/*/LC_MESSAGES/*.po", "reservations/catalogue.py", "reservations/texts.py"),
        variables=("DATABASE_URL",),
    ),
    Step(
        name="people",
        says="Loading synthetic people",
        command=(*MANAGE, "load_population", "--citizens", CITIZENS, "--staff", STAFF),
        inputs=("kpr_portal/embedded/population*.py",),
        variables=("DATABASE_URL", "POPULATION"),
        outputs=lambda places: [Path(file.format(idporten=places.idporten)) for file in (CITIZENS, STAFF)],
        needs="kpr_portal.embedded.management.commands.load_population",
    ),
    Step(
        name="messages",
        says="Reading what the sources have sent",
        command=(*MANAGE, "load_demo_data"),
        inputs=("kpr_portal/embedded/population*.py", "kpr_portal/embedded/messages*.py"),
        variables=("DATABASE_URL", "POPULATION"),
        needs="kpr_portal.embedded.management.commands.load_demo_data",
    ),
    Step(
        name="releases",
        says="Entering what has left the register",
        command=(*MANAGE, "load_demo_releases"),
        inputs=("kpr_portal/embedded/releases.py",),
        variables=("DATABASE_URL", "POPULATION"),
    ),
)


def prepare(places: Places, *, environment: Mapping[str, str], say: Callable[[str], None]) -> None:
    """Run the steps that are due, in order. Raises EmbeddedError with the output of one that fails."""
    for step in STEPS:
        if not input_files(step) or (step.needs and find_spec(step.needs) is None):
            continue
        stamp, now = places.stamps / step.name, fingerprint(step, environment=environment)
        done = stamp.exists() and stamp.read_text() == now
        if done and all(output.exists() for output in step.outputs(places)):
            continue
        say(f"{step.says} ...")
        begun = time.monotonic()
        command = [word.format(idporten=places.idporten) for word in step.command]
        run_step(command, says=step.says, environment=environment, log=places.log(step.name))
        write_private(stamp, now)
        say(f"{step.says}: done in {time.monotonic() - begun:.1f} s")


def run_step(command: Sequence[str], *, says: str, environment: Mapping[str, str], log: Path) -> None:
    with log.open("wb") as output:
        # In a session of its own: Ctrl-C is for the caller, who ends the step.
        process = subprocess.Popen(
            command,
            cwd=BASE_DIR,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if process.returncode:
        msg = f"{says} failed; the end of {log}:\n{tail(log, 8)}"
        raise EmbeddedError(msg)


def fingerprint(step: Step, *, environment: Mapping[str, str]) -> str:
    """What the step depends on, as one short text."""
    digest = hashlib.sha256(repr(step.command).encode())
    for file in input_files(step):
        digest.update(f"{file.relative_to(BASE_DIR)} ".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    for name in step.variables:
        digest.update(f"{name}={environment.get(name, '')}\n".encode())
    return digest.hexdigest()


def input_files(step: Step) -> list[Path]:
    return sorted({file for pattern in step.inputs for file in project_files(pattern)})


def project_files(pattern: str) -> list[Path]:
    """Files of the project by pattern; what is installed beside it is not looked through."""
    head, _, rest = pattern.partition("/")
    if head != "**":
        return [file for file in BASE_DIR.glob(pattern) if file.is_file()]
    folders = [folder for folder in BASE_DIR.iterdir() if (folder / "__init__.py").exists()]
    return [file for folder in folders for file in folder.glob(f"**/{rest}") if file.is_file()]
