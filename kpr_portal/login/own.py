"""Pages that are one's own alone: for whoever acts for another there is no such page."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from kpr_portal.login.access import CitizenRequiredMixin
from kpr_portal.people.acting import Acting, log_refused


class OwnOnlyMixin:
    """404 for a representative, as where there is nothing; the attempt is logged as `refused_action`."""

    acting: Acting
    refused_action: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.acting.is_self:
            log_refused(self.acting, self.refused_action)
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc, no-any-return]  # View's


class OwnPage(CitizenRequiredMixin, OwnOnlyMixin):
    """For a signed-in citizen acting for themselves. Sets `self.acting`."""
