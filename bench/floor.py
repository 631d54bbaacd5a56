"""The least a signed-in page can be: same base template, session and user, four queries, one log row."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from kpr_portal.login.access import CitizenRequiredMixin
from kpr_portal.people.acting import log
from kpr_portal.people.models import Person

ROWS = [(number, number**2, number**3) for number in range(1, 13)]
QUERIES = 4


class FloorView(CitizenRequiredMixin, TemplateView):
    """Four small queries by primary key, a table of 12 rows and a row in the access log."""

    template_name = "floor.html"

    @transaction.atomic
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for _ in range(QUERIES):
            Person.objects.get(pk=self.acting.subject.pk)
        log(self.acting, "bench.floor")
        return self.render_to_response(self.get_context_data(rows=ROWS, **kwargs))
