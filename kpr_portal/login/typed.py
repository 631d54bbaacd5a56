"""Between a page's form and what is kept of it (`kept.py`): whose it is, and how it is shown again."""

from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from kpr_portal.login import kept
from kpr_portal.login.models import Account
from kpr_portal.login.operations import KEPT_FORMS, REPRESENTING
from kpr_portal.login.requests import PortalRequest, known
from kpr_portal.people.representation.queries import representing


def keep(request: HttpRequest, *, address: str | None = None, subject_key: UUID | None = None) -> bool:
    """Keep the fields that came with this request, for whoever is signed in, or was until their time was out.

    For this page and for the person acted for now, unless told otherwise. False where nobody is signed in, or
    there is nothing to keep.
    """
    seen = known(request)
    whose = _whose(seen)
    if whose is None:
        return False
    account, subject = whose
    page = address or request.path
    if not kept.keep(request.POST, account=account, subject_key=subject_key or subject, address=page):
        return False
    if seen.user.is_authenticated:
        seen.session[KEPT_FORMS] = True
    return True


def given_back(request: HttpRequest) -> QueryDict | None:
    """What is kept of this page for who is here, taken out, with a message; see `access.kept_initial`."""
    seen = known(request)
    if "typed_before" in vars(seen):
        return seen.typed_before
    seen.typed_before = None
    # Nothing is asked of the database but for those of whom something is kept.
    if seen.user.is_authenticated and seen.session.get(KEPT_FORMS) and (whose := _whose(seen)):
        account, subject_key = whose
        seen.typed_before = kept.take(account=account, subject_key=subject_key, address=request.path)
        if not kept.has_any(account):
            del seen.session[KEPT_FORMS]
        if seen.typed_before is not None:
            messages.info(request, _("Vi har tatt vare på det du hadde skrevet. Se over før du går videre."))
    return seen.typed_before


def fill_in(form: forms.BaseForm, before: QueryDict) -> None:
    """Let the form begin with these values, in the fields that a person can see."""
    for name, field in form.fields.items():
        if not field.widget.is_hidden and not field.widget.needs_multipart_form:
            form.initial[name] = field.widget.value_from_datadict(before, {}, form.add_prefix(name))


def is_kept_of(address: str) -> bool:
    """Whether what is typed on this page is kept."""
    path = urlsplit(address).path
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            view = resolve(path).func
        except Resolver404:
            return False
    return bool(getattr(getattr(view, "view_class", None), "keeps_typed", False))


def _whose(seen: PortalRequest) -> tuple[Account, UUID] | None:
    """The account, and the person it acts or acted for."""
    if isinstance(seen.user, Account):
        if seen.acting is not None:
            return seen.user, seen.acting.subject.key
        return seen.user, seen.user.person.key
    row = seen.session.was_signed_in if seen.session_ended else None
    if row is None or row.account is None:
        return None
    chosen = seen.session.ended_data.get(REPRESENTING)
    if chosen is None:
        return row.account, row.account.person.key
    acting = representing(UUID(chosen), actor=row.account.person)
    return None if acting is None else (row.account, acting.subject.key)
