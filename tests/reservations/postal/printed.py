"""Forms as they come out of the printer: made, looked at as pictures, and their codes read."""

import subprocess
from datetime import date
from functools import lru_cache
from io import BytesIO

import pikepdf
import pypdfium2
import zxingcpp

from kpr_portal.ground.keyring import keyring
from reservations.postal.answers import (
    HEARD,
    KEEP_FROM_PARENTS,
    LANGUAGES,
    FormAnswers,
    Helper,
    Named,
    Office,
)
from reservations.postal.bases import SELF
from reservations.postal.blank import BlankForm
from reservations.postal.code import read
from reservations.postal.form_page import make_form
from reservations.postal.kinds import RESERVATION, all_forms
from tests.support.numbers import synthetic_number

DOTS = 200  # an inch, as an office scanner sees it
CHILD, SIGNER = (synthetic_number(place).digits for place in (21, 22))
NAME, SIGNER_NAME = "Åse-Marit Nebbdyr D’Arc", "Øyvind Ærlig Nebbdyr"
REFERENCE = "KPR-7F3K-94MX"
OFFICE = Office("Barnevernstjenesten i Ås", "Postboks 195\n1431 Ås")


def filled(form, basis, language="nb", *, large_print=False):
    """A form with everything on it that it can say."""
    return FormAnswers(
        kind=form.kind,
        basis=basis.code,
        language=language,
        large_print=large_print,
        answer_language="nn",
        person=Named(NAME, CHILD),
        signer=None if basis.is_self else Named(SIGNER_NAME, "" if basis.for_an_office else SIGNER),
        office=OFFICE if basis.for_an_office else None,
        born=date(2014, 3, 1) if basis.for_a_child else None,
        choices=tuple(choice.options[0].code for choice in form.choices()),
        ticks=frozenset({KEEP_FROM_PARENTS} if basis.is_self else {HEARD} if basis.hears else ()),
        details="Det som står om legevakta i mars 2019." if form.details else "",
        helper=Helper("Ada Ås", "Ås legesenter", "Storgata 1\n1430 Ås") if form.helper else None,
        reference=REFERENCE,
    )


def blank(form, basis, language="nb", *, large_print=False):
    return BlankForm(form, basis, language, large_print).answers


# Every form for everybody; how it is printed goes in turns, so that each way meets many.
TURNS = [
    (make, language, large) for large in (False, True) for make in (filled, blank) for language in LANGUAGES
]
SAMPLE = [
    make(form, basis, language, large_print=large)
    for place, (form, basis) in enumerate(all_forms())
    for make, language, large in [TURNS[place * 5 % len(TURNS)]]
]
FULLEST = [filled(RESERVATION, SELF, language) for language in LANGUAGES]  # of those with one side alone
SAMPLE += [answers for answers in FULLEST if answers not in SAMPLE]
ALL = [
    make(form, basis, language, large_print=large)
    for make, language, large in TURNS
    for form, basis in all_forms()
]


def name_of(answers):
    """What a test of this form is called."""
    how = "blank" if answers.is_blank else "filled"
    size = "large" if answers.large_print else "normal"
    return f"{answers.kind.name.lower()}-{answers.basis}-{answers.language}-{size}-{how}"


@lru_cache(maxsize=200)
def printed(answers):
    """The PDF of these answers; made once for every test that looks at it."""
    return make_form(answers)


def opened(pdf):
    return pikepdf.open(BytesIO(pdf))


def pages(pdf):
    return len(opened(pdf).pages)


def text_of(pdf):
    """What it says, in the order in which it is read, spaces and lines alike."""
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def drawn_text_of(pdf):
    """The same in the order in which it is drawn: no guess of what stands in columns."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def texts_of(pdf):
    """The same page by page."""
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return [" ".join(page.split()) for page in done.stdout.decode().split("\f")[:-1]]


def pictures(pdf, *, dots=DOTS):
    """Each page as a picture in colours."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dots / 72, may_draw_forms=True).to_pil() for page in document]
    finally:
        document.close()


def codes(picture):
    """The codes on a page, each as (how far down the page it begins, the bytes), from the top."""
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.DataMatrix)
    return sorted((code.position.top_left.y / picture.height, bytes(code.bytes)) for code in found)


def said_by(pdf):
    """What the code at the top of a form says."""
    (_place, written), *_rest = codes(pictures(pdf)[0])
    return read(written, prover=keyring())
