"""The pages of /skjema/: the start, which needs neither session, queue nor database, and blank forms."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView, View

from kpr_portal.login import crossed
from kpr_portal.login.requests import known
from reservations.postal import filling, order
from reservations.postal.answers import FormAnswers
from reservations.postal.bases import PaperBasis
from reservations.postal.combinations import UnknownBasis, UnknownForm, basis_at, chosen, goes_together
from reservations.postal.cookie import Chosen, key_of, remember
from reservations.postal.form_page import blank_path, blank_print_path, enclosures, recipient_lines
from reservations.postal.forms import LANGUAGES, StartForm
from reservations.postal.kept import FormKey, Gone, Unreachable, begin
from reservations.postal.kinds import PostalForm, form_at
from reservations.postal.known import filled_in
from reservations.postal.steps import Draft


def _start(request: HttpRequest, form: StartForm, **values: Any) -> dict[str, Any]:
    return {
        "form": form,
        "recipient": recipient_lines(),
        "promise": settings.POSTAL_ANSWER_PROMISE,
        "citizen": known(request).acting is not None,
        **values,
    }


def _faulty(request: HttpRequest, form: StartForm) -> HttpResponse:
    """The start page with what was chosen, and what is wrong with it."""
    values = _start(request, form)
    return render(request, "postal/start.html", values, status=HTTPStatus.UNPROCESSABLE_ENTITY)


class StartView(TemplateView):
    """What one wants and for whom; and all that can be done by post and by telephone.

    `?hva=` and `?for=` say what another page thinks that one wants.
    """

    http_method_names = ("get", "head")
    template_name = "postal/start.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        hva, hvem = chosen(self.request.GET.get("hva"), self.request.GET.get("for"))
        offers = known(self.request).acting is not None
        form = StartForm(initial={"hva": hva, "hvem": hvem, "kjent": True}, offers_known=offers)
        return super().get_context_data(**_start(self.request, form), **kwargs)


class BeginView(View):
    """One of the start page's two buttons: to the first question.

    One form at a time in a browser: where one is open, whoever begins another is asked first.
    """

    def get(self, _request: HttpRequest) -> HttpResponse:
        return redirect("postal:start")

    def post(self, request: HttpRequest) -> HttpResponse:
        acting = known(request).acting
        form = StartForm(request.POST, offers_known=acting is not None)
        if acting is not None and crossed.is_crossed(request):
            anew = StartForm(initial=request.POST.dict(), offers_known=True)
            values = _start(request, anew, sentence=crossed.sentence(acting))
            return render(request, "postal/start.html", values, status=HTTPStatus.CONFLICT)
        if not form.is_valid():
            return _faulty(request, form)
        try:
            return self._begin(request, form)
        except Unreachable:
            again = f"{reverse('postal:start')}?hva={form.form.slug}&for={form.basis.slug}"
            return filling.away(request, Chosen(form.form, form.basis), again=again, has_typed=False)

    def _begin(self, request: HttpRequest, form: StartForm) -> HttpResponse:
        if (before := self._open_already(request)) is not None:
            if "anew" not in request.POST:
                values = {"chosen": form.cleaned_data}
                return render(request, "postal/open_already.html", values, status=HTTPStatus.CONFLICT)
            order.drop(before)
        language = get_language() or settings.LANGUAGE_CODE
        draft = Draft(FormAnswers(form.form.kind, form.basis.code, language, answer_language=language))
        acting = known(request).acting
        if acting is not None and form.cleaned_data.get("kjent"):
            draft = filled_in(draft, acting=acting)
        key = FormKey.new()
        begin(key, draft)
        response = redirect("postal:step", draft.first_unanswered)
        remember(response, key, draft)
        return response

    @staticmethod
    def _open_already(request: HttpRequest) -> FormKey | None:
        key = key_of(request)
        try:
            return key if key is not None and filling.opened(key, request) else None
        except Gone:
            return None


@method_decorator(csrf_exempt, name="dispatch")
class ChooseBlankView(View):
    """The start page's other button: to the blank form.

    It changes nothing and keeps nothing, so it is no matter who sends it: it works in a browser without cookies.
    """

    def get(self, _request: HttpRequest) -> HttpResponse:
        return redirect("postal:start")

    def post(self, request: HttpRequest) -> HttpResponse:
        form = StartForm(request.POST, offers_known=known(request).acting is not None)
        if not form.is_valid():
            return _faulty(request, form)
        return redirect("postal:blank", form.form.slug, form.basis.slug)


class BlankView(TemplateView):
    """Where a blank form is fetched: each language and size, and as a page to print."""

    http_method_names = ("get", "head")
    template_name = "postal/blank.html"

    def get_context_data(self, **_: Any) -> dict[str, Any]:
        what, whom = self._found(self.kwargs["form"], self.kwargs["basis"])
        files = [
            {
                "code": code,
                "name": name,
                "normal": blank_path(what, whom, language=code, large_print=False),
                "large": blank_path(what, whom, language=code, large_print=True),
                "print": blank_print_path(what, whom, language=code, large_print=False),
            }
            for code, name in LANGUAGES
        ]
        return super().get_context_data(
            what=what,
            basis=whom,
            files=files,
            enclose=enclosures(whom),
            recipient=recipient_lines(),
            promise=settings.POSTAL_ANSWER_PROMISE,
        )

    @staticmethod
    def _found(form: str, basis: str) -> tuple[PostalForm, PaperBasis]:
        try:
            what, whom = form_at(form), basis_at(basis)
        except (UnknownForm, UnknownBasis) as unknown:
            raise Http404 from unknown
        if not goes_together(what, whom):
            raise Http404
        return what, whom


class DeletedView(TemplateView):
    """The goodbye: it is gone here, and what is left to do on a computer that others use too."""

    http_method_names = ("get", "head")
    template_name = "postal/deleted.html"
