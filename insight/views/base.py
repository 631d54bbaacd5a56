"""What every page about a person has in common: allowed, logged, and only then shown."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.generic import TemplateView

from insight.permissions import NotAllowed, check_may_see
from insight.shown import name_of_another
from kpr_portal.login.access import CitizenRequiredMixin
from kpr_portal.people.acting import Acting, log, log_refused


def authorise(acting: Acting, action: str, *, check: Callable[..., None] = check_may_see) -> None:
    """For whoever may not see it there is no such page: Http404, and a row in the access log.

    The page is the same as for an address that does not exist, so that nobody learns that a person does.
    """
    try:
        check(acting=acting)
    except NotAllowed as refused:
        log_refused(acting, action)
        raise Http404 from refused


class SeenPage(CitizenRequiredMixin, TemplateView):
    """A page that shows something about a person. `action` names it in the access log.

    What is read and the row in the log are one transaction, and the page is put together inside it:
    no row, no page. `check` says who may see it.
    """

    http_method_names: Sequence[str] = ("get", "head", "options")
    action: str
    check: Callable[..., None] = staticmethod(check_may_see)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        authorise(self.acting, self.action, check=self.check)
        with transaction.atomic():
            context = self.get_context_data(**kwargs)
            log(self.acting, self.action, details=dict(self.log_details(context)))
            page = TemplateResponse(request, self.get_template_names(), context)
            return page.render()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            for_name=name_of_another(self.acting), hides_places=self.acting.rights.hides_places, **kwargs
        )

    def log_details(self, context: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        """What the row says beyond the action. It holds no health data."""
        return {}
