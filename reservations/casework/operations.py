"""What caseworkers and approvers do so far: close somebody out, and keep staff out of a case.

Each asks first whether the member of staff is impartial, and is written in the access log of the person.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kpr_portal.login.requests import StaffSession
from kpr_portal.notices.operations import tell
from kpr_portal.people.acting import Acting, Basis, log
from kpr_portal.people.impartiality import operations as impartiality
from kpr_portal.people.impartiality.permissions import check_impartial
from kpr_portal.people.models import Person, RepresentationBlock, Role
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.operations import person_for
from kpr_portal.people.queries import everyone_with_a_role, names_of
from kpr_portal.people.representation.blocks import block_for
from kpr_portal.people.representation.rows import BlockChannel


def block(
    person: NationalId, *, representative: NationalId | None, channel: BlockChannel, staff: StaffSession
) -> RepresentationBlock:
    """Close a person to a representative, or to all, at the person's word. The person is told.

    The member of staff is near neither of the two. Raises NotImpartial, and NothingToBlock where it is done already.
    """
    subject = person_for(person)
    against = person_for(representative) if representative is not None else None
    for each in (subject, against):
        if each is not None:
            _check(staff, each, role=Role.CASEWORKER, action="casework.block")
    with transaction.atomic():
        made = block_for(subject, representative=against, by=staff.person, channel=channel)
        _log(staff, subject, role=Role.CASEWORKER, action="casework.block", reason=f"asked:{channel.value}")
        tell(
            subject.key,
            kind="representation.blocked",
            title=_("Vi har stengt for en som kunne handle for deg"),
            body=_("Du ba oss om det. Du kan åpne igjen selv når du vil."),
            link="login:representatives",
        )
    return made


def declare_out(person: NationalId, *, staff: StaffSession) -> None:
    """Stay out of a person's case. Nobody asks why. Raises NothingToDo where one does."""
    subject = person_for(person)
    with transaction.atomic():
        impartiality.declare_out(staff.person, person=subject)
        _log(staff, subject, role=_role(staff), action="casework.declare_out")


def name_out(person: NationalId, *, named: Iterable[UUID], staff: StaffSession) -> None:
    """Keep these of the staff out of a person's case, at the person's word. All or none of them.

    Raises NotAllowed where the one who does it is no approver, NotImpartial and NothingToDo.
    """
    subject = person_for(person)
    _check(staff, subject, role=Role.APPROVER, action="casework.name_out")
    with transaction.atomic():
        for each in _staff(named):
            impartiality.name_out(each, person=subject, by=staff.person)
        _log(staff, subject, role=Role.APPROVER, action="casework.name_out")


def shield(person: NationalId, *, to: Iterable[UUID], staff: StaffSession) -> None:
    """Open all that concerns a person to these of the staff alone. Raises as `name_out`."""
    subject = person_for(person)
    _check(staff, subject, role=Role.APPROVER, action="casework.shield")
    with transaction.atomic():
        impartiality.shield(subject, to=_staff(to), by=staff.person)
        _log(staff, subject, role=Role.APPROVER, action="casework.shield")


def staff_choices() -> list[tuple[str, str]]:
    """Everyone with a role now, by key and name. A protected address shows no name, but the roles."""
    rows = list(everyone_with_a_role())
    people = {row.person.pk: row.person for row in rows}
    names = names_of(list(people.values()))
    roles = {pk: sorted({str(Role(row.role).label) for row in rows if row.person.pk == pk}) for pk in people}
    choices = [(str(person.key), names.get(pk) or ", ".join(roles[pk])) for pk, person in people.items()]
    return sorted(choices, key=lambda choice: choice[1].casefold())


def _staff(keys: Iterable[UUID]) -> list[Person]:
    wanted = set(keys)
    return list(
        {row.person.pk: row.person for row in everyone_with_a_role() if row.person.key in wanted}.values()
    )


def _check(staff: StaffSession, person: Person, *, role: Role, action: str) -> None:
    check_impartial(staff.person, person, role=role.value, action=action)


def _log(staff: StaffSession, person: Person, *, role: Role, action: str, reason: str = "") -> None:
    acting = Acting(staff.person, person, Basis.STAFF, role=role.value)
    log(acting, action, organisation=staff.organisation, reason=reason)


def _role(staff: StaffSession) -> Role:
    return Role(min(staff.roles))
