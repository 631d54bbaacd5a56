"""Reading the register about a person.

What is for a page takes who is acting, and answers about the person acted for and no one else; whether that
one may see it is asked of ``permissions`` first. One human met under several numbers is one here: every
question is asked over all of their ids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kpr_portal.ground import clock
from kpr_portal.people.basis import Basis
from kpr_portal.people.models import Person
from kpr_portal.people.population_register import RegisterPerson, population_register
from kpr_portal.people.queries import ids_of, keys_by_id, names_of, number_of
from kpr_portal.people.representation.rights import are_numbers_of
from kpr_portal.ui.formats import day
from reservations.catalogue import (
    ACTIONS,
    ACTIONS_ASKED,
    CHANNELS,
    CatalogueEntry,
    entries,
    entry_of,
    performer,
)
from reservations.lines import RegisterLine, lines_of, standing_lines
from reservations.models import LiftWish, ReservationEntry, ReservationImport, ShownText
from reservations.rules import (
    Action,
    Channel,
    ReservationKind,
    State,
    Voice,
    placers,
    state_at,
    voice_of,
    voices_seen_on,
)
from reservations.texts import confirmations

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from kpr_portal.people.acting import Acting

OVERTAKEN_HEADING = _("Kvittering: Vi har fått valget ditt")
PLACED_BY_ANOTHER = _("Kvittering: Du er reservert")
LIFTED_BY_ANOTHER = _("Kvittering: Reservasjonen din er opphevet")
RESERVED_BY_ANOTHER = _("Du er reservert")
OVERTAKEN = _("Et annet valg går foran dette. Under reservasjonene dine ser du hva som gjelder.")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class LineShown:
    """A line of the register as it is shown to someone."""

    entry_id: int
    key: UUID
    reference: str
    kind: CatalogueEntry
    action: Action
    effective_at: datetime
    declared_at: datetime
    recorded_at: datetime
    channel: StrOrPromise
    performer: StrOrPromise
    document: UUID | None
    receipt_expected: bool
    overtaken: bool
    by_another: bool = False  # than the reader, who is the person it is about

    @property
    def is_placing(self) -> bool:
        """Whether it places, not lifts."""
        return self.action is Action.PLACED

    @property
    def action_text(self) -> StrOrPromise:
        """What was done, in a word."""
        return ACTIONS[self.action]

    @property
    def heading(self) -> StrOrPromise:
        """What a receipt of it is called."""
        if self.overtaken:
            return OVERTAKEN_HEADING
        if self.by_another:
            return PLACED_BY_ANOTHER if self.is_placing else LIFTED_BY_ANOTHER
        return self.kind.receipt_placed if self.is_placing else self.kind.receipt_lifted

    @property
    def lead(self) -> StrOrPromise:
        """What it means, in a sentence."""
        if self.overtaken:
            return OVERTAKEN
        return self.kind.sentence if self.is_placing else self.kind.lifted

    @property
    def since_label(self) -> StrOrPromise:
        """What the time of a receipt is the time of."""
        if self.overtaken:
            return _("Registrert")
        return _("Gjelder fra") if self.is_placing else _("Opphevet fra")


@dataclass(frozen=True)
class Card:
    """Whether one kind is in force, and by which line."""

    kind: CatalogueEntry
    in_force: bool
    began_with: LineShown | None
    by_parents_alone: bool = False  # those who decide for a child hold it, and the reader does not

    @property
    def decides_alone_from(self) -> int:
        """The age in whole years at which nobody else decides for the reader."""
        return int(settings.LAW_DECIDES_ALONE_FROM_AGE)

    @property
    def status(self) -> StrOrPromise:
        """The state in a sentence."""
        if self.in_force and self.began_with is not None and self.began_with.by_another:
            return RESERVED_BY_ANOTHER
        return self.kind.in_force if self.in_force else self.kind.not_in_force


def cards(*, acting: Acting) -> list[Card]:
    """The state of every kind now as the actor may see it, in the catalogue's order."""
    now = clock.database_now()
    by_kind: dict[str, list[RegisterLine]] = defaultdict(list)
    seen = standing_lines(
        ids_of(acting.subject),
        kinds=[entry.code for entry in entries()],
        moment=now,
        voices=voices_seen_on(acting.basis),
    )
    for line in seen:
        by_kind[line.kind].append(line)
    states = {entry.code: state_at(by_kind[entry.code], moment=now) for entry in entries()}
    begun = [state.began_with for state in states.values() if isinstance(state.began_with, RegisterLine)]
    names = _names_of_others(begun, acting=acting)
    return [_card(entry, states[entry.code], acting=acting, names=names) for entry in entries()]


