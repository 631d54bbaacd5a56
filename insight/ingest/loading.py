"""Rows into the table, batch by batch, each batch whole or not at all.

A batch of rows never seen is copied straight into the table. Where one of them is there already (a file
read again), the batch goes by way of a temporary table, and what is there stays.
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from django.db import DataError, IntegrityError, connection, transaction
from psycopg.errors import UniqueViolation

from insight.catalogue import Row, Source
from insight.ingest.projecting import Applied, project
from insight.ingest.report import Report
from insight.ingest.subjects import Subjects
from insight.models import IngestRun
from kpr_portal.ground.locks import advisory_lock

COLUMNS = (
    "identity, source, section, status, refers_to, reported_at, sequence, person_id, event_date, end_date,"
    " provider_id, sensitive, variables, delivery, run_id, number, current, original"
)
_NOTHING = "\\N"
_SUBJECT, _PROVIDER = attrgetter("subject"), attrgetter("provider")


class Line(NamedTuple):
    """A row ready to copy, and what must be known about it afterwards."""

    identity: str
    status: str
    number: int
    text: str


class Loader:
    """Takes one file's rows in. Persons and providers met once are remembered."""

    def __init__(self, *, source: Source, run: IngestRun, report: Report, subjects: Subjects) -> None:
        self._source = source
        self._run = run
        self._report = report
        self._subjects = subjects
        self._providers: dict[tuple[str, str, str], int] = {}
        self._seen_before = False

    @transaction.atomic
    def load(self, rows: Sequence[Row], *, delivery: UUID | None = None) -> None:
        """Take a batch in, and let its corrections count. Lines that fail are noted and left out."""
        advisory_lock("insight.ingest", self._source.slug)
        self._subjects.resolve(map(_SUBJECT, rows))
        self._meet_providers(set(map(_PROVIDER, rows)))
        lines = [line for row in rows if (line := self._line(row, delivery)) is not None]
        inserted = self._insert(lines)
        for row in rows:
            if row.unknown_codes:
                self._report.unknown_codes.update(row.unknown_codes)
        self._report.counts["new"] += sum(line.status == "N" for line in inserted)
        if delivery is None:
            self._project(inserted)

    def _project(self, inserted: list[Line]) -> None:
        corrections = [line.identity for line in inserted if line.status != "N"]
        awaited = _awaited(line.identity for line in inserted)
        if corrections or awaited:
            note(self._report, project(self._source, {*corrections, *awaited}, run=self._run.pk))

    def _line(self, row: Row, delivery: UUID | None) -> Line | None:
        person: int | str | None = self._subjects[row.subject] if _about_someone(row) else None
        if isinstance(person, str):
            self._report.refuse(row.number, person)
            return None
        variables = row.variables
        if "\\" in variables:
            variables = variables.replace("\\", "\\\\")
        provider = self._providers[row.provider] if row.provider else _NOTHING
        counts = "t" if row.status == "N" and delivery is None else "f"
        text = (
            f"{row.identity}\t{self._source.slug}\t{row.section}\t{row.status}\t{row.refers_to or _NOTHING}\t"
            f"{row.reported_at}\t{row.sequence}\t{_NOTHING if person is None else person}\t"
            f"{row.event_date or _NOTHING}\t{row.end_date or _NOTHING}\t{provider}\t"
            f"{'t' if row.sensitive else 'f'}\t{variables}\t{delivery or _NOTHING}\t"
            f"{self._run.pk}\t{row.number}\t"
            f"{counts}\t{row.lasting_key or _NOTHING}"
        )
        return Line(row.identity, row.status, row.number, text)

    def _insert(self, lines: list[Line]) -> list[Line]:
        """Put the lines in the table; those that were not there before are returned."""
        if not lines:
            return []
        try:
            with transaction.atomic():
                if self._seen_before:
                    return self._insert_news(lines)
                _copy("insight_record", lines)
                return lines
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation) or self._seen_before:
                return self._halves(lines)
        except DataError:
            return self._halves(lines)
        self._seen_before = True
        return self._insert(lines)

    def _halves(self, lines: list[Line]) -> list[Line]:
        """One line cannot be stored: find it, refuse it, keep the others."""
        if len(lines) == 1:
            self._report.refuse(lines[0].number, "unreadable")
            return []
        middle = len(lines) // 2
        return self._insert(lines[:middle]) + self._insert(lines[middle:])

    def _insert_news(self, lines: list[Line]) -> list[Line]:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE IF NOT EXISTS incoming (LIKE insight_record) ON COMMIT DELETE ROWS"
            )
            cursor.execute("TRUNCATE incoming")
            _copy("incoming", lines)
            cursor.execute(
                f"INSERT INTO insight_record ({COLUMNS}) SELECT {COLUMNS} FROM incoming ORDER BY number"
                " ON CONFLICT (identity) DO NOTHING RETURNING identity, number"
            )
            inserted = {(str(identity), number) for identity, number in cursor.fetchall()}
            cursor.execute(
                "SELECT i.number, (i.source, i.status, i.refers_to, i.person_id, i.event_date, i.variables)"
                " IS NOT DISTINCT FROM"
                " (r.source, r.status, r.refers_to, r.person_id, r.event_date, r.variables)"
                " FROM incoming i JOIN insight_record r USING (identity)"
                " WHERE (r.run_id, r.number) IS DISTINCT FROM (i.run_id, i.number) ORDER BY i.number"
            )
            for number, same in cursor.fetchall():
                if same:
                    self._report.counts["known"] += 1
                else:
                    self._report.refuse(number, "another")
        return [line for line in lines if (line.identity, line.number) in inserted]

    def _meet_providers(self, providers: Iterable[tuple[str, str, str] | None]) -> None:
        new = sorted({provider for provider in providers if provider and provider not in self._providers})
        if not new:
            return
        columns = [list(column) for column in zip(*new, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO insight_provider (organisation_number, name, municipality)"
                " SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING",
                columns,
            )
            cursor.execute(
                "SELECT p.organisation_number, p.name, p.municipality, p.id FROM insight_provider p"
                " JOIN unnest(%s::text[], %s::text[], %s::text[])"
                " AS new (organisation_number, name, municipality)"
                " USING (organisation_number, name, municipality)",
                columns,
            )
            for organisation_number, name, municipality, id_ in cursor.fetchall():
                self._providers[organisation_number, name, municipality] = id_


def note(report: Report, applied: Applied) -> None:
    """Count corrections that came to count."""
    names = {"M": "replaced", "T": "added_to", "C": "cancelled"}
    for status, count in applied.by_status.items():
        report.counts[names[status]] += count
    report.counts["from_waiting"] += applied.from_waiting


def _about_someone(row: Row) -> bool:
    """A cancellation or an addition need not say whom it is about: what it refers to does."""
    return row.status in {"N", "M"} or row.subject[1] != ""


def _copy(table: str, lines: Iterable[Line]) -> None:
    text = "\n".join(line.text for line in lines) + "\n"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        with cursor.copy(f"COPY {table} ({COLUMNS}) FROM STDIN") as copy:
            copy.write(text)


def _awaited(identities: Iterable[str]) -> set[str]:
    """Those of these that an earlier correction waits for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT refers_to FROM insight_record WHERE refers_to = ANY(%s::uuid[])",
            ["{" + ",".join(identities) + "}"],
        )
        return {str(refers_to) for (refers_to,) in cursor.fetchall()}
