"""The end of the form that this browser's cookie opens: having it made, fetching it, and deleting it."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from reservations.postal import order
from reservations.postal.cookie import forgotten, key_of
from reservations.postal.filling import MARK, FormPage
from reservations.postal.form_page import answered_by, enclosures, recipient_lines
from reservations.postal.kept import Gone, Unreachable, fetch, renew
from reservations.postal.kinds import LIFT, PLACE
from reservations.postal.order import State


class OrderView(FormPage):
    """Have the form made. Counted by the place, since each is work for the worker, whatever the form."""

    counts_itself = False

    def get(self, _request: HttpRequest) -> HttpResponse:
        return redirect("postal:made")

    def post(self, _request: HttpRequest) -> HttpResponse:
        if self.draft.first_unanswered:
            return redirect("postal:summary")
        order.place(self.key, self.kept)
        return redirect("postal:made")


class MadeView(FormPage):
    """The waiting page, and then the page where the form is.

    The waiting page loads itself, whether or not anybody sits there: it makes the time no longer.
    """

    renews = False

    def get(self, _request: HttpRequest) -> HttpResponse:
        standing = order.standing(self.key, self.kept)
        if standing.state is State.NOT_ORDERED:
            return redirect("postal:summary")
        if standing.state is State.WAITING:
            return self.shown(
                "postal/waiting.html",
                standing=standing,
                refresh=standing.look_again_seconds,
                until=self.kept.until,
            )
        renew(self.key)
        if standing.state is State.FAILED:
            return self.shown("postal/failed.html")
        return self.shown(
            "postal/ready.html",
            enclose=enclosures(self.draft.basis),
            recipient=recipient_lines(),
            answered_by=answered_by(),
            reserves=self._asks_to(PLACE),
            lifts=self._asks_to(LIFT),
        )

    def _asks_to(self, action: str) -> bool:
        """Whether this form reserves, or lifts, anything."""
        chosen = self.draft.answers.choices
        return self.draft.form.is_reservation and any(code.endswith(action) for code in chosen)


class PdfView(FormPage):
    """The finished form. Its name tells nothing, and no cache keeps it."""

    http_method_names = ("get",)

    def get(self, _request: HttpRequest) -> HttpResponse:
        try:
            pdf = fetch(self.key)
        except Gone:  # not made, or changed this moment in another tab
            return redirect("postal:made")
        disposition = 'inline; filename="skjema.pdf"'
        return HttpResponse(pdf, "application/pdf", headers={"Content-Disposition": disposition})


class DeleteView(FormPage):
    """Delete the form at once, wherever in it one is, and let the browser forget the key.

    Without the key nobody can open what is left where the server does not answer: so this always works. A page of
    an earlier form, still open in another window, deletes nothing of the one that is open now.
    """

    http_method_names = ("post",)

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = key_of(request)
        if key is not None and request.method == "POST" and request.POST.get(MARK) != key.mark:
            return super()._answer(request, *args, **kwargs)
        if request.method != "POST":
            return self.http_method_not_allowed(request)
        if key is not None:
            with suppress(Unreachable):
                order.drop(key)
        return forgotten(redirect("postal:deleted"))

    def post(self, _request: HttpRequest) -> HttpResponse:
        return self.crossed()
