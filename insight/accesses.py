"""Who has had access to data about a person (helseregisterloven § 24 second paragraph).

Every log that can answer stands behind one interface, `AccessLogSource`, and is named in the setting
ACCESS_LOG_SOURCES. The portal's own log is one of them; the register's own comes in as another.

Told apart are what others did, the person's own visits, and what ran by itself; of others, those who may act for
the person stand by themselves (representatives.py).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from insight.access_reasons import why_it_was_seen
from kpr_portal.audit.models import AccessLogEntry, Outcome
from kpr_portal.audit.queries import accesses_to
from kpr_portal.people.acting import CITIZEN, Basis
from kpr_portal.people.basis import FOR_ANOTHER
from kpr_portal.people.models import Role
from kpr_portal.people.population_register import Protection, population_register
from kpr_portal.people.queries import number_of, person_by_key
from kpr_portal.ui.formats import OSLO
from reservations.catalogue import PERFORMERS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Keys = Collection[UUID]


@dataclass(frozen=True)
class Access:
    """One time somebody else saw something about a person: who, from where, when, what and why.

    `actor` is kept for finding the name where the setting asks for it, and never shown.
    """

    occurred_at: datetime
    who: "StrOrPromise"
    organisation: str
    what: "StrOrPromise"
    reason: "StrOrPromise"
    actor: UUID | None = None


@dataclass(frozen=True)
class DayOfAccess:
    """A day with the person's own visits, or with what ran by itself: how often, and what was seen."""

    day: date
    count: int
    what: tuple["StrOrPromise", ...]


@dataclass(frozen=True)
class Summary:
    """How often others have looked, and who they were (role and organisation, each once).

    `by_representatives` is how many of the `count` were by those who may act for the person.
    """

    count: int
    who: tuple[tuple["StrOrPromise", str], ...]
    by_representatives: int = 0


class AccessLogSource(Protocol):
    """A log of who has seen data about a person. `keys` are all those of one person.

    Each answer takes a fixed number of queries, whatever the data.
    """

    title: "StrOrPromise"

    def by_others(self, keys: Keys, *, first: int) -> Sequence[Access]:
        """The newest `first` accesses of others than representatives, newest first."""
        ...

    def summary(self, keys: Keys, *, since: datetime | None = None) -> Summary:
        """How often others have looked, and who."""
        ...

    def own_days(self, keys: Keys) -> Sequence[DayOfAccess]:
        """The days of the person's own visits, newest first."""
        ...

    def automatic_days(self, keys: Keys) -> Sequence[DayOfAccess]:
        """The days on which something ran by itself, newest first."""
        ...


