"""The start page: what one wants and for whom, with everything else away; and what is known of who is signed in."""

import re
from http import HTTPStatus
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.login.models import KeptForm
from kpr_portal.login.operations import REPRESENTING
from kpr_portal.people.basis import FOR_A_CHILD, FOR_ANOTHER
from kpr_portal.ui.queries import forget_notices
from reservations.postal import kept
from reservations.postal.answers import has_room
from reservations.postal.bases import BASES, ON_PAPER
from reservations.postal.combinations import chosen as chosen_at
from reservations.postal.kinds import FORMS
from reservations.postal.steps import Step
from tests.reservations.postal.filling import CHILD, PERSON, RESERVE
from tests.support.family import enter_family, number_of
from tests.support.numbers import synthetic_number
from tests.support.sign_in import carried, session_of, sign_in

pytestmark = pytest.mark.django_db

HIDDEN = "Vi har det, og det blir skrevet på skjemaet"


def text(response):
    return response.content.decode()


def chosen(html):
    return re.findall(r'<input type="radio" name="\w+" value="([\w-]+)"[^>]* checked', html)


# --- Open to everybody


def test_start_asks_what_and_for_whom_each_clearly_apart(client):
    html = text(client.get("/skjema/"))

    values = re.findall(r'<input type="radio" name="(\w+)" value="([\w-]+)"', html)
    assert values == [
        *(("hva", form.slug) for form in FORMS),
        *(("hvem", basis.slug) for basis in BASES),
    ]
    assert re.findall(r"<legend[^>]*>([^<]*?)\s*<", html) == ["Hva vil du gjøre?", "Hvem gjelder det?"]
    assert chosen(html) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?hva=innsyn&for=verge", ["innsyn", "verge"]),
        ("?for=attorney", ["fullmakt"]),
        ("?hva=reservasjon", ["reservasjon"]),
        ("?hva=<script>&for=%F0%9F%98%80", []),
    ],
)
def test_other_pages_say_what_one_wants(client, query, found):
    html = text(client.get(f"/skjema/{query}"))

    assert chosen(html) == found
    assert "<script>" not in html.replace("<script src", "")


def test_every_page_that_leads_here_says_what_is_known_here():
    templates = Path(__file__).resolve().parents[3] / "templates"
    written = "\n".join(path.read_text("utf-8") for path in templates.rglob("*.html"))

    asked = re.findall(r"[?&](hva|for)=([a-z-]+)", written)

    assert len(asked) >= 8
    assert [(name, slug) for name, slug in asked if not any(combinations_at(name, slug))] == []


def combinations_at(name, slug):
    return chosen_at(slug if name == "hva" else None, slug if name == "for" else None)


@pytest.mark.parametrize("button", ["begynn", "tomt"])
def test_combination_that_does_not_exist_is_told_kindly_and_what_was_chosen_stands(client, button):
    page = client.post(f"/skjema/{button}/", {"hva": "reservasjon", "hvem": "avdod"})

    html = text(page)
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert (
        html.count("Reservasjonene personen hadde, gjelder fortsatt.") == 2
    )  # in the summary, and at the field
    assert chosen(html) == ["reservasjon", "avdod"]


def test_start_tells_all_that_can_be_done_by_telephone_and_post(client, settings):
    settings.OWNER_ADDRESS = "Postboks 9, 0001 Oslo"
    html = text(client.get("/skjema/"))

    for told in (
        "Du kan ikke oppheve en reservasjon på telefon.",
        "Kan du ikke skrive under?",
        "Postboks 9",
        "Du får svar innen én måned",
        "du skal ikke skrive den",
    ):
        assert told in html


@pytest.fixture
def everything_gone(settings, queue_gone):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": settings.REDIS_URL}}
    settings.LIMITS_BY_PLACE = {"postal:begin": "600/600"}

    def lost(execute, sql, params, many, context):
        raise OperationalError

    forget_notices()
    with connection.execute_wrapper(lost):
        yield
    forget_notices()


@pytest.mark.parametrize("cookie", ["", "a-session"], ids=["nobody", "signed in"])
@pytest.mark.parametrize("path", ["/skjema/", "/nn/skjema/", "/en/skjema/tomt/reservasjon/self/"])
def test_start_and_blank_forms_are_there_without_database_queue_and_worker(
    client, everything_gone, path, cookie
):
    if cookie:
        client.cookies["session"] = cookie

    page = client.get(path)
    blank = client.post("/skjema/tomt/", {"hva": "innsyn", "hvem": "barn"})

    assert (page.status_code, blank.status_code) == (HTTPStatus.OK, HTTPStatus.FOUND)
    assert client.get(blank["Location"]).status_code == HTTPStatus.OK
    assert "session" not in page.cookies  # whoever is signed in still is, when the database is back


