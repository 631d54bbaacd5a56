"""The lines of the register about one human, read in one plain query: every page of theirs asks for them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from reservations.catalogue import entries
from reservations.rules import Voice

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID


class RegisterLine(NamedTuple):
    """A line of the register as it was entered, and its receipt once that is made."""

    id: int
    key: UUID
    reference: str
    kind: str
    action: str
    voice: str
    ends_parents_voice: bool
    declared_at: datetime
    recorded_at: datetime
    effective_at: datetime
    channel: str
    basis: str
    actor_id: int
    document: UUID | None


_COLUMNS = """
    entry.id, entry.key, entry.reference, entry.kind, entry.action, entry.voice, entry.ends_parents_voice,
    entry.declared_at, entry.recorded_at, entry.effective_at, entry.channel, entry.basis,
    entry.actor_id, receipt.document
"""

_LINES = f"""
    SELECT {_COLUMNS}
    FROM reservations_reservationentry entry
    LEFT JOIN reservations_receipt receipt ON receipt.entry_id = entry.id
    WHERE entry.person_id = ANY(%(people)s) AND entry.kind = ANY(%(kinds)s)
    ORDER BY entry.id
"""

# What came before a lift of its own voice never counts again: those who change their mind often leave long
# histories, of which only the end is read. A lift that ends the parents' voice counts for both
# (rules.silenced_by).
_STANDING = f"""
    WITH entry AS (
        SELECT * FROM reservations_reservationentry
        WHERE person_id = ANY(%(people)s) AND kind = ANY(%(kinds)s) AND voice = ANY(%(voices)s)
          AND recorded_at <= %(moment)s AND effective_at <= %(moment)s
    ), lift AS (
        SELECT DISTINCT ON (kind, silenced.voice)
               kind, silenced.voice, declared_at, recorded_at, id
        FROM entry
        CROSS JOIN LATERAL (SELECT entry.voice UNION SELECT 'parents' WHERE ends_parents_voice) silenced (voice)
        WHERE action = 'lifted'
        ORDER BY kind, silenced.voice, declared_at DESC, recorded_at DESC, id DESC
    )
    SELECT {_COLUMNS}
    FROM entry
    LEFT JOIN lift ON lift.kind = entry.kind AND lift.voice = entry.voice
    LEFT JOIN reservations_receipt receipt ON receipt.entry_id = entry.id
    WHERE lift.id IS NULL
       OR (entry.declared_at, entry.recorded_at, entry.id) >= (lift.declared_at, lift.recorded_at, lift.id)
    ORDER BY entry.id
"""


def lines_of(people: Collection[int]) -> list[RegisterLine]:
    """Every line of the kinds in the catalogue about these persons, in the order they were entered."""
    return _read(_LINES, people=list(people), kinds=[entry.code for entry in entries()])


def standing_lines(
    people: Collection[int],
    *,
    kinds: Collection[str],
    moment: datetime,
    voices: Collection[Voice] = tuple(Voice),
) -> list[RegisterLine]:
    """Those of the lines counted at the moment that no later lift has made void, and that lift itself.

    `rules.state_at` makes the same state of them as of all the lines in these voices. What other voices said
    is as if it had never been said.
    """
    spoken = [voice.value for voice in voices]
    return _read(_STANDING, people=list(people), kinds=list(kinds), moment=moment, voices=spoken)


def _read(sql: str, **values: Any) -> list[RegisterLine]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [RegisterLine(*row) for row in cursor.fetchall()]
