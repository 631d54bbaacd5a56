"""Powers of attorney: given here by the person, and ended by either side, in force at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from kpr_portal.ground import clock
from kpr_portal.ground.keyring import CannotOpen
from kpr_portal.people.acting import Acting, log, log_refused
from kpr_portal.people.basis import Basis, Scope
from kpr_portal.people.models import Person, ReceiverTry, Representation
from kpr_portal.people.national_id import InvalidNationalId, NationalId
from kpr_portal.people.operations import lock_people, person_for
from kpr_portal.people.population_register import AWAY, RegisterPerson, ask_register
from kpr_portal.people.queries import ids_of, number_of
from kpr_portal.people.representation.ending import end
from kpr_portal.people.representation.errors import (
    GiverCannot,
    NothingToEnd,
    PowerDatesWrong,
    ReceiverNotUsable,
    RegisterAway,
    TooManyTries,
)
from kpr_portal.people.representation.law import law
from kpr_portal.people.representation.queries import standing_between
from kpr_portal.people.representation.rights import (
    BOTH,
    Mandate,
    are_numbers_of,
    giver_closed,
    rights_of,
)
from kpr_portal.people.representation.rows import EndReason, Evidence
from kpr_portal.people.representation.telling import tell_of_end, tell_of_power

A_DAY = timedelta(days=1)


@dataclass(frozen=True, repr=False)
class Receiver:
    """Someone who can be given a power of attorney. The name is the register's."""

    number: NationalId
    name: str


def check_may_give(giver: Person) -> RegisterPerson:
    """What the register tells of someone who may give a power of attorney. Raises GiverCannot, RegisterAway."""
    try:
        registered = _registered(number_of(giver))
    except CannotOpen as error:
        raise GiverCannot from error
    if registered is None or giver_closed(registered, on=clock.today(), law=law()) is not None:
        raise GiverCannot
    return registered


def find_receiver(*, acting: Acting, number: str, surname: str) -> Receiver:
    """The person with this number and surname, if they can be given a power of attorney by the actor.

    Raises GiverCannot, RegisterAway, TooManyTries, and for every other reason ReceiverNotUsable, which tells nothing of
    anybody. A try that finds nobody is counted and logged.
    """
    giver = check_may_give(acting.subject)
    with transaction.atomic():
        lock_people(ids_of(acting.subject))
        tries = ReceiverTry.objects.filter(
            person__in=ids_of(acting.subject), tried_at__gt=clock.now() - A_DAY
        ).count()
        if tries >= settings.POWER_TRIES_A_DAY:
            raise TooManyTries
        receiver = _receiver(giver, number=number, surname=surname)
        if receiver is None:
            ReceiverTry.objects.create(person=acting.subject, tried_at=clock.now())
    if receiver is None:
        log_refused(acting, "representation.give")
        raise ReceiverNotUsable
    return Receiver(number=receiver.number, name=receiver.name)


def forget_tries() -> int:
    """Remove the tries that count no more; gives how many. The keeper's."""
    gone, _each = ReceiverTry.objects.filter(tried_at__lte=clock.now() - A_DAY).delete()
    return gone


def _receiver(giver: RegisterPerson, *, number: str, surname: str) -> RegisterPerson | None:
    try:
        wanted = NationalId.parse(number)
    except InvalidNationalId:
        return None
    receiver = _registered(wanted)
    if receiver is None or are_numbers_of(receiver, giver.number):
        return None
    if _surname(receiver.name) != " ".join(surname.casefold().split()):
        return None
    mandate = Mandate(Basis.ATTORNEY, BOTH, since=clock.today())
    rights = rights_of(mandate, representative=receiver, represented=giver, on=clock.today(), law=law())
    return receiver if rights.scopes else None


def _registered(number: NationalId) -> RegisterPerson | None:
    found = ask_register([number])
    if found is AWAY:
        raise RegisterAway
    return found.get(number)


def _surname(name: str) -> str:
    return name.rpartition(" ")[2].casefold()


def give_power(
    *, acting: Acting, receiver: NationalId, scopes: Iterable[Scope], until: date
) -> Representation:
    """Let the receiver act for the actor in these scopes, to and with a day. Replaces an earlier power.

    Only for oneself. Raises GiverCannot, RegisterAway, ReceiverNotUsable (what `find_receiver` found is looked
    up again), PowerDatesWrong, and TooManyTries where one has given so many in a day that it only troubles receivers,
    who are told of each.
    """
    if not acting.is_self:
        raise GiverCannot
    giver = check_may_give(acting.subject)
    covered = frozenset(scopes)
    today = clock.today()
    if not covered or not today <= until <= last_day_of_a_power():
        raise PowerDatesWrong(months=settings.POWER_MOST_MONTHS)
    registered = _registered(receiver)
    mandate = Mandate(Basis.ATTORNEY, covered, since=today, until=until)
    rights = rights_of(mandate, representative=registered, represented=giver, on=today, law=law())
    if not rights.scopes or (registered is not None and are_numbers_of(registered, giver.number)):
        raise ReceiverNotUsable
    with transaction.atomic():
        representative = person_for(receiver)
        lock_people(ids_of(acting.subject))
        _check_has_powers_left(acting.subject)
        for row in standing_between(representative, acting.subject):
            if row.mandate.basis is Basis.ATTORNEY and row.evidence is Evidence.GIVEN:
                end(row.key, reason=EndReason.REPLACED)
        made = Representation.objects.create(
            representative=representative,
            represented=acting.subject,
            basis=Basis.ATTORNEY.value,
            insight=Scope.INSIGHT in covered,
            reservation=Scope.RESERVATION in covered,
            since=today,
            until=until,
            evidence=Evidence.GIVEN,
            checked_at=clock.now(),
            recorded_at=clock.now(),
        )
        log(acting, "representation.give", details={"representation": str(made.key)})
        name = registered.name if registered is not None else ""
        tell_of_power(made, receiver=name, giver=giver.name, until=until)
        return made


def _check_has_powers_left(giver: Person) -> None:
    given = Representation.objects.filter(
        represented__in=ids_of(giver), evidence=Evidence.GIVEN, recorded_at__gt=clock.now() - A_DAY
    )
    if given.count() >= settings.POWERS_A_DAY:
        raise TooManyTries


def last_day_of_a_power() -> date:
    """The last day a power of attorney given today may reach."""
    return months_from(clock.today(), settings.POWER_MOST_MONTHS)


def months_from(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    whole = day.month - 1 + months
    year, month = day.year + whole // 12, whole % 12 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))


@transaction.atomic
def end_power(key: UUID, *, acting: Acting) -> None:
    """End a power of attorney that one has given, or has been given. In force at once. Raises NothingToEnd.

    Only for oneself, and only a power: what a register or a document gives is closed by a block.
    """
    mine = ids_of(acting.actor) if acting.is_self else frozenset()
    rows = Representation.objects.filter(
        key=key, basis=Basis.ATTORNEY.value, evidence=Evidence.GIVEN.value, end__isnull=True
    )
    row = rows.select_related("represented").first()
    if row is None or not {row.representative_id, row.represented_id} & mine:
        raise NothingToEnd
    given = row.represented_id in mine
    if not end(key, reason=EndReason.GIVER if given else EndReason.RECEIVER, by=acting.actor):
        raise NothingToEnd
    log(acting, "representation.end", details={"representation": str(key)})
    tell_of_end(row)
