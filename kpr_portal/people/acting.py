"""Who does it, for whom, and by what right. Every operation takes it, every log line is made from it."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from kpr_portal.audit.operations import log_access
from kpr_portal.people.models import Person

CITIZEN = "citizen"


class Basis(models.TextChoices):
    """The right to act."""

    SELF = "self", _("selv")
    PARENT = "parent", _("foreldreansvar")
    GUARDIAN = "guardian", _("verge")
    ATTORNEY = "attorney", _("fullmakt")
    FUTURE_POWER = "future_power", _("fremtidsfullmakt")
    NEXT_OF_KIN = "next_of_kin", _("nærmeste pårørende")
    CHILD_WELFARE = "child_welfare", _("barnevernet")
    FOSTER_CARE = "foster_care", _("fosterforeldre")
    STAFF = "staff", _("ansatt")
    SYSTEM = "system", _("automatisk")


@dataclass(frozen=True)
class Acting:
    """`actor` acts for `subject`, on `basis`, in `role` ("citizen" or a staff role).

    Raises ValueError where someone is said to act for themselves on themselves but is another.
    """

    actor: Person
    subject: Person
    basis: Basis
    role: str = CITIZEN

    def __post_init__(self) -> None:
        if self.basis is Basis.SELF and self.actor != self.subject:
            msg = "Who acts on their own right acts for themselves."
            raise ValueError(msg)

    @classmethod
    def for_oneself(cls, person: Person) -> "Acting":
        """A citizen acting for themselves."""
        return cls(actor=person, subject=person, basis=Basis.SELF)

    @property
    def is_self(self) -> bool:
        """Whether the actor acts for themselves, as a citizen."""
        return self.basis is Basis.SELF


def log(acting: Acting, action: str, *, reason: str = "", details: dict[str, Any] | None = None) -> None:
    """Write in the access log, in the caller's transaction, that this was done or seen."""
    log_access(
        actor=acting.actor.key,
        subject=acting.subject.key,
        action=action,
        basis=acting.basis.value,
        role=acting.role,
        reason=reason,
        details=details,
    )
