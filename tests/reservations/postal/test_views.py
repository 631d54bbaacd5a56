"""Filling in without signing in, from the first question to the goodbye."""

import re
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlencode

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
    NAME,
    PERSON,
    RESERVE,
    SIGNER,
    Visitor,
    ordered,
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
    "underskrift": {"name": SIGNER, "number": MOTHER.digits, "heard": "on"},
    "hjelper": {"name": "Lege Legesen", "workplace": "Fjordgata legekontor", "address": "Gata 1\n0001 Oslo"},
    "sprak": LANGUAGE,
}


def text(response):
    return response.content.decode()


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
    visitor.client.post("/en/skjema/begynn/", {"hva": "innsyn", "hvem": "meg-selv", "how": "screen"})

    assert kept.read(visitor.key).draft.answers.language == "en"


# --- The questions


def test_what_was_typed_is_kept_where_something_is_wrong_and_the_faults_are_told(visitor):
    visitor.begins()
    visitor.answers("valg", **RESERVE)

    page = visitor.answers("hvem", name="<script>Ole", number="123")

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    html = text(page)
    assert 'value="&lt;script&gt;Ole"' in html
    assert 'value="123"' in html
    assert re.findall(r'<li><a class="ds-link" href="(#\w+)">', html) == ["#id_name", "#id_number"]
    assert "<title>Feil:" in html
    assert kept.read(visitor.key).draft.answers.person is None


@pytest.mark.parametrize(
    "typed",
    [
        "a" * 10_000,
        "Ole\u202e",
        "\U0001f600",
        "Ole\u0000",
        "=cmd|' /C calc'!A0",
        "\udcff",
        "Ole\r\n\r\nX" * 99,
    ],
)
def test_whatever_is_typed_as_a_name_gives_a_page(visitor, typed):
    visitor.begins()
    visitor.answers("valg", **RESERVE)

    sent = {
        "skjema": visitor.key.mark,
        "name": typed.encode("utf-8", "surrogatepass"),
        "number": CHILD.digits,
    }
    page = visitor.client.post(
        "/skjema/utfylling/hvem/", urlencode(sent), content_type="application/x-www-form-urlencoded"
    )

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize("ahead", ["sprak", "underskrift", "hvem"])
def test_jumping_ahead_leads_to_the_first_question_without_an_answer(visitor, ahead):
    visitor.begins("reservasjon", "verge")

    assert visitor.opens(ahead)["Location"] == "/skjema/utfylling/valg/"
    assert visitor.answers(ahead, **PERSON)["Location"] == "/skjema/utfylling/valg/"
    assert visitor.client.get("/skjema/oppsummering/")["Location"] == "/skjema/utfylling/valg/"
    assert visitor.client.get("/skjema/ferdig/")["Location"] == "/skjema/oppsummering/"
    assert visitor.orders()["Location"] == "/skjema/oppsummering/"


@pytest.mark.parametrize("step", ["hjelper", "underskrift", "finnes-ikke", "VALG"])
def test_question_that_this_form_does_not_ask_is_not_there(visitor, step):
    visitor.begins("reservasjon", "meg-selv")

    assert visitor.opens(step).status_code == HTTPStatus.NOT_FOUND
    assert visitor.answers(step, **PERSON).status_code == HTTPStatus.NOT_FOUND


def test_answer_is_changed_from_the_summary_and_leads_back_there(visitor):
    visitor.fills_in()
    assert 'value="Åse-Marit Nebbdyr D’Arc"' in text(visitor.opens("hvem"))

    assert visitor.answers("hvem", name="Ola", number=CHILD.digits)["Location"] == "/skjema/oppsummering/"
    assert NAME not in text(visitor.client.get("/skjema/oppsummering/"))


