"""The first page: what KPR has about a person, and who has had it, at a glance."""

from datetime import timedelta
from typing import Any

from insight.accesses import AccessesTo, Summary
from insight.catalogue import joined
from insight.permissions import is_self
from insight.queries import SectionOverview, overview
from insight.shown import log_complete_since, recipients_of, sort_norwegian
from insight.sources import sources
from insight.views.base import SeenPage
from kpr_portal.ground import clock
from kpr_portal.people.notices import unread_messages
from kpr_portal.people.queries import ids_of, keys_of
from kpr_portal.ui.fragments import Fragment
from reservations.permissions import may_see as may_see_reservations
from reservations.queries import cards
from reservations.releases.queries import open_gaps, received_identified

A_YEAR = timedelta(days=365)


def _not_included() -> list[str]:
    return sort_norwegian({str(text) for source in sources() for text in source.not_included})


MISSING = Fragment("insight/missing.html", lambda: {"sources": sources(), "not_included": _not_included})


class OverviewView(SeenPage):
    """Two sentences that answer; then each part of KPR, and the ways on."""

    template_name = "insight/overview.html"
    action = "insight.overview"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        received = received_identified(ids_of(self.acting.subject))
        recipients = recipients_of(received, acting=self.acting)
        held = overview(self.acting)
        return super().get_context_data(
            overview=held,
            parts=[(part, _unit(part)) for part in held.held],
            empty_parts=[part.section for part in held.sections if not part.count],
            received=received,
            recipients=recipients,
            names=joined(recipients),
            complete_since=log_complete_since(),
            has_gaps=bool(open_gaps()),
            looked=self._looked() if is_self(acting=self.acting) else None,
            cards=cards(acting=self.acting) if may_see_reservations(acting=self.acting) else (),
            missing=MISSING,
            unread_messages=unread_messages(self.acting),
            **kwargs,
        )

    def _looked(self) -> Summary:
        return AccessesTo(keys_of(self.acting.subject)).summary(since=clock.now() - A_YEAR)


def _unit(part: SectionOverview) -> str:
    """`kontakter` of `142 kontakter`: the number stands by itself on the page."""
    return part.counted.removeprefix(str(part.count)).strip()
