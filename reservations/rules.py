"""The regulation as functions: what a reservation does to a release, and whether one is in force.

Read this first. Nothing here knows of Django, a database or a queue, and no text for the screen is
here (``catalogue.py`` has those). Two questions are answered:

1. *What happens to a person in a release?* :func:`rule_on` says whether a release on these terms may
   be made at all, :func:`decide` what it may hold of a person with given reservations.
2. *Is a reservation in force?* :func:`state_at`, of the lines of one person and one kind.

"KPR" is KPR-forskriften (FOR-2017-08-25-1292), "hregl" helseregisterloven (LOV-2014-06-20-43).
The references that KPR § 2-2 itself makes to §§ 4-3 and 4-5 are stale and are not followed here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import IntEnum, StrEnum
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

NORWAY = ZoneInfo("Europe/Oslo")


# --- What a release is -----------------------------------------------------------------------


class Purpose(IntEnum):
    """What KPR may be used for; the numbers are the public pages' names, not the regulation's."""

    ONE = 1  # KPR § 1-1 second paragraph: plan, steer, finance and evaluate municipal services
    TWO = 2  # KPR § 1-1 third paragraph: quality, prevention, preparedness, analyses, research, kjernejournal


class Identifier(StrEnum):
    """What names a person directly (KPR § 2-2 second paragraph: "fødselsnummer eller andre")."""

    NATIONAL_ID = "national_id"
    NAME = "name"
    ADDRESS = "address"


class ForbiddenUse(StrEnum):
    """Uses for which nothing leaves, whoever asks and whoever has consented (hregl § 19 d)."""

    PROSECUTION = "prosecution"
    INSURANCE = "insurance"
    EMPLOYER = "employer"


@dataclass(frozen=True)
class RecipientKind:
    """A kind of recipient, as far as the law treats it apart from others.

    A municipality employs people and may still receive: what is forbidden is the employer's *use*.
    """

    code: str
    forbidden_use: ForbiddenUse | None = None  # a recipient that exists for a forbidden use (hregl § 19 d)
    is_other_register: bool = False  # KPR § 4-2
    is_kjernejournal: bool = False  # KPR §§ 1-1 third and 4-2 second paragraph


@dataclass(frozen=True)
class ReleaseTerms:
    """The terms of one release, as far as the law asks.

    ``statute`` names the provision that orders or permits delivery regardless of an application
    (statistikkloven § 10, hregl § 19 e, preparedness law); empty where there is none.
    ``with_consent`` is stated because hregl § 19 d answers it: it opens nothing.
    """

    purpose: Purpose
    recipient: RecipientKind
    identifiers: frozenset[Identifier] = frozenset()
    uses: frozenset[ForbiddenUse] = frozenset()
    linkage: bool = False
    statute: str = ""
    with_consent: bool = False
    anonymous: bool = False

    def __post_init__(self) -> None:
        if self.anonymous and self.identifiers:
            msg = "Anonymous statistics hold no identifiers."
            raise ValueError(msg)


# --- What the law leaves open ------------------------------------------------------------------


@dataclass(frozen=True)
class LegalDecision:
    """Someone answerable has decided a question that the text leaves open: the provision, the reference."""

    provision: str
    reference: str
    exempt_kinds: frozenset[str] = frozenset()  # reservations that yield to the provision; none unless named

    def __post_init__(self) -> None:
        if not (self.provision and self.reference):
            msg = "A legal decision names its provision and where it was made."
            raise ValueError(msg)


@dataclass(frozen=True)
class LawSettings:
    """The register owner's answers to unsettled questions; the defaults favour the person.

    * ``kjernejournal_exempt_kinds``: KPR § 1-1 third paragraph makes kjernejournal a part of purpose 2 and
      § 4-2 second paragraph lets R1 reach it, so none is exempt.
    * ``linkage_exception``: KPR § 2-2 second paragraph third sentence exempts linkage by way of a stale
      reference, while hregl § 19 c says that linkage respects reservations: locked until decided.
    * ``delivery_decisions``: by provision, for other registers (KPR § 4-2) and delivery by statute.
    * ``own_lift_ends_parents_from_age``: hregl § 15, pbrl § 3-4.
    """

    kjernejournal_exempt_kinds: frozenset[str] = frozenset()
    linkage_exception: LegalDecision | None = None
    delivery_decisions: Mapping[str, LegalDecision] = field(default_factory=dict)
    own_lift_ends_parents_from_age: int = 16


DEFAULT_LAW = LawSettings()


class Standing(StrEnum):
    """Whether a release may be made at all."""

    OPEN = "open"
    FORBIDDEN = "forbidden"
    NOT_DECIDED = "not_decided"


@dataclass(frozen=True)
class Ruling:
    """Whether a release may be made, and the provision that says so."""

    standing: Standing
    provision: str


class TermsNotOpen(Exception):
    """No effect on a person exists, since the release itself may not be made."""

    def __init__(self, ruling: Ruling) -> None:
        super().__init__(f"{ruling.standing}: {ruling.provision}")
        self.ruling = ruling


def rule_on(terms: ReleaseTerms, *, law: LawSettings = DEFAULT_LAW) -> Ruling:
    """Say whether a release on these terms may be made; a consent never opens what is forbidden."""
    if terms.uses or terms.recipient.forbidden_use:
        return Ruling(Standing.FORBIDDEN, "helseregisterloven § 19 d")
    if terms.statute and terms.statute not in law.delivery_decisions:
        return Ruling(Standing.NOT_DECIDED, terms.statute)
    if terms.recipient.is_other_register and not terms.statute:
        return Ruling(Standing.NOT_DECIDED, "KPR-forskriften § 4-2 andre ledd")
    if terms.statute:
        return Ruling(Standing.OPEN, law.delivery_decisions[terms.statute].provision)
    return Ruling(Standing.OPEN, "helseregisterloven § 19 a")


# --- What a reservation does to it ----------------------------------------------------------------


class Effect(IntEnum):
    """What happens to one person's rows in a release; the strongest effect wins."""

    RELEASE = 0
    WITHHOLD_IDENTIFIERS = 1
    WITHHOLD_PERSON = 2


