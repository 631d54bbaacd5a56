"""Carrying over reservations from before this register, and signing off that it was done right."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DataError, IntegrityError, transaction

from kpr_portal.audit.operations import log_access
from kpr_portal.ground import clock
from kpr_portal.people.acting import Acting
from kpr_portal.people.models import Person
from kpr_portal.people.national_id import InvalidNationalId, check_policy
from kpr_portal.people.operations import people_for
from kpr_portal.people.queries import ids_of, roles_of
from reservations.errors import NotAllowed, ReservationRefused, SignOffRefused
from reservations.import_lines import BadLine, LineFault, OldReservation, read_line, read_lines
from reservations.models import ImportedLine, ImportSignOff, ReservationImport
from reservations.operations import place
from reservations.rules import Will

log = structlog.get_logger(__name__)

BATCH = 500  # lines whose people are looked up together

T = TypeVar("T")


@dataclass(frozen=True)
class Refusal:
    """A line that was not carried over: its number in the file, and why."""

    line: int
    fault: LineFault


@dataclass(frozen=True)
class ImportReport:
    """What became of every line; the counts stand in the run as well."""

    run: UUID
    read: int
    entered: int
    known: int
    refusals: tuple[Refusal, ...]


def carry_over(path: Path, *, imported_by: Person) -> ImportReport:
    """Enter each reservation of the file that is not here yet, with its own date, and report on every line.

    A bad line is refused and the rest goes on. Safe to run daily, and to run again after a stop: each line is
    entered in a transaction of its own, once. The run is to be signed off by someone else. Raises NotAllowed
    where the importer is no staff, NotThisFile where the file is none that can be read.
    """
    _check_is_staff(imported_by)
    counts: Counter[str] = Counter()
    refusals: list[Refusal] = []
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    for batch in _batches(read_lines(path)):
        for at, outcome in _carry_over_batch(batch):
            counts["refused" if isinstance(outcome, LineFault) else outcome] += 1
            if isinstance(outcome, LineFault):
                refusals.append(Refusal(at, outcome))
    return _finish(digest, counts, refusals, imported_by=imported_by)


@transaction.atomic
def sign_off_import(run: UUID, *, signed_by: Person) -> ImportSignOff:
    """Stand for an import that another made. Raises NotAllowed, or SignOffRefused."""
    _check_is_staff(signed_by)
    row = ReservationImport.objects.filter(key=run, sign_off__isnull=True).first()
    if row is None or row.imported_by_id in ids_of(signed_by):
        raise SignOffRefused
    try:
        with transaction.atomic():
            signed = ImportSignOff.objects.create(run=row, imported_by=row.imported_by, signed_by=signed_by)
    except IntegrityError as taken:  # somebody else did in the same moment
        raise SignOffRefused from taken
    log_access(
        actor=signed_by.key, subject=None, action="reservations.import_signed", details={"run": str(run)}
    )
    return signed


def _carry_over_batch(batch: list[tuple[int, list[str]]]) -> Iterator[tuple[int, str]]:
    """Each line's number and outcome: "entered", "known" or a LineFault."""
    wanted: list[tuple[int, OldReservation]] = []
    for at, cells in batch:
        try:
            old = read_line(cells, today=clock.today())
            check_policy(old.number, policy=settings.NATIONAL_ID_SYNTHETIC)
        except BadLine as bad:
            yield at, bad.fault
        except InvalidNationalId:
            yield at, LineFault.NUMBER
        else:
            wanted.append((at, old))
    people = people_for(old.number for _, old in wanted)
    prints = {at: old.fingerprint(people[old.number].key) for at, old in wanted}
    known = {
        bytes(fingerprint)
        for fingerprint in ImportedLine.objects.filter(fingerprint__in=prints.values()).values_list(
            "fingerprint", flat=True
        )
    }
    for at, old in wanted:
        if prints[at] in known:
            yield at, "known"
        else:
            known.add(prints[at])
            yield at, _enter(old, person=people[old.number], fingerprint=prints[at])


def _enter(old: OldReservation, *, person: Person, fingerprint: bytes) -> str:
    try:
        with transaction.atomic():
            entry = place(
                old.kind, acting=Acting.for_oneself(person), will=Will.carried_over(declared=old.placed)
            )
            ImportedLine.objects.create(
                fingerprint=fingerprint, entry=entry, old_channel=old.channel, old_reference=old.reference
            )
    except IntegrityError:
        if ImportedLine.objects.filter(fingerprint=fingerprint).exists():
            return "known"  # another run entered it in the same moment
        return LineFault.NOT_ENTERED
    except (ReservationRefused, DataError) as error:
        log.warning("reservation_not_carried_over", error=type(error).__name__)
        return LineFault.NOT_ENTERED
    return "entered"


@transaction.atomic
def _finish(
    digest: str, counts: Counter[str], refusals: Iterable[Refusal], *, imported_by: Person
) -> ImportReport:
    run = ReservationImport.objects.create(
        imported_by=imported_by,
        file_sha256=digest,
        lines_read=counts.total(),
        lines_entered=counts["entered"],
        lines_known=counts["known"],
        lines_refused=counts["refused"],
    )
    log_access(
        actor=imported_by.key, subject=None, action="reservations.import", details={"run": str(run.key)}
    )
    return ImportReport(
        run=run.key,
        read=run.lines_read,
        entered=run.lines_entered,
        known=run.lines_known,
        refusals=tuple(sorted(refusals, key=lambda refusal: refusal.line)),
    )


def _check_is_staff(person: Person) -> None:
    if not roles_of(person):
        raise NotAllowed


def _batches(lines: Iterator[T]) -> Iterator[list[T]]:
    while batch := list(islice(lines, BATCH)):
        yield batch
