"""No form is taken without saying, in itself, for whom or which form it was opened: else 409, and nothing changed."""

import re
from http import HTTPStatus
from pathlib import Path

import pytest
from django.urls import resolve

from reservations.postal.filling import MARK, FormPage
from reservations.postal.kept import read
from tests.guards.test_urls import ADDRESSES, OF_A_FORM, PUBLIC
from tests.reservations.postal.filling import LANGUAGE, PERSON, Visitor
from tests.support.numbers import synthetic_number
from tests.support.sign_in import sign_in

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
# Those that change nothing of a person's: signing in and out, staying, keeping what was typed, and the choice of
# whom to act for, which is what the others are measured against.
OF_THE_SESSION = {
    "login:sign_in",
    "login:staff_sign_in",
    "login:sign_out",
    "login:stay",
    "login:keep",
    "login:choose",
    "postal:choose_blank",
    "postal:delete",
}
SENTENCE = "Skjemaet ble åpnet for en annen enn den du handler for nå. Ingenting er endret."
FOR_STAFF = ("casework:", "releases:")
# Templates with forms of those, and of what is for staff or for anybody.
WITHOUT = {
    "components/acting_for.html",
    "components/session_timeout.html",
    "components/who.html",
    "login/choose.html",
    "login/citizen_on_staff_page.html",
    "login/leaving_form.html",
    "login/register_away.html",
    "login/sign_out.html",
    "login/staff_on_citizen_page.html",
    "login/stay.html",
    # What anybody fills in for printing, and nothing of it is a person's of ours.
    "postal/failed.html",
    "postal/leave.html",
    "postal/ready.html",
    "postal/step.html",
    "postal/summary.html",
}


def every_post():
    return [(name, path) for name, path in ADDRESSES if not name.startswith(FOR_STAFF)]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "path"), every_post(), ids=lambda value: value)
def test_every_post_of_a_citizen_demands_to_know_for_whom(client, name, path):
    sign_in(client, synthetic_number(), proven=True)

    response = client.post(path)

    # Where the page itself is not there for this person, what is not there says it too.
    was_told = SENTENCE in response.content.decode()
    if name in OF_THE_SESSION:
        assert not was_told
    elif name in OF_A_FORM:
        assert response.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
    elif name in PUBLIC:
        assert was_told or response.status_code in {HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.FOUND}
    else:
        assert was_told or response.status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.django_db
def test_some_posts_are_refused_so(client):
    """So that the guard above cannot pass by looking at nothing."""
    sign_in(client, synthetic_number(), proven=True)

    looked_at = ("reservations:lift", "reservations:place", "insight:download")

    paths = [path for name, path in every_post() if name in looked_at]

    assert [client.post(path).status_code for path in paths] == [HTTPStatus.CONFLICT] * len(looked_at)


def test_every_form_that_is_posted_says_for_whom():
    lacking = []
    for template in sorted(TEMPLATES.rglob("*.html")):
        name, html = template.relative_to(TEMPLATES).as_posix(), template.read_text("utf-8")
        posted = len(re.findall(r'<form[^>]*method="post"', html))
        if name.split("/")[0] in {"casework", "releases"}:
            continue
        if posted != html.count("{% acting_for_field %}") + (posted if name in WITHOUT else 0):
            lacking.append(name)

    assert lacking == []


def test_every_exception_is_there():
    assert {name for name in WITHOUT if not (TEMPLATES / name).exists()} == set()


# --- A form for printing: its pages say which form they are of


BEGINS = {"postal:begin", "postal:choose_blank"}  # there is no form yet


def every_post_of_a_form():
    views = {name: (path, resolve(path).func) for name, path in ADDRESSES if name.startswith("postal:")}
    return [
        (name, path, view.view_class)
        for name, (path, view) in views.items()
        if hasattr(view, "view_class") and hasattr(view.view_class, "post") and name not in BEGINS
    ]


def named(value):
    return getattr(value, "__name__", value)


@pytest.mark.django_db
@pytest.mark.speaks_numbers
@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize(("_name", "path", "view"), every_post_of_a_form(), ids=named)
def test_what_was_written_on_a_page_of_another_form_is_not_taken(_name, path, view, answered):
    visitor = Visitor()
    visitor.begins()
    old = visitor.key.mark
    visitor.begins("innsyn", anew="1")
    if answered:
        visitor.answers("valg", several=["records+"])
        visitor.answers("hvem", **PERSON)
        visitor.answers("sprak", **LANGUAGE)
    before = read(visitor.key)

    pages = [visitor.client.post(path, sent) for sent in ({MARK: old}, {MARK: ""}, {})]

    assert issubclass(view, FormPage)
    assert [page.status_code for page in pages] == [HTTPStatus.CONFLICT] * 3
    assert ["et annet skjema i en annen fane" in page.content.decode() for page in pages] == [True] * 3
    assert read(visitor.key) == before


def test_pages_of_a_form_were_looked_at():
    assert {name for name, *_ in every_post_of_a_form()} == {"postal:step", "postal:order", "postal:delete"}


def test_every_page_of_a_form_says_which_one():
    lacking = []
    for template in sorted((TEMPLATES / "postal").rglob("*.html")):
        html = template.read_text("utf-8")
        addressed = re.findall(r'<form[^>]*method="post"[^>]*>', html)
        of_a_form = [form for form in addressed if "postal:begin" not in form]
        if len(of_a_form) != html.count(f'name="{MARK}" value="{{{{ mark }}}}"'):
            lacking.append(template.name)

    assert lacking == []