def test_changing_an_answer_of_a_finished_form_takes_the_finished_form_away(visitor):
    visitor.fills_in().orders()
    work()
    visitor.answers("hvem", name="Ola", number=CHILD.digits)

    assert visitor.fetches()["Location"] == "/skjema/ferdig/"
    assert visitor.waits()["Location"] == "/skjema/oppsummering/"


@pytest.mark.parametrize(("years", "told"), [(11, False), (12, True), (15, True)])
def test_who_signs_for_a_child_of_twelve_is_told_that_it_has_a_say(visitor, years, told):
    visitor.begins("reservasjon", "barn")
    visitor.answers("valg", **RESERVE)
    born = clock.today().replace(year=clock.today().year - years)
    visitor.answers("hvem", **PERSON, born=f"{born:%d.%m.%Y}")

    assert ("Barnet har fylt 12 år" in text(visitor.opens("underskrift"))) is told


def test_text_in_anothers_form_is_said_to_be_written_to_the_one_it_concerns(visitor):
    visitor.begins("innsyn", "verge")
    assert "Her betyr «du» og «meg» den personen." in text(visitor.opens("valg"))
    visitor.answers("valg", several=["records+"])
    assert "Dette må du legge ved" in text(visitor.opens("hvem"))


def test_titles_say_nothing_of_what_was_typed(visitor):
    visitor.fills_in()
    pages = [visitor.opens("hvem"), visitor.client.get("/skjema/oppsummering/")]
    visitor.orders()
    pages.append(visitor.waits())

    titles = [re.search(r"<title>(.*?)</title>", text(page))[1] for page in pages]

    assert titles == [
        "Deg som skjemaet gjelder – KPR",
        "Se over før vi lager skjemaet – KPR",
        "Vi lager skjemaet ditt – KPR",
    ]


# --- One form at a time


def test_whoever_has_a_form_open_is_asked_before_another_is_begun(visitor):
    visitor.fills_in()
    first = visitor.key

    asked = visitor.begins("innsyn", "barn")
    assert (asked.status_code, visitor.key) == (HTTPStatus.CONFLICT, first)
    assert "Du har et skjema åpent" in text(asked)

    anew = visitor.begins("innsyn", "barn", anew="1")
    assert anew["Location"] == "/skjema/utfylling/valg/"
    assert visitor.key != first
    with pytest.raises(kept.Gone):
        kept.read(first)


def test_page_of_another_form_changes_nothing(visitor):
    visitor.fills_in()
    old = visitor.key.mark
    visitor.begins("innsyn", "barn", anew="1")

    crossed = visitor.answers("valg", skjema=old, several=["records+"])

    assert crossed.status_code == HTTPStatus.CONFLICT
    assert "et annet skjema i en annen fane" in text(crossed)
    assert kept.read(visitor.key).draft.answered == frozenset()


@pytest.mark.parametrize("answered", [False, True])
def test_page_of_another_form_deletes_nothing(visitor, answered):
    visitor.fills_in()
    old = visitor.key.mark
    visitor.begins("innsyn", "meg-selv", anew="1")
    if answered:
        visitor.answers("valg", several=["records+"])
        visitor.answers("hvem", **PERSON)
        visitor.answers("sprak", **LANGUAGE)
    before = kept.read(visitor.key).draft

    crossed = [visitor.deletes(skjema=old), visitor.deletes(skjema="")]

    assert [page.status_code for page in crossed] == [HTTPStatus.CONFLICT] * 2
    assert ["et annet skjema i en annen fane" in text(page) for page in crossed] == [True] * 2
    assert ["Se over før vi lager" in text(page) for page in crossed] == [answered] * 2
    assert kept.read(visitor.key).draft == before
    assert visitor.deletes()["Location"] == "/skjema/slettet/"


def test_every_page_of_a_form_says_which_one_it_deletes(visitor):
    def said(page):
        form = re.search(r'<form[^>]*action="/skjema/slett/">(.*?)</form>', text(page), re.DOTALL)[1]
        return re.search(r'name="skjema" value="(\w+)"', form)[1]

    visitor.fills_in()
    pages = [visitor.opens("valg"), visitor.client.get("/skjema/oppsummering/")]
    visitor.orders()
    pages.append(visitor.waits())
    work()
    pages.append(visitor.waits())

    assert [said(page) for page in pages] == [visitor.key.mark] * 4


