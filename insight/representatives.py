"""When those who may act for a person saw something about them: told apart from staff, and by name.

The person may know who acts for them; nobody else is ever shown this. Only here does anybody act for another, so
the portal's own log alone can answer.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F

from insight.accesses import BY_REPRESENTATIVES, what_was_seen
from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.audit.queries import accesses_to
from kpr_portal.people.acting import Basis
from kpr_portal.people.models import Person
from kpr_portal.people.queries import names_of
from reservations.catalogue import PERFORMERS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class SeenForAnother:
    """One time a representative saw something: who and by what right, when and what."""

    occurred_at: datetime
    who: "StrOrPromise"
    what: "StrOrPromise"


def seen_by_representatives(keys: Collection[UUID], *, start: int, stop: int) -> list[SeenForAnother]:
    """What representatives saw of the person with these keys, newest first, from place `start` up to `stop`.

    Four queries, whatever the data, and none for an empty stretch.
    """
    if stop <= start:
        return []
    others = accesses_to(keys).filter(actor__another=F("subject")).filter(BY_REPRESENTATIVES)
    entries = list(others.exclude(actor__in=keys)[start:stop])
    names = _names({entry.actor for entry in entries if entry.actor is not None})
    return [
        SeenForAnother(entry.occurred_at, _who(entry, names), what_was_seen(entry.action))
        for entry in entries
    ]


def _names(actors: Collection[UUID]) -> dict[UUID, str]:
    """What these are called; left out where the register cannot tell, or protects them."""
    people = list(Person.objects.filter(key__in=actors))
    names = names_of(people) if people else {}
    return {person.key: names[person.pk] for person in people if person.pk in names}


def _who(entry: AccessLogEntry, names: dict[UUID, str]) -> "StrOrPromise":
    name = names.get(entry.actor) if entry.actor is not None else None
    return f"{name} ({Basis(entry.basis).label})" if name else PERFORMERS[entry.basis]
