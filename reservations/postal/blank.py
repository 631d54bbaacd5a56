"""The blank forms: which there are, where each lies, and making them all, some at a time.

They are files, made when the portal starts, so that they are there when nothing else is. One being made never
replaces a whole one by halves.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.util import Finalize
from pathlib import Path

from django.conf import settings

from reservations.postal.answers import LANGUAGES, FormAnswers
from reservations.postal.bases import PaperBasis
from reservations.postal.blank_inputs import BEGUN, DONE
from reservations.postal.kinds import PostalForm, all_forms


@dataclass(frozen=True)
class BlankForm:
    """One blank form as a PDF: what it asks for, for whom, and how it is printed."""

    form: PostalForm
    basis: PaperBasis
    language: str
    large_print: bool

    @property
    def name(self) -> str:
        """Its place in the folder, which is also what it is called when it is saved."""
        size = "-stor" if self.large_print else ""
        return f"{self.language}/{self.form.slug}-{self.basis.slug}{size}.pdf"

    @property
    def answers(self) -> FormAnswers:
        """A form on which nothing is answered."""
        return FormAnswers(self.form.kind, self.basis.code, self.language, large_print=self.large_print)

    @property
    def path(self) -> Path:
        """Where its file is, once it is made."""
        return Path(settings.BLANK_FORMS_DIR) / self.name


def all_blank() -> Iterator[BlankForm]:
    """Every blank form; those whom most ask for first."""
    for large_print in (False, True):
        for language in LANGUAGES:
            for form, basis in all_forms():
                yield BlankForm(form, basis, language, large_print)


def make_all(
    wanted: Sequence[BlankForm], folder: Path, *, of: str, processes: int, made: Callable[[int, int], None]
) -> None:
    """Make these forms in this folder, and remove all others. `of` is what they are made of.

    What an earlier run, which was ended, has made of the same is left as it is. `made` is told of how many of
    how many, and the note that all are there is written last.
    """
    (folder / DONE).unlink(missing_ok=True)
    begun = folder / BEGUN
    if not begun.is_file() or begun.read_text() != of:
        write_whole(begun, of.encode())
    since = begun.stat().st_mtime_ns
    missing = [blank for blank in wanted if not _is_of_now(folder / blank.name, since=since)]
    done = len(wanted) - len(missing)
    with closing(_made(missing, processes=processes)) as contents:
        for count, (blank, content) in enumerate(contents, start=done + 1):
            write_whole(folder / blank.name, content)
            made(count, len(wanted))
    _forget_others(folder, {folder / blank.name for blank in wanted})
    write_whole(folder / DONE, of.encode())


def _is_of_now(file: Path, *, since: int) -> bool:
    return file.is_file() and file.stat().st_mtime_ns >= since


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that everybody may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(fresh).chmod(0o644)
        Path(fresh).replace(path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise


def make_one(blank: BlankForm) -> bytes:
    """The PDF of a blank form."""
    from reservations.postal.form_page import make_form  # noqa: PLC0415 -- slow import, where it is made

    return make_form(blank.answers)


def _made(wanted: list[BlankForm], *, processes: int) -> Generator[tuple[BlankForm, bytes]]:
    if processes <= 1 or not wanted:
        yield from ((blank, make_one(blank)) for blank in wanted)
        _leave_no_fonts()
        return
    _have_the_slow_parts()
    # Forked, so that what is slow to load is loaded once: this process has no threads.
    forked = get_context("fork")
    pool = ProcessPoolExecutor(processes, mp_context=forked, initializer=_leave_no_fonts_at_the_end)
    try:
        keys = [(blank.form.slug, blank.basis.slug, blank.language, blank.large_print) for blank in wanted]
        yield from zip(wanted, pool.map(_make_by_name, keys, chunksize=4), strict=True)
    finally:
        pool.shutdown(cancel_futures=True)


def _make_by_name(key: tuple[str, str, str, bool]) -> bytes:
    """As `make_one`: an entry with its translated texts is not sent from one process to another."""
    (blank,) = (
        blank
        for blank in all_blank()
        if (blank.form.slug, blank.basis.slug, blank.language, blank.large_print) == key
    )
    return make_one(blank)


def _leave_no_fonts() -> None:
    from kpr_portal.documents.rendering import forget_fonts  # noqa: PLC0415 -- slow import, where it is made

    forget_fonts()


def _leave_no_fonts_at_the_end() -> None:
    Finalize(None, _leave_no_fonts, exitpriority=1)


def _have_the_slow_parts() -> None:
    import weasyprint  # noqa: F401, PLC0415 -- slow import, where it is made
    import zxingcpp  # noqa: F401, PLC0415 -- the same


def _forget_others(folder: Path, wanted: Iterable[Path]) -> None:
    """Remove forms that there are no more."""
    kept = set(wanted)
    for file in folder.glob("*/*.pdf"):
        if file not in kept:
            file.unlink()
