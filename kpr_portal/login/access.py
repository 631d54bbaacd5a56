"""Who may see a page: the signed-in citizen, or staff with a role. Everybody else is told the way.

A member of staff is never let in as a citizen in the same session, nor the other way round. Some things ask for
more than being signed in: that one has just proven who one is (`fresh_proof_required`). Whoever must sign in
again on the way comes back to the page, and where it takes part (`KeepsTypedMixin`) to what they had typed.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from kpr_portal.ground import clock
from kpr_portal.login import choosing, crossed, typed
from kpr_portal.login.next_page import is_ours
from kpr_portal.login.operations import PROVEN_AT
from kpr_portal.login.requests import StaffSession, known
from kpr_portal.people.acting import Acting
from kpr_portal.people.models import Role

View = Callable[..., HttpResponseBase]
RETRY_AFTER_SECONDS = 60


def citizen_required(view: View) -> View:
    """Let only a signed-in citizen in; `request.acting` tells who acts, and for whom.

    What was chosen is open at this very moment, and a form was opened for the one acted for (crossed.py).
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if way := _way_for_a_citizen(request):
            return way
        if crossed.is_crossed(request):
            return _crossed_page(request)
        return view(request, *args, **kwargs)

    return guarded


def citizen_signed_in(view: View) -> View:
    """Let only a signed-in citizen in, `request.citizen`, whomever they act for, and whether that is open or not.

    For choosing whom to act for alone: nothing about anybody may be shown or changed inside.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _way_in_for_a_citizen(request) or view(request, *args, **kwargs)

    return guarded


def way_if_closed(request: HttpRequest) -> HttpResponse | None:
    """The page for one who acts for another where nothing is open now, else None. For pages open to all."""
    return closed_page(request, known(request).closed) if known(request).acting_closed else None


def closed_page(request: HttpRequest, closed: Acting | None) -> HttpResponse:
    """404, which tells nothing of why; from the next request on one acts for oneself.

    Where the register does not answer it is 503, and what was chosen stays chosen.
    """
    seen = known(request)
    # By what right they chose to act, themselves: for the paper form. Why it is closed is not told.
    values = {
        "basis": closed.basis.value if closed else "",
        "paper_takes": choosing.paper_takes(closed.basis) if closed else "",
    }
    if choosing.is_away(closed):
        response = render(request, "login/register_away.html", values, status=HTTPStatus.SERVICE_UNAVAILABLE)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    assert seen.citizen is not None  # noqa: S101 -- nobody else chooses
    choosing.close(closed, actor=seen.citizen, session=seen.session)
    return render(request, "login/not_available.html", values, status=HTTPStatus.NOT_FOUND)


def staff_required(*roles: Role) -> Callable[[View], View]:
    """Let only staff with one of these roles in; `request.staff` tells who."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _way_for_staff(request, roles) or view(request, *args, **kwargs)

        return guarded

    return decorate


def fresh_proof_required(*, minutes: int | None = None) -> Callable[[View], View]:
    """Let only those in who proved anew who they are in this session, at most so many minutes ago.

    To be put inside `citizen_required` or `staff_required`. A sign-in that was carried over from elsewhere does
    not count, however new: the person must have been asked, for us (`prompt=login`).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return way_to_fresh_proof(request, minutes=minutes) or view(request, *args, **kwargs)

        return guarded

    return decorate


def way_to_fresh_proof(
    request: HttpRequest, *, minutes: int | None = None, keeps_typed: bool = False, page: str = ""
) -> HttpResponse | None:
    """The way to prove it and come back here, or to `page`; None for one who has. As `fresh_proof_required`."""
    if has_fresh_proof(request, minutes=minutes):
        return None
    if keeps_typed and request.method == "POST":
        typed.keep(request)
    sign_in = "login:staff_sign_in" if known(request).staff else "login:sign_in"
    query = {"paa_nytt": "1", "next": page or _page(request)}
    return HttpResponseRedirect(f"{reverse(sign_in)}?{urlencode(query)}")


def has_fresh_proof(request: HttpRequest, *, minutes: int | None = None) -> bool:
    """Whether the person proved who they are anew in this session, at most so many minutes ago."""
    seen = known(request)
    said = seen.session.get(PROVEN_AT) if seen.user.is_authenticated else None
    if said is None:
        return False
    return minutes is None or clock.now() - datetime.fromisoformat(said) <= timedelta(minutes=minutes)


class FreshProofMixin:
    """For class-based views: as `fresh_proof_required`. Stands after the mixin that says who may come in."""

    proof_minutes: int | None = None
    keeps_typed = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if way := way_to_fresh_proof(request, minutes=self.proof_minutes, keeps_typed=self.keeps_typed):
            return way
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc, no-any-return]  # View's


class KeepsTypedMixin:
    """For a FormView whose fields people type in: what they had typed is there again after signing in.

    The first of the view's bases. Kept are the form's fields as they came, and no file; shown again, once, are
    those a person can see. Anything but a FormView asks `kept_initial` itself.
    """

    keeps_typed = True
    request: HttpRequest

    def get_form(self, form_class: type[forms.BaseForm] | None = None) -> forms.BaseForm:
        form: forms.BaseForm = super().get_form(form_class)  # type: ignore[misc]  # FormView's
        if (before := kept_initial(self.request)) is not None:
            typed.fill_in(form, before, ticks=not known(self.request).crossed)
        return form


def kept_initial(request: HttpRequest) -> QueryDict | None:
    """What this person had typed on this page before they had to sign in again; None where nothing is kept.

    For the same person alone, acting for the same. Removes it, and tells the person by a message; asked again
    in the same request it answers the same.
    """
    return typed.given_back(request) if request.method == "GET" else None


class CitizenRequiredMixin:
    """For class-based views: as `citizen_required`, and sets `self.acting`.

    A form that was opened for another is not taken: the page is shown anew for the present person, with a
    sentence on top and, where it takes part (`KeepsTypedMixin`), with what was typed.
    """

    acting: Acting
    keeps_typed = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if way := _way_for_a_citizen(request, keeps_typed=self.keeps_typed):
            return way
        acting = known(request).acting
        assert acting is not None  # noqa: S101 -- the line above
        self.acting = acting
        if crossed.is_crossed(request) and hasattr(self, str(request.method).lower()):
            return self._shown_anew(request, *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc, no-any-return]  # View's

    def _shown_anew(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page as if it were opened now: it asks, checks and logs all that opening it does."""
        if not hasattr(self, "get"):
            return _crossed_page(request)
        messages.warning(request, crossed.sentence(self.acting))
        known(request).crossed, known(request).typed_before = True, request.POST
        sent_by, request.method = request.method, "GET"
        try:
            page: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # View's
            if isinstance(page, SimpleTemplateResponse):
                page.render()
        finally:
            request.method = sent_by
        if page.status_code == HTTPStatus.OK:
            page.status_code = HTTPStatus.CONFLICT
        return page


