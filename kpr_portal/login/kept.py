"""What somebody had typed on a page when they had to sign in again: kept for them, and shown to them once.

A page takes part by `login.access.KeepsTypedMixin`. A row opens for the account it was kept for, acting for the
same person, on the same page; to everybody else it is as if it were not there.
"""

import json
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils import translation

from kpr_portal.ground import clock
from kpr_portal.ground.keyring import CannotOpen, keyring
from kpr_portal.login.models import Account, KeptForm
from kpr_portal.login.next_page import MAX_CHARACTERS

# Made for one request or one moment: worth nothing later, or wrong.
NEVER = frozenset({settings.CSRF_COOKIE_NAME, "csrfmiddlewaretoken", "acting_for"})
MOST_BYTES = 100_000
MOST_FORMS = 20  # of one account


def lifetime() -> timedelta:
    """How long it is kept at most."""
    return timedelta(minutes=settings.KEPT_FORMS_MINUTES)


@transaction.atomic
def keep(typed: QueryDict, *, account: Account, subject_key: UUID, address: str) -> bool:
    """Keep the fields of a form for this account, acting for this person, on this page.

    Replaces what was kept there before. Files are not among the fields. False where there is nothing to keep,
    or more than is kept for anybody.
    """
    fields = {name: values for name, values in typed.lists() if name not in NEVER}
    content = json.dumps(fields).encode()
    path = page_of(address)
    if not fields or len(content) > MOST_BYTES or len(path) > MAX_CHARACTERS:
        return False
    of_account = KeptForm.objects.filter(account=account)
    of_account.filter(subject_key=subject_key, path=path).delete()
    if of_account.count() >= MOST_FORMS:
        of_account.order_by("kept_at")[0].delete()
    KeptForm.objects.create(
        account=account,
        subject_key=subject_key,
        path=path,
        sealed=keyring().seal(content, context=_context(account, subject_key, path)),
        kept_at=clock.now(),
    )
    return True


def take(*, account: Account, subject_key: UUID, address: str) -> QueryDict | None:
    """What was kept for this account, acting for this person, on this page; from now on it is gone.

    None where there is nothing, and where no key in the ring opens it any more.
    """
    path = page_of(address)
    rows = KeptForm.objects.filter(account=account, subject_key=subject_key, path=path)
    row = rows.order_by("-kept_at").first()
    if row is None or not KeptForm.objects.filter(pk=row.pk).delete()[0]:
        return None
    if row.kept_at + lifetime() <= clock.now():
        return None
    try:
        content = keyring().open(bytes(row.sealed), context=_context(account, subject_key, path))
    except CannotOpen:
        return None
    typed = QueryDict(mutable=True)
    for name, values in json.loads(content).items():
        typed.setlist(name, values)
    return typed


def has_any(account: Account) -> bool:
    """Whether anything is kept for this account."""
    return KeptForm.objects.filter(account=account).exists()


def forget(account_ids: Iterable[int]) -> None:
    """Remove all that is kept for these accounts: they signed out."""
    KeptForm.objects.filter(account_id__in=list(account_ids)).delete()


def forget_old() -> int:
    """Remove what nobody came back for in time; say how many rows went. Safe at any time."""
    return KeptForm.objects.filter(kept_at__lte=clock.now() - lifetime()).delete()[0]


def page_of(address: str) -> str:
    """The page of an address: the same in every language, whatever its query string says."""
    path = address.partition("?")[0]
    code = translation.get_language_from_path(path)
    return path.removeprefix(f"/{code}") if code else path


def _context(account: Account, subject_key: UUID, path: str) -> str:
    return f"login.kept_form:{account.pk}:{subject_key}:{path}"
