"""A form as HTML and as a PDF: filled from answers, or blank with fields to type in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kpr_portal.documents.rendering import render_pdf
from kpr_portal.ground import clock
from kpr_portal.ground.keyring import keyring
from kpr_portal.ui.context import owner
from reservations.postal.answers import FormAnswers
from reservations.postal.bases import PaperBasis, basis_of
from reservations.postal.code import write
from reservations.postal.kinds import PostalForm, form_of
from reservations.postal.law import ages_in_force
from reservations.postal.printed_text import cleaned
from reservations.postal.sheet import sheet_of
from reservations.postal.symbol import draw

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COPY_OF_ID = _("Kopi av gyldig legitimasjon.")


class _Nobody:
    """Proves nothing: a blank form says nothing that needs it, and is made where there are no keys."""

    key_ids: tuple[str, ...] = ()

    def mac(self, value: bytes, *, context: str) -> tuple[str, bytes]:
        raise NotImplementedError

    def verify(self, value: bytes, *, key_id: str, proof: bytes, context: str) -> bool:
        raise NotImplementedError


_NOBODY = _Nobody()


def make_form(answers: FormAnswers) -> bytes:
    """The PDF of a form: filled, or with fields to type in where nobody has filled it in.

    Needs settings and the key ring, and nothing else. Raises ValueError where what was typed is no text, or has
    no room in the code.
    """
    answers = cleaned(answers)
    return render_pdf(form_html(answers), fillable=answers.is_blank)


def form_html(answers: FormAnswers) -> str:
    """The page that the PDF is made of."""
    with translation.override(answers.language):
        return render_to_string("postal/form/pdf.html", _shown(answers))


def print_page_values(answers: FormAnswers) -> dict[str, Any]:
    """What the page to print shows, for a form that nobody has filled in: `pdf` is where the same is as a PDF."""
    form, basis = form_of(answers.kind), basis_of(answers.basis)
    pdf = blank_path(form, basis, language=answers.language, large_print=answers.large_print)
    return {**_shown(answers), "pdf": pdf}


def blank_path(form: PostalForm, basis: PaperBasis, *, language: str, large_print: bool) -> str:
    """Where the blank form is, to fill in on the screen or by hand."""
    name = "postal:blank_pdf_large" if large_print else "postal:blank_pdf"
    with translation.override(language):
        return reverse(name, args=(form.slug, basis.slug))


def blank_print_path(form: PostalForm, basis: PaperBasis, *, language: str, large_print: bool) -> str:
    """Where the same form is as a page to print."""
    with translation.override(language):
        page = reverse("postal:blank_print", args=(form.slug, basis.slug))
    return f"{page}#stor" if large_print else page


def _shown(answers: FormAnswers) -> dict[str, Any]:
    sheet = sheet_of(answers)
    return {
        "sheet": sheet,
        "code": draw(write(answers.content(), prover=_NOBODY if answers.is_blank else keyring())),
        "owner": owner(),
        "recipient": recipient_lines(),
        "enclosures": enclosures(sheet.basis),
        "ages": ages_in_force(),
        "answered_by": None if answers.is_blank or answers.is_posted else answered_by(),
        "today": clock.today(),
        "promise": settings.POSTAL_ANSWER_PROMISE,
    }


def recipient_lines() -> tuple[str, ...]:
    """Where a form is sent, as the lines of an envelope's window: to the address without a stamp where there is one."""
    street, _comma, place = (settings.REPLY_ADDRESS or settings.OWNER_ADDRESS).partition(", ")
    mark = f"{settings.OWNER_NAME}, {settings.POSTAL_MARK}" if settings.POSTAL_MARK else settings.OWNER_NAME
    return tuple(line for line in (mark, street, place) if line)


def enclosures(basis: PaperBasis) -> tuple[StrOrPromise, ...]:
    """What comes along in the envelope."""
    return (*basis.enclose, COPY_OF_ID) if settings.LAW_POSTAL_COPY_OF_ID else basis.enclose


def answered_by() -> date:
    """The day by which whoever posts a form today has an answer (GDPR art. 12(3))."""
    return clock.today() + timedelta(days=settings.POSTAL_TRANSIT_DAYS + settings.ENQUIRY_ANSWER_DAYS)
