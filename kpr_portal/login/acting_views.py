"""Whom one acts for: the list, and the one click that changes it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kpr_portal.login import choosing
from kpr_portal.login.access import citizen_signed_in, closed_page, has_fresh_proof, way_to_fresh_proof
from kpr_portal.login.choosing import CHOOSE
from kpr_portal.login.forms import SearchForm
from kpr_portal.login.next_page import next_page
from kpr_portal.login.requests import PortalRequest, known
from kpr_portal.people.acting import Acting, Scope
from kpr_portal.people.models import Person
from kpr_portal.people.representation.queries import Choice, choices_for, has_economic_mandate_only

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

A_PAGE = 25
SEARCHED_FROM = 11  # so many people that one looks for a name
WHOM = "hvem"  # the key of the row chosen, or nothing: oneself
PROVEN_FOR = "valgt"  # whom one had chosen when sent to prove who one is

COVERS: Mapping[frozenset[Scope], "StrOrPromise"] = {
    frozenset(Scope): _("Du kan se hva KPR har, og reservere."),
    frozenset({Scope.INSIGHT}): _("Du kan se hva KPR har, men ikke reservere."),
    frozenset({Scope.RESERVATION}): _("Du kan reservere, men ikke se hva KPR har."),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_signed_in
def choose(request: HttpRequest) -> HttpResponse:
    """Choose whom one acts for: oneself first, then everyone whom one may act for now.

    Before the first time in a session that one acts for another, one proves anew who one is.
    """
    seen = known(request)
    person = seen.citizen
    assert person is not None  # noqa: S101 -- citizen_signed_in
    if request.method == "POST":
        return _switch(seen, person, whom=request.POST.get(WHOM, ""))
    return _list(seen, person)


def _switch(request: PortalRequest, person: Person, *, whom: str) -> HttpResponse:
    where = next_page(request)
    if not whom:
        choosing.act_for_oneself(request.session)
        return HttpResponseRedirect(where)
    acting = _just_asked(request, whom) or choosing.acting_by(whom, actor=person)
    if acting is None or not acting.rights.scopes:
        return closed_page(request, acting)
    back = f"{reverse(CHOOSE)}?{urlencode({PROVEN_FOR: str(acting.representation), 'next': where})}"
    if way := way_to_fresh_proof(request, page=back):
        return way
    choosing.act_for(acting, session=request.session)
    return HttpResponseRedirect(choosing.page_for_another(where))


def _just_asked(request: PortalRequest, whom: str) -> Acting | None:
    """Whom one acts for already, where that is whom one chose: what is open was asked for this very request."""
    acting = request.acting
    return acting if acting is not None and str(acting.representation) == whom else None


def _list(request: PortalRequest, person: Person) -> HttpResponse:
    choices = choices_for(person)
    search = SearchForm(request.GET)
    found = _named(choices, search.words)
    values = {
        "page": Paginator([_line(choice) for choice in found], A_PAGE).get_page(request.GET.get("page")),
        "search": search if len(choices) >= SEARCHED_FROM else None,
        "is_narrowed": len(found) < len(choices),
        "proven_for": _proven_for(request, choices),
        "only_economic": has_economic_mandate_only(person),
        "next": next_page(request),
        "now": str(request.acting.representation or "") if request.acting else None,
        "whom": WHOM,
    }
    return render(request, "login/choose.html", values)


def _line(choice: Choice) -> dict[str, object]:
    return {
        "key": str(choice.key),
        "name": choice.name,
        "basis": choice.basis.label,
        "covers": COVERS[choice.rights.scopes],
        "until": choice.until,
    }


def _named(choices: Sequence[Choice], words: Sequence[str]) -> list[Choice]:
    """Those whose names hold every word."""
    return [choice for choice in choices if all(word in choice.name.casefold() for word in words)]


def _proven_for(request: PortalRequest, choices: Sequence[Choice]) -> dict[str, object] | None:
    """The one chosen before one was sent to prove who one is; None where that has not been done."""
    if not has_fresh_proof(request):
        return None
    return next((_line(each) for each in choices if str(each.key) == request.GET.get(PROVEN_FOR)), None)
