"""Who is who: persons by number, numbers by person, and which persons are one human."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from kpr_portal.ground import clock
from kpr_portal.ground.keyring import CannotOpen, keyring
from kpr_portal.people.models import Person, PersonLink, StaffRole, StaffRoleReview
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.population_register import Protection, ask_register
from kpr_portal.people.vault import HEX_ARRAY, fingerprint_index, hex_list, open_number

BATCH = 10_000

_SAME_HUMAN = """
    WITH RECURSIVE same (id) AS (
        SELECT %(person)s::integer
        UNION
        SELECT CASE WHEN link.one_id = same.id THEN link.other_id ELSE link.one_id END
        FROM same JOIN people_personlink link ON link.one_id = same.id OR link.other_id = same.id
    )
"""


def ids_of(person: Person) -> frozenset[int]:
    """The ids of every person who is this human: those joined to them by links, and themselves."""
    return frozenset(id_ for id_, _key in _same_human(person))


def keys_of(person: Person) -> frozenset[UUID]:
    """The keys of every person who is this human, as `ids_of`."""
    return frozenset(key for _id, key in _same_human(person))


def find_person(number: NationalId) -> Person | None:
    """The person met under this number, if any."""
    return find_people([number]).get(number)


def find_people(numbers: Iterable[NationalId]) -> dict[NationalId, Person]:
    """The persons met under these numbers; numbers nobody was met under are left out."""
    ids = find_ids(numbers)
    people = _people(set(ids.values()))
    return {number: people[id_] for number, id_ in ids.items()}


def find_ids(numbers: Iterable[NationalId]) -> dict[NationalId, int]:
    """As `find_people`, with ids alone: for files of millions."""
    wanted = list(dict.fromkeys(numbers))
    found: dict[NationalId, int] = {}
    for start in range(0, len(wanted), BATCH):
        index = fingerprint_index(wanted[start : start + BATCH])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT seal.fingerprint, number.person_id FROM vault_number_seal seal"
                " JOIN vault_number number ON number.id = seal.number_id"
                f" WHERE seal.fingerprint = ANY({HEX_ARRAY})",
                [hex_list(index)],
            )
            found.update((index[bytes(fingerprint)], id_) for fingerprint, id_ in cursor.fetchall())
    return found


def person_by_key(key: UUID) -> Person | None:
    """The person with this key, if any."""
    return Person.objects.filter(key=key).first()


def number_of(person: Person) -> NationalId:
    """The number this human holds now, as far as known: the latest of those they were met under.

    Raises CannotOpen where no key in the ring opens it.
    """
    numbers = numbers_of(person)
    if not numbers:
        msg = "No key in the ring opens any number of this person."
        raise CannotOpen(msg)
    return numbers[0]


def numbers_of(person: Person) -> tuple[NationalId, ...]:
    """Every number this human was met under, the one held now first."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SAME_HUMAN
            + """
            SELECT seal.ciphertext
            FROM vault_number number
            CROSS JOIN LATERAL (
                SELECT ciphertext FROM vault_number_seal
                WHERE number_id = number.id AND key_id = ANY(%(key_ids)s) LIMIT 1
            ) seal
            WHERE number.person_id IN (SELECT id FROM same)
            ORDER BY number.until IS NULL DESC, number.since DESC NULLS LAST,
                number.recorded_at DESC, number.id DESC
            """,
            {"person": person.pk, "key_ids": list(keyring().key_ids)},
        )
        return tuple(open_number(ciphertext) for (ciphertext,) in cursor.fetchall())


def roles_of(person: Person) -> frozenset[str]:
    """The staff roles this human has now."""
    return frozenset(current_roles(person).values_list("role", flat=True))


def current_roles(person: Person) -> QuerySet[StaffRole]:
    """The rows that give this human a role now."""
    return _roles_now().filter(person__in=ids_of(person))


def everyone_with_a_role() -> QuerySet[StaffRole]:
    """The rows that give anyone a role now, with the person, in the order they were granted."""
    return _roles_now().select_related("person").order_by("id")


def keys_by_id(ids: Collection[int]) -> frozenset[UUID]:
    """The keys of these persons."""
    return frozenset(Person.objects.filter(pk__in=ids).values_list("key", flat=True)) if ids else frozenset()


def names_of(people: Collection[Person]) -> dict[int, str]:
    """What these are called, by id, in two queries; left out where the register cannot tell.

    Someone whose address is protected has no name here: where one stands may tell where one lives.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (number.person_id) number.person_id, seal.ciphertext
            FROM vault_number number JOIN vault_number_seal seal ON seal.number_id = number.id
            WHERE number.person_id = ANY(%s) AND seal.key_id = ANY(%s)
            ORDER BY number.person_id, number.until IS NULL DESC, number.since DESC NULLS LAST, number.id DESC
            """,
            [[person.pk for person in people], list(keyring().key_ids)],
        )
        numbers = {id_: open_number(seal) for id_, seal in cursor.fetchall()}
    known = ask_register(numbers.values())
    return {
        id_: known[number].name
        for id_, number in numbers.items()
        if number in known and known[number].protection is Protection.NONE
    }


def links_of(person: Person) -> QuerySet[PersonLink]:
    """The links that make this human one, oldest first."""
    ids = ids_of(person)
    return PersonLink.objects.filter(one__in=ids).order_by("id")


def granted_roles() -> QuerySet[StaffRole]:
    """The rows that are neither over nor ended, reviewed in time or not; with the person, oldest first."""
    return _not_ended(StaffRole.objects.select_related("person")).prefetch_related("reviews").order_by("id")


def last_reviewed(role: StaffRole) -> datetime:
    """When somebody last found that this role is needed: at its latest review, else when it was granted."""
    return max([role.recorded_at, *(review.reviewed_at for review in role.reviews.all())])


def _roles_now() -> QuerySet[StaffRole]:
    reviewed_after = clock.now() - timedelta(days=settings.STAFF_ROLE_REVIEW_DAYS)
    reviewed = StaffRoleReview.objects.filter(staff_role=OuterRef("pk"), reviewed_at__gt=reviewed_after)
    return _not_ended(StaffRole.objects.filter(Q(recorded_at__gt=reviewed_after) | Exists(reviewed)))


def _not_ended(roles: QuerySet[StaffRole]) -> QuerySet[StaffRole]:
    now = clock.now()
    return roles.filter(
        Q(until__isnull=True) | Q(until__gt=now),
        Q(end__isnull=True) | Q(end__ended_at__gt=now),
        since__lte=now,
    )


def _same_human(person: Person) -> list[tuple[int, UUID]]:
    """Asked once for each Person object, which lives for a request: every page needs it several times."""
    if person.same_human is None:
        with connection.cursor() as cursor:
            cursor.execute(
                _SAME_HUMAN + "SELECT id, key FROM people_person JOIN same USING (id)",
                {"person": person.pk},
            )
            person.same_human = cursor.fetchall()
    return person.same_human


def _people(ids: Collection[int]) -> dict[int, Person]:
    wanted, people = list(ids), {}
    for start in range(0, len(wanted), BATCH):
        people.update(Person.objects.in_bulk(wanted[start : start + BATCH]))
    return people