@dataclass(frozen=True)
class ReservationKind:
    """A kind of objection. Texts are given by the catalogue; the rule is here.

    ``yields_to_linkage`` is true of the two kinds of KPR § 2-2 second paragraph: its third sentence
    would exempt linkage from both, were it decided to hold (:class:`LawSettings`).
    """

    code: str
    legal_basis: str
    effect: Effect
    applies: Callable[[ReleaseTerms], bool]
    yields_to_linkage: bool = False


def is_exempt(kind: ReservationKind, terms: ReleaseTerms, *, law: LawSettings) -> bool:
    """Whether a decided exception lets these terms pass a reservation of this kind."""
    if terms.anonymous:  # hregl § 19: not personal data
        return True
    if (
        terms.linkage and law.linkage_exception and kind.yields_to_linkage
    ):  # KPR § 2-2 second para third sentence
        return True
    if (
        terms.recipient.is_kjernejournal and kind.code in law.kjernejournal_exempt_kinds
    ):  # KPR § 4-2 second para
        return True
    decision = law.delivery_decisions.get(
        terms.statute
    )  # KPR § 4-2 second para: "unless statute says otherwise"
    return decision is not None and kind.code in decision.exempt_kinds


def effective_kinds(
    kinds: Iterable[ReservationKind], terms: ReleaseTerms, *, law: LawSettings = DEFAULT_LAW
) -> tuple[ReservationKind, ...]:
    """Those of the kinds that change something in a release on these terms. Raises TermsNotOpen."""
    ruling = rule_on(terms, law=law)
    if ruling.standing is not Standing.OPEN:
        raise TermsNotOpen(ruling)
    return tuple(kind for kind in kinds if kind.applies(terms) and not is_exempt(kind, terms, law=law))


def decide(
    in_force: Iterable[ReservationKind], terms: ReleaseTerms, *, law: LawSettings = DEFAULT_LAW
) -> Effect:
    """The outcome for a person who holds these reservations (KPR § 2-2 second paragraph).

    Raises TermsNotOpen where the release may not be made: no one can read a permission out of it.
    """
    return max((kind.effect for kind in effective_kinds(in_force, terms, law=law)), default=Effect.RELEASE)


# --- Who speaks, and when --------------------------------------------------------------------------


