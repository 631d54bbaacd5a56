"""What one person may know about releases. Every function here answers about that person only."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from kpr_portal.ground import clock
from reservations.releases.members import chunk_of, is_in
from reservations.releases.models import DirectIdentifier, LogGap, Release


@dataclass(frozen=True)
class Received:
    """The releases that gave someone data with direct identifiers of a person, newest first.

    `withheld` counts those that a dispensation keeps from the person for now.
    """

    releases: list[Release]
    withheld: int

    @property
    def recipients(self) -> list[str]:
        """The recipients' names, each once, the latest first."""
        return list(dict.fromkeys(release.recipient for release in self.releases))


@dataclass(frozen=True)
class LogFacts:
    """What the log holds, and what it is known to miss."""

    all_releases: int
    identified_releases: int
    gaps: list[LogGap]


_IDENTIFIED = """
    SELECT release.*, chunk.chunk, chunk.in_file, chunk.number_removed
    FROM releases_releasechunk chunk JOIN releases_release release ON release.id = chunk.release_id
    WHERE chunk.chunk = ANY(%(chunks)s) AND release.identifier <> %(none)s
    ORDER BY release.released_on DESC, release.id DESC
"""


def received_identified(person_ids: Collection[int]) -> Received:
    """Who received data together with this person's number or name. One query, whatever the data.

    The ids are all those of one person (`people.queries.ids_of`).
    """
    by_chunk: dict[int, list[int]] = {}
    for person_id in person_ids:
        by_chunk.setdefault(chunk_of(person_id), []).append(person_id)
    rows = Release.objects.raw(_IDENTIFIED, {"chunks": list(by_chunk), "none": DirectIdentifier.NONE.value})
    found: dict[int, Release] = {
        row.pk: row
        for row in rows
        if any(
            is_in(bytes(row.in_file), person_id) and not is_in(bytes(row.number_removed), person_id)  # type: ignore[attr-defined]  # of the chunk
            for person_id in by_chunk[row.chunk]  # type: ignore[attr-defined]  # the same
        )
    }
    today = clock.today()
    open_ = [r for r in found.values() if r.withheld_until is None or r.withheld_until <= today]
    return Received(releases=open_, withheld=len(found) - len(open_))


def log_facts() -> LogFacts:
    """How many releases the log holds, and its open gaps. Two queries."""
    count = Release.objects.aggregate(
        all=Count("pk"), identified=Count("pk", filter=~Q(identifier=DirectIdentifier.NONE))
    )
    return LogFacts(
        all_releases=count["all"],
        identified_releases=count["identified"],
        gaps=open_gaps(),
    )


def open_gaps() -> list[LogGap]:
    """What the log is known to miss, the earliest first. One query, of a table that is all but empty."""
    gaps = list(LogGap.objects.raw("SELECT * FROM releases_loggap ORDER BY missing_from"))
    closed = {gap.closes_id for gap in gaps}
    return [gap for gap in gaps if gap.closes_id is None and gap.pk not in closed]
