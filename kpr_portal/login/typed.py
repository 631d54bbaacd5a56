"""Between a page's form and what is kept of it (`kept.py`): whose it is, and how it is shown again."""

from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from kpr_portal.login import kept
from kpr_portal.login.crossed import FIELD, value_for
from kpr_portal.login.models import Account
from kpr_portal.login.operations import KEPT_FORMS, REPRESENTING
from kpr_portal.login.requests import PortalRequest, known
from kpr_portal.people.models import Person
from kpr_portal.people.representation.queries import representing


def keep(request: HttpRequest, *, address: str | None = None) -> bool:
    """Keep the fields that came with this request, for whoever is signed in, or was until their time was out.

    For this page, unless `address` names another, and for the person acted for. False where nobody is signed
    in, the form was opened for another (crossed.py), or there is nothing to keep.
    """
    seen = known(request)
    whose = _whose(seen)
    if whose is None:
        return False
    account, subject = whose
    opened_for = request.POST.get(FIELD, "")
    cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if opened_for and not constant_time_compare(opened_for, value_for(subject, session_key=cookie)):
        return False
    if not kept.keep(request.POST, account=account, subject_key=subject.key, address=address or request.path):
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
        account, subject = whose
        seen.typed_before = kept.take(account=account, subject_key=subject.key, address=request.path)
        if not kept.has_any(account):
            del seen.session[KEPT_FORMS]
        if seen.typed_before is not None:
            messages.info(request, _("Vi har tatt vare på det du hadde skrevet. Se over før du går videre."))
    return seen.typed_before


def fill_in(form: forms.BaseForm, before: QueryDict, *, ticks: bool = True) -> None:
    """Let the form begin with these values, in the fields that a person can see.

    Without `ticks`, whoever said yes to something says it again: it was said of another.
    """
    for name, field in form.fields.items():
        if isinstance(field, forms.BooleanField) and not ticks:
            continue
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


def _whose(seen: PortalRequest) -> tuple[Account, Person] | None:
    """The account, and the person it acts or acted for; None where nobody is, or for whom is not open now."""
    if isinstance(seen.user, Account):
        if seen.acting is not None:
            return seen.user, seen.acting.subject
        return (seen.user, seen.staff.person) if seen.staff is not None else None
    row = seen.session.was_signed_in if seen.session_ended else None
    if row is None or row.account is None:
        return None
    chosen = seen.session.ended_data.get(REPRESENTING)
    if chosen is None:
        return row.account, row.account.person
    acting = representing(UUID(chosen), actor=row.account.person)
    return None if acting is None else (row.account, acting.subject)