# What was seen, in words. What is not named here shows by the part of the portal it belongs to.
ACTIONS: Mapping[str, "StrOrPromise"] = {
    "insight.overview": _("oversikten over hva KPR har"),
    "insight.source": _("en liste med opplysninger"),
    "insight.record": _("én opplysning med alle detaljer"),
    "insight.releases": _("hvem som har fått opplysninger"),
    "insight.accesses": _("hvem som har sett på opplysninger"),
    "insight.download": _("siden for nedlasting"),
    "insight.order": _("bestilling av en kopi"),
    "insight.report": _("en kopi av det portalen viser"),
    "insight.make_report": _("alt portalen viser, for å lage kopien som ble bestilt"),
    "reservations.overview": _("reservasjonene"),
    "reservations.history": _("historikken over reservasjoner"),
    "reservations.receipt": _("en kvittering"),
    "login.switch": _("valget om å handle på vegne av deg"),
    "representation.give": _("en fullmakt som ble gitt"),
    "representation.end": _("en fullmakt som ble avsluttet"),
    "representation.block": _("en sperre mot at andre handler på vegne av deg"),
    "representation.lift_block": _("en sperre som ble opphevet"),
    "representation.seen": _("hvem som kan handle på vegne av deg"),
    "enquiries.list": _("listen over henvendelser"),
    "enquiries.enquiry": _("en henvendelse"),
    "enquiries.send": _("en henvendelse som ble sendt"),
    "enquiries.seen": _("henvendelsene"),
    "casework.order_form": _("at vi sender et papirskjema til deg eller om deg"),
    "casework.block": _("en sperre mot at andre handler på vegne av deg"),
    "casework.declare_out": _("at en ansatt ikke skal behandle sakene dine"),
    "casework.name_out": _("at en ansatt ikke skal behandle sakene dine"),
    "casework.shield": _("hvem som får behandle sakene dine"),
    "casework.posting": _("at vi har et brev til deg eller om deg"),
    "casework.read_letter": _("et brev vi har skrevet til deg eller om deg"),
    "casework.print_posting": _("et brev til deg eller om deg, for å sende det"),
    "casework.posted": _("at et brev til deg eller om deg ble sendt"),
    "casework.withdraw_posting": _("et brev til deg eller om deg, som ikke ble sendt"),
    "casework.retry_posting": _("et brev til deg eller om deg, som vi ikke hadde adresse til"),
    "casework.remake_posting": _("et brev til deg eller om deg, som måtte få riktig adresse"),
    "casework.posted_as_it_was": _(
        "et brev til deg eller om deg, som allerede lå i posten da adressen ble endret"
    ),
    "postal.fill_in": _("navn og nummer, til et papirskjema"),
    "notices.messages": _("listen over meldinger"),
    "notices.message": _("en melding"),
}
PARTS: Mapping[str, "StrOrPromise"] = {
    "insight": _("opplysningene i KPR"),
    "reservations": _("reservasjonene"),
    "releases": _("utleveringer"),
    "casework": _("en sak"),
    "postal": _("papirskjemaet"),
    "notices": _("meldingene"),
    "enquiries": _("henvendelsene"),
    "people": _("hvem personen er i Folkeregisteret"),
    "login": _("hvem man handler for"),
    "representation": _("hvem som kan handle på vegne av deg"),
}


def what_was_seen(action: str) -> "StrOrPromise":
    """An action of the log in words."""
    return ACTIONS.get(action) or PARTS.get(action.partition(".")[0]) or _("KPR-portalen")


class PortalLog:
    """The portal's own access log."""

    title: "StrOrPromise" = _("KPR-portalen: denne nettsiden og saksbehandlingen bak den")

    def by_others(self, keys: Keys, *, first: int) -> Sequence[Access]:
        return [_access(entry) for entry in _others(keys)[:first]]

    def summary(self, keys: Keys, *, since: datetime | None = None) -> Summary:
        with connection.cursor() as cursor:
            cursor.execute(_SUMMARY, {"keys": list(keys), "since": since, **_SEEN_BY_SOMEBODY})
            rows = cursor.fetchall()
        who = dict.fromkeys((_who(role, basis), organisation) for role, organisation, basis, _count in rows)
        return Summary(
            sum(count for *_facts, count in rows),
            tuple(who),
            sum(count for _role, _organisation, basis, count in rows if basis in _FOR_ANOTHER),
        )

    def own_days(self, keys: Keys) -> Sequence[DayOfAccess]:
        return _by_day(accesses_to(keys).filter(actor__in=keys).exclude(_RAN_BY_ITSELF))

    def automatic_days(self, keys: Keys) -> Sequence[DayOfAccess]:
        return _by_day(accesses_to(keys).filter(_RAN_BY_ITSELF))


def log_sources() -> list[AccessLogSource]:
    """The logs of the setting ACCESS_LOG_SOURCES."""
    return [import_string(path)() for path in settings.ACCESS_LOG_SOURCES]


class AccessesTo:
    """Every log's answer about one person, as one. Read lazily; nothing here answers about another."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self.sources = log_sources()

    def summary(self, *, since: datetime | None = None) -> Summary:
        """How often others have looked, and who."""
        found = [source.summary(self.keys, since=since) for source in self.sources]
        who = dict.fromkeys(one for summary in found for one in summary.who)
        return Summary(
            sum(summary.count for summary in found),
            tuple(who),
            sum(summary.by_representatives for summary in found),
        )

    def by_others(self, *, start: int, stop: int) -> list[Access]:
        """The accesses of others than representatives from place `start` up to `stop`, newest first."""
        found = [source.by_others(self.keys, first=stop) for source in self.sources]
        merged = merge(*found, key=lambda access: access.occurred_at, reverse=True)
        return with_names(islice(merged, start, stop))

    def own_days(self) -> list[DayOfAccess]:
        """The days of the person's own visits, newest first."""
        return _joined(source.own_days(self.keys) for source in self.sources)

    def automatic_days(self) -> list[DayOfAccess]:
        """The days on which something ran by itself, newest first."""
        return _joined(source.automatic_days(self.keys) for source in self.sources)


