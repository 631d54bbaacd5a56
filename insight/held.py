"""Records as the pages read them: plain queries, for what is asked at every visit, and plain rows."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection


class Held(NamedTuple):
    """What a record's list or page needs of its row, its provider and what withholds it."""

    identity: UUID
    original: UUID | None
    source: str
    section: str
    status: str
    reported_at: datetime
    event_date: date
    end_date: date | None
    sensitive: bool
    variables: dict[str, Any]
    provider_name: str | None
    provider_number: str | None
    provision: str | None
    sentence: str | None

    @property
    def key(self) -> UUID:
        """The handle that pages use, as `Record.key`."""
        return self.original or self.identity


# The fields of Held, for a queryset of records.
HELD = (
    "identity", "original", "source", "section", "status", "reported_at", "event_date", "end_date", "sensitive",
    "variables", "provider__name", "provider__organisation_number", "withholding__provision",
    "withholding__sentence",
)  # fmt: skip

_ROWS = """
    SELECT record.identity, record.original, record.source, record.section, record.status, record.reported_at,
           record.event_date, record.end_date, record.sensitive, record.variables,
           provider.name, provider.organisation_number, withholding.provision, withholding.sentence
    FROM insight_record record
    LEFT JOIN insight_provider provider ON provider.id = record.provider_id
    LEFT JOIN insight_withholding withholding ON withholding.id = record.withholding_id
    WHERE record.identity = ANY(%s)
"""

# All of it stands in the index. In the order of queries.SectionOverview.
_SECTIONS = """
    SELECT section, count(*), count(*) FILTER (WHERE sensitive), count(withholding_id),
           min(event_date), max(event_date)
    FROM insight_record WHERE current AND person_id = ANY(%s)
    GROUP BY section
"""

# A withheld record tells of no provider. Names are looked up one by one: a join would read every provider.
_FACETS = """
    SELECT facet.year, facet.provider,
           (SELECT coalesce(nullif(name, ''), organisation_number) FROM insight_provider
            WHERE id = facet.provider),
           facet.count
    FROM (
        SELECT extract(year FROM event_date)::int AS year,
               CASE WHEN withholding_id IS NULL THEN provider_id END AS provider,
               count(*) AS count
        FROM insight_record WHERE current AND person_id = ANY(%s) AND section = %s
        GROUP BY 1, 2
    ) facet
"""


class Facet(NamedTuple):
    """How many records of a year and a provider; `provider` and `name` are None of those that tell of none."""

    year: int
    provider: int | None
    name: str | None
    number: int


def rows(identities: Sequence[UUID]) -> list[Held]:
    """The records of these identities, in the same order."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [list(identities)])
        for row in cursor.fetchall():
            held = Held(*row)
            found[held.identity] = held._replace(variables=json.loads(row[9]))
    return [found[identity] for identity in identities]


def sections(people: Collection[int]) -> dict[str, tuple[Any, ...]]:
    """By section: how many, how many of them sensitive and withheld, and the first and the last day."""
    with connection.cursor() as cursor:
        cursor.execute(_SECTIONS, [list(people)])
        return {section: facts for section, *facts in cursor.fetchall()}


def facets(people: Collection[int], section: str) -> list[Facet]:
    """What the list of a section can be narrowed to."""
    with connection.cursor() as cursor:
        cursor.execute(_FACETS, [list(people), section])
        return [Facet(*row) for row in cursor.fetchall()]
