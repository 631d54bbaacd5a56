"""Who received data about a person."""

from itertools import groupby
from typing import Any

from insight.shown import ReleaseShown, log_complete_since, shown_releases, told
from insight.views.base import SeenPage
from kpr_portal.people.queries import ids_of
from reservations.permissions import may_see as may_see_reservations
from reservations.releases.queries import log_facts, received_identified


class ReleasesView(SeenPage):
    """Every release with the person's number or name in it, by year, the latest first."""

    template_name = "insight/releases.html"
    action = "insight.releases"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        received = received_identified(ids_of(self.acting.subject))
        facts = log_facts()
        return super().get_context_data(
            years=_by_year(shown_releases(received.releases, acting=self.acting)),
            count=len(received.releases),
            withheld=received.withheld,
            facts=facts,
            complete_since=log_complete_since(),
            gaps=[told(gap.told) for gap in facts.gaps],
            may_reserve=may_see_reservations(acting=self.acting),
            **kwargs,
        )


def _by_year(releases: list[ReleaseShown]) -> list[tuple[int, list[ReleaseShown]]]:
    return [(year, list(found)) for year, found in groupby(releases, key=lambda one: one.released_on.year)]