def with_names(accesses: Iterable[Access]) -> list[Access]:
    """The accesses as they are shown: by role, or by name where WHO_LOOKED_SHOWN says so.

    The name of somebody whose address is protected is never shown.
    """
    found = list(accesses)
    if settings.WHO_LOOKED_SHOWN != "name":
        return found
    names = {actor: _name(actor) for actor in {access.actor for access in found} if actor is not None}
    return [_named(access, names[access.actor]) if access.actor else access for access in found]


# The first page of insight asks for it each time: plain, and else as `_others`.
_SUMMARY = """
    SELECT role, organisation, basis, count(*)
    FROM audit_accesslogentry
    WHERE subject = ANY(%(keys)s) AND outcome = %(outcome)s AND actor <> subject AND actor <> ALL(%(keys)s)
      AND basis <> %(itself)s AND (%(since)s::timestamptz IS NULL OR occurred_at >= %(since)s::timestamptz)
    GROUP BY role, organisation, basis
    ORDER BY role, organisation, basis
"""
_SEEN_BY_SOMEBODY = {"outcome": Outcome.SEEN.value, "itself": Basis.SYSTEM.value}

_FOR_ANOTHER = frozenset(basis.value for basis in FOR_ANOTHER)
BY_REPRESENTATIVES = Q(basis__in=sorted(_FOR_ANOTHER))
_RAN_BY_ITSELF = Q(actor__isnull=True) | Q(basis=Basis.SYSTEM)


def _others(keys: Keys) -> QuerySet[AccessLogEntry]:
    others = accesses_to(keys).filter(actor__another=F("subject"))  # by an index of its own
    return others.exclude(basis=Basis.SYSTEM).exclude(BY_REPRESENTATIVES).exclude(actor__in=keys)


def _access(entry: AccessLogEntry) -> Access:
    return Access(
        occurred_at=entry.occurred_at,
        who=_who(entry.role, entry.basis),
        organisation=entry.organisation,
        what=what_was_seen(entry.action),
        reason=why_it_was_seen(entry.action, given=entry.reason),
        actor=entry.actor,
    )


def _who(role: str, basis: str) -> "StrOrPromise":
    if role in Role.values:
        return Role(role).label
    if role in {CITIZEN, ""} and basis in PERFORMERS:
        return PERFORMERS[basis]
    return role or _("ukjent rolle")


def _by_day(entries: QuerySet[AccessLogEntry]) -> list[DayOfAccess]:
    rows = (
        entries.annotate(day=TruncDate("occurred_at", tzinfo=OSLO))
        .order_by("-day", "action")
        .values("day", "action")
        .annotate(count=Count("id"))
    )
    counts: dict[date, int] = defaultdict(int)
    seen: dict[date, dict[str, StrOrPromise]] = defaultdict(dict)
    for row in rows:
        counts[row["day"]] += row["count"]
        what = what_was_seen(row["action"])
        seen[row["day"]][str(what)] = what
    return [DayOfAccess(day, count, tuple(seen[day].values())) for day, count in counts.items()]


def _joined(found: Iterable[Sequence[DayOfAccess]]) -> list[DayOfAccess]:
    counts: dict[date, int] = defaultdict(int)
    seen: dict[date, dict[str, StrOrPromise]] = defaultdict(dict)
    for one in (day for days in found for day in days):
        counts[one.day] += one.count
        seen[one.day].update({str(what): what for what in one.what})
    return [DayOfAccess(day, counts[day], tuple(seen[day].values())) for day in sorted(counts, reverse=True)]


def _name(actor: UUID) -> str:
    person = person_by_key(actor)
    found = population_register().person(number_of(person)) if person is not None else None
    return found.name if found is not None and found.protection is Protection.NONE else ""


def _named(access: Access, name: str) -> Access:
    if not name:
        return access
    who = _("%(name)s (%(role)s)") % {"name": name, "role": access.who}
    return Access(access.occurred_at, who, access.organisation, access.what, access.reason, access.actor)