def history(*, acting: Acting) -> list[LineShown]:
    """Every line about the person acted for, newest first."""
    lines = _lines_seen(acting)
    names = _names_of_others(lines, acting=acting)
    return [
        _shown(line, acting=acting, names=names) for line in sorted(lines, key=_newest_first, reverse=True)
    ]


def receipt(key: UUID, *, acting: Acting) -> LineShown | None:
    """The line with this key, None where it is not of the person acted for."""
    lines = _lines_seen(acting)
    for line in lines:
        if line.key == key:
            names = _names_of_others([line], acting=acting)
            return _shown(line, acting=acting, overtaken=_is_overtaken(line, lines), names=names)
    return None


def receipt_facts(key: UUID) -> LineShown | None:
    """The line with this key, for making the receipt that is owed; nobody reads it here.

    Whether another will goes before it is asked of those voices alone that its maker may see: a receipt of
    what a parent did says nothing of what the child chose.
    """
    entry = ReservationEntry.objects.select_related("person").filter(key=key).first()
    if entry is None:
        return None
    seen = voices_seen_on(entry.basis)
    lines = [line for line in lines_of(ids_of(entry.person)) if line.voice in seen]
    line = next(each for each in lines if each.key == key)
    return _shown(line, acting=None, overtaken=_is_overtaken(line, lines))


def state_of(person: Person, *, kind: ReservationKind, at: datetime) -> State:
    """The state of one kind for this human at a moment."""
    return state_at(standing_lines(ids_of(person), kinds=[kind.code], moment=at), moment=at)


def others_to_ask(person: Person, *, kind: ReservationKind, acting: Acting, at: datetime) -> frozenset[UUID]:
    """The keys of those who must want it too before this actor lifts what the parents' voice holds.

    Empty for whoever speaks in the person's own voice, where all who placed it are the actor or have wished to
    lift it since, and where the setting lets one parent lift alone. A parent who is dead, or no longer answers
    for the child, is not asked; one who is only closed out here, as by a protected address, still is.
    """
    if voice_of(acting.basis) is not Voice.PARENTS or settings.LAW_ONE_PARENT_MAY_LIFT_ANOTHERS:
        return frozenset()
    ids = ids_of(person)
    lines = ReservationEntry.objects.filter(person__in=ids, kind=kind.code).order_by("id")
    placed = placers(lines, voice=Voice.PARENTS, moment=at)
    wishes = LiftWish.objects.filter(person__in=ids, kind=kind.code).order_by("id")
    wished = dict(wishes.values_list("actor_id", "recorded_at"))
    mine = ids_of(acting.actor)
    asked = [
        actor
        for actor, since in placed.items()
        if actor not in mine and not (actor in wished and wished[actor] >= since)
    ]
    child = registered(person) if asked else None
    return keys_by_id([actor for actor in asked if _still_answers(Person(pk=actor), child=child)])


def _still_answers(parent: Person, *, child: RegisterPerson | None) -> bool:
    """Whether someone who placed for a child may still be asked. Who cannot be looked up is asked."""
    known = registered(parent)
    if known is None or child is None:
        return True
    responsible = any(are_numbers_of(known, held.holder) for held in child.parental_responsibility)
    return responsible and not known.is_dead


def wish_since_placed(kind: ReservationKind, *, acting: Acting) -> LiftWish | None:
    """What this actor has said already of what was placed last in the parents' voice, if anything."""
    ids = ids_of(acting.subject)
    placed = ReservationEntry.objects.filter(
        person__in=ids, kind=kind.code, voice=Voice.PARENTS.value, action=Action.PLACED.value
    )
    wishes = LiftWish.objects.filter(person__in=ids, kind=kind.code, actor__in=ids_of(acting.actor))
    last = placed.order_by("recorded_at", "id").last()
    if last is None:
        return None
    return wishes.filter(recorded_at__gt=last.recorded_at).order_by("id").last()


def registered(person: Person) -> RegisterPerson | None:
    """What the population register tells of the person; None also where it cannot be asked.

    A register that is away never stands in the way of a person's own choice.
    """
    try:
        return population_register().person(number_of(person))
    except Exception as error:  # noqa: BLE001 -- whatever is wrong with another system, the choice goes on
        log.warning("population_register_unavailable", error=type(error).__name__)
        return None


