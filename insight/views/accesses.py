"""Who has seen data about a person."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator

from insight.accesses import AccessesTo
from insight.permissions import check_is_self
from insight.representatives import seen_by_representatives
from insight.views.base import SeenPage
from kpr_portal.people.queries import keys_of

OTHERS_ON_A_PAGE = 20
REPRESENTATIVES_ON_A_PAGE = 20
DAYS_ON_A_PAGE = 14


class AccessesView(SeenPage):
    """What others have seen; apart from it what representatives have, one's own visits, and what ran by itself."""

    template_name = "insight/accesses.html"
    check = staticmethod(check_is_self)
    action = "insight.accesses"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keys = keys_of(self.acting.subject)
        accesses = AccessesTo(keys)
        asked = self.request.GET
        summary = accesses.summary()
        count = summary.count - summary.by_representatives
        others = Paginator(range(count), OTHERS_ON_A_PAGE).get_page(asked.get("page"))
        representatives = Paginator(range(summary.by_representatives), REPRESENTATIVES_ON_A_PAGE).get_page(
            asked.get("representatives")
        )
        return super().get_context_data(
            summary=summary,
            others=others,
            accesses=accesses.by_others(start=others.start_index() - 1, stop=others.end_index())
            if count
            else [],
            representatives=representatives,
            seen_by_representatives=seen_by_representatives(
                keys, start=max(0, representatives.start_index() - 1), stop=representatives.end_index()
            ),
            own=Paginator(accesses.own_days(), DAYS_ON_A_PAGE).get_page(asked.get("own")),
            automatic=Paginator(accesses.automatic_days(), DAYS_ON_A_PAGE).get_page(asked.get("automatic")),
            covered=[source.title for source in accesses.sources],
            not_covered=settings.ACCESS_LOG_NOT_COVERED,
            by_name=settings.WHO_LOOKED_SHOWN == "name",
            **kwargs,
        )
