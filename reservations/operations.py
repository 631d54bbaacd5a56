"""The one door to the register: online, post, telephone and what is carried over all come in here."""

from collections.abc import Callable
from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from kpr_portal.documents.operations import store_document
from kpr_portal.documents.rendering import render_pdf
from kpr_portal.ground import clock
from kpr_portal.ground.locks import advisory_lock
from kpr_portal.notices.operations import claim, owe
from kpr_portal.people.acting import Acting, Scope, log_refused
from kpr_portal.people.operations import lock_people
from kpr_portal.people.population_register import RegisterPerson
from kpr_portal.people.queries import ids_of, person_by_key
from kpr_portal.people.representation.queries import may_act_now
from kpr_portal.ui.context import owner
from reservations.catalogue import entry_of
from reservations.errors import (
    AlreadyReserved,
    HeldByParents,
    NeedsTheOther,
    NotAllowed,
    NotHeard,
    NotReserved,
    TextChanged,
    WrongDates,
)
from reservations.law import law
from reservations.models import LiftWish, Receipt, ReservationEntry, ShownText
from reservations.permissions import check_may_lift, check_may_place
from reservations.queries import others_to_ask, receipt_facts, registered, state_of, wish_since_placed
from reservations.references import free_reference
from reservations.rules import (
    NORWAY,
    Action,
    Channel,
    ImpossibleTimes,
    ReservationKind,
    Voice,
    Will,
    ends_parents_voice,
    is_news,
    voice_of,
)
from reservations.telling import tell_of_change, tell_of_wish
from reservations.texts import Confirmation, confirmation, confirmations

log = structlog.get_logger(__name__)

GATE = "gate"  # held shared by every entry, exclusively by the last step of a release's seal


def place(kind: ReservationKind, *, acting: Acting, will: Will) -> ReservationEntry:
    """Enter a reservation for the person acted for, through whichever channel, and owe a receipt.

    Takes effect when recorded; one carried over has been in effect since it was declared. Raises NotAllowed
    where the actor may not (permissions.py), WrongDates where the will's dates cannot be, and, online only,
    AlreadyReserved where the actor's own voice holds the kind, TextChanged where the text shown is no longer
    the text, and NotHeard where a guardian does not say that the person has been heard. A will by any other
    channel is always recorded. Who is reserved by another is told.
    """
    _authorise(check_may_place, kind, acting=acting, action=Action.PLACED)
    return _enter(kind, Action.PLACED, acting=acting, will=will)


def lift(kind: ReservationKind, *, acting: Acting, will: Will) -> ReservationEntry:
    """Enter that a reservation is lifted, and owe a receipt.

    A parental lift ends the parents' voice only; the person's own also ends the parents' from the age of the
    setting. Raises as `place`, with NotReserved where the actor's voice has nothing to lift, HeldByParents
    where only the parents' voice holds it and the person's own lift does not end that, and NeedsTheOther
    where another parent placed it and has not wished to lift it (pbrl § 4-4).
    """
    _authorise(check_may_lift, kind, acting=acting, action=Action.LIFTED)
    return _enter(kind, Action.LIFTED, acting=acting, will=will, registered=registered(acting.subject))


def hold_back_the_gate() -> datetime:
    """The moment of recording: the database's time, taken while no release can take its position.

    Whoever seals takes the same lock exclusively: every line is then either committed with an earlier
    time, or will get a later one. Who holds it exclusively locks no person: those who hold one wait here.
    """
    advisory_lock(GATE, shared=True)
    return clock.database_now()


@transaction.atomic
def _enter(
    kind: ReservationKind,
    action: Action,
    *,
    acting: Acting,
    will: Will,
    registered: RegisterPerson | None = None,
) -> ReservationEntry:
    lock_people(ids_of(acting.subject))
    now = hold_back_the_gate()
    voice = voice_of(acting.basis)
    try:
        declared_at, received_at = will.times(action, recorded_at=now)
    except ImpossibleTimes as error:
        raise WrongDates from error
    age = registered.age_on(declared_at.astimezone(NORWAY).date()) if registered else None
    ends_parents = ends_parents_voice(action, voice, age=age, law=law())
    if will.channel is Channel.ONLINE:
        if acting.rights.must_confirm_heard and not will.heard:
            raise NotHeard
        _check_is_news(kind, action, acting=acting, voice=voice, ends_parents=ends_parents, at=now)
    entry = ReservationEntry.objects.create(
        reference=free_reference(_is_taken),
        person=acting.subject,
        kind=kind.code,
        action=action.value,
        voice=voice.value,
        ends_parents_voice=ends_parents,
        declared_at=declared_at,
        received_at=received_at,
        recorded_at=now,
        effective_at=declared_at if will.channel is Channel.CARRIED_OVER else now,
        actor=acting.actor,
        basis=acting.basis.value,
        channel=will.channel.value,
        ground_key=will.ground_key,
        representation=acting.representation,
        heard=will.heard,
        shown=_keep_what_was_shown(kind, action, will=will),
    )
    if will.channel is not Channel.CARRIED_OVER:  # the old channel gave its own receipt
        language = translation.get_language() or "nb"
        owe("reservations.make_receipt", cause=entry.key, payload={"language": language})
        if not acting.is_self:
            tell_of_change(entry)
    return entry


