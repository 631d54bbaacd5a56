"""The start page's two buttons, each form from there to its end, and where blank forms are fetched."""

import re
from http import HTTPStatus

import pytest
from django.conf import settings as portal
from django.test import Client

from kpr_portal.ground import clock
from reservations.postal import kept
from reservations.postal.bases import BASES
from reservations.postal.kinds import FORMS, all_forms
from tests.reservations.postal.filling import (
    CHILD,
    LANGUAGE,
    MOTHER,
    PERSON,
    RESERVE,
    SIGNER,
    Visitor,
    ordered,
    text,
    work,
)

pytestmark = pytest.mark.django_db

EVERY = [pytest.param(form, basis, id=f"{form.slug} {basis.slug}") for form, basis in all_forms()]
ANSWERS = {
    "valg": {
        "reservasjon": RESERVE,
        "innsyn": {"several": ["records+"]},
        "innsyn-hjelper": {"several": ["records+", "releases+"]},
        "lagringstid": {"choice_1": "retention_limit+"},
        "sletting": {"choice_1": "erase+", "details": "Det fra 2019.\n=1+1"},
    },
    "underskrift": {
        "name": SIGNER,
        "number": MOTHER.digits,
        "office": "Barnevernstjenesten i Ås",  # where one signs at work, instead of the number
        "address": "Postboks 195, 1431 Ås",
        "heard": "on",
    },
    "hjelper": {"name": "Lege Legesen", "workplace": "Fjordgata legekontor", "address": "Gata 1\n0001 Oslo"},
    "sprak": LANGUAGE,
}


def born_a_child(basis):
    return (
        {"born": f"{clock.today().replace(year=clock.today().year - 9):%d.%m.%Y}"}
        if basis.for_a_child
        else {}
    )


def fill_in(visitor, form, basis):
    """Answer whatever is asked, until nothing more is."""
    way = visitor.begins(form.slug, basis.slug)["Location"]
    passed = []
    while way.startswith("/skjema/utfylling/"):
        step = way.split("/")[3]
        passed.append(step)
        typed = {**PERSON, **born_a_child(basis)} if step == "hvem" else ANSWERS[step]
        way = visitor.answers(step, **(typed[form.slug] if step == "valg" else typed))["Location"]
    return passed, way


# --- All the way


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
    assert "Vi lager skjemaet ditt" in text(visitor.waits())

    assert work() == 1
    assert "Skjemaet er ferdig" in text(visitor.waits())
    pdf = visitor.fetches()
    assert pdf.content.startswith(b"%PDF-")
    assert (pdf["Content-Type"], pdf["Content-Disposition"], pdf["Cache-Control"]) == (
        "application/pdf",
        'inline; filename="skjema.pdf"',
        "private, no-store",
    )
    key = visitor.key

    gone = visitor.deletes()

    assert (gone["Location"], visitor.cookie) == ("/skjema/slettet/", "")
    assert list(kept.server().scan_iter(f"{kept.name_of(key.id)}")) == []
    assert visitor.waits().status_code == HTTPStatus.NOT_FOUND
    assert "Skjemaet er slettet" in text(visitor.client.get("/skjema/slettet/"))


@pytest.mark.parametrize(("form", "basis"), EVERY)
def test_every_form_is_filled_in_in_order_summed_up_and_ordered(visitor, form, basis):
    passed, way = fill_in(visitor, form, basis)

    assert way == "/skjema/oppsummering/"
    assert passed == [
        "valg",
        "hvem",
        *([] if basis.is_self else ["underskrift"]),
        *(["hjelper"] if form.helper else []),
        "sprak",
    ]
    page = text(visitor.client.get(way))
    number = f"{CHILD.digits[:6]} {CHILD.digits[6:]}"
    assert [part in page for part in (number, str(form.title), "Endre<span")] == [True] * 3
    assert visitor.orders()["Location"] == "/skjema/ferdig/"
    assert len(ordered()) == 1


def test_pages_take_no_query_and_start_no_session(visitor, django_assert_num_queries):
    visitor.client.get("/skjema/")  # the notices are asked for once in a while
    with django_assert_num_queries(0):
        visitor.client.get("/skjema/")
        visitor.fills_in()
        for path in ("utfylling/valg/", "utfylling/hvem/", "oppsummering/"):
            assert visitor.client.get(f"/skjema/{path}").status_code == HTTPStatus.OK
        visitor.orders()
        visitor.waits()
        work()
        visitor.waits()
        visitor.fetches()
        visitor.deletes()
        visitor.client.get("/skjema/slettet/")
    assert set(visitor.client.cookies) == {portal.CSRF_COOKIE_NAME, portal.FORM_COOKIE_NAME}


@pytest.mark.parametrize("production", [True, False])
def test_cookie_is_for_this_host_and_our_own_pages_alone(visitor, settings, production):
    settings.PRODUCTION = production

    visitor.begins()

    cookie = visitor.client.cookies[portal.FORM_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], bool(cookie["secure"])) == (
        True,
        "Strict",
        "/",
        production,
    )
    assert (cookie["max-age"], cookie["expires"], cookie["domain"]) == ("", "", "")


def test_forms_are_taken_from_our_own_pages_alone(line):
    visitor = Visitor(Client(enforce_csrf_checks=True))

    assert visitor.begins().status_code == HTTPStatus.FORBIDDEN
    page = visitor.client.get("/skjema/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text(page))[1]
    assert visitor.begins(csrfmiddlewaretoken=token).status_code == HTTPStatus.FOUND


@pytest.mark.parametrize("language", ["nn", "en"])
def test_form_follows_into_another_language(visitor, language):
    visitor.begins()
    visitor.answers("valg", **RESERVE)

    page = visitor.client.get(f"/{language}/skjema/utfylling/hvem/")

    assert (page.status_code, f'<html lang="{language}"' in text(page)) == (200, True)


def test_form_is_printed_in_the_language_of_the_page_where_nothing_else_is_chosen(visitor):
    visitor.client.post("/en/skjema/begynn/", {"hva": "innsyn", "hvem": "meg-selv"})

    assert kept.read(visitor.key).draft.answers.language == "en"


# --- The blank form


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.slug)
@pytest.mark.parametrize("basis", BASES, ids=lambda basis: basis.slug)
def test_blank_form_has_a_page_where_there_is_such_a_form(client, form, basis):
    page = client.get(f"/skjema/tomt/{form.slug}/{basis.slug}/")

    assert page.status_code == (HTTPStatus.OK if basis in form.bases else HTTPStatus.NOT_FOUND)
    if page.status_code == HTTPStatus.OK:
        assert len(re.findall(r'href="([^"]+\.pdf)"', text(page))) == 6