class StaffRequiredMixin:
    """For class-based views: as `staff_required`, and sets `self.staff`."""

    required_role: Role | tuple[Role, ...]
    staff: StaffSession
    keeps_typed = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        roles = self.required_role if isinstance(self.required_role, tuple) else (self.required_role,)
        if way := _way_for_staff(request, roles, keeps_typed=self.keeps_typed):
            return way
        staff = known(request).staff
        assert staff is not None  # noqa: S101 -- the line above
        self.staff = staff
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc, no-any-return]  # View's


def _way_for_a_citizen(request: HttpRequest, *, keeps_typed: bool = False) -> HttpResponse | None:
    return _way_in_for_a_citizen(request, keeps_typed=keeps_typed) or way_if_closed(request)


def _way_in_for_a_citizen(request: HttpRequest, *, keeps_typed: bool = False) -> HttpResponse | None:
    if known(request).staff is not None:
        return render(request, "login/staff_on_citizen_page.html", status=HTTPStatus.FORBIDDEN)
    if known(request).citizen is None:
        return _to_sign_in(request, "login:sign_in", keeps_typed=keeps_typed)
    return None


def _crossed_page(request: HttpRequest) -> HttpResponse:
    acting = known(request).acting
    assert acting is not None  # noqa: S101 -- asked of those who are let in
    values = {"sentence": crossed.sentence(acting)}
    return render(request, "login/crossed.html", values, status=HTTPStatus.CONFLICT)


def _way_for_staff(
    request: HttpRequest, roles: tuple[Role, ...], *, keeps_typed: bool = False
) -> HttpResponse | None:
    if known(request).citizen is not None:
        return render(request, "login/citizen_on_staff_page.html", status=HTTPStatus.FORBIDDEN)
    staff = known(request).staff
    if staff is None:
        return _to_sign_in(request, "login:staff_sign_in", keeps_typed=keeps_typed)
    if not staff.roles & {role.value for role in roles}:
        values = {
            "needed": [role.label for role in roles],
            "has": [Role(role).label for role in sorted(staff.roles)],
        }
        return render(request, "login/role_missing.html", values, status=HTTPStatus.FORBIDDEN)
    return None


def _to_sign_in(request: HttpRequest, sign_in: str, *, keeps_typed: bool) -> HttpResponseRedirect:
    """To the sign-in and back here; by way of an explanation for one whose session has just ended."""
    query = {"next": _page(request)}
    if known(request).session_ended:
        if sign_in == "login:staff_sign_in":
            query["ansatt"] = "1"
        if keeps_typed and request.method == "POST" and typed.keep(request):
            query["skrevet"] = "1"
        sign_in = "login:ended"
    return HttpResponseRedirect(f"{reverse(sign_in)}?{urlencode(query)}")


def _page(request: HttpRequest) -> str:
    """The page to come back to: this one, or the one with the button where this address only takes a POST."""
    view = getattr(request.resolver_match, "func", None)
    view_class = getattr(view, "view_class", None)
    if request.method != "POST" or view_class is None or hasattr(view_class, "get"):
        return request.get_full_path()
    before = urlsplit(request.headers.get("Referer", ""))
    address = before.path + (f"?{before.query}" if before.query else "")
    return address if before.netloc == request.get_host() and is_ours(address) else reverse("front")