@transaction.atomic
def wish_to_lift(kind: ReservationKind, *, acting: Acting) -> LiftWish:
    """Say that one wants to lift what another parent placed: the other is told, and may then lift it alone.

    The other is told once of each placing, however often it is said. Raises NotAllowed, and NotReserved where
    nobody else's placing stands in the way.
    """
    _authorise(check_may_lift, kind, acting=acting, action=Action.LIFTED)
    lock_people(ids_of(acting.subject))
    others = others_to_ask(acting.subject, kind=kind, acting=acting, at=clock.database_now())
    if not others or acting.representation is None:
        raise NotReserved
    if (said := wish_since_placed(kind, acting=acting)) is not None:
        return said
    wish = LiftWish.objects.create(
        person=acting.subject,
        kind=kind.code,
        actor=acting.actor,
        representation=acting.representation,
        recorded_at=clock.database_now(),
    )
    # Who may not act for the child any more, or is closed out, is told nothing of the child.
    open_to = {
        key
        for key in others
        if (other := person_by_key(key)) is not None
        and may_act_now(other, for_=acting.subject, scope=Scope.RESERVATION)
    }
    tell_of_wish(wish, others=open_to)
    return wish


def _authorise(check: Callable[..., None], kind: ReservationKind, *, acting: Acting, action: Action) -> None:
    """Log a refused attempt, in a transaction of its own, before it is refused."""
    try:
        check(kind, acting=acting)
    except NotAllowed:
        log_refused(acting, f"reservations.{action}", details={"kind": kind.code})
        raise


def _check_is_news(
    kind: ReservationKind,
    action: Action,
    *,
    acting: Acting,
    voice: Voice,
    ends_parents: bool,
    at: datetime,
) -> None:
    state = state_of(acting.subject, kind=kind, at=at)
    if is_news(action, state=state, voice=voice, ends_parents=ends_parents):
        if action is Action.LIFTED and others_to_ask(acting.subject, kind=kind, acting=acting, at=at):
            raise NeedsTheOther
        return
    if action is Action.PLACED:
        raise AlreadyReserved
    raise HeldByParents if voice is Voice.OWN and Voice.PARENTS in state.holders else NotReserved


def _keep_what_was_shown(kind: ReservationKind, action: Action, *, will: Will) -> ShownText | None:
    """The row of the text that was confirmed, made at its first use; None on paper. Raises TextChanged."""
    if will.channel is not Channel.ONLINE:
        return None
    text = confirmation(entry_of(kind.code), action)
    if will.shown != text.sha256:
        raise TextChanged
    known = ShownText.objects.filter(sha256=text.sha256).first()
    if known:
        return known
    _keep(text)
    return ShownText.objects.get(sha256=text.sha256)


def _keep(*texts: Confirmation) -> None:
    rows = [
        ShownText(
            sha256=text.sha256,
            language=text.language,
            kind=text.kind,
            action=text.action.value,
            body=text.body,
        )
        for text in texts
    ]
    ShownText.objects.bulk_create(rows, ignore_conflicts=True)  # another may keep it in the same moment


def keep_texts() -> None:
    """Keep every text as it stands, in every language: run when a new version of the portal is put up."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            _keep(*confirmations())


def _is_taken(reference: str) -> bool:
    return ReservationEntry.objects.filter(reference=reference).exists()


def issue_receipt(owed_id: int) -> None:
    """Make the receipt that this row owes, once: two PDFs in the language the page had at that time.

    One is to be shown, one for the archive. They say the same, and are kept as long.
    """
    with claim(owed_id) as owed:
        if owed is None:
            return
        facts = receipt_facts(owed.cause)
        if facts is None or facts.document:
            log.warning("receipt_not_needed", owed_id=owed_id)
            return
        language = owed.payload["language"]
        with translation.override(language):
            html = render_to_string(
                "reservations/receipt_pdf.html", {"receipt": facts, "language": language, "owner": owner()}
            )
            title = str(facts.heading)
        document, archive = (
            store_document(render_pdf(html, archive=archive), media_type="application/pdf", title=title).key
            for archive in (False, True)
        )
        Receipt.objects.create(entry_id=facts.entry_id, document=document, archive=archive, language=language)
