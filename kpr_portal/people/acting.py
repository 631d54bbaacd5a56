"""Who does it, for whom, and by what right. Every operation takes it, every log line is made from it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kpr_portal.audit.operations import log_access, log_refusal
from kpr_portal.people.basis import Basis, Scope
from kpr_portal.people.models import Person
from kpr_portal.people.representation.rights import NO_RIGHTS, OWN_RIGHTS, Rights

__all__ = ["CITIZEN", "Acting", "Basis", "Scope", "log", "log_refused"]

CITIZEN = "citizen"


@dataclass(frozen=True)
class Acting:
    """`actor` acts for `subject`, on `basis`, in `role` ("citizen" or a staff role).

    For another, `rights` says what is open (nothing, unless told), and `representation` is the key of the row
    it rests on; `name` is what the one acted for is called on the screen. Raises ValueError where someone is
    said to act for themselves on themselves but is another.
    """

    actor: Person
    subject: Person
    basis: Basis
    role: str = CITIZEN
    rights: Rights = NO_RIGHTS
    representation: UUID | None = None
    name: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.basis is Basis.SELF and self.actor != self.subject:
            msg = "Who acts on their own right acts for themselves."
            raise ValueError(msg)

    @classmethod
    def for_oneself(cls, person: Person) -> "Acting":
        """A citizen acting for themselves."""
        return cls(actor=person, subject=person, basis=Basis.SELF, rights=OWN_RIGHTS)

    @property
    def is_self(self) -> bool:
        """Whether the actor acts for themselves, as a citizen."""
        return self.basis is Basis.SELF

    def may(self, scope: Scope) -> bool:
        """Whether this is open to the actor: everything of one's own, of another's what the rights cover."""
        return self.is_self or self.rights.cover(scope)


def log(
    acting: Acting,
    action: str,
    *,
    organisation: str = "",
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Write in the access log, in the caller's transaction, that this was done or seen.

    `organisation` is where staff work: the person is shown it beside the role.
    """
    log_access(**_row(acting, action), organisation=organisation, reason=reason, details=details)


def log_refused(acting: Acting, action: str, *, details: dict[str, Any] | None = None) -> None:
    """Write in the access log, in a transaction of its own, that this was refused."""
    log_refusal(**_row(acting, action), details=details)


def _row(acting: Acting, action: str) -> dict[str, Any]:
    return {
        "actor": acting.actor.key,
        "subject": acting.subject.key,
        "action": action,
        "basis": acting.basis.value,
        "role": acting.role,
    }
