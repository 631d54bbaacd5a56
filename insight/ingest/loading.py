"""Rows into the table, batch by batch, each batch whole or not at all.

A batch of rows never seen is copied straight into the table. Where one of them is there already (a file
read again), the batch goes by way of a temporary table, and what is there stays.
"""

from collections.abc import Collection, Iterator
from itertools import compress, islice
from uuid import UUID

from django.db import DataError, IntegrityError, connection, transaction
from psycopg.errors import UniqueViolation

from insight.catalogue import Source
from insight.ingest.lines import COLUMNS, NO_LINES, NOTHING, Lines, Piece, copy_into, together
from insight.ingest.projecting import Applied, project
from insight.ingest.providers import Provider, Providers
from insight.ingest.report import Report
from insight.ingest.subjects import Subject, Subjects
from insight.models import IngestRun
from kpr_portal.ground.durability import commit_without_waiting
from kpr_portal.ground.locks import advisory_lock

MOST_WAITING = 2_000
AT_ONCE = 400  # about 128 kB
_WAITS = "refers_to IS NOT NULL AND original IS NULL"


class Loader:
    """Takes one file's rows in. Persons and providers met once are remembered."""

    def __init__(
        self,
        *,
        source: Source,
        run: IngestRun,
        report: Report,
        subjects: Subjects,
        providers: Providers,
        delivery: UUID | None = None,
    ) -> None:
        self._source = source
        self._run = run
        self._report = report
        self._subjects = subjects
        self._providers = providers
        self._delivery = delivery
        # As COPY takes them, of the batch at hand.
        self._person_ids: dict[Subject | None, str] = {}
        self._provider_ids: dict[Provider | None, str] = {}
        self._seen_before = False

    @transaction.atomic
    def load(self, batch: Piece) -> None:
        """Take a batch in, and let its corrections count. Lines that fail are noted and left out.

        The commit does not wait for the disk: the file's outcome does, and with it all that was before it.
        """
        commit_without_waiting()
        advisory_lock("insight.ingest", self._source.slug)
        for refused in batch.refused:
            self._report.refuse(refused.number, refused.reason)
        self._report.unknown_codes.update(batch.unknown_codes)
        named = {provider for provider in set(batch.lines.providers) if provider}
        self._provider_ids = {None: NOTHING}
        for provider, id_ in self._providers.resolve(named).items():
            self._provider_ids[provider] = str(id_)
        awaited = _awaited(batch.lines.identities) if self._delivery is None else set()
        inserted = self._insert(self._about_someone(batch.lines))
        self._report.counts["new"] += inserted.statuses.count("N")
        if self._delivery is None:
            self._project(inserted, awaited)

    def _project(self, inserted: Lines, awaited: set[str]) -> None:
        seeds = set(compress(inserted.identities, map("N".__ne__, inserted.statuses)))
        if awaited:
            seeds |= awaited.intersection(inserted.identities)
        if seeds:
            note(self._report, project(self._source, seeds, run=self._run.pk))

    def _about_someone(self, lines: Lines) -> Lines:
        """Those whose person we have, met now if need be; the others are noted as refused."""
        subjects = {subject for subject in set(lines.subjects) if subject}
        self._subjects.resolve(subjects)
        self._person_ids = {None: NOTHING}
        reasons: dict[Subject | None, str] = {}
        for subject in subjects:
            if isinstance(found := self._subjects[subject], str):
                reasons[subject] = found
            else:
                self._person_ids[subject] = str(found)
        if not reasons:
            return lines
        for number, named in zip(lines.numbers, lines.subjects, strict=True):
            if named in reasons:
                self._report.refuse(number, reasons[named])
        return lines.only([named not in reasons for named in lines.subjects])

    def _insert(self, lines: Lines) -> Lines:
        """Put the lines in the table; those that were not there before are returned."""
        if not lines.numbers:
            return NO_LINES
        try:
            with transaction.atomic():
                if self._seen_before:
                    return self._insert_news(lines)
                self._copy("insight_record", lines)
                return lines
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation) or self._seen_before:
                return self._halves(lines)
        except DataError:
            return self._halves(lines)
        self._seen_before = True
        return self._insert(lines)

    def _halves(self, lines: Lines) -> Lines:
        """One line cannot be stored: find it, refuse it, keep the others."""
        if len(lines.numbers) == 1:
            self._report.refuse(lines.numbers[0], "unreadable")
            return NO_LINES
        middle = len(lines.numbers) // 2
        parts = lines.part(0, middle), lines.part(middle, len(lines.numbers))
        return together([self._insert(part) for part in parts])

    def _insert_news(self, lines: Lines) -> Lines:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE IF NOT EXISTS incoming (LIKE insight_record) ON COMMIT DELETE ROWS"
            )
            cursor.execute("TRUNCATE incoming")
            self._copy("incoming", lines)
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
        return lines.only([line in inserted for line in zip(lines.identities, lines.numbers, strict=True)])

    def _copy(self, table: str, lines: Lines) -> None:
        copy_into(table, self._texts(lines))

    def _texts(self, lines: Lines) -> Iterator[str]:
        """The lines complete, some hundred at a time."""
        complete = map(
            "\t".join,
            zip(
                lines.texts,
                map(self._provider_ids.__getitem__, lines.providers),
                map(self._person_ids.__getitem__, lines.subjects),
                strict=True,
            ),
        )
        while some := list(islice(complete, AT_ONCE)):
            yield "\n".join([*some, ""])


def note(report: Report, applied: Applied) -> None:
    """Count corrections that came to count."""
    names = {"M": "replaced", "T": "added_to", "C": "cancelled"}
    for status, count in applied.by_status.items():
        report.counts[names[status]] += count
    report.counts["from_waiting"] += applied.from_waiting


def _awaited(identities: Collection[str]) -> set[str]:
    """What corrections wait for, of these at least: few wait, and then all that they wait for is given."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT refers_to FROM insight_record WHERE {_WAITS} LIMIT %s", [MOST_WAITING + 1])
        if cursor.rowcount > MOST_WAITING:
            cursor.execute(
                f"SELECT refers_to FROM insight_record WHERE {_WAITS} AND refers_to = ANY(%s::uuid[])",
                ["{" + ",".join(identities) + "}"],
            )
        return {str(refers_to) for (refers_to,) in cursor.fetchall()}
