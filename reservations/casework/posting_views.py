"""The queue of the post, for caseworkers: what is to be posted, and what cannot be."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from kpr_portal.documents.errors import DocumentGone
from kpr_portal.login.access import StaffRequiredMixin
from kpr_portal.people.errors import PeopleRefused
from kpr_portal.people.models import Role
from reservations.casework import postings
from reservations.casework.forms import ReferenceForm
from reservations.casework.hindrances import hindrance_of
from reservations.postal.letters.errors import AddressChanged, LetterRefused, NothingPrinted, NotThere
from reservations.postal.letters.queries import not_to_post, to_post

A_PAGE = 25
PDF = "application/pdf"
DOCUMENT_GONE = _("Dette finnes ikke lenger. Det er slettet fordi tiden er ute.")
NOTHING_WITH_IT = _(
    "Vi har ikke noe brev med denne referansen nå. Kanskje den er hørt feil, eller brevet er slettet."
)
REFUSED = (LetterRefused, PeopleRefused)


class CaseworkerMixin(StaffRequiredMixin):
    """For caseworkers alone."""

    required_role = Role.CASEWORKER


class Postings(CaseworkerMixin, TemplateView):
    """What is to be posted, and what cannot be; printing and marking all that is shown. It names nobody.

    Whoever rings reads a reference aloud, from the letter or from the form in it: by it that one is opened.
    """

    template_name = "casework/postings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET
        page = Paginator(to_post(), A_PAGE).get_page(asked.get("page"))
        hindered = Paginator(not_to_post(), A_PAGE).get_page(asked.get("hindered"))
        return super().get_context_data(
            page=page,
            rows=[(row, postings.title_of(row)) for row in page],
            hindered=hindered,
            hindered_rows=[(row, postings.title_of(row), hindrance_of(row)) for row in hindered],
            **{"form": ReferenceForm(), **kwargs},
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Print all that was shown, mark it as posted, or open the one with a reference."""
        if request.POST.get("do") == "find":
            return self._find(ReferenceForm(request.POST))
        keys = _keys(request)
        if request.POST.get("do") == "print":
            return self._print(keys)
        batch = postings.mark_posted(keys, staff=self.staff)
        _tell(request, batch)
        return redirect("casework:postings")

    def _find(self, form: ReferenceForm) -> HttpResponse:
        if form.is_valid():
            try:
                return redirect("casework:posting", postings.find(form.cleaned_data["reference"]))
            except NotThere:
                form.add_error("reference", NOTHING_WITH_IT)
        return self.render_to_response(
            self.get_context_data(form=form), status=HTTPStatus.UNPROCESSABLE_ENTITY
        )

    def _print(self, keys: list[UUID]) -> HttpResponse:
        try:
            pdf, batch = postings.print_all(keys, staff=self.staff)
        except NothingPrinted as nothing:
            messages.warning(self.request, str(nothing.message))
            return redirect("casework:postings")
        _tell_not_to_be_sent(self.request, batch)
        return _pdf(pdf, name=f"utsending-{batch.done}")


class PostingView(CaseworkerMixin, TemplateView):
    """One thing of the queue: for whom, why it may not be posted, and what to do."""

    template_name = "casework/posting.html"
    see = staticmethod(postings.see)

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        try:
            shown = self.see(key, staff=self.staff)
        except NotThere as nothing:
            raise Http404 from nothing
        except REFUSED as refused:
            messages.error(request, str(refused.message))
            return redirect("casework:postings")
        return self.render_to_response(self.get_context_data(shown=shown))


class PostingPdf(CaseworkerMixin, View):
    """One thing of the queue as a PDF, for the printer."""

    http_method_names = ("get",)  # whoever asks for the head alone has printed nothing

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        try:
            pdf = postings.print_one(key, staff=self.staff)
        except NotThere as nothing:
            raise Http404 from nothing
        except DocumentGone:
            messages.error(request, DOCUMENT_GONE)
            return redirect("casework:postings")
        except AddressChanged as changed:
            messages.error(request, str(changed.message))
            return redirect("casework:posting", key)  # which says why, and has the button
        except REFUSED as refused:
            messages.error(request, str(refused.message))
            return redirect("casework:postings")
        return _pdf(pdf, name=f"utsending-{key}")