class Action(StrEnum):
    """What a line in the register does."""

    PLACED = "placed"
    LIFTED = "lifted"


class Voice(StrEnum):
    """In whose name a line speaks."""

    OWN = "own"  # the person, also through a guardian or a power of attorney
    PARENTS = "parents"  # those who decide for a child, also child welfare and foster care


class Channel(StrEnum):
    """How a will came in."""

    ONLINE = "online"
    POST = "post"
    PHONE = "phone"
    CARRIED_OVER = "carried_over"


PARENTS_BASES = frozenset({"parent", "child_welfare", "foster_care"})  # pbrl § 4-4


def voice_of(basis: str) -> Voice:
    """The voice in which someone speaks who acts on this basis (``people.acting.Basis``)."""
    return Voice.PARENTS if basis in PARENTS_BASES else Voice.OWN


def voices_seen_on(basis: str) -> frozenset[Voice]:
    """The voices whose lines someone sees who acts on this basis.

    Parents never see what a child placed alone (pbrl § 4-4; hregl § 15: a child of 12 to 15 may not want them
    to know); the person, and who acts in the person's own voice, sees both.
    """
    return frozenset({Voice.PARENTS}) if voice_of(basis) is Voice.PARENTS else frozenset(Voice)


def ends_parents_voice(
    action: Action, voice: Voice, *, age: int | None, law: LawSettings = DEFAULT_LAW
) -> bool:
    """Whether a line ends what the parents placed too: the person's own lift, from 16 (hregl § 15).

    An unknown age ends the own voice only: what protects stays until someone has looked.
    """
    if action is not Action.LIFTED or voice is not Voice.OWN or age is None:
        return False
    return age >= law.own_lift_ends_parents_from_age


class ImpossibleTimes(ValueError):
    """A will that says it was declared after it was received, or received after now."""


def moment_of(when: date | datetime, *, action: Action, ceiling: datetime) -> datetime:
    """The moment a date without a time stands for; a moment stands for itself.

    For a placing the end of its day in Norway, for a lift its 00:00, so that of two papers of one day the
    protecting one wins; never after ``ceiling`` while its day has begun. Raises ImpossibleTimes where it
    lies after the ceiling altogether.
    """
    if isinstance(when, datetime):
        moment = earliest = when
    else:
        earliest = datetime.combine(when, time.min, NORWAY).astimezone(UTC)
        latest = datetime.combine(when, time.max, NORWAY).astimezone(UTC)
        moment = latest if action is Action.PLACED else earliest
    if earliest > ceiling:
        msg = "Declared after it was received, or received after now."
        raise ImpossibleTimes(msg)
    return min(moment, ceiling)


@dataclass(frozen=True)
class Will:
    """What someone wants, as it came in. Make one with the methods below, one for each channel.

    A will sent online carries no times: it is declared, received and recorded in one moment, taken under
    the lock, so that two browsers never get receipts in another order than the register's.
    """

    channel: Channel
    declared: date | datetime | None = None  # signed; a paper rarely says at what o'clock
    received: date | datetime | None = None
    shown: str = ""  # sha256 of the text that was confirmed; none on paper
    ground_key: UUID | None = None  # the case behind a mailed or telephoned will
    heard: bool = False  # who decides for another says that the person has been heard (vergemålsloven § 33)

    def __post_init__(self) -> None:
        online = self.channel is Channel.ONLINE
        timed = self.declared is not None and self.received is not None
        grounded = self.channel in {Channel.POST, Channel.PHONE}
        if timed is online or bool(self.shown) is not online or (self.ground_key is not None) is not grounded:
            msg = f"A will by {self.channel} lacks a fact of its channel, or has one of another's."
            raise ValueError(msg)

    @classmethod
    def online(cls, *, shown: str, heard: bool = False) -> Will:
        """Confirmed on the screen, where the text with this hash stood."""
        return cls(Channel.ONLINE, shown=shown, heard=heard)

    @classmethod
    def by_post(
        cls, *, declared: date | datetime, received: date | datetime, ground_key: UUID, heard: bool = False
    ) -> Will:
        """Signed on paper."""
        return cls(Channel.POST, declared, received, ground_key=ground_key, heard=heard)

    @classmethod
    def by_phone(cls, *, declared: datetime, ground_key: UUID) -> Will:
        """Said on the telephone, and heard in the same moment."""
        return cls(Channel.PHONE, declared, declared, ground_key=ground_key)

    @classmethod
    def carried_over(cls, *, declared: date | datetime) -> Will:
        """Kept from the time before this register."""
        return cls(Channel.CARRIED_OVER, declared, declared)

    def times(self, action: Action, *, recorded_at: datetime) -> tuple[datetime, datetime]:
        """When it was declared and received, given when it is recorded. Raises ImpossibleTimes."""
        if self.declared is None or self.received is None:
            return recorded_at, recorded_at
        received_at = moment_of(self.received, action=Action.PLACED, ceiling=recorded_at)
        return moment_of(self.declared, action=action, ceiling=received_at), received_at


