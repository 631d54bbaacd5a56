"""The mandate clock: when another can no longer act for a person, the person is told what is in force.

What was placed stays in force; nothing is changed here. Safe to run twice, by two at once, and after days of
silence: what has been done is a row (`HandedOver`), and what is due is asked of the rows, not of the calendar.
"""

from collections.abc import Iterator
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from kpr_portal.ground import clock
from kpr_portal.people.basis import FOR_A_CHILD
from kpr_portal.people.models import Person, Representation, RepresentationEnd
from kpr_portal.people.operations import lock_person
from kpr_portal.people.population_register import RegisterPerson
from kpr_portal.people.queries import ids_of
from kpr_portal.people.representation.ending import end_what_is_over
from kpr_portal.people.representation.from_register import refresh_from_register
from kpr_portal.people.representation.queries import registered_now
from kpr_portal.people.representation.rows import EndReason, Evidence
from reservations.catalogue import CatalogueEntry, entries
from reservations.models import HandedOver, ReservationEntry
from reservations.rules import Voice, placers
from reservations.telling import tell_what_is_in_force

CHUNK = 500
LONGEST_YEAR = 366


def hand_over() -> int:
    """Do all that is due now; gives how many persons were told.

    Rights whose day has passed are ended, parents' insight into those who turned 12 is taken from the rows, and
    what the register no longer gives is ended, where something rests on it. Then each person is told once of
    each right that ended, and once on coming of age.
    """
    while end_what_is_over():
        pass
    for person in _to_look_up():
        refresh_from_register(person)
    told = sum(_after_a_right(end) for end in list(_ends_not_handed_over()))
    return told + sum(_after_coming_of_age(person) for person in _children_reserved_by_parents())


def _to_look_up() -> Iterator[Person]:
    """Those about whom a row of the register may say more than the register does now."""
    years = settings.LAW_DECIDES_ALONE_FROM_AGE - settings.LAW_PARENTS_INSIGHT_UNTIL_AGE
    soon = clock.today().toordinal() + years * LONGEST_YEAR
    standing = Representation.objects.filter(evidence=Evidence.REGISTER, end__isnull=True)
    in_use = ReservationEntry.objects.filter(representation=OuterRef("key"))
    child_of_12 = standing.filter(
        basis__in=sorted(FOR_A_CHILD), insight=True, until__lte=clock.today().fromordinal(soon)
    )
    rows = child_of_12 | standing.filter(Exists(in_use))
    ids = rows.order_by("represented").values_list("represented", flat=True).distinct()
    return Person.objects.filter(pk__in=list(ids)).order_by("pk").iterator(chunk_size=CHUNK)


def _ends_not_handed_over() -> Iterator[RepresentationEnd]:
    """Ends of rights by which something was placed or lifted, whose person has not been told."""
    used = ReservationEntry.objects.filter(representation=OuterRef("representation__key"))
    handed = HandedOver.objects.filter(representation=OuterRef("representation__key"))
    ends = (
        RepresentationEnd.objects.exclude(reason=EndReason.REPLACED)
        .filter(Exists(used), ~Exists(handed))
        .select_related("representation__represented")
        .order_by("id")
    )
    return islice(ends.iterator(chunk_size=CHUNK), CHUNK)


@transaction.atomic
def _after_a_right(end: RepresentationEnd) -> bool:
    right = end.representation
    person = right.represented
    lock_person(person)
    if HandedOver.objects.filter(representation=right.key).exists():
        return False
    left = _left_in_force(person, actor_ids=ids_of(Person(pk=right.representative_id)))
    return _record(person, left, registered=registered_now(person), right=right)


def _children_reserved_by_parents() -> Iterator[Person]:
    """Those for whom someone who decides for a child has placed something, until they have come of age."""
    done = HandedOver.objects.filter(person=OuterRef("person"), representation__isnull=True)
    ids = (
        ReservationEntry.objects.filter(voice=Voice.PARENTS.value)
        .filter(~Exists(done))
        .order_by("person")
        .values_list("person", flat=True)
        .distinct()
    )
    return Person.objects.filter(pk__in=list(ids)).order_by("pk").iterator(chunk_size=CHUNK)


@transaction.atomic
def _after_coming_of_age(person: Person) -> bool:
    registered = registered_now(person)
    if registered is None or registered.age_on(clock.today()) < settings.LAW_DECIDES_ALONE_FROM_AGE:
        return False
    lock_person(person)
    if HandedOver.objects.filter(person=person, representation__isnull=True).exists():
        return False
    return _record(person, _left_in_force(person), registered=registered)


def _left_in_force(person: Person, *, actor_ids: frozenset[int] | None = None) -> list[CatalogueEntry]:
    """What another placed for the person and is in force still: by one of these, or in the parents' voice."""
    now = clock.database_now()
    lines = list(ReservationEntry.objects.filter(person__in=ids_of(person)).order_by("id"))
    voices = (Voice.PARENTS,) if actor_ids is None else tuple(Voice)
    return [
        entry
        for entry in entries()
        if any(
            actor_ids is None or actor in actor_ids
            for voice in voices
            for actor in placers([line for line in lines if line.kind == entry.code], voice=voice, moment=now)
        )
    ]


def _record(
    person: Person,
    left: list[CatalogueEntry],
    *,
    registered: RegisterPerson | None,
    right: Representation | None = None,
) -> bool:
    """Tell the person of what is left, but not the dead; and that it is done."""
    tells = bool(left) and not (registered is not None and registered.is_dead)
    message = tell_what_is_in_force(person, left) if tells else None
    HandedOver.objects.create(
        person=person,
        representation=right.key if right is not None else None,
        told=message.key if message is not None else None,
        recorded_at=clock.now(),
    )
    return message is not None