@dataclass(frozen=True)
class TextVersion:
    """A text of a confirmation page as it stood, and since when."""

    kind: str
    action: Action
    body: str
    since: datetime
    is_current: bool

    @property
    def summary(self) -> str:
        """Which text it is, and from when: the first line of the text is its title."""
        return f"{day(self.since)}: {ACTIONS_ASKED[self.action]} – {self.body.splitlines()[0]}"


def text_versions(language: str) -> list[TextVersion]:
    """Every text of the confirmation pages in this language, the newest first."""
    current = {text.sha256 for text in confirmations()}
    rows = ShownText.objects.filter(language=language).order_by("-since", "-id")
    return [
        TextVersion(row.kind, Action(row.action), row.body, row.since, row.sha256 in current) for row in rows
    ]


@dataclass(frozen=True)
class ImportState:
    """Whether what was reserved before this register is here, for the staff pages."""

    expected: bool
    runs: int
    unsigned: int

    @property
    def is_settled(self) -> bool:
        """Whether nothing is missing: none is expected, or there is one and all are signed off."""
        return not self.expected or (self.runs > 0 and self.unsigned == 0)


def import_state() -> ImportState:
    """Red until an import is signed off, or the setting says that there is none to come."""
    runs = ReservationImport.objects.all()
    return ImportState(
        expected=settings.RESERVATIONS_IMPORT_EXPECTED,
        runs=runs.count(),
        unsigned=runs.filter(sign_off__isnull=True).count(),
    )


def _lines_seen(acting: Acting) -> list[RegisterLine]:
    """The lines this actor may see: parents never see what a child did alone."""
    seen = voices_seen_on(acting.basis)
    return [line for line in lines_of(ids_of(acting.subject)) if line.voice in seen]


def _newest_first(line: RegisterLine) -> tuple[datetime, int]:
    return line.recorded_at, line.id


def _names_of_others(lines: Iterable[RegisterLine], *, acting: Acting) -> Mapping[int, str]:
    """What those are called who acted for the reader; asked for only where somebody did."""
    if not acting.is_self:
        return {}
    others = {line.actor_id: Person(pk=line.actor_id) for line in lines if line.basis != Basis.SELF}
    return names_of(list(others.values())) if others else {}


def _card(entry: CatalogueEntry, state: State, *, acting: Acting, names: Mapping[int, str]) -> Card:
    line = state.began_with
    shown = _shown(line, acting=acting, names=names) if isinstance(line, RegisterLine) else None
    by_parents = acting.is_self and state.in_force and Voice.OWN not in state.holders
    return Card(kind=entry, in_force=state.in_force, began_with=shown, by_parents_alone=by_parents)


def _is_overtaken(line: RegisterLine, lines: Iterable[RegisterLine]) -> bool:
    """Whether another will already went before this one when it came in, as paper under way may find."""
    same_kind = [each for each in lines if each.kind == line.kind]
    state = state_at(same_kind, moment=max(line.recorded_at, line.effective_at))
    return state.in_force is not (line.action == Action.PLACED)


def _shown(
    line: RegisterLine,
    *,
    acting: Acting | None,
    overtaken: bool = False,
    names: Mapping[int, str] | None = None,
) -> LineShown:
    reads_own = acting is None or acting.is_self
    return LineShown(
        entry_id=line.id,
        key=line.key,
        reference=line.reference,
        kind=entry_of(line.kind),
        action=Action(line.action),
        effective_at=line.effective_at,
        declared_at=line.declared_at,
        recorded_at=line.recorded_at,
        channel=CHANNELS[Channel(line.channel)],
        performer=_performer(line, acting=acting, name=(names or {}).get(line.actor_id, "")),
        document=line.document,
        receipt_expected=line.channel != Channel.CARRIED_OVER,
        overtaken=overtaken,
        by_another=reads_own and line.basis != Basis.SELF,
    )


def _performer(line: RegisterLine, *, acting: Acting | None, name: str) -> StrOrPromise:
    """Who made a line, as this reader is told: by name to the person, by role to others.

    One who acts for another is told which of them made it: there, "you" is the person acted for.
    """
    if acting is not None and not acting.is_self and line.actor_id in ids_of(acting.actor):
        return _("deg som er logget inn")
    who = performer(line.basis, reader_is_subject=acting is None or acting.is_self)
    return f"{name} ({Basis(line.basis).label})" if name else who
