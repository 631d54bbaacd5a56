"""Who may what with persons and roles. In pairs: the check raises with the reason, the other answers."""

from django.utils.translation import gettext_lazy as _

from kpr_portal.people.errors import NotAllowed
from kpr_portal.people.models import Person, Role
from kpr_portal.people.queries import ids_of, roles_of


def check_has_role(person: Person, role: Role | str) -> None:
    """Raise NotAllowed where the person does not have the staff role now."""
    if str(role) not in roles_of(person):
        raise NotAllowed(_("Du har ikke rollen som trengs for dette."))


def has_role(person: Person, role: Role | str) -> bool:
    """Whether the person has the staff role now."""
    return str(role) in roles_of(person)


def check_may_grant_role(granter: Person, *, to: Person) -> None:
    """Raise NotAllowed where someone would give themselves a role, under whichever of their numbers."""
    if to.pk in ids_of(granter):
        raise NotAllowed(_("Ingen kan gi seg selv en rolle."))


def may_grant_role(granter: Person, *, to: Person) -> bool:
    """Whether one may give the other a role."""
    return to.pk not in ids_of(granter)
