"""Taking data in, against COPY of the same rows into a bare table, and against parsing alone."""

import re
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from statistics import median
from uuid import UUID, uuid5

from django.db import connection
from django.db.backends.utils import CursorWrapper

from bench.table import Row
from insight.ingest.met import Met
from insight.operations import ingest_file
from insight.reading.opening import look_at
from insight.sources import message_type_of
from kpr_portal.embedded import population
from kpr_portal.embedded.messages import write_messages
from kpr_portal.ground import clock
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister

PEOPLE = 4_000
EVENTS, HEAD = b"56_0_0_ipl", 1_000
NOTIFICATION = re.compile(r"<Notifikasjon .*?</Notifikasjon>", re.DOTALL)
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
IN_ONE_FILE = 50_000
COPIES = 3


def against_copy() -> Iterator[Row]:
    """Every file of a synthetic population, taken in once."""
    population.load(seed=11, size=PEOPLE, today=clock.today())
    with tempfile.TemporaryDirectory(prefix="kpr-bench-") as folder:
        files = write_messages(EmbeddedPopulationRegister().everyone(), Path(folder), today=clock.today())
        claims = [file for file in files if file.suffix == ".csv"]
        yield _one_kind("ingest KUHR CSV", claims, at_least=0.25)
        events = [file for file in files if file.suffix == ".xml" and EVENTS in file.read_bytes()[:HEAD]]
        yield _one_kind("ingest IPLOS XML", [_one_large(events, Path(folder))], at_least=0.1)


def _one_large(files: list[Path], folder: Path) -> Path:
    """One message with the notifications of all, again and again under other GUIDs: what a region sends."""
    texts = [
        file.read_bytes().decode("utf-8" if b"UTF-8" in file.read_bytes()[:80] else "latin-1")
        for file in files
    ]
    found = [notification for text in texts for notification in NOTIFICATION.findall(text)]
    head, tail = NOTIFICATION.split(texts[0])[0], NOTIFICATION.split(texts[0])[-1]
    path = folder / "large.xml"
    with path.open("w", encoding="utf-8" if "UTF-8" in head[:80] else "latin-1") as out:
        out.write(head)
        for turn in range(-(-IN_ONE_FILE // len(found))):
            other = partial(_other_guid, turn)
            out.writelines(GUID.sub(other, notification) + "\n" for notification in found)
        out.write(tail)
    return path


def _other_guid(turn: int, guid: re.Match[str]) -> str:
    return str(uuid5(UUID(guid.group()), str(turn)))


def _one_kind(name: str, files: list[Path], *, at_least: float) -> Row:
    met, rows, taken_in, copying, parsed, parsing = Met(), 0, 0.0, 0.0, 0, 0.0
    for file in files:  # all three of a file one after the other, so that they meet the same weather
        last = _last_row()
        start = time.perf_counter()
        report = ingest_file(file, met=met)
        taken_in += time.perf_counter() - start
        if report.file_refused:
            msg = f"refused: {report.file_name}"
            raise RuntimeError(msg)
        new, seconds = _copy_since(last)
        rows, copying = rows + new, copying + seconds
        start = time.perf_counter()
        parsed += _parse(file)
        parsing += time.perf_counter() - start
    rate, bare = rows / taken_in, rows / copying
    meaning = (
        f"{rate:,.0f} rows/s against {bare:,.0f} by COPY ({rows:,} rows);"
        f" parsing alone {parsed / parsing:,.0f}/s = {parsed / parsing / bare:.2f} of COPY"
    )
    return Row(name, rate / bare, meaning, at_least=at_least)


def _parse(file: Path) -> int:
    opening = look_at(file)
    found = message_type_of(opening)
    if found is None:
        msg = f"{file.name} is no message"
        raise RuntimeError(msg)
    _, message = found
    return sum(1 for _ in message.read(opening, message.prepare(opening)))


def _last_row() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM insight_ingestrun")
        return int(cursor.fetchone()[0])


def _copy_since(run: int) -> tuple[int, float]:
    """How many rows came in after this run, and how long COPY takes for the same rows into a bare table.

    The middle one of several: it takes a second or two, in which anything may happen on a shared machine.
    """
    text = BytesIO()
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY (SELECT * FROM insight_record WHERE run_id > {run}) TO STDOUT") as out:
            for part in out:
                text.write(part)
        seconds = [_copy(text, cursor) for _ in range(COPIES)]
        cursor.execute("SELECT count(*) FROM insight_record WHERE run_id > %s", [run])
        (rows,) = cursor.fetchone()
    return rows, median(seconds)


def _copy(text: BytesIO, cursor: CursorWrapper) -> float:
    cursor.execute("CREATE TABLE bench_bare (LIKE insight_record)")
    text.seek(0)
    start = time.perf_counter()
    with cursor.copy("COPY bench_bare FROM STDIN") as into:
        while part := text.read(1 << 16):
            into.write(part)
    seconds = time.perf_counter() - start
    cursor.execute("DROP TABLE bench_bare")
    return seconds