class LetterPdf(CaseworkerMixin, View):
    """The letter of one of them as it was made, to read."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        try:
            pdf = postings.read_letter(key, staff=self.staff)
        except NotThere as nothing:
            raise Http404 from nothing
        except DocumentGone:
            messages.error(request, DOCUMENT_GONE)
            return redirect("casework:posting", key)
        except LetterRefused as refused:
            messages.error(request, str(refused.message))
            return redirect("casework:posting", key)
        except PeopleRefused as refused:
            messages.error(request, str(refused.message))
            return redirect("casework:postings")
        return _pdf(pdf, name=f"brev-{key}")


class EndView(CaseworkerMixin, View):
    """What a button on the page of one of them does."""

    done: ClassVar[Any]

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        try:
            self.do(key)
        except REFUSED as refused:
            messages.error(request, str(refused.message))
        else:
            messages.success(request, self.done)
        return redirect("casework:postings")

    def do(self, key: UUID) -> None:
        """What the button does. Raises LetterRefused and PeopleRefused."""
        raise NotImplementedError


class WithdrawView(EndView, PostingView):
    """Taking one out of the queue, once the caseworker has seen what it is and what becomes of it."""

    template_name = "casework/withdraw_posting.html"
    see = staticmethod(postings.see_open)
    done = _("Brevet er trukket tilbake, og skal ikke sendes.")

    def do(self, key: UUID) -> None:
        postings.withdraw(key, staff=self.staff)


class TryAgainView(EndView):
    """Asking the registers once more."""

    http_method_names = ("post",)

    done = _("Vi spør Folkeregisteret på nytt. Har det en adresse nå, kommer brevet i listen om litt.")

    def do(self, key: UUID) -> None:
        postings.try_again(key, staff=self.staff)


class MakeAnewView(EndView):
    """Letting a letter be made once more, with the address of today."""

    http_method_names = ("post",)

    done = _(
        "Brevet lages på nytt, og kommer i listen om litt. Er det gamle skrevet ut, makulerer du utskriften."
    )

    def do(self, key: UUID) -> None:
        postings.make_anew(key, staff=self.staff)


class PostedAsItWasView(EndView):
    """Telling that a letter lay in the post before it was to be stopped."""

    http_method_names = ("post",)

    done = _(
        "Brevet er merket som postlagt. Skal det til en annen adresse nå, kommer det et nytt i listen om litt."
    )

    def do(self, key: UUID) -> None:
        postings.mark_posted_as_it_was(key, staff=self.staff)


def _keys(request: HttpRequest) -> list[UUID]:
    keys = []
    for text in request.POST.getlist("posting"):
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    return keys


def _tell(request: HttpRequest, batch: postings.Batch) -> None:
    if batch.done:
        messages.success(
            request,
            ngettext("Ett brev er merket som postlagt.", "%(n)d brev er merket som postlagt.", batch.done)
            % {"n": batch.done},
        )
    if batch.not_printed:
        messages.warning(
            request,
            ngettext(
                "Ett brev ble ikke merket, fordi det ikke er skrevet ut ennå. Skriv det ut først.",
                "%(n)d brev ble ikke merket, fordi de ikke er skrevet ut ennå. Skriv dem ut først.",
                batch.not_printed,
            )
            % {"n": batch.not_printed},
        )
    _tell_not_to_be_sent(request, batch)
    if batch.left:
        messages.warning(
            request,
            ngettext(
                "Ett brev ble ikke merket. Det er behandlet av en annen, eller du kan ikke behandle det.",
                "%(n)d brev ble ikke merket. De er behandlet av en annen, eller du kan ikke behandle dem.",
                batch.left,
            )
            % {"n": batch.left},
        )


def _tell_not_to_be_sent(request: HttpRequest, batch: postings.Batch) -> None:
    if batch.not_to_be_sent:
        messages.error(
            request,
            ngettext(
                "Ett brev skal ikke sendes likevel: %(which)s. Åpne det for å se hvorfor.",
                "%(n)d brev skal ikke sendes likevel: %(which)s. Åpne dem for å se hvorfor.",
                len(batch.not_to_be_sent),
            )
            % {"n": len(batch.not_to_be_sent), "which": ", ".join(batch.not_to_be_sent)},
        )
    if batch.changed:
        messages.error(
            request,
            ngettext(
                "Ett brev har ikke adressen som står i Folkeregisteret nå: %(which)s. Makuler utskriften hvis det er "
                "skrevet ut. Åpne brevet for å lage det på nytt.",
                "%(n)d brev har ikke adressen som står i Folkeregisteret nå: %(which)s. Makuler utskriftene hvis de er "
                "skrevet ut. Åpne brevene for å lage dem på nytt.",
                len(batch.changed),
            )
            % {"n": len(batch.changed), "which": ", ".join(batch.changed)},
        )


def _pdf(content: bytes, *, name: str) -> HttpResponse:
    disposition = f'inline; filename="{name}.pdf"'
    return HttpResponse(content, PDF, HTTPStatus.OK, headers={"Content-Disposition": disposition})