# --- What is in force --------------------------------------------------------------------------------


class Line(Protocol):
    """What the rules read of a line in the register; ``id`` only parts lines recorded in one moment."""

    @property
    def id(self) -> int: ...
    @property
    def action(self) -> str: ...
    @property
    def voice(self) -> str: ...
    @property
    def ends_parents_voice(self) -> bool: ...
    @property
    def declared_at(self) -> datetime: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def effective_at(self) -> datetime: ...
    @property
    def actor_id(self) -> int: ...


@dataclass(frozen=True)
class State:
    """Whether one kind is in force for one person at a moment.

    ``holders`` are the voices that say placed, each with the line that began its unbroken run of
    placings: that line tells since when, through which channel and by whom. ``latest`` is the line
    declared last in either voice, None where nobody has said anything.
    """

    holders: Mapping[Voice, Line]
    latest: Line | None

    @property
    def in_force(self) -> bool:
        """Whether either voice says placed."""
        return bool(self.holders)

    @property
    def began_with(self) -> Line | None:
        """The line by which it has been in force the longest."""
        return min(self.holders.values(), key=lambda line: (line.effective_at, line.id), default=None)


def state_at(lines: Iterable[Line], *, moment: datetime) -> State:
    """The state, at a moment, of one kind for one person, from that person's lines of that kind in any order.

    Of the lines recorded by and effective by the moment, the latest *declared* wins in each voice; a tie goes
    to the later recorded. It is in force while either voice says placed. A parental lift ends the parents'
    voice only; the person's own also ends the parents' where the line says so (:func:`ends_parents_voice`).
    """
    counted = _counted(lines, moment=moment)
    holders: dict[Voice, Line] = {}
    for line in counted:
        if line.action == Action.PLACED:
            holders.setdefault(Voice(line.voice), line)
        else:
            for voice in silenced_by(line):
                holders.pop(voice, None)
    return State(holders=holders, latest=counted[-1] if counted else None)


def placers(lines: Iterable[Line], *, voice: Voice, moment: datetime) -> Mapping[int, datetime]:
    """Who placed what this voice holds at a moment, each with when they last did: their `actor_id`.

    Empty where the voice holds nothing. What one parent placed the other does not lift alone (pbrl § 4-4).
    """
    found: dict[int, datetime] = {}
    for line in _counted(lines, moment=moment):
        if line.action == Action.LIFTED:
            if voice in silenced_by(line):
                found.clear()
        elif line.voice == voice:
            found[line.actor_id] = line.recorded_at
    return found


def silenced_by(line: Line) -> Collection[Voice]:
    """The voices that a lift ends."""
    return (Voice.OWN, Voice.PARENTS) if line.ends_parents_voice else (Voice(line.voice),)


def _counted(lines: Iterable[Line], *, moment: datetime) -> list[Line]:
    """The lines that count at a moment, in the order in which they were declared."""
    return sorted(
        (line for line in lines if line.recorded_at <= moment and line.effective_at <= moment),
        key=lambda line: (line.declared_at, line.recorded_at, line.id),
    )


def is_news(action: Action, *, state: State, voice: Voice, ends_parents: bool) -> bool:
    """Whether a line would change what its own voice says: what an online choice must do."""
    if action is Action.PLACED:
        return voice not in state.holders
    return voice in state.holders or (ends_parents and Voice.PARENTS in state.holders)
