"""Forms a second of one core, against bare WeasyPrint on the same page; and how large the largest is."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from statistics import median

from bench.people import numbers
from bench.table import Row
from kpr_portal.documents.rendering import STATIC_BASE, _fetcher, _fonts
from reservations.postal.answers import HEARD, FormAnswers, Helper, Named
from reservations.postal.bases import PARENT, SELF
from reservations.postal.form_page import form_html, make_form
from reservations.postal.kinds import HELPER_INSIGHT, RESERVATION, all_forms

ROUNDS = 15
BOUND = 0.85
MOST_BYTES = 60_000
LONGEST = "Ø" * 40


def against_bare_weasyprint() -> Iterator[Row]:
    """What one orders most, and the largest there is."""
    child, signer = (number.digits for number in numbers(2, seed=3))
    own = FormAnswers(
        RESERVATION.kind, SELF.code, "nb", person=Named("Rolig Fjell", signer), choices=("purpose_2+",)
    )
    for_a_child = FormAnswers(
        RESERVATION.kind,
        PARENT.code,
        "nn",
        large_print=True,
        person=Named(LONGEST, child),
        signer=Named(LONGEST, signer),
        born=date(2018, 8, 12),
        choices=("withhold_national_id+", "purpose_2-"),
        ticks=frozenset({HEARD}),
    )
    yield _ratio("form for oneself, a core", own)
    yield _ratio("form for a child in large print, a core", for_a_child)
    helper = for_a_child.with_(kind=HELPER_INSIGHT.kind, choices=("records+",), helper=Helper(*[LONGEST] * 3))
    yield _largest([own, for_a_child, helper])


def _ratio(name: str, answers: FormAnswers) -> Row:
    """In turns, so that whatever else the machine does meets both; CPU time of this process."""
    page = form_html(answers)
    ours, bare = partial(make_form, answers), partial(_bare, page)
    ours()
    bare()
    pairs = [(_seconds(ours), _seconds(bare)) for _ in range(ROUNDS)]
    took, without = median(one for one, _ in pairs), median(other for _, other in pairs)
    ratio = median(other / one for one, other in pairs)
    meaning = f"{1 / took:.1f} forms a second, {1 / without:.1f} by bare WeasyPrint on the same HTML"
    return Row(name, ratio, meaning, at_least=BOUND)


def _bare(page: str) -> bytes:
    """The same page to a tagged PDF, with the fonts of the process, and nothing else."""
    from weasyprint import HTML  # noqa: PLC0415 -- slow import

    html = HTML(string=page, base_url=STATIC_BASE, url_fetcher=_fetcher())
    made: bytes = html.write_pdf(font_config=_fonts(), pdf_variant="pdf/ua-1", pdf_tags=True)
    return made


def _seconds(work: Callable[[], bytes]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _largest(filled: list[FormAnswers]) -> Row:
    blank = [
        FormAnswers(form.kind, basis.code, "nb", large_print=True)
        for form, basis in all_forms()
        if basis in {SELF, PARENT}
    ]
    sizes = [len(make_form(answers)) for answers in (*filled, *blank)]
    meaning = f"{max(sizes):,} bytes the largest of {len(sizes)}, {min(sizes):,} the smallest"
    return Row("size of a form, of 60 KB", max(sizes) / MOST_BYTES, meaning, at_most=1.0)
