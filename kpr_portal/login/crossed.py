"""Crossed forms: opened for one person, and sent after choosing another.

Every form that changes something of a person's carries `{% acting_for_field %}`: a keyed hash over the browser's
session and the person acted for. It tells nothing by itself, and is worth nothing in another session.
"""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from kpr_portal.login.requests import known
from kpr_portal.people.acting import Acting
from kpr_portal.people.models import Person

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FIELD = "acting_for"
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def value_for(subject: Person, *, session_key: str) -> str:
    """What a form carries that is opened in this session, acting for this person."""
    return salted_hmac("login.acting_for", f"{session_key}:{subject.key}", algorithm="sha256").hexdigest()


def is_crossed(request: HttpRequest) -> bool:
    """Whether a form came that was not opened, in this session, for the person acted for now."""
    if request.method in SAFE:
        return False
    now = known(request).acting_for
    return not now or not constant_time_compare(request.POST.get(FIELD, ""), now)


def sentence(acting: Acting) -> "StrOrPromise":
    """What the person is told whose form was not taken."""
    if acting.is_self:
        return _(
            "Skjemaet ble åpnet for en annen enn den du handler for nå. Ingenting er endret. "
            "Nå gjelder det deg selv. Se over, og send på nytt hvis det stemmer."
        )
    return _(
        "Skjemaet ble åpnet for en annen enn den du handler for nå. Ingenting er endret. "
        "Nå gjelder det {name}. Se over, og send på nytt hvis det stemmer."
    ).format(name=acting.name)
