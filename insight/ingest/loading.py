"""Rows into the table, batch by batch, each batch whole or not at all.

A batch of rows never seen is copied straight into the table. Where one of them is there already (a file
read again), the batch goes by way of a temporary table, and what is there stays.
"""

from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter
from uuid import UUID

from django.db import DataError, IntegrityError, connection, transaction
from psycopg.errors import UniqueViolation

from insight.catalogue import Source
from insight.ingest.lines import COLUMNS, NOTHING, Line, copy_into
from insight.ingest.projecting import Applied, project
from insight.ingest.providers import Provider, Providers
from insight.ingest.report import Report
from insight.ingest.subjects import Subject, Subjects
from insight.models import IngestRun
from kpr_portal.ground.durability import commit_without_waiting
from kpr_portal.ground.locks import advisory_lock

MOST_WAITING = 2_000
_WAITS = "refers_to IS NOT NULL AND original IS NULL"
# Every line passes here: what runs in C costs a third.
_SUBJECT, _PROVIDER = attrgetter("subject"), attrgetter("provider")
_STATUS, _UNKNOWN_CODES = attrgetter("status"), attrgetter("unknown_codes")


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
        self._person_ids: dict[Subject | None, int | str] = {}
        self._provider_ids: dict[Provider | None, int | str] = {}
        self._seen_before = False

    @transaction.atomic
    def load(self, lines: Sequence[Line]) -> None:
        """Take a batch in, and let its corrections count. Lines that fail are noted and left out.

        The commit does not wait for the disk: the file's outcome does, and with it all that was before it.
        """
        commit_without_waiting()
        advisory_lock("insight.ingest", self._source.slug)
        named = {provider for provider in set(map(_PROVIDER, lines)) if provider}
        self._provider_ids = {None: NOTHING}
        for provider, id_ in self._providers.resolve(named).items():
            self._provider_ids[provider] = id_
        inserted = self._insert(self._about_someone(lines))
        for line in filter(_UNKNOWN_CODES, lines):
            self._report.unknown_codes.update(line.unknown_codes)
        self._report.counts["new"] += sum(map("N".__eq__, map(_STATUS, inserted)))
        if self._delivery is None:
            self._project(inserted)

    def _project(self, inserted: list[Line]) -> None:
        corrections = [line.identity for line in inserted if line.status != "N"]
        awaited = _awaited([line.identity for line in inserted])
        if corrections or awaited:
            note(self._report, project(self._source, {*corrections, *awaited}, run=self._run.pk))

    def _about_someone(self, lines: Sequence[Line]) -> list[Line]:
        """Those whose person we have, met now if need be; the others are noted as refused."""
        subjects = set(map(_SUBJECT, lines)) - {None}
        self._subjects.resolve(subjects)
        self._person_ids = {None: NOTHING}
        reasons: dict[Subject | None, str] = {}
        for subject in subjects:
            if isinstance(found := self._subjects[subject], str):
                reasons[subject] = found
            else:
                self._person_ids[subject] = found
        if not reasons:
            return list(lines)
        for line in lines:
            if line.subject in reasons:
                self._report.refuse(line.number, reasons[line.subject])
        return [line for line in lines if line.subject not in reasons]

    def _insert(self, lines: list[Line]) -> list[Line]:
        """Put the lines in the table; those that were not there before are returned."""
        if not lines:
            return []
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
        return [line for line in lines if (line.identity, line.number) in inserted]

    def _copy(self, table: str, lines: Iterable[Line]) -> None:
        providers, persons = self._provider_ids, self._person_ids
        text = "".join(
            [f"{line.text}\t{providers[line.provider]}\t{persons[line.subject]}\n" for line in lines]
        )
        copy_into(table, text)


def note(report: Report, applied: Applied) -> None:
    """Count corrections that came to count."""
    names = {"M": "replaced", "T": "added_to", "C": "cancelled"}
    for status, count in applied.by_status.items():
        report.counts[names[status]] += count
    report.counts["from_waiting"] += applied.from_waiting


def _awaited(identities: Collection[str]) -> set[str]:
    """Those of these that an earlier correction waits for. Few wait, so all who do are asked for."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT refers_to FROM insight_record WHERE {_WAITS} LIMIT %s", [MOST_WAITING + 1])
        if cursor.rowcount > MOST_WAITING:
            cursor.execute(
                f"SELECT refers_to FROM insight_record WHERE {_WAITS} AND refers_to = ANY(%s::uuid[])",
                ["{" + ",".join(identities) + "}"],
            )
        waited_for = {str(refers_to) for (refers_to,) in cursor.fetchall()}
    return waited_for.intersection(identities)
