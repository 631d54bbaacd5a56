"""From the click to a finished form, with nobody in front, against the bare rendering of the same page."""

import time
from collections.abc import Iterator
from urllib.parse import urlencode

from django.conf import settings
from django.middleware.csrf import _get_new_csrf_string

from bench.load import Browser, Measured
from bench.people import numbers
from bench.server import web_server, worker
from bench.table import Row
from reservations.postal.answers import FormAnswers, Named
from reservations.postal.code import FormKind
from reservations.postal.filling import MARK
from reservations.postal.form_page import form_html
from reservations.postal.kept import PDF, FormKey, begin, name_of, server
from reservations.postal.steps import Draft, Step

FORMS, WARM_UP = 60, 5
OF_BARE = 1.5
LOOK_AGAIN, LONGEST = 0.001, 30.0
ORDER = "/skjema/lag/"


def click_to_ready() -> Iterator[Row]:
    """One form after the other, so that the line is empty; a bare rendering after each, in the same weather."""
    ready, bare = [], []
    with web_server() as base, worker("forms"):
        for turn, number in enumerate(numbers(FORMS + WARM_UP, seed=13)):
            answers = FormAnswers(
                kind=FormKind.RESERVATION,
                basis="self",
                language="nb",
                answer_language="nb",
                person=Named("Rolig Fjell", number.digits),
                choices=("withhold_national_id+", "purpose_2+"),
                reference="KPR-7F3K-94MX",
            )
            one, other = _ordered(Draft(answers, frozenset(Step)), base=base), _bare(form_html(answers))
            if turn >= WARM_UP:
                ready.append(one)
                bare.append(other)
    ours, theirs = Measured(sum(ready), ready), Measured(sum(bare), bare)
    yield Row(
        "a form, from click to ready",
        ours.percentile(95) / theirs.percentile(95),
        f"{ours}; bare rendering {theirs}",
        at_most=OF_BARE,
    )


def _ordered(draft: Draft, *, base: str) -> float:
    """Seconds from the click until the finished form lies there."""
    key, csrf = FormKey.new(), _get_new_csrf_string()
    begin(key, draft)
    browser = Browser(base, {settings.FORM_COOKIE_NAME: key.text, settings.CSRF_COOKIE_NAME: csrf})
    body = urlencode({"csrfmiddlewaretoken": csrf, MARK: key.mark})
    start = time.perf_counter()
    status, _, where = browser.send("POST", ORDER, body=body, headers={"Referer": base})
    if (status, where) != (302, "/skjema/ferdig/"):
        msg = f"{ORDER} answered {status} {where}"
        raise RuntimeError(msg)
    while not server().hexists(name_of(key.id), PDF):
        if time.perf_counter() - start > LONGEST:
            raise RuntimeError("A form was not made.")
        time.sleep(LOOK_AGAIN)
    return time.perf_counter() - start


def _bare(html: str) -> float:
    """Seconds that WeasyPrint alone takes over the same page."""
    from weasyprint import HTML  # noqa: PLC0415 -- slow import

    from kpr_portal.documents.rendering import SCREEN, STATIC_BASE, _fetcher, _fonts  # noqa: PLC0415 -- as above

    start = time.perf_counter()
    HTML(string=html, base_url=STATIC_BASE, url_fetcher=_fetcher()).write_pdf(
        font_config=_fonts(), pdf_variant=SCREEN, pdf_tags=True
    )
    return time.perf_counter() - start
