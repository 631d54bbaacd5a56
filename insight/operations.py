"""What changes in what KPR holds: files taken in, versions counted anew, records withheld."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from insight.catalogue import DeliveryFacts, IdentityRow, MessageType, Refused, Row, Source
from insight.errors import RecordNotFound
from insight.ingest.background import PIECE, WORTH_A_PROCESS, pieces_ahead, read_ahead
from insight.ingest.lines import joined, pieces_of
from insight.ingest.loading import Loader
from insight.ingest.met import Met
from insight.ingest.projecting import count_delivery, project, withhold_again
from insight.ingest.report import Report
from insight.ingest.subjects import Subjects
from insight.ingest.subjects import identities as identities_of
from insight.models import (
    Delivery,
    IngestOutcome,
    IngestRun,
    Record,
    RefusedLine,
    SenderIdentity,
    Withholding,
)
from insight.reading.convert import made_identity
from insight.reading.opening import look_at
from insight.reading.reasons import FileRefused
from insight.sources import message_type_of, sources
from kpr_portal.ground import clock
from kpr_portal.ground.durability import commit_without_waiting
from kpr_portal.ground.locks import advisory_lock
from kpr_portal.people.acting import Acting

BATCH = 20_000
REBUILD_CHUNK = 5_000
UNKNOWN_KEPT = 200
MAX_NAME = 200

Progress = Callable[[int], None]


def ingest_files(paths: list[Path], *, progress: Progress | None = None) -> list[Report]:
    """Take several files in, identity messages first, since yearly files need them."""
    met = Met()
    return [ingest_file(path, progress=progress, met=met) for path in sorted(paths, key=_identities_first)]


def ingest_file(path: Path, *, progress: Progress | None = None, met: Met | None = None) -> Report:
    """Take one file in, whatever message it is, and say what came of it.

    A file that is no message we know, or is not well formed, is refused whole and nothing of it stays. A line
    that cannot be taken in never stops the others. Each batch is stored whole or not at all: cut short
    anywhere, the register is consistent, and reading the file again takes in the rest and nothing twice.
    `met` are those in files before this.
    """
    report, met = Report(file_name=_masked(path.name)), met or Met()
    try:
        opening = look_at(path)
        found = message_type_of(opening)
        if found is None:
            raise FileRefused("unknown")
    except FileRefused as refused:
        return _refuse_file(_start(path, report), report, refused)
    source, message = found
    report.title = str(message.title)
    run = _start(path, report, source=source, message=message)
    try:
        prepared = message.prepare(opening)
        if (scope := message.identities(prepared)) is not None:
            items = message.read(opening, prepared)
            _take_identities(items, met.subjects, scope=scope, run=run, report=report, progress=progress)
        else:
            delivery = message.delivery(prepared)
            items = message.read(opening, prepared)
            _take_records(
                items, met, source=source, delivery=delivery, run=run, report=report, progress=progress
            )
    except FileRefused as refused:
        return _refuse_file(run, report, refused)
    report.counts["waiting"] = _waiting(run)
    _finish(run, report)
    return report


@transaction.atomic
def rebuild_records() -> dict[str, int]:
    """Make the projection anew from the rows as received: the same as was there, or what was wrong is right.

    Answers how many records count now, by source. Holds back ingests meanwhile.
    """
    for source in sources():
        advisory_lock("insight.ingest", source.slug)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM insight_record WHERE status = 'S'")
        cursor.execute(
            "UPDATE insight_record SET original = NULL WHERE delivery IS NULL AND original IS NOT NULL"
        )
        cursor.execute("UPDATE insight_record SET withholding_id = NULL WHERE withholding_id IS NOT NULL")
        cursor.execute(
            "UPDATE insight_record SET current = (status = 'N')"
            " WHERE delivery IS NULL AND current <> (status = 'N')"
        )
        cursor.execute(
            "WITH counts AS (SELECT DISTINCT ON (source, scope) key FROM insight_delivery"
            " ORDER BY source, scope, made_on DESC, number DESC, id DESC)"
            " UPDATE insight_record SET current = (delivery IN (SELECT key FROM counts))"
            " WHERE delivery IS NOT NULL AND current <> (delivery IN (SELECT key FROM counts))"
        )
    for source in sources():
        for seeds in _corrections(source):
            project(source, seeds)
    withhold_again([str(key) for key in Withholding.objects.values_list("record_key", flat=True).distinct()])
    return {
        source.slug: Record.objects.filter(source=source.slug, current=True).count() for source in sources()
    }


@transaction.atomic
def withhold(key: UUID, *, acting: Acting, provision: str, sentence: str) -> None:
    """Show the provision and a sentence instead of a record (popplyl §§ 16, 17). Raises RecordNotFound."""
    _withhold(key, acting=acting, provision=provision, sentence=sentence)


@transaction.atomic
def show_again(key: UUID, *, acting: Acting) -> None:
    """End the withholding of a record. Raises RecordNotFound."""
    _withhold(key, acting=acting, provision="", sentence="")


def _withhold(key: UUID, *, acting: Acting, provision: str, sentence: str) -> None:
    handle = Record.objects.filter(current=True, original=key) | Record.objects.filter(
        current=True, original=None, identity=key
    )
    if not handle.filter(person=acting.subject).exists():
        raise RecordNotFound
    Withholding.objects.create(
        record_key=key, provision=provision, sentence=sentence, by=acting.actor, recorded_at=clock.now()
    )
    withhold_again([str(key)])


def _take_records(
    items: Iterator[Row | Refused | IdentityRow],
    met: Met,
    *,
    source: Source,
    delivery: DeliveryFacts | None,
    run: IngestRun,
    report: Report,
    progress: Progress | None,
) -> None:
    key = None
    if delivery is not None:
        key = UUID(made_identity(source.slug, delivery.scope, delivery.made_on.isoformat(), delivery.number))
    subjects = Subjects(delivery.scope) if delivery is not None else met.subjects
    loader = Loader(
        source=source, run=run, report=report, subjects=subjects, providers=met.providers, delivery=key
    )
    size = min(PIECE, BATCH)
    pieces = pieces_of(items, source=source, run=run, delivery=key, size=size)
    for found in pieces_ahead(pieces, most=BATCH // size, apart=run.size > WORTH_A_PROCESS):
        batch = joined(found)
        loader.load(batch)
        _batch_done(run, report, batch.read, progress)
    if delivery is not None and key is not None:
        _count_delivery(source, facts=delivery, key=key, run=run, report=report)


def _take_identities(
    items: Iterator[Row | Refused | IdentityRow],
    subjects: Subjects,
    *,
    scope: str,
    run: IngestRun,
    report: Report,
    progress: Progress | None,
) -> None:
    for batch in read_ahead(items, size=BATCH, apart=run.size > WORTH_A_PROCESS):
        with transaction.atomic():
            advisory_lock("insight.ingest", scope)
            identities = [item for item in batch if isinstance(item, IdentityRow)]
            subjects.resolve(item.subject for item in identities)
            held = identities_of(scope)
            new: dict[str, int] = {}
            for item in batch:
                if isinstance(item, Refused):
                    report.refuse(item.number, item.reason)
                elif not isinstance(item, IdentityRow):
                    msg = "A message of identities holds nothing else."
                    raise TypeError(msg)
                elif isinstance(person := subjects[item.subject], str):
                    report.refuse(item.number, person)
                elif held.get(item.sender_id) == person:
                    report.counts["known"] += 1
                else:
                    new[item.sender_id] = person
            SenderIdentity.objects.bulk_create(
                SenderIdentity(scope=scope, sender_id=sender_id, person_id=person, run=run)
                for sender_id, person in new.items()
            )
        report.counts["identities"] += len(new)
        _batch_done(run, report, len(batch), progress)


@transaction.atomic
def _count_delivery(
    source: Source, *, facts: DeliveryFacts, key: UUID, run: IngestRun, report: Report
) -> None:
    """The file came in whole: from now on it, or a later one, is what counts for its scope."""
    advisory_lock("insight.ingest", source.slug)
    if not Delivery.objects.filter(key=key).exists():
        Delivery.objects.create(
            key=key,
            source=source.slug,
            scope=facts.scope,
            made_on=facts.made_on,
            number=facts.number,
            run=run,
        )
    superseded, _shown = count_delivery(source, scope=facts.scope)
    report.counts["superseded"] += superseded
    later = Delivery.objects.filter(source=source.slug, scope=facts.scope).order_by(
        "-made_on", "-number", "-id"
    )
    if later[0].key != key:
        report.counts["older"] = report.counts["new"] + report.counts["known"]


def _batch_done(run: IngestRun, report: Report, size: int, progress: Progress | None) -> None:
    RefusedLine.objects.bulk_create(
        RefusedLine(run=run, number=number, reason=reason) for number, reason in report.unsaved
    )
    report.unsaved.clear()
    report.counts["read"] += size
    if progress is not None:
        progress(report.counts["read"])


@transaction.atomic
def _start(
    path: Path, report: Report, *, source: Source | None = None, message: MessageType | None = None
) -> IngestRun:
    commit_without_waiting()
    return IngestRun.objects.create(
        message=message.code if message else "",
        source=source.slug if source else "",
        file_name=report.file_name,
        size=path.stat().st_size if path.is_file() else 0,
    )


def _finish(run: IngestRun, report: Report) -> None:
    IngestOutcome.objects.create(
        run=run,
        refused=report.file_refused,
        counts=dict(report.counts),
        unknown_codes=dict(report.unknown_codes.most_common(UNKNOWN_KEPT)),
    )


def _refuse_file(run: IngestRun, report: Report, refused: FileRefused) -> Report:
    report.file_refused = refused.code
    _finish(run, report)
    return report


def _waiting(run: IngestRun) -> int:
    """The corrections of this run whose original has not come."""
    return Record.objects.filter(run=run, refers_to__isnull=False, original=None).count()


def _corrections(source: Source) -> Iterator[list[str]]:
    """The identities of every correction of a source, a chunk at a time, ordered by what they correct."""
    corrections = Record.objects.filter(source=source.slug, refers_to__isnull=False).order_by("refers_to")
    chunk: list[str] = []
    for identity in corrections.values_list("identity", flat=True).iterator(chunk_size=REBUILD_CHUNK):
        chunk.append(str(identity))
        if len(chunk) >= REBUILD_CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _identities_first(path: Path) -> bool:
    try:
        found = message_type_of(look_at(path))
    except FileRefused:
        return True
    return found is None or "ident" not in found[1].code


def _masked(name: str) -> str:
    """A file's name without what could be someone's number in it."""
    return re.sub(r"\d{6}[\s._-]?\d{5}", "***********", name)[:MAX_NAME]
