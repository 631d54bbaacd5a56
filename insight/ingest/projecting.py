"""Which rows count: the projection of the table, kept up batch by batch and made anew by rebuild_records."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from insight.catalogue import Source
from insight.ingest.lines import NOTHING, copy_into
from insight.models import Status
from insight.reading.convert import made_identity
from insight.versions import Version, outcome_of

# From any message about a thing up to its original, and from there down to every message about it.
_THREADS = """
    WITH RECURSIVE up (identity, refers_to, status) AS (
        SELECT identity, refers_to, status FROM insight_record
        WHERE identity = ANY(%(seeds)s::uuid[]) AND source = %(source)s
        UNION
        SELECT r.identity, r.refers_to, r.status
        FROM up JOIN insight_record r ON r.identity = up.refers_to
        WHERE up.status <> 'N' AND r.source = %(source)s
    ), down (root, identity) AS (
        SELECT identity, identity FROM up WHERE status = 'N'
        UNION
        SELECT down.root, r.identity
        FROM down JOIN insight_record r ON r.refers_to = down.identity
        WHERE r.status IN ('M', 'T', 'C') AND r.source = %(source)s
    )
    SELECT down.root, r.identity, r.status, r.reported_at, r.sequence, r.person_id, r.event_date, r.end_date,
           r.provider_id, r.section, r.sensitive, r.variables, r.original, r.run_id
    FROM down JOIN insight_record r USING (identity)
"""


@dataclass
class Applied:
    """Corrections that came to count: by status, and how many of them had waited since an earlier run."""

    by_status: Counter[str] = field(default_factory=Counter)
    from_waiting: int = 0


def project(source: Source, seeds: Collection[str], *, run: int | None = None) -> Applied:
    """Let the corrections in the threads of these messages count. Goes by what is stored, not by order."""
    applied = Applied()
    threads: dict[UUID, list[Version]] = defaultdict(list)
    members: dict[UUID, UUID] = {}
    with connection.cursor() as cursor:
        cursor.execute(_THREADS, {"seeds": _uuids(seeds), "source": source.slug})
        for root, *facts, variables, original, row_run in cursor.fetchall():
            version = Version(*(*facts, _json(variables)))
            threads[root].append(version)
            members[version.identity] = root
            if version.status != "N" and original is None:
                applied.by_status[version.status] += 1
                applied.from_waiting += row_run != run
    if threads:
        _write(source, threads, members)
    return applied


def _write(source: Source, threads: dict[UUID, list[Version]], members: dict[UUID, UUID]) -> None:
    shown: list[UUID] = []
    joined: list[str] = []
    for root, versions in threads.items():
        outcome = outcome_of(versions)
        if outcome.base is not None and not outcome.added:
            shown.append(outcome.base.identity)
        elif (whole := outcome.joined(source)) is not None:
            joined.append(_joined_line(source, root, whole))
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM insight_record WHERE original = ANY(%s::uuid[]) AND status = 'S'", [_uuids(threads)]
        )
        cursor.execute(
            "UPDATE insight_record r SET current = (r.identity = ANY(%(shown)s::uuid[])), original = m.root"
            " FROM unnest(%(identities)s::uuid[], %(roots)s::uuid[]) AS m (identity, root)"
            " WHERE r.identity = m.identity AND (r.current, r.original)"
            " IS DISTINCT FROM (r.identity = ANY(%(shown)s::uuid[]), m.root)",
            {"shown": _uuids(shown), "identities": _uuids(members), "roots": _uuids(members.values())},
        )
    if joined:
        copy_into("insight_record", joined)
    withhold_again(map(str, threads))


def _joined_line(source: Source, root: UUID, whole: Version) -> str:
    variables = json.dumps(dict(whole.variables), ensure_ascii=False).replace("\\", "\\\\")
    values = (
        made_identity("joined", root), whole.section, Status.JOINED.value, None, whole.reported_at.isoformat(),
        whole.sequence, whole.event_date, whole.end_date, "t" if whole.sensitive else "f", variables,
        0, root, source.slug, None, None, "t", whole.provider, whole.person,
    )  # fmt: skip
    return "\t".join(NOTHING if value is None else str(value) for value in values) + "\n"


def count_delivery(source: Source, *, scope: str) -> tuple[int, int]:
    """Let the latest delivery of a scope count, and no other: how many rows it superseded, how many show."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM insight_delivery WHERE source = %s AND scope = %s"
            " ORDER BY made_on DESC, number DESC, id DESC",
            [source.slug, scope],
        )
        latest, *others = [key for (key,) in cursor.fetchall()]
        cursor.execute(
            "UPDATE insight_record SET current = false WHERE delivery = ANY(%s) AND current", [others]
        )
        superseded = cursor.rowcount
        cursor.execute(
            "UPDATE insight_record SET current = true WHERE delivery = %s AND NOT current RETURNING original",
            [latest],
        )
        shown = [str(original) for (original,) in cursor.fetchall()]
    withhold_again(shown)
    return superseded, len(shown)


def withhold_again(keys: Iterable[str]) -> None:
    """Whatever version of these records counts now is withheld as the record was, or shown as it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (record_key) record_key, CASE WHEN provision <> '' THEN id END"
            " FROM insight_withholding WHERE record_key = ANY(%s::uuid[]) ORDER BY record_key, id DESC",
            [_uuids(keys)],
        )
        if not (latest := cursor.fetchall()):
            return
        columns = [list(column) for column in zip(*latest, strict=True)]
        for handle in ("r.original = w.key", "r.identity = w.key AND r.original IS NULL"):
            cursor.execute(
                "UPDATE insight_record r SET withholding_id = w.id FROM unnest(%s::uuid[], %s::bigint[])"
                f" AS w (key, id) WHERE {handle} AND r.current",
                columns,
            )


def _uuids(values: Iterable[object]) -> str:
    """An array as one text: psycopg would quote each of thousands."""
    return "{" + ",".join(map(str, values)) + "}"


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
