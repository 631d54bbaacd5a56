"""Who may see a page: the signed-in citizen, or staff with a role. Everybody else is told the way.

A member of staff is never let in as a citizen in the same session, nor the other way round.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from kpr_portal.login.requests import StaffSession, known
from kpr_portal.people.acting import Acting
from kpr_portal.people.models import Role

View = Callable[..., HttpResponseBase]


def citizen_required(view: View) -> View:
    """Let only a signed-in citizen in; `request.acting` tells who acts, and for whom."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _way_for_a_citizen(request) or view(request, *args, **kwargs)

    return guarded


def staff_required(*roles: Role) -> Callable[[View], View]:
    """Let only staff with one of these roles in; `request.staff` tells who."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _way_for_staff(request, roles) or view(request, *args, **kwargs)

        return guarded

    return decorate


class CitizenRequiredMixin:
    """For class-based views: as `citizen_required`, and sets `self.acting`."""

    acting: Acting

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if way := _way_for_a_citizen(request):
            return way
        acting = known(request).acting
        assert acting is not None  # noqa: S101 -- the line above
        self.acting = acting
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc, no-any-return]  # View's


class StaffRequiredMixin:
    """For class-based views: as `staff_required`, and sets `self.staff`."""

    required_role: Role | tuple[Role, ...]
    staff: StaffSession

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        roles = self.required_role if isinstance(self.required_role, tuple) else (self.required_role,)
        if way := _way_for_staff(request, roles):
            return way
        staff = known(request).staff
        assert staff is not None  # noqa: S101 -- the line above
        self.staff = staff
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc, no-any-return]  # View's


def _way_for_a_citizen(request: HttpRequest) -> HttpResponse | None:
    if known(request).staff is not None:
        return render(request, "login/staff_on_citizen_page.html", status=HTTPStatus.FORBIDDEN)
    if known(request).acting is None:
        return _to_sign_in(request, "login:sign_in")
    return None


def _way_for_staff(request: HttpRequest, roles: tuple[Role, ...]) -> HttpResponse | None:
    if known(request).acting is not None:
        return render(request, "login/citizen_on_staff_page.html", status=HTTPStatus.FORBIDDEN)
    staff = known(request).staff
    if staff is None:
        return _to_sign_in(request, "login:staff_sign_in")
    if not staff.roles & {role.value for role in roles}:
        values = {
            "needed": [role.label for role in roles],
            "has": [Role(role).label for role in sorted(staff.roles)],
        }
        return render(request, "login/role_missing.html", values, status=HTTPStatus.FORBIDDEN)
    return None


def _to_sign_in(request: HttpRequest, sign_in: str) -> HttpResponseRedirect:
    """To the sign-in and back here; by way of an explanation for one whose session has just ended."""
    query = {"next": request.get_full_path()}
    if known(request).session_ended:
        if sign_in == "login:staff_sign_in":
            query["ansatt"] = "1"
        sign_in = "login:ended"
    return HttpResponseRedirect(f"{reverse(sign_in)}?{urlencode(query)}")
