"""Who may act for whom, as it is at this moment. Nothing is kept: every call looks up everything anew.

Two questions, in a fixed number of queries each: may *this* row be used now (`representing`), and whom may
someone act for (`choices_for`). Both read the rows and the numbers in one query, and ask the population
register once or twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from kpr_portal.ground import clock
from kpr_portal.ground.keyring import CannotOpen, keyring
from kpr_portal.people.acting import Acting
from kpr_portal.people.basis import Basis, Scope
from kpr_portal.people.models import Person, RepresentationBlock
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.population_register import (
    AWAY,
    Area,
    Protection,
    Register,
    RegisterPerson,
    ask_register,
)
from kpr_portal.people.queries import ids_of, names_of, number_of
from kpr_portal.people.representation.law import law
from kpr_portal.people.representation.rights import (
    NO_RIGHTS,
    Closed,
    Mandate,
    Rights,
    are_numbers_of,
    rights_of,
    share_address,
)
from kpr_portal.people.representation.rows import BlockChannel, Evidence
from kpr_portal.people.vault import open_number


@dataclass(frozen=True)
class Standing:
    """A row of Representation with what stands beside it. The numbers are None where no key opens them."""

    key: UUID
    mandate: Mandate
    evidence: Evidence
    representative: Person
    represented: Person
    representative_number: NationalId | None
    represented_number: NationalId | None


@dataclass(frozen=True, repr=False)
class Choice:
    """Someone whom one may act for now."""

    key: UUID
    name: str
    basis: Basis
    rights: Rights
    until: date | None


@dataclass(frozen=True, repr=False)
class Representative:
    """Someone who may act for a person, as the person sees it. `is_open`: the row opens something now."""

    key: UUID
    name: str
    basis: Basis
    scopes: frozenset[Scope]
    since: date
    until: date | None
    is_blocked: bool
    is_open: bool
    can_be_ended: bool


def representing(key: UUID, *, actor: Person) -> Acting | None:
    """The actor acting by this row, with the rights of this moment; None where it is not the actor's row.

    Closed rights are given as such: who uses them for anything is refused.
    """
    rows = _standing(representative=actor, key=key)
    if not rows:
        return None
    (row,) = rows
    people = _ask([row])
    rights = _rights(row, people, _others_responsible([row], people))
    registered = _of(row.represented_number, people)
    return Acting(
        actor=actor,
        subject=row.represented,
        basis=row.mandate.basis,
        rights=rights,
        representation=row.key,
        name=registered.name if registered is not None and rights.scopes else "",
    )


def choices_for(actor: Person) -> list[Choice]:
    """Everyone whom this person may act for now, by name. Empty also where the register cannot be asked."""
    rows = [row for row in _standing(representative=actor) if not row.mandate.ended]
    if not rows:
        return []
    people = _ask(rows)
    others = _others_responsible(rows, people)
    found = []
    for row in rows:
        rights = _rights(row, people, others)
        registered = _of(row.represented_number, people)
        if rights.scopes and registered is not None:
            found.append(Choice(row.key, registered.name, row.mandate.basis, rights, row.mandate.until))
    return sorted(found, key=lambda choice: (choice.name.casefold(), choice.basis))


def representatives_of(person: Person) -> list[Representative]:
    """Everyone with a standing right to act for this person, blocked ones too, by name; for the person alone.

    A name is empty where the register cannot tell it, or protects it.
    """
    rows = [row for row in _standing(represented=person) if not row.mandate.ended]
    if not rows:
        return []
    people = _ask(rows)
    others = _others_responsible(rows, people)
    found = []
    for row in rows:
        registered = _of(row.representative_number, people)
        is_named = registered is not None and registered.protection is Protection.NONE
        unblocked = replace(row, mandate=replace(row.mandate, blocked=False))
        rights = _rights(unblocked, people, others)
        found.append(
            Representative(
                key=row.key,
                name=registered.name if registered is not None and is_named else "",
                basis=row.mandate.basis,
                scopes=row.mandate.scopes,
                since=row.mandate.since,
                until=row.mandate.until,
                is_blocked=row.mandate.blocked,
                is_open=bool(rights.scopes) and not row.mandate.blocked,
                can_be_ended=row.mandate.basis is Basis.ATTORNEY and row.evidence is Evidence.GIVEN,
            )
        )
    return sorted(found, key=lambda each: (each.name.casefold(), each.basis))


@dataclass(frozen=True, repr=False)
class Block:
    """A standing block, as the person it protects sees it. The name is empty where it cannot be told."""

    key: UUID
    name: str
    is_for_all: bool
    placed_at: datetime
    by_oneself: bool


def blocks_of(person: Person) -> list[Block]:
    """What this person has closed, or a caseworker for them, newest first; for the person alone."""
    rows = list(
        RepresentationBlock.objects.filter(represented__in=ids_of(person), lift__isnull=True)
        .select_related("representative")
        .order_by("-placed_at", "-id")
    )
    names = names_of([row.representative for row in rows if row.representative is not None]) if rows else {}
    return [
        Block(
            key=row.key,
            name=names.get(row.representative_id or 0, ""),
            is_for_all=row.representative_id is None,
            placed_at=row.placed_at,
            by_oneself=row.channel == BlockChannel.ONLINE,
        )
        for row in rows
    ]


def standing_between(representative: Person, represented: Person) -> list[Standing]:
    """The rows by which one may act for the other that nobody has ended."""
    rows = _standing(representative=representative, represented=represented)
    return [row for row in rows if not row.mandate.ended]


def may_act_now(representative: Person, *, for_: Person, scope: Scope) -> bool:
    """Whether any row opens this to the one about the other at this moment."""
    rows = standing_between(representative, for_)
    people = _ask(rows)
    others = _others_responsible(rows, people)
    return any(_rights(row, people, others).cover(scope) for row in rows)


def standing_by_register(person: Person) -> list[Standing]:
    """The rows on either side of this person that the register gave, and nobody has ended."""
    rows = {
        row.key: row
        for rows in (_standing(representative=person), _standing(represented=person))
        for row in rows
    }
    return [row for row in rows.values() if row.evidence is Evidence.REGISTER and not row.mandate.ended]


def has_economic_mandate_only(person: Person) -> bool:
    """Whether a guardian has mandates now, and none of them covers personal matters. False if not known."""
    registered = registered_now(person)
    if registered is None:
        return False
    on = clock.today()
    areas = [
        each.areas
        for each in registered.guardianships
        if are_numbers_of(registered, each.guardian)
        and each.since <= on
        and (each.until is None or on <= each.until)
    ]
    return bool(areas) and not any(Area.PERSONAL in found for found in areas)


def registered_now(person: Person) -> RegisterPerson | None:
    """What the register tells of a person; None where it knows nobody or cannot be asked."""
    try:
        number = number_of(person)
    except CannotOpen:
        return None
    return ask_register([number]).get(number)


def _ask(rows: Iterable[Standing]) -> Register:
    numbers = [number for row in rows for number in (row.representative_number, row.represented_number)]
    return ask_register(number for number in numbers if number is not None)


def _others_responsible(rows: Iterable[Standing], people: Register) -> Register:
    """Those who hold parental responsibility beside a parent who does not live with the child."""
    wanted = []
    for row in rows:
        parent, child = _of(row.representative_number, people), _of(row.represented_number, people)
        if row.mandate.basis is not Basis.PARENT or parent is None or child is None:
            continue
        if not share_address(parent, child):
            wanted += [held.holder for held in child.parental_responsibility]
    missing = [number for number in wanted if number not in people]
    if not missing:
        return people
    others = ask_register(missing)
    return AWAY if others is AWAY else {**people, **others}


def _rights(row: Standing, people: Register, others: Register) -> Rights:
    represented = _of(row.represented_number, people)
    if (people is AWAY or others is AWAY) and not (row.mandate.ended or row.mandate.blocked):
        return replace(NO_RIGHTS, closed=Closed.AWAY)
    held = represented.parental_responsibility if represented is not None else ()
    return rights_of(
        row.mandate,
        representative=_of(row.representative_number, people),
        represented=represented,
        others_responsible=[others[each.holder] for each in held if each.holder in others],
        on=clock.today(),
        law=law(),
    )


def _of(number: NationalId | None, people: Register) -> RegisterPerson | None:
    return people.get(number) if number is not None else None


# The number held now, as people.queries.number_of chooses it, of the persons joined to one.
_SEAL = """
    (
        SELECT seal.ciphertext FROM vault_number number
        CROSS JOIN LATERAL (
            SELECT ciphertext FROM vault_number_seal
            WHERE number_id = number.id AND key_id = ANY(%(key_ids)s) LIMIT 1
        ) seal
        WHERE number.person_id = ANY({ids})
        ORDER BY number.until IS NULL DESC, number.since DESC NULLS LAST,
            number.recorded_at DESC, number.id DESC
        LIMIT 1
    )
