"""Rows as the lines that COPY reads, made where the file is read: while the database takes in those before.

Lines are kept as columns: what is done to each of millions is done by loops that run in C.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress, islice
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
BACKSLASH, ESCAPED = "\\", "\\\\"


class Lines(NamedTuple):
    """Rows ready to copy but for their last two columns, and what must be known about them, column by column.

    A subject is None for a correction that need not say whom it is about: what it refers to does.
    """

    numbers: Sequence[int]
    identities: Sequence[str]
    statuses: Sequence[str]
    subjects: Sequence[Subject | None]
    providers: Sequence[Provider | None]
    texts: Sequence[str]

    def only(self, wanted: Sequence[bool]) -> "Lines":
        """Those of these lines, told one by one."""
        return Lines._make([list(compress(column, wanted)) for column in self])

    def part(self, start: int, stop: int) -> "Lines":
        """The lines from one place to before another."""
        return Lines._make([column[start:stop] for column in self])


_ABOUT = frozenset("NM")  # statuses of messages that say whom they are about
NO_LINES = Lines((), (), (), (), (), ())


class Piece(NamedTuple):
    """What was read of a part of a file: of so many lines these, and those that are refused."""

    read: int
    lines: Lines
    refused: list[Refused]
    unknown_codes: Counter[str]


def pieces_of(
    items: Iterable[Row | Refused | IdentityRow],
    *,
    source: Source,
    run: IngestRun,
    delivery: UUID | None,
    size: int,
) -> Iterator[Piece]:
    """The rows of a file as lines, so many at a time.

    What a delivery brings does not count before all of it is here.
    """
    always = f"{source.slug}\t{delivery or NOTHING}\t{run.pk}"
    counts, waits = f"{always}\t{'f' if delivery else 't'}", f"{always}\tf"
    items = iter(items)
    while found := list(islice(items, size)):
        rows = [item for item in found if item.__class__ is Row]
        refused = [item for item in found if item.__class__ is Refused]
        unknown = Counter(chain.from_iterable([row.unknown_codes for row in rows]))
        yield Piece(len(found), _lines(rows, counts=counts, waits=waits), refused, unknown)


def joined(pieces: Sequence[Piece]) -> Piece:
    """Several pieces as one."""
    return Piece(
        sum(piece.read for piece in pieces),
        together([piece.lines for piece in pieces]),
        list(chain.from_iterable(piece.refused for piece in pieces)),
        sum((piece.unknown_codes for piece in pieces), Counter()),
    )


def together(parts: Sequence[Lines]) -> Lines:
    """The lines of all, one after the other."""
    return Lines._make(list(chain.from_iterable(columns)) for columns in zip(*parts, strict=True))


def _lines(rows: Sequence[Row], *, counts: str, waits: str) -> Lines:
    if not rows:
        return NO_LINES
    texts = [
        f"{identity}\t{section}\t{status}\t{refers_to or NOTHING}\t{reported_at}\t{sequence}\t"
        f"{event_date or NOTHING}\t{end_date or NOTHING}\t{'t' if sensitive else 'f'}\t"
        f"{variables.replace(BACKSLASH, ESCAPED)}\t{number}\t{lasting_key or NOTHING}\t"
        f"{counts if status == 'N' else waits}"
        for (
            number, identity, status, refers_to, reported_at, sequence, _subject, event_date, end_date,
            _provider, section, sensitive, variables, _unknown_codes, lasting_key,
        ) in rows
    ]  # fmt: skip
    return Lines(
        [row.number for row in rows],
        [row.identity for row in rows],
        [row.status for row in rows],
        [row.subject if row.status in _ABOUT or row.subject[1] else None for row in rows],
        [row.provider for row in rows],
        texts,
    )


def copy_into(table: str, texts: Iterable[str]) -> None:
    """COPY lines, complete with person and provider, into a table that has the columns of a record.

    The database takes in each text while the next is made.
    """
    with connection.cursor() as cursor, connection.wrap_database_errors:
        with cursor.copy(f"COPY {table} ({COLUMNS}) FROM STDIN") as copy:
            for text in texts:
                copy.write(text)
