"""Who may see what KPR holds about a person. The link and the page ask the same function.

Everyone may always see what is held about themselves (helseregisterloven § 24; GDPR article 15), with the
exceptions of personopplysningsloven §§ 16 and 17, which stand with the single record.
"""

from django.utils.translation import gettext_lazy as _

from insight.errors import InsightRefused
from kpr_portal.people.acting import Acting


class NotAllowed(InsightRefused):
    """The actor may not see this about this person; `message` says so in the user's language."""

    message = _("Du kan ikke se opplysninger om en annen her. Du kan be om innsyn på papir.")


def check_may_see(*, acting: Acting) -> None:
    """Raise NotAllowed where the actor may not see what KPR holds about the person acted for."""
    if not acting.is_self:
        raise NotAllowed


def may_see(*, acting: Acting) -> bool:
    """Whether the actor may see what KPR holds about the person acted for."""
    try:
        check_may_see(acting=acting)
    except NotAllowed:
        return False
    return True
