"""Meeting people, joining those who are one, and staff roles.

A person is made when a number is first met, in a file or at sign-in, whether or not the register knows it.
The register is asked for number history alone: where it says that a number belongs to someone already met,
the number is added to that person; where both had been met apart, they are linked. Nothing is ever merged.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.errors import UniqueViolation

from kpr_portal.ground import clock
from kpr_portal.people.errors import RoleEnded
from kpr_portal.people.models import (
    LinkReason,
    Person,
    PersonLink,
    Role,
    StaffRole,
    StaffRoleEnd,
    StaffRoleReview,
)
from kpr_portal.people.national_id import NationalId, check_policy
from kpr_portal.people.permissions import check_may_grant_role
from kpr_portal.people.population_register import NumberPeriod, ask_histories, population_register
from kpr_portal.people.queries import find_ids, find_people, ids_of
from kpr_portal.people.vault import insert_numbers, oldest_fingerprint

BATCH = 5_000
# Each lost race means that someone else made at least one of the people wanted.
MOST_LOST_RACES = 50

Histories = Mapping[NationalId, tuple[NumberPeriod, ...]]


def person_for(number: NationalId) -> Person:
    """The person met under this number, made where there is none; safe to run in parallel.

    Asks the register each time whether the human has other numbers, so that what was learnt since is
    linked. Raises InvalidNationalId where the installation's policy refuses the number.
    """
    check_policy(number, policy=settings.NATIONAL_ID_SYNTHETIC)
    return _meet([number], ask_histories([number]))[number]


def people_for(numbers: Iterable[NationalId]) -> dict[NationalId, Person]:
    """As `person_for`, in bulk; the register is asked about new numbers only.

    A number that the policy refuses stops it before anything is written. Keep the transaction around it
    short: whoever meets one of the same new people meanwhile waits for it.
    """
    wanted = list(dict.fromkeys(numbers))
    known = find_people(wanted)
    known |= _meet_unknown([number for number in wanted if number not in known])
    return {number: known[number] for number in wanted}


def ids_for(numbers: Iterable[NationalId]) -> dict[NationalId, int]:
    """As `people_for`, with ids alone: for files of millions."""
    wanted = list(dict.fromkeys(numbers))
    known = find_ids(wanted)
    new = _meet_unknown([number for number in wanted if number not in known])
    return known | {number: person.pk for number, person in new.items()}


def lock_person(person: Person) -> None:
    """Wait for, and hold to the end of the transaction, the lock of this person's row.

    Only the row itself: who changes something for a human with several persons uses `lock_people`.
    """
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=person.pk)


def lock_people(ids: Iterable[int]) -> None:
    """As `lock_person`, for all persons of these ids at once, in one order: nobody waits in a ring."""
    list(Person.objects.select_for_update(no_key=True).only("pk").filter(pk__in=set(ids)).order_by("pk"))


@transaction.atomic
def link_people(
    one: Person,
    other: Person,
    *,
    reason: LinkReason,
    evidence: str,
    by: Person | None = None,
) -> None:
    """Record that two persons are one human. Does nothing where they are known to be already."""
    if other.pk in ids_of(one):
        return
    lower, higher = sorted((one, other), key=lambda person: person.pk)
    PersonLink.objects.bulk_create(
        [
            PersonLink(
                one=lower, other=higher, reason=reason, evidence=evidence, by=by, recorded_at=clock.now()
            )
        ],
        ignore_conflicts=True,
    )
    one.same_human = other.same_human = None


@transaction.atomic
def grant_role(
    person: Person,
    role: Role,
    *,
    granted_by: Person | None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> StaffRole:
    """Give someone a staff role, from now unless told. `granted_by` None: the owner, by a command.

    Raises NotAllowed where someone would give themselves a role.
    """
    if granted_by is not None:
        check_may_grant_role(granted_by, to=person)
    now = clock.now()
    return StaffRole.objects.create(
        person=person,
        role=Role(role),
        granted_by=granted_by,
        since=since or now,
        until=until,
        recorded_at=now,
    )


@transaction.atomic
def end_role(staff_role: StaffRole, *, ended_by: Person | None, reason: str) -> StaffRoleEnd:
    """End a role now. Raises RoleEnded where it was ended before."""
    end, made = StaffRoleEnd.objects.get_or_create(
        staff_role=staff_role,
        defaults={"ended_by": ended_by, "ended_at": clock.now(), "reason": reason},
    )
    if not made:
        raise RoleEnded(_("Rollen er allerede avsluttet."))
    return end


@transaction.atomic
def review_role(staff_role: StaffRole, *, reviewed_by: Person | None) -> StaffRoleReview:
    """Note that a role is still needed. `reviewed_by` None: the owner, by a command.

    Raises NotAllowed where someone would review a role of their own, and RoleEnded where it was ended before.
    """
    if reviewed_by is not None:
        check_may_grant_role(reviewed_by, to=staff_role.person)
    if StaffRoleEnd.objects.filter(staff_role=staff_role).exists():
        raise RoleEnded(_("Rollen er allerede avsluttet."))
    return StaffRoleReview.objects.create(
        staff_role=staff_role, reviewed_by=reviewed_by, reviewed_at=clock.now()
    )


def _meet_unknown(numbers: list[NationalId]) -> dict[NationalId, Person]:
    for number in numbers:
        check_policy(number, policy=settings.NATIONAL_ID_SYNTHETIC)
    # In one order, so that those who meet the same people at once wait for each other and never in a ring.
    numbers = sorted(numbers, key=lambda number: number.digits)
    people: dict[NationalId, Person] = {}
    for start in range(0, len(numbers), BATCH):
        batch = numbers[start : start + BATCH]
        people |= _meet(batch, population_register().histories(batch))
    return people


def _meet(numbers: Collection[NationalId], histories: Histories) -> dict[NationalId, Person]:
    """The persons of these numbers, made and linked as the histories say."""
    for _race in range(MOST_LOST_RACES):
        try:
            with transaction.atomic():
                return _meet_once(numbers, histories)
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
            # Someone met one of them at the same moment, and won: find theirs.
    msg = "People could not be made: every try met the same number at the same moment."
    raise RuntimeError(msg)


def _meet_once(numbers: Collection[NationalId], histories: Histories) -> dict[NationalId, Person]:
    same = {number: [period.number for period in histories.get(number, ())] for number in numbers}
    people = find_people({*numbers, *(other for others in same.values() for other in others)})
    now = clock.now()
    new_people: list[Person] = []
    new_numbers: list[NationalId] = []
    for number in sorted((n for n in numbers if n not in people), key=oldest_fingerprint):
        person = next((people[other] for other in same[number] if other in people), None)
        if person is None:
            person = Person(created_at=now)
            new_people.append(person)
        people[number] = person
        new_numbers.append(number)
    _insert_people(new_people, now=now)
    _record(new_numbers, people, histories)
    _link_same(numbers, people, same)
    return {number: people[number] for number in numbers}


def _insert_people(people: list[Person], *, now: datetime) -> None:
    """As bulk_create, at a fraction of its time: files bring people by the million."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_person (key, created_at, row_lock)"
            " SELECT key, %s, false FROM unnest(string_to_array(%s, ',')::uuid[]) AS key RETURNING key, id",
            [now, ",".join(str(person.key) for person in people)],
        )
        ids = dict(cursor.fetchall())
    for person in people:
        person.pk = ids[person.key]
        person._state.adding = False


def _record(new: list[NationalId], people: dict[NationalId, Person], histories: Histories) -> None:
    known = {number: {period.number: period for period in histories.get(number, ())} for number in new}
    periods = [known[number].get(number, NumberPeriod(number)) for number in new]
    insert_numbers([(people[number].pk, period) for number, period in zip(new, periods, strict=True)])


def _link_same(
    numbers: Collection[NationalId],
    people: dict[NationalId, Person],
    same: dict[NationalId, list[NationalId]],
) -> None:
    for number in numbers:
        for other in same[number]:
            if other in people and people[other] != people[number]:
                link_people(
                    people[number], people[other], reason=LinkReason.REGISTER, evidence="number history"
                )
