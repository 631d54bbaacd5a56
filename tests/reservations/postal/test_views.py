"""Filling in without signing in, from the first question to the goodbye."""

import pytest

from tests.reservations.postal.filling import LANGUAGE, PERSON, RESERVE, work

pytestmark = pytest.mark.django_db


def test_form_is_filled_in_made_fetched_and_deleted(visitor):
    begun = visitor.begins()
    assert (begun.status_code, begun["Location"]) == (302, "/skjema/utfylling/valg/")
    ways = [
        visitor.answers("valg", **RESERVE)["Location"],
        visitor.answers("hvem", **PERSON)["Location"],
        visitor.answers("sprak", **LANGUAGE)["Location"],
        visitor.orders()["Location"],
    ]
    assert ways == [
        "/skjema/utfylling/hvem/",
        "/skjema/utfylling/sprak/",
        "/skjema/oppsummering/",
        "/skjema/ferdig/",
    ]
    assert "Vi lager skjemaet ditt" in visitor.waits().content.decode()

    assert work() == 1
    assert "Skjemaet er ferdig" in visitor.waits().content.decode()
    pdf = visitor.fetches()
    assert pdf.content.startswith(b"%PDF-")
    assert (pdf["Content-Type"], pdf["Content-Disposition"], pdf["Cache-Control"]) == (
        "application/pdf",
        'inline; filename="skjema.pdf"',
        "private, no-store",
    )

    gone = visitor.deletes()
    assert (gone["Location"], visitor.cookie) == ("/skjema/slettet/", "")
