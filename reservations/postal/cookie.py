"""The cookie of the form that a browser has open: its key, and beside it which form it is and for whom.

Nothing that is typed is in it. Where the form cannot be read, or is no more, it still says which blank form will do.
"""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from reservations.postal.bases import PaperBasis
from reservations.postal.combinations import UnknownBasis, UnknownForm, basis_at, goes_together
from reservations.postal.kept import BESIDE_THE_KEY, FormKey
from reservations.postal.kinds import PostalForm, form_at
from reservations.postal.steps import Draft


class Chosen(NamedTuple):
    """What somebody asks for, and for whom."""

    form: PostalForm
    basis: PaperBasis


def key_of(request: HttpRequest) -> FormKey | None:
    """The key that the browser brings; None where it brings none, or what is none."""
    return FormKey.read(_sent(request))


def chosen_of(request: HttpRequest) -> Chosen | None:
    """Which form the browser says that it has open; None where it does not say, or there is no such form."""
    _key, _, said = _sent(request).partition(BESIDE_THE_KEY)
    form, _, basis = said.partition(BESIDE_THE_KEY)
    try:
        chosen = Chosen(form_at(form), basis_at(basis))
    except (UnknownForm, UnknownBasis):
        return None
    return chosen if goes_together(*chosen) else None


def remember(response: HttpResponse, key: FormKey, draft: Draft) -> None:
    """Give the browser the key. It keeps it until it is closed, and sends it from our own pages alone."""
    response.set_cookie(
        settings.FORM_COOKIE_NAME,
        BESIDE_THE_KEY.join((key.text, draft.form.slug, draft.basis.slug)),
        httponly=True,
        secure=settings.PRODUCTION,
        samesite="Strict",  # whoever follows a link from elsewhere opens no form
        path="/",
    )


def forgotten(response: HttpResponse) -> HttpResponse:
    """The same answer, and the browser lets go of the key."""
    response.delete_cookie(settings.FORM_COOKIE_NAME, path="/", samesite="Strict")
    return response


def _sent(request: HttpRequest) -> str:
    return request.COOKIES.get(settings.FORM_COOKIE_NAME, "")
