"""Rows as the lines that COPY reads, made where the file is read: while the database takes in those before."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from insight.catalogue import IdentityRow, Refused, Row, Source
from insight.ingest.providers import Provider
from insight.ingest.subjects import Subject
from insight.models import IngestRun

COLUMNS = (
    "identity, section, status, refers_to, reported_at, sequence, event_date, end_date, sensitive, variables,"
    " number, original, source, delivery, run_id, current, provider_id, person_id"
)
NOTHING = "\\N"


class Line(NamedTuple):
    """A row ready to copy but for its last two columns, and what must be known about it.

    `subject` is None for a correction that need not say whom it is about: what it refers to does.
    """

    number: int
    identity: str
    status: str
    subject: Subject | None
    provider: Provider | None
    text: str
    unknown_codes: tuple[str, ...]


def lines_of(
    items: Iterable[Row | Refused | IdentityRow], *, source: Source, run: IngestRun, delivery: UUID | None
) -> Iterator[Line | Refused]:
    """The rows of a file as lines. What a delivery brings does not count before all of it is here."""
    always = f"{source.slug}\t{delivery or NOTHING}\t{run.pk}"
    counts, waits = f"{always}\t{'f' if delivery else 't'}", f"{always}\tf"
    for row in items:
        if isinstance(row, Refused):
            yield row
        if not isinstance(row, Row):
            continue
        (
            number, identity, status, refers_to, reported_at, sequence, subject, event_date, end_date,
            provider, section, sensitive, variables, unknown_codes, lasting_key,
        ) = row  # fmt: skip
        if "\\" in variables:
            variables = variables.replace("\\", "\\\\")
        yield Line(
            number,
            identity,
            status,
            subject if status in {"N", "M"} or subject[1] else None,
            provider,
            f"{identity}\t{section}\t{status}\t{refers_to or NOTHING}\t{reported_at}\t{sequence}\t"
            f"{event_date or NOTHING}\t{end_date or NOTHING}\t{'t' if sensitive else 'f'}\t{variables}\t"
            f"{number}\t{lasting_key or NOTHING}\t{counts if status == 'N' else waits}",
            unknown_codes,
        )


def copy_into(table: str, text: str) -> None:
    """COPY lines, complete with person and provider, into a table that has the columns of a record."""
    if not text:
        return
    with connection.cursor() as cursor, connection.wrap_database_errors:
        with cursor.copy(f"COPY {table} ({COLUMNS}) FROM STDIN") as copy:
            copy.write(text)
