"""Where release officers begin."""

from typing import Any

from django.views.generic import TemplateView

from kpr_portal.login.access import StaffRequiredMixin
from kpr_portal.people.models import Role
from reservations.queries import import_state


class Start(StaffRequiredMixin, TemplateView):
    """What is to come here, and what must be known until then."""

    required_role = Role.RELEASE_OFFICER
    template_name = "releases/start.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, staff=self.staff, import_state=import_state())