"""

# The persons who are the same human as each of the wanted ends of the rows. `root` is the row's own person.
_STANDING = f"""
    WITH RECURSIVE asked (id) AS (
        SELECT unnest(%(asked)s::integer[])
        UNION
        SELECT CASE WHEN link.one_id = asked.id THEN link.other_id ELSE link.one_id END
        FROM asked JOIN people_personlink link ON link.one_id = asked.id OR link.other_id = asked.id
    ), other (id) AS (
        SELECT unnest(%(other)s::integer[])
        UNION
        SELECT CASE WHEN link.one_id = other.id THEN link.other_id ELSE link.one_id END
        FROM other JOIN people_personlink link ON link.one_id = other.id OR link.other_id = other.id
    ), rep AS MATERIALIZED (
        SELECT * FROM people_representation
        WHERE {{side}}_id IN (SELECT id FROM asked)
            AND (%(other)s::integer[] IS NULL OR {{far_side}}_id IN (SELECT id FROM other))
            AND (%(key)s::uuid IS NULL OR key = %(key)s::uuid)
    ), same (root, id) AS (
        SELECT representative_id, representative_id FROM rep
        UNION
        SELECT represented_id, represented_id FROM rep
        UNION
        SELECT same.root, CASE WHEN link.one_id = same.id THEN link.other_id ELSE link.one_id END
        FROM same JOIN people_personlink link ON link.one_id = same.id OR link.other_id = same.id
    ), human AS (
        SELECT same.root, array_agg(person.id ORDER BY person.id) AS ids,
            array_agg(person.key ORDER BY person.id) AS keys
        FROM same JOIN people_person person ON person.id = same.id
        GROUP BY same.root
    )
    SELECT rep.key, rep.basis, rep.insight, rep.reservation, rep.areas, rep.since, rep.until, rep.evidence,
        rep.representative_id, near.ids, near.keys, rep.represented_id, far.ids, far.keys,
        EXISTS (SELECT FROM people_representationend ended WHERE ended.representation_id = rep.id),
        EXISTS (
            SELECT FROM people_representationblock block
            WHERE block.represented_id = ANY(far.ids)
                AND (block.representative_id IS NULL OR block.representative_id = ANY(near.ids))
                AND NOT EXISTS (
                    SELECT FROM people_representationblocklift lifted WHERE lifted.block_id = block.id
                )
        ),
        {_SEAL.format(ids="near.ids")},
        {_SEAL.format(ids="far.ids")}
    FROM rep
    JOIN human near ON near.root = rep.representative_id
    JOIN human far ON far.root = rep.represented_id
    ORDER BY rep.id
