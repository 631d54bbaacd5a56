"""Who may see what KPR holds about a person. The link and the page ask the same function.

Everyone may always see what is held about themselves (helseregisterloven § 24; GDPR article 15), with the
exceptions of personopplysningsloven §§ 16 and 17, which stand with the single record. For another one may what
the rights of this moment cover (people/representation/rights.py); who looked is shown to oneself alone.
"""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from insight.errors import InsightRefused
from kpr_portal.people.acting import Acting, Scope


class NotAllowed(InsightRefused):
    """The actor may not see this about this person; `message` says so in the user's language."""

    message = _("Du kan ikke se opplysninger om en annen her. Du kan be om innsyn på papir.")


def check_may_see(*, acting: Acting) -> None:
    """Raise NotAllowed where the actor may not see what KPR holds about the person acted for."""
    if not acting.may(Scope.INSIGHT):
        raise NotAllowed


def may_see(*, acting: Acting) -> bool:
    """Whether the actor may see what KPR holds about the person acted for."""
    return _allows(check_may_see, acting=acting)


def check_is_self(*, acting: Acting) -> None:
    """Raise NotAllowed for whoever acts for another: for what no representative sees (who looked)."""
    if not acting.is_self:
        raise NotAllowed


def is_self(*, acting: Acting) -> bool:
    """Whether what no representative sees is shown to the actor."""
    return _allows(check_is_self, acting=acting)


def _allows(check: Callable[..., None], *, acting: Acting) -> bool:
    try:
        check(acting=acting)
    except NotAllowed:
        return False
    return True
