"""Why members of staff looked, in words for the person whom it was about.

What was given for looking is a code of ours, where the one who looked had a choice; else the action tells. A log of
another system may give its own words, which are shown as they are.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# By the code in the log. We tell what the caseworker has noted: the person knows whether it is so.
GIVEN: Mapping[str, "StrOrPromise"] = {
    "asked:phone": _("Vi har notert at du ba om det på telefon"),
    "asked:post": _("Vi har notert at du ba om det i et brev"),
}
# By the action, where no code was given.
BY_ACTION: Mapping[str, "StrOrPromise"] = {
    "casework.order_form": _("Noen ba oss om å sende et papirskjema"),
    "casework.posting": _("For å sende brevet, eller avgjøre hva som skal skje med det"),
    "casework.read_letter": _("For å se hva vi skrev i brevet"),
    "casework.print_posting": _("For å sende brevet i posten"),
    "casework.posted": _("For å holde orden på hva som er sendt"),
    "casework.withdraw_posting": _("For å stoppe et brev som ikke skulle sendes"),
    "casework.retry_posting": _("For å finne en adresse å sende brevet til"),
    "casework.remake_posting": _("For å lage brevet på nytt med adressen som gjelder nå"),
    "casework.posted_as_it_was": _("For å notere at brevet allerede var lagt i posten"),
    "casework.block": _("Vi har notert at du ba om det"),
    "casework.declare_out": _("Den ansatte meldte seg inhabil"),
    "casework.name_out": _("Vi har notert at du ba om det"),
    "casework.shield": _("For å begrense hvem som får behandle sakene dine"),
}


def why_it_was_seen(action: str, *, given: str) -> "StrOrPromise":
    """The reason in words, from the action and what was given for it; empty where nobody can tell."""
    return GIVEN.get(given) or given or BY_ACTION.get(action, "")
