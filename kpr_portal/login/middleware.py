"""Who makes this request, and for whom: read from the session once, and written on the request.

One query for a citizen; for one who acts for another at most three more, since what is open is asked anew of the
rows and the register each time.

Stands where Django's own AuthenticationMiddleware would: `request.user` follows the session's columns, and
nothing else can sign anybody in.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from kpr_portal.ground import clock
from kpr_portal.ground.choices import needs_no_database
from kpr_portal.login import limits
from kpr_portal.login.choosing import chosen_in
from kpr_portal.login.crossed import value_for
from kpr_portal.login.models import Session
from kpr_portal.login.oidc.realms import RealmName
from kpr_portal.login.operations import REPRESENTING
from kpr_portal.login.requests import PortalRequest, StaffSession, known
from kpr_portal.people.acting import Acting
from kpr_portal.people.models import Person
from kpr_portal.people.queries import roles_of


class ActingMiddleware:
    """Sets what `requests.PortalRequest` names on the request.

    Also keeps the session alive. `session_ended` tells that the browser's session was known, and its time is
    out. Pages about a person are never kept by the browser: back after signing out shows nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seen = known(request)
        seen.user = AnonymousUser()
        seen.citizen = None
        seen.acting, seen.acting_name, seen.acting_for = None, "", ""
        seen.crossed, seen.acting_closed, seen.closed = False, False, None
        seen.staff = None
        seen.session_ended, seen.unrecognised = False, False
        seen.session_seconds_left = 0
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            try:
                _recognise(seen)
            except (OperationalError, InterfaceError):
                if not needs_no_database(request):
                    raise
                seen.session.leave_alone()
                seen.unrecognised = True
        response = self.get_response(request)
        if seen.user.is_authenticated or seen.session_ended:
            response["Cache-Control"] = "private, no-store"
        return response


def _recognise(request: PortalRequest) -> None:
    row = request.session.signed_in
    request.session_ended = request.session.ended
    if row is None:
        return
    if row.realm == RealmName.CITIZEN:
        assert row.account is not None  # noqa: S101 -- a constraint of the table
        _recognise_citizen(request, row.account.person)
    elif not _recognise_staff(request, row):
        return
    request.user = row.account  # type: ignore[assignment]  # Account is the user model
    request.session.touch()
    assert row.auth_time is not None  # noqa: S101 -- a constraint of the table
    request.session_seconds_left = int((row.auth_time + limits.longest() - clock.now()).total_seconds())


def _recognise_citizen(request: PortalRequest, person: Person) -> None:
    request.citizen = person
    if REPRESENTING not in request.session:
        request.acting = Acting.for_oneself(person)
    else:
        acting = chosen_in(request.session, actor=person)
        if acting is None or not acting.rights.scopes:
            request.acting_closed, request.closed = True, acting
            return
        request.acting, request.acting_name = acting, acting.name
    request.acting_for = value_for(request.acting.subject, session_key=str(request.session.session_key))


def _recognise_staff(request: PortalRequest, row: Session) -> bool:
    """Roles are looked up each time: the session of one who has none left is over."""
    assert row.account is not None  # noqa: S101 -- a constraint of the table
    roles = frozenset(request.session.get("staff_roles", [])) & roles_of(row.account.person)
    if not roles:
        request.session.flush()
        return False
    request.staff = StaffSession(
        person=row.account.person, roles=roles, organisation=request.session.get("organisation", "")
    )
    return True
