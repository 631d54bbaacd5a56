"""Reading the register over everyone at once, as a release does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection

from kpr_portal.people.models import PersonLink
from reservations.catalogue import kinds
from reservations.law import law as law_settings
from reservations.rules import Effect, LawSettings, ReleaseTerms, ReservationKind, effective_kinds

# One row for each human and kind in force. A human is the lowest id of those who are linked. A lift in the
# own voice that ends the parents' counts as a line of both voices (rules.state_at).
_IN_FORCE = """
    WITH line AS (
        SELECT coalesce(linked.root, entry.person_id) AS human, entry.kind, entry.voice, entry.action,
               entry.ends_parents_voice, entry.declared_at, entry.recorded_at, entry.id
        FROM reservations_reservationentry entry
        LEFT JOIN unnest(%(members)s::integer[], %(roots)s::integer[]) AS linked (member, root)
               ON linked.member = entry.person_id
        WHERE entry.kind = ANY(%(kinds)s)
          AND entry.recorded_at <= %(moment)s AND entry.effective_at <= %(moment)s
    ), heard AS (
        SELECT human, kind, voice, action, declared_at, recorded_at, id FROM line
        UNION ALL
        SELECT human, kind, 'parents', action, declared_at, recorded_at, id FROM line WHERE ends_parents_voice
    ), last_word AS (
        SELECT DISTINCT ON (human, kind, voice) human, kind, action FROM heard
        ORDER BY human, kind, voice, declared_at DESC, recorded_at DESC, id DESC
    )
    SELECT DISTINCT kind, human FROM last_word WHERE action = 'placed'
"""


def in_force_at(asked: Iterable[ReservationKind], moment: datetime) -> dict[str, set[int]]:
    """By the code of each kind, the ids of the persons for whom it is in force at the moment.

    Only what was recorded by the moment counts: the answer for a past moment never changes. Every id of a
    human met under several numbers is there.
    """
    codes = [kind.code for kind in asked]
    humans = _linked()
    root_of = {member: min(human) for human in humans for member in human}
    members_of = {min(human): human for human in humans}
    found: dict[str, set[int]] = {code: set() for code in codes}
    with connection.cursor() as cursor:
        cursor.execute(
            _IN_FORCE,
            {
                "kinds": codes,
                "moment": moment,
                "members": list(root_of),
                "roots": list(root_of.values()),
            },
        )
        for kind, human in cursor:
            found[kind].update(members_of.get(human, (human,)))
    return found


def effects_at(moment: datetime, *, terms: ReleaseTerms, law: LawSettings | None = None) -> dict[int, Effect]:
    """What a release on these terms may hold of each person with a reservation that bears on it.

    Whoever is not in it may be released whole. Raises TermsNotOpen where the release may not be made.
    """
    bearing = effective_kinds(kinds(), terms, law=law_settings() if law is None else law)
    held = in_force_at(bearing, moment)
    effects: dict[int, Effect] = {}
    for kind in sorted(bearing, key=lambda kind: kind.effect):
        effects.update(dict.fromkeys(held[kind.code], kind.effect))
    return {person: effect for person, effect in effects.items() if effect is not Effect.RELEASE}


def _linked() -> list[Collection[int]]:
    """The sets of persons who are one human, of those who are several."""
    human_of: dict[int, int] = {}
    members: dict[int, set[int]] = defaultdict(set)
    for one, other in PersonLink.objects.values_list("one_id", "other_id").order_by("id"):
        left, right = human_of.get(one, one), human_of.get(other, other)
        joined = members.pop(left, {left}) | members.pop(right, {right})
        members[left] = joined
        human_of.update(dict.fromkeys(joined, left))
    return list(members.values())