def test_on_screen_says_that_it_is_away_without_the_queue(client, everything_gone):
    page = client.post("/skjema/begynn/", {"hva": "innsyn", "hvem": "barn"})

    assert page.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "/skjema/tomt/innsyn/barn/" in text(page)
    assert 'href="/skjema/?hva=innsyn&amp;for=barn"' in text(page)
    assert "kan være borte" not in text(page)


# --- What is known of who is signed in


@pytest.fixture
def family():
    return enter_family()


def acting(client, family, *, slug, for_=None, basis=None):
    """Sign in, and choose to act for another where one is named."""
    person = sign_in(client, family.person(slug), proven=True)
    if for_ is not None:
        session = session_of(client)
        session[REPRESENTING] = str(family.acting(slug, for_=for_, basis=basis).representation)
        session.save()
    return person


def logged():
    return sorted(
        AccessLogEntry.objects.filter(action="postal.fill_in").values_list("actor", "subject", "basis")
    )


def begins(visitor, hva, hvem, **more):
    return visitor.begins(hva, hvem, kjent="on", **carried(visitor.client), **more)


def test_whoever_is_signed_in_is_offered_what_is_known(client, family):
    assert 'name="kjent"' not in text(client.get("/skjema/"))
    acting(client, family, slug="parent")

    assert re.search(r'name="kjent"[^>]* checked', text(client.get("/skjema/")))
    assert logged() == []


def test_own_name_and_number_are_filled_in_and_the_number_is_on_no_page(visitor, family):
    person = acting(visitor.client, family, slug="parent")
    begins(visitor, "reservasjon", "meg-selv")
    visitor.answers("valg", **RESERVE)
    visitor.answers("sprak", language="nb", answer_language="nb")

    draft = kept.read(visitor.key).draft
    number = number_of("parent").digits
    pages = text(visitor.client.get("/skjema/oppsummering/")) + text(visitor.opens("hvem"))
    assert (draft.answers.person.number, draft.finished().is_known) == (number, True)
    assert (draft.answers.person.name in pages, HIDDEN in pages) == (True, True)
    assert [shown in pages for shown in (number, number[6:], f"{number[:6]} {number[6:]}")] == [False] * 3
    assert logged() == [(person.key, person.key, "self")]


def test_name_too_long_for_the_code_is_filled_in_with_fewer_of_those_in_the_middle(visitor, family):
    first, last = "Wilhelmina", "Øvrebø-Kværndrup"
    family.change("parent", name=f"{first} Magdalena Åsmundsdatter av Trondenes {last}")
    acting(visitor.client, family, slug="parent")
    begins(visitor, "reservasjon", "meg-selv")

    draft = kept.read(visitor.key).draft
    assert draft.answers.person.name == f"{first} Magdalena Åsmundsdatter av {last}"
    assert has_room(draft.answers.person.name)


def test_young_person_is_still_asked_whether_the_parents_are_to_know(visitor, family):
    acting(visitor.client, family, slug="child_14")
    begins(visitor, "reservasjon", "meg-selv")
    visitor.answers("valg", **RESERVE)
    asked = visitor.opens("hvem")

    assert ('name="keep"' in text(asked), 'name="number"' in text(asked)) == (True, False)
    visitor.answers("hvem", keep="on")
    answers = kept.read(visitor.key).draft.answers
    assert (answers.ticks, answers.person.number) == ({"keep_from_parents"}, number_of("child_14").digits)


def test_nothing_of_who_signs_at_work_is_filled_in(visitor, family):
    acting(visitor.client, family, slug="parent")
    begins(visitor, "innsyn", "barnevernet")

    draft = kept.read(visitor.key).draft
    assert (draft.answers.signer, draft.known, draft.filled_in_for) == (None, frozenset(), "")
    assert logged() == []


def test_whoever_declines_types_it(visitor, family):
    acting(visitor.client, family, slug="parent")
    visitor.begins("reservasjon", "meg-selv", **carried(visitor.client))

    assert kept.read(visitor.key).draft.answers.person is None
    assert logged() == []


def test_known_person_is_taken_out_and_typed_instead(visitor, family):
    acting(visitor.client, family, slug="parent")
    begins(visitor, "reservasjon", "meg-selv")
    visitor.answers("valg", **RESERVE)
    visitor.answers("sprak", language="nb", answer_language="nb")

    assert visitor.answers("hvem", own="1")["Location"] == "/skjema/utfylling/hvem/"
    assert visitor.client.get("/skjema/oppsummering/")["Location"] == "/skjema/utfylling/hvem/"
    visitor.answers("hvem", **PERSON)
    draft = kept.read(visitor.key).draft
    assert (draft.answers.person.number, draft.finished().is_known) == (CHILD.digits, False)