"""


def _standing(
    *, representative: Person | None = None, represented: Person | None = None, key: UUID | None = None
) -> list[Standing]:
    """The rows of one side, or between two, or with one key; whichever of their numbers they were made under."""
    side, far_side = (
        ("representative", "represented") if representative else ("represented", "representative")
    )
    asked, other = (representative, represented) if representative else (represented, None)
    assert asked is not None  # noqa: S101 -- one side is always named
    with connection.cursor() as cursor:
        cursor.execute(
            _STANDING.format(side=side, far_side=far_side),
            {
                "asked": [asked.pk],
                "other": [other.pk] if other is not None else None,
                "key": key,
                "key_ids": list(keyring().key_ids),
            },
        )
        return [_row(values) for values in cursor.fetchall()]


def _row(values: tuple[Any, ...]) -> Standing:
    (
        key, basis, insight, reservation, areas, since, until, evidence,
        near_id, near_ids, near_keys, far_id, far_ids, far_keys, ended, blocked, near_seal, far_seal,
    ) = values  # fmt: skip
    scopes = {Scope.INSIGHT: insight, Scope.RESERVATION: reservation}
    return Standing(
        key=key,
        mandate=Mandate(
            basis=Basis(basis),
            scopes=frozenset(scope for scope, covered in scopes.items() if covered),
            since=since,
            until=until,
            areas=frozenset(Area(area) for area in areas.split(",") if area),
            from_register=evidence == Evidence.REGISTER,
            ended=ended,
            blocked=blocked,
        ),
        evidence=Evidence(evidence),
        representative=_person(near_id, near_ids, near_keys),
        represented=_person(far_id, far_ids, far_keys),
        representative_number=_number(near_seal),
        represented_number=_number(far_seal),
    )


def _person(id_: int, ids: list[int], keys: list[UUID]) -> Person:
    """A person with what `people.queries.ids_of` would ask for, known already."""
    person = Person(pk=id_, key=keys[ids.index(id_)])
    person._state.adding = False
    person.same_human = list(zip(ids, keys, strict=True))
    return person


def _number(seal: bytes | None) -> NationalId | None:
    return open_number(bytes(seal)) if seal is not None else None
