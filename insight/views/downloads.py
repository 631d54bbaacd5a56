"""Taking away what the portal shows: a PDF that is made on order, and the data at once."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views import View

from insight.downloads import EnoughOrders, OrderState, latest_order, order_report, ordered_report
from insight.report import SCHEMA, as_json, gather
from insight.views.base import SeenPage, authorise
from kpr_portal.documents.errors import DocumentGone
from kpr_portal.ground import clock
from kpr_portal.login.access import CitizenRequiredMixin
from kpr_portal.people.acting import log
from kpr_portal.ui.formats import OSLO
from reservations.permissions import may_see as may_see_reservations


class DownloadView(SeenPage):
    """Ordering the PDF, and how far the order has come."""

    template_name = "insight/download.html"
    http_method_names = ("get", "head", "options", "post")
    action = "insight.download"
    refused = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = latest_order(acting=self.acting)
        waits = order is not None and order.state in {OrderState.WAITING, OrderState.DELAYED}
        return super().get_context_data(
            order=order,
            waits=waits,
            refused=self.refused,
            schema=static(SCHEMA),
            may_see_reservations=may_see_reservations(acting=self.acting),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        authorise(self.acting, self.action)
        try:
            order_report(acting=self.acting)
        except EnoughOrders as refused:
            self.refused = str(refused.message)
            page = self.get(request)
            page.status_code = HTTPStatus.TOO_MANY_REQUESTS
            return page
        return redirect("insight:download")


class FileView(CitizenRequiredMixin, View):
    """The PDF that was ordered. Where its time is over, the page where it is ordered again."""

    http_method_names = ("get", "head", "options")
    action = "insight.report"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponseBase:  # noqa: ARG002
        authorise(self.acting, self.action)
        try:
            document = ordered_report(key, acting=self.acting)
        except DocumentGone:
            return redirect("insight:download")
        log(self.acting, self.action, details={"format": "pdf"})
        return _attachment(document.content, document.media_type, "pdf")


class DataView(CitizenRequiredMixin, View):
    """The same as data. Made at once: it needs neither queue nor worker."""

    http_method_names = ("get", "head", "options")
    action = "insight.report"

    def get(self, request: HttpRequest) -> HttpResponseBase:  # noqa: ARG002
        authorise(self.acting, self.action)
        with transaction.atomic():
            content = as_json(gather(self.acting))
            log(self.acting, self.action, details={"format": "json"})
        return _attachment(content, "application/json", "json")


def _attachment(content: bytes, media_type: str, ending: str) -> HttpResponse:
    made_on = clock.now().astimezone(OSLO).date()
    headers = {
        "Content-Disposition": f'attachment; filename="kpr-portalen-{made_on.isoformat()}.{ending}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, media_type, HTTPStatus.OK, headers=headers)
