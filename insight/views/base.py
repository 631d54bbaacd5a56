"""What every page about a person has in common: allowed, logged, and only then shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.generic import TemplateView

from insight.permissions import NotAllowed, check_may_see
from kpr_portal.audit.operations import log_refusal
from kpr_portal.login.access import CitizenRequiredMixin
from kpr_portal.people.acting import Acting, log


def authorise(acting: Acting, action: str) -> None:
    """Refuse whoever may not see this about the person acted for: 403, and a row in the access log."""
    try:
        check_may_see(acting=acting)
    except NotAllowed as refused:
        log_refusal(
            actor=acting.actor.key,
            subject=acting.subject.key,
            action=action,
            basis=acting.basis.value,
            role=acting.role,
        )
        raise PermissionDenied(str(refused.message)) from refused


class SeenPage(CitizenRequiredMixin, TemplateView):
    """A page that shows something about a person. `action` names it in the access log.

    What is read and the row in the log are one transaction, and the page is put together inside it:
    no row, no page.
    """

    http_method_names: Sequence[str] = ("get", "head", "options")
    action: str

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        authorise(self.acting, self.action)
        with transaction.atomic():
            context = self.get_context_data(**kwargs)
            log(self.acting, self.action, details=dict(self.log_details(context)))
            page = TemplateResponse(request, self.get_template_names(), context)
            return page.render()

    def log_details(self, context: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        """What the row says beyond the action. It holds no health data."""
        return {}