@pytest.mark.parametrize(("slug", "is_asked"), [("parent", False), ("child_13", True)])
def test_only_the_young_are_asked_whether_their_parents_are_to_know(visitor, family, slug, is_asked):
    acting(visitor.client, family, slug=slug)
    begins(visitor, "reservasjon", "meg-selv")
    visitor.answers("valg", **RESERVE)

    shown = visitor.opens("hvem")  # as "Endre" on the summary does
    visitor.answers("hvem", keep="on")

    assert ('name="keep"' in text(shown), HIDDEN in text(shown)) == (is_asked, True)
    draft = kept.read(visitor.key).draft
    assert draft.answers.ticks == ({"keep_from_parents"} if is_asked else frozenset())
    assert Step.PERSON in draft.known & draft.answered


def test_whoever_writes_in_another_person_is_asked_again(visitor, family):
    acting(visitor.client, family, slug="parent")
    begins(visitor, "reservasjon", "meg-selv")
    visitor.answers("valg", **RESERVE)
    visitor.answers("hvem", own="1")

    assert 'name="keep"' in text(visitor.opens("hvem"))


def test_for_another_the_form_has_both_where_one_acts_on_that_very_basis(visitor, family):
    parent = acting(visitor.client, family, slug="parent", for_="child_8")
    child = family.person("child_8")
    begins(visitor, "reservasjon", "barn")
    visitor.answers("valg", **RESERVE)
    asked = visitor.opens("underskrift")

    answers = kept.read(visitor.key).draft.answers
    assert (answers.person.number, answers.signer.number) == (
        number_of("child_8").digits,
        number_of("parent").digits,
    )
    assert answers.born == family.entries["child_8"].birth_date
    assert (HIDDEN in text(asked), "Barnet har fått si hva det mener" in text(asked)) == (True, True)
    assert logged() == sorted([(parent.key, parent.key, "self"), (parent.key, child.key, "parent")])
    assert visitor.answers("underskrift", heard="on")["Location"] == "/skjema/utfylling/sprak/"


@pytest.mark.parametrize("right", sorted(FOR_ANOTHER))
def test_whatever_right_one_acts_by_the_form_that_fits_it_has_both(visitor, family, right):
    represented = "child_8" if right in FOR_A_CHILD else "attorney_giver"
    family.checked("attorney", represented, right)
    acting(visitor.client, family, slug="attorney", for_=represented, basis=right)

    begins(visitor, "innsyn", ON_PAPER[right].slug)

    answers = kept.read(visitor.key).draft.answers
    at_work = ON_PAPER[right].for_an_office  # who signs there writes their name themselves, and no number
    assert answers.person.number == number_of(represented).digits
    assert (answers.signer and answers.signer.number) == (None if at_work else number_of("attorney").digits)
    assert (family.person("attorney").key, family.person(represented).key, right.value) in logged()


def test_on_another_basis_than_one_acts_on_the_other_person_is_typed(visitor, family):
    parent = acting(visitor.client, family, slug="parent", for_="child_8")
    begins(visitor, "innsyn", "fullmakt")

    answers = kept.read(visitor.key).draft.answers
    assert (answers.person, answers.signer.number) == (None, number_of("parent").digits)
    assert logged() == [(parent.key, parent.key, "self")]


def test_for_oneself_while_acting_for_another_it_is_ones_own_number(visitor, family):
    acting(visitor.client, family, slug="parent", for_="child_8")
    begins(visitor, "innsyn", "meg-selv")

    assert kept.read(visitor.key).draft.answers.person.number == number_of("parent").digits


def test_start_opened_for_another_than_one_acts_for_now_fills_in_nothing(visitor, family):
    acting(visitor.client, family, slug="parent")
    before = carried(visitor.client)
    acting(visitor.client, family, slug="parent", for_="child_8")

    page = visitor.begins("reservasjon", "barn", kjent="on", **before)

    assert page.status_code == HTTPStatus.CONFLICT
    assert chosen(text(page)) == ["reservasjon", "barn"]
    assert logged() == []


def test_whoever_the_register_does_not_know_types(visitor):
    sign_in(visitor.client, synthetic_number(77), proven=True)
    begins(visitor, "innsyn", "meg-selv")

    assert kept.read(visitor.key).draft.answers.person is None
    assert logged() == []


def test_nothing_of_a_form_is_kept_in_the_database_when_a_session_ends(visitor, family):
    acting(visitor.client, family, slug="parent")
    begins(visitor, "innsyn", "fullmakt")
    visitor.answers("valg", several=["records+"])

    kept_it = visitor.client.post(
        "/logg-inn/husk/?side=/skjema/utfylling/hvem/", {**PERSON, **carried(visitor.client)}
    )

    assert kept_it.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.BAD_REQUEST}
    assert KeptForm.objects.count() == 0


def test_staff_are_offered_nothing_that_is_known(client, family):
    sign_in(client, family.person("caseworker"), staff=True, roles=["caseworker"])

    assert 'name="kjent"' not in text(client.get("/skjema/"))
