"""What a request says of who makes it, once the middleware has seen it."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, QueryDict

from kpr_portal.login.sessions import SessionStore
from kpr_portal.people.acting import Acting
from kpr_portal.people.models import Person


@dataclass(frozen=True)
class StaffSession:
    """A member of staff at work. `roles` are those that both the issuer and the portal give now."""

    person: Person
    roles: frozenset[str]
    organisation: str


class PortalRequest(HttpRequest):
    """Every request, for the type checker. `citizen` and `staff` are never both there.

    `acting` says for whom the citizen acts: oneself, or another whose row opens something at this moment. It is
    None where what was chosen is not open now (`acting_closed`, and what is known of it in `closed`): then
    nothing about anybody is shown, also not about oneself, until the person has been told.
    """

    session: SessionStore
    citizen: Person | None
    acting: Acting | None
    acting_name: str  # of the one acted for; empty for oneself
    acting_for: str  # what every form of this page carries (crossed.py)
    crossed: bool  # a form was opened for another, and its page is shown anew
    acting_closed: bool
    closed: Acting | None
    staff: StaffSession | None
    session_ended: bool
    unrecognised: bool  # the database was away, and nobody could be asked who this is
    session_seconds_left: int
    typed_before: QueryDict | None  # once asked for: what was kept of what had been typed here


def known(request: HttpRequest) -> PortalRequest:
    """The request as the middleware left it."""
    return cast("PortalRequest", request)
