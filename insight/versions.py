"""Which version of a thing counts, given all the messages about it. Pure.

Order is by the sender's time (`notifikasjonTid`), then running number, then identity; the original comes
first whatever its time. N and M give the whole (M replaces all that was said before it), T adds to what
stands, C cancels. The sender's last word counts: an M later than a C brings the thing back, a T does not.
How the messages came in never matters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from insight.catalogue import Source


@dataclass(frozen=True)
class Version:
    """One message about a thing, or what came of several."""

    identity: UUID
    status: str
    reported_at: datetime
    sequence: str
    person: int | None
    event_date: date | None
    end_date: date | None
    provider: int | None
    section: str
    sensitive: bool
    variables: Mapping[str, Any]

    @property
    def place(self) -> tuple[bool, datetime, str, UUID]:
        """Where it stands in the order."""
        return (self.status != "N", self.reported_at, self.sequence, self.identity)


@dataclass(frozen=True)
class Outcome:
    """What counts now: the version of `base`, with `added` where something was added; None: nothing."""

    base: Version | None
    added: tuple[Version, ...] = ()

    def joined(self, source: Source) -> Version | None:
        """The whole as one version."""
        if self.base is None:
            return None
        whole = self.base
        for addition in self.added:
            whole = _with(whole, addition)
        if not self.added:
            return whole
        return replace(
            whole,
            section=source.section_of(whole.variables),
            sensitive=source.is_sensitive(whole.variables),
        )


def outcome_of(versions: Iterable[Version]) -> Outcome:
    """What counts after all these messages about one thing. Without an original nothing does."""
    base: Version | None = None
    added: list[Version] = []
    cancelled = False
    for version in sorted(versions, key=lambda version: version.place):
        if version.status == "N":
            base, added = version, []
        elif base is None:
            return Outcome(None)
        elif version.status == "M":
            base, added, cancelled = version, [], False
        elif version.status == "C":
            cancelled = True
        elif not cancelled:
            added.append(version)
    return Outcome(None) if cancelled or base is None else Outcome(base, tuple(added))


def _with(whole: Version, addition: Version) -> Version:
    """What stands, and what is added: lists grow, single values are taken in, nothing is emptied."""
    variables = dict(whole.variables)
    for name, value in addition.variables.items():
        stands = variables.get(name)
        if isinstance(value, list) and isinstance(stands, list):
            variables[name] = [*stands, *(each for each in value if each not in stands)]
        else:
            variables[name] = value
    return replace(
        whole,
        variables=variables,
        event_date=addition.event_date or whole.event_date,
        end_date=addition.end_date or whole.end_date,
        provider=addition.provider or whole.provider,
    )