def test_deletion_is_asked_for_by_a_button_alone(visitor):
    visitor.fills_in()

    assert visitor.client.get("/skjema/slett/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert Client().get("/skjema/slett/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert visitor.opens("hvem").status_code == HTTPStatus.OK


# --- The end


def test_waiting_page_that_loads_itself_makes_the_time_no_longer(visitor):
    visitor.fills_in().orders()

    with clock.shift(timedelta(minutes=59)):
        assert "Vi lager skjemaet ditt" in text(visitor.waits())
    with clock.shift(timedelta(minutes=60)):
        assert visitor.waits().status_code == HTTPStatus.GONE


@pytest.mark.parametrize("path", ["utfylling/hvem/", "oppsummering/", "ferdig/"])
def test_page_that_is_opened_makes_the_time_begin_anew(visitor, path):
    visitor.fills_in().orders()
    work()

    with clock.shift(timedelta(minutes=59)):
        assert visitor.client.get(f"/skjema/{path}").status_code == HTTPStatus.OK
    with clock.shift(timedelta(minutes=118)):
        assert visitor.waits().status_code == HTTPStatus.OK


def test_what_was_fetched_is_gone_after_ten_minutes_however_often_it_is_looked_at(visitor):
    visitor.fills_in().orders()
    work()
    visitor.fetches()

    with clock.shift(timedelta(minutes=9)):
        assert visitor.waits().status_code == HTTPStatus.OK
        assert visitor.fetches().status_code == HTTPStatus.OK
    assert 590 <= kept.server().ttl(kept.name_of(visitor.key.id)) <= 600
    with clock.shift(timedelta(minutes=10)):
        assert visitor.waits().status_code == HTTPStatus.GONE


@pytest.mark.parametrize("path", ["utfylling/hvem/", "oppsummering/", "ferdig/", "ferdig/skjema.pdf"])
def test_form_whose_hour_is_over_says_so_and_lets_one_begin_anew(visitor, path):
    visitor.fills_in()

    with clock.shift(timedelta(minutes=61)):
        page = visitor.client.get(f"/skjema/{path}")

    assert (page.status_code, visitor.cookie) == (HTTPStatus.GONE, "")
    assert "Skjemaet er slettet fordi tiden er ute" in text(page)
    assert 'href="/skjema/"' in text(page)


@pytest.mark.parametrize("cookie", [None, "x", "A" * 43 + "="], ids=["none", "short", "guessed"])
@pytest.mark.parametrize("path", ["utfylling/valg/", "oppsummering/", "ferdig/", "ferdig/skjema.pdf"])
def test_guessed_address_or_cookie_opens_nothing(client, line, cookie, path):
    if cookie:
        client.cookies[portal.FORM_COOKIE_NAME] = cookie

    page = client.get(f"/skjema/{path}")

    assert page.status_code == (HTTPStatus.NOT_FOUND if cookie != "A" * 43 + "=" else HTTPStatus.GONE)
    assert page["Cache-Control"] == "private, no-store"


def test_no_page_of_a_form_is_kept_by_browser_or_cache(visitor):
    visitor.fills_in()

    pages = [
        visitor.opens("hvem"),
        visitor.answers("hvem", name=""),
        visitor.client.get("/skjema/oppsummering/"),
    ]

    assert {page["Cache-Control"] for page in pages} == {"private, no-store"}


def test_deleting_works_twice_and_without_a_form(visitor):
    visitor.fills_in()

    assert [visitor.deletes()["Location"] for _ in range(2)] == ["/skjema/slettet/"] * 2
    assert Client().post("/skjema/slett/")["Location"] == "/skjema/slettet/"


# --- When something is away


@pytest.fixture
def server_gone(settings):
    def go():
        settings.REDIS_URL = "redis://127.0.0.1:1/0"

    return go


def test_without_the_queues_server_the_blank_form_is_offered(visitor, server_gone):
    visitor.fills_in()
    server_gone()

    begun = visitor.begins("reservasjon", "barn", anew="1")
    assert (begun.status_code, begun["Retry-After"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "30")
    assert 'href="/skjema/tomt/reservasjon/barn/"' in text(begun)
    for page in (visitor.opens("hvem"), visitor.answers("hvem", **PERSON), visitor.orders(), visitor.waits()):
        assert page.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert "Velg et tomt skjema" in text(page)
    assert (visitor.deletes()["Location"], visitor.cookie) == ("/skjema/slettet/", "")


def test_without_the_queue_the_blank_form_is_offered_and_what_was_typed_stands(visitor, queue_gone):
    visitor.fills_in()

    page = visitor.orders()

    assert page.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert 'href="/skjema/tomt/reservasjon/meg-selv/"' in text(page)
    assert NAME in text(visitor.client.get("/skjema/oppsummering/"))


def test_form_that_could_not_be_made_says_so_and_offers_the_blank_one(visitor):
    visitor.fills_in().orders()
    kept.server().hset(kept.name_of(visitor.key.id), "failed", "1")
    ordered()

    page = text(visitor.waits())
    assert ("Vi fikk ikke laget skjemaet" in page, "/skjema/tomt/reservasjon/meg-selv/" in page) == (
        True,
        True,
    )

    assert visitor.orders()["Location"] == "/skjema/ferdig/"
    assert len(ordered()) == 1
    assert "Vi lager skjemaet ditt" in text(visitor.waits())


@pytest.mark.parametrize(
    ("in_front", "says"),
    [(1, "Det er 1 person foran deg i køen."), (12, "Det er 12 personer foran deg i køen.")],
)
def test_waiting_page_says_how_many_are_in_front(visitor, in_front, says):
    visitor.fills_in().orders()
    for place in range(in_front):
        kept.server().zadd("kpr:forms:line", {f"earlier-{place}": 1.0 + place})

    page = text(visitor.waits())

    assert says in page
    assert re.search(r"Det tar omtrent \d+ sekunder\.", page)
    assert '<noscript><meta http-equiv="refresh"' in page


# --- Limits


def test_ten_thousand_orders_from_one_address_are_limited_and_others_are_unhurt(settings, line):
    settings.LIMITS_BY_PLACE = {"postal:order": "3/600"}
    settings.SECRET_KEY = f"{clock.now()}"
    visitor, other = Visitor(Client(REMOTE_ADDR="198.51.100.7")), Visitor(Client(REMOTE_ADDR="198.51.100.8"))
    visitor.fills_in()
    other.fills_in()
    noon = clock.now().replace(minute=0, second=1)
    with clock.moved_to(noon):
        answers = [visitor.orders().status_code for _ in range(5)]

        assert answers == [302, 302, 302, 429, 429]
        assert other.orders().status_code == HTTPStatus.FOUND
        assert visitor.client.get("/skjema/").status_code == HTTPStatus.OK
        assert visitor.waits().status_code == HTTPStatus.OK
    assert len(ordered()) == 2


# --- The blank form


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.slug)
@pytest.mark.parametrize("basis", BASES, ids=lambda basis: basis.slug)
def test_blank_form_has_a_page_where_there_is_such_a_form(client, form, basis):
    page = client.get(f"/skjema/tomt/{form.slug}/{basis.slug}/")

    assert page.status_code == (HTTPStatus.OK if basis in form.bases else HTTPStatus.NOT_FOUND)
    if page.status_code == HTTPStatus.OK:
        assert len(re.findall(r'href="([^"]+\.pdf)"', text(page))) == 6
