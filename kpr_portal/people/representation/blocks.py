"""Blocks: a person closes themselves to a representative, at once, and opens again when they wish."""

from uuid import UUID

from django.conf import settings
from django.db import transaction

from kpr_portal.ground import clock
from kpr_portal.people.acting import Acting, log
from kpr_portal.people.models import Person, Representation, RepresentationBlock, RepresentationBlockLift
from kpr_portal.people.operations import lock_people
from kpr_portal.people.queries import ids_of
from kpr_portal.people.representation.errors import NothingToBlock, TooYoungToBlock
from kpr_portal.people.representation.queries import registered_now
from kpr_portal.people.representation.rows import BlockChannel


@transaction.atomic
def block(key: UUID | None, *, acting: Acting) -> RepresentationBlock:
    """Close the person to the representative of this row, or (None) to all, from this moment.

    Only for oneself. Raises TooYoungToBlock, and NothingToBlock where there is nobody by that key.
    """
    if not acting.is_self:
        raise NothingToBlock
    _check_old_enough(acting.subject)
    representative = None
    if key is not None:
        row = _row_about(acting.subject, key)
        if row is None:
            raise NothingToBlock
        representative = row.representative
    lock_people(ids_of(acting.subject))
    made = _block(acting.subject, representative, by=acting.subject, channel=BlockChannel.ONLINE)
    log(acting, "representation.block", details={"block": str(made.key)})
    return made


@transaction.atomic
def lift_block(key: UUID, *, acting: Acting) -> None:
    """End a block about oneself. Raises NothingToBlock where there is none standing by that key."""
    found = RepresentationBlock.objects.filter(
        key=key, represented__in=ids_of(acting.subject), lift__isnull=True
    ).first()
    if found is None or not acting.is_self:
        raise NothingToBlock
    _lift, made = RepresentationBlockLift.objects.get_or_create(
        block=found,
        defaults={
            "lifted_by": acting.actor,
            "channel": BlockChannel.ONLINE,
            "lifted_at": clock.now(),
        },
    )
    if not made:  # by another click, at this moment
        raise NothingToBlock
    log(acting, "representation.lift_block", details={"block": str(key)})


@transaction.atomic
def block_for(
    represented: Person, *, representative: Person | None, by: Person, channel: BlockChannel
) -> RepresentationBlock:
    """A caseworker closes a person to a representative, or to all, at the person's word.

    Who `by` may do this for is asked of `permissions` by the caller. Raises NothingToBlock where it is done.
    """
    lock_people(ids_of(represented))
    return _block(represented, representative, by=by, channel=channel)


def _block(
    represented: Person, representative: Person | None, *, by: Person, channel: BlockChannel
) -> RepresentationBlock:
    known = RepresentationBlock.objects.filter(represented__in=ids_of(represented), lift__isnull=True)
    against = (
        known.filter(representative__isnull=True)
        if representative is None
        else known.filter(representative__in=ids_of(representative))
    )
    if against.exists():
        raise NothingToBlock
    return RepresentationBlock.objects.create(
        represented=represented,
        representative=representative,
        placed_by=by,
        channel=channel,
        placed_at=clock.now(),
    )


def _row_about(person: Person, key: UUID) -> Representation | None:
    rows = Representation.objects.filter(key=key, represented__in=ids_of(person), end__isnull=True)
    return rows.select_related("representative").first()


def _check_old_enough(person: Person) -> None:
    registered = registered_now(person)
    if registered is not None and registered.age_on(clock.today()) < settings.LAW_BLOCK_FROM_AGE:
        raise TooYoungToBlock
