"""Keeping staff out of a case, and shielding one. Who may do it is asked of `permissions` by the caller's roles."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kpr_portal.ground import clock
from kpr_portal.people.errors import NotAllowed, PeopleRefused
from kpr_portal.people.impartiality.rows import (
    ExclusionReason,
    Shield,
    ShieldEnd,
    ShieldOpening,
    StaffExclusion,
    StaffExclusionEnd,
)
from kpr_portal.people.models import Person, Role
from kpr_portal.people.operations import lock_person
from kpr_portal.people.permissions import check_has_role
from kpr_portal.people.queries import ids_of


class NothingToDo(PeopleRefused):
    """It is so already."""


@transaction.atomic
def declare_out(staff: Person, *, person: Person) -> StaffExclusion:
    """A member of staff stays out of a person's case, from now. Raises NothingToDo where they do."""
    return _exclude(staff, person, reason=ExclusionReason.DECLARED, by=staff)


@transaction.atomic
def name_out(staff: Person, *, person: Person, by: Person) -> StaffExclusion:
    """Keep a member of staff out at the person's word.

    Raises NotAllowed where `by` is no approver, or the one to be kept out: who is that declares it.
    """
    check_has_role(by, Role.APPROVER)
    if staff.pk in ids_of(by):
        raise NotAllowed(_("Gjelder det deg selv, bruker du siden «Meld deg inhabil»."))
    return _exclude(staff, person, reason=ExclusionReason.NAMED, by=by)


@transaction.atomic
def let_in_again(exclusion: StaffExclusion, *, by: Person) -> None:
    """End an exclusion. Raises NotAllowed where `by` is no approver, or the one who is kept out."""
    check_has_role(by, Role.APPROVER)
    if exclusion.staff_id in ids_of(by):
        raise NotAllowed(_("Du kan ikke slippe deg selv inn igjen."))
    _made, is_new = StaffExclusionEnd.objects.get_or_create(
        exclusion=exclusion, defaults={"by": by, "recorded_at": clock.now()}
    )
    if not is_new:
        raise NothingToDo(_("Dette er allerede gjort. Ingenting ble endret."))


@transaction.atomic
def shield(person: Person, *, to: Iterable[Person], by: Person) -> Shield:
    """Open what concerns a person to these of the staff alone; an earlier shield of the person ends.

    Raises NotAllowed where `by` is no approver, and NothingToDo where nobody is named.
    """
    check_has_role(by, Role.APPROVER)
    named = list(to)
    if not named:
        raise NothingToDo(_("Velg minst én som skal ha tilgang."))
    lock_person(person)
    end_shields(person, by=by)
    made = Shield.objects.create(person=person, by=by, recorded_at=clock.now())
    ShieldOpening.objects.bulk_create(ShieldOpening(shield=made, staff=staff) for staff in named)
    return made


@transaction.atomic
def end_shields(person: Person, *, by: Person) -> int:
    """End every shield of a person; gives how many. Raises NotAllowed where `by` is no approver."""
    check_has_role(by, Role.APPROVER)
    standing = Shield.objects.filter(person__in=ids_of(person), end__isnull=True).order_by("id")
    ends = [ShieldEnd(shield=each, by=by, recorded_at=clock.now()) for each in standing]
    ShieldEnd.objects.bulk_create(ends)
    return len(ends)


def _exclude(staff: Person, person: Person, *, reason: ExclusionReason, by: Person) -> StaffExclusion:
    lock_person(person)
    standing = StaffExclusion.objects.filter(
        staff__in=ids_of(staff), person__in=ids_of(person), end__isnull=True, reason=reason
    )
    if standing.exists():
        raise NothingToDo(_("Dette er allerede gjort. Ingenting ble endret."))
    return StaffExclusion.objects.create(
        staff=staff, person=person, reason=reason, by=by, recorded_at=clock.now()
    )
