"""What KPR holds, for everyone: made from the modules of the sources."""

from typing import Any

from insight.sources import sources
from kpr_portal.ui.views import PublicPage


class HoldingsView(PublicPage):
    """Each source: what it holds, from when, how late it comes, every variable, and what is not there."""

    template_name = "insight/holdings.html"
    links = ("REGULATION_URL", "REGISTRATION_OBJECTION_URL")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sources=sources(), **kwargs)
