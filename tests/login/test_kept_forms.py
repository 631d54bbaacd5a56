"""What somebody had typed when their time was out: theirs again when they are back, and nobody else's."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as portal
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from django.test import Client

from kpr_portal.ground import clock
from kpr_portal.login import kept
from kpr_portal.login.models import Account, KeptForm, Session
from kpr_portal.login.tasks import forget_kept_forms
from kpr_portal.people.models import Representation
from kpr_portal.people.operations import person_for
from kpr_portal.people.representation.from_register import refresh_from_register
from kpr_portal.ui.retention import retention_table
from tests.support.family import enter_family, number_of
from tests.support.numbers import synthetic_number
from tests.support.sign_in import sign_in

PAGE = "/prove/henvendelse/"
LATER = timedelta(minutes=31)
TYPED = {
    "words": "Det står at jeg har diabetes.\n«Det» har jeg ikke.",
    "kind": "b",
    "several": ["1", "3"],
    "agreed": "on",
    "day": "1. mai",
    "shown": "of that request",
}
SENTENCE = "Vi har tatt vare på det du hadde skrevet. Se over før du går videre."


@pytest.fixture(autouse=True)
def _pages(settings, db):
    settings.ROOT_URLCONF = "tests.login.urls"


@pytest.fixture
def citizen(client):
    return sign_in(client, synthetic_number())


def time_out(client, data=None, page=PAGE, **kwargs):
    """Send what was typed after the session's time is out; returns the address one is told to go to."""
    with clock.shift(LATER):
        response = client.post(page, TYPED if data is None else data, **kwargs)
    assert response.status_code == 302
    return response["Location"]


def back_as(client, who, page=PAGE, **kwargs):
    sign_in(client, who, **kwargs)
    return client.get(page)


def form_of(response):
    return response.context["form"]


def test_the_same_person_finds_it_in_its_form_again_with_a_sentence(client, citizen):
    address = time_out(client)
    told = client.get(address).content.decode()
    response = back_as(client, citizen)

    assert parse_qs(urlsplit(address).query) == {"next": [PAGE], "skrevet": ["1"]}
    assert "Det du hadde skrevet, er tatt vare på i 120 minutter." in told
    form = form_of(response)
    assert {name: form[name].value() for name in form.fields} == {
        "words": TYPED["words"],
        "kind": "b",
        "several": ["1", "3"],
        "agreed": True,
        "day": "1. mai",
        "shown": "of this request",
    }
    page = response.content.decode()
    assert SENTENCE in page
    assert "«Det» har jeg ikke." in page


def test_all_the_way_through_idporten(idporten, visitor):
    visitor.sign_in(idporten, query=f"?next={PAGE}")
    Session.objects.update(last_seen=clock.now() - LATER)
    address = visitor.post(PAGE, TYPED)["Location"]
    again = visitor.get(address).context["again"]

    home = visitor.come_back(idporten.authorize(visitor.get(again)["Location"]))

    assert home["Location"] == PAGE
    assert form_of(visitor.get(PAGE))["words"].value() == TYPED["words"]


def test_it_is_shown_once(client, citizen):
    time_out(client)
    back_as(client, citizen)
    response = client.get(PAGE)

    assert form_of(response)["words"].value() is None
    assert SENTENCE not in response.content.decode()
    assert KeptForm.objects.count() == 0
    assert "kept_forms" not in client.session


def test_it_is_shown_in_another_language_too(client, citizen):
    time_out(client, page="/nn" + PAGE)

    assert form_of(back_as(client, citizen))["words"].value() == TYPED["words"]


def test_another_person_sees_nothing_and_learns_nothing(client, citizen):
    unaware = back_as(Client(), synthetic_number(1)).content
    time_out(client)

    response = back_as(client, synthetic_number(1))

    assert without_tokens(response.content) == without_tokens(unaware)
    assert "kept_forms" not in client.session
    assert form_of(back_as(client, citizen))["words"].value() == TYPED["words"]


def without_tokens(content):
    return re.sub(
        rb'(name="(?:csrfmiddlewaretoken|acting_for)" value=|data-seconds-left=)"[^"]*"', b"", content
    )


def test_one_page_never_shows_what_was_typed_on_another(client, citizen):
    time_out(client)

    assert form_of(back_as(client, citizen, page="/prove/annen/"))["words"].value() is None
    assert form_of(client.get(PAGE))["words"].value() == TYPED["words"]


def test_a_page_that_takes_no_part_keeps_nothing(client, citizen):
    address = time_out(client, page="/prove/glemsom/")

    assert "skrevet" not in address
    assert KeptForm.objects.count() == 0


def test_the_token_and_files_are_never_kept(client, citizen):
    opened_for = client.get(PAGE).wsgi_request.acting_for
    data = {**TYPED, "csrfmiddlewaretoken": "a" * 64, "acting_for": opened_for}
    with clock.shift(LATER):
        refused = client.post(PAGE, {**data, "file": SimpleUploadedFile("health.txt", b"secret")})
    assert (refused.status_code, KeptForm.objects.count()) == (400, 0)  # no page takes a file at all
    time_out(client, data)
    (row,) = KeptForm.objects.all()

    before = kept.take(account=row.account, subject_key=citizen.key, address=PAGE)

    assert sorted(before) == sorted(TYPED)


def test_what_was_opened_for_another_is_not_kept_for_whom_one_acts_now(client, citizen):
    time_out(client, {**TYPED, "acting_for": "of-another-session-or-person"})

    assert KeptForm.objects.count() == 0


@pytest.fixture
def acting_for_child(client):
    """A parent who acts for her child of eight."""
    enter_family()
    parent = sign_in(client, number_of("parent"), proven=True)
    refresh_from_register(parent)
    child = person_for(number_of("child_8"))
    row = Representation.objects.get(representative=parent, represented=child)
    act_for(client, row)
    return parent, child, row


def act_for(client, row):
    session = client.session
    session["representing"] = str(row.key)
    session.save()


def test_what_was_typed_for_a_child_is_shown_only_when_acting_for_that_child(client, acting_for_child):
    parent, child, row = acting_for_child
    opened_for = client.get(PAGE).wsgi_request.acting_for
    time_out(client, {**TYPED, "acting_for": opened_for})
    assert KeptForm.objects.get().subject_key == child.key

    as_self = back_as(client, parent)
    act_for(client, row)
    as_parent = client.get(PAGE)

    assert form_of(as_self)["words"].value() is None
    assert SENTENCE not in as_self.content.decode()
    assert form_of(as_parent)["words"].value() == TYPED["words"]


def test_the_child_itself_never_sees_what_a_parent_typed(client, acting_for_child):
    _parent, child, _row = acting_for_child
    time_out(client)

    assert form_of(back_as(client, child))["words"].value() is None


def test_nothing_is_kept_for_whom_one_may_act_no_more(client, acting_for_child):
    _parent, _child, row = acting_for_child
    other = sign_in(Client(), synthetic_number(4))
    sign_in(client, other)
    act_for(client, row)  # a row that is not this person's
    time_out(client)

    assert KeptForm.objects.count() == 0


def test_the_table_holds_it_sealed_for_that_account_page_and_person_alone(client, citizen):
    time_out(client)
    (row,) = KeptForm.objects.all()

    assert (row.account.person, row.subject_key, row.path) == (citizen, citizen.key, PAGE)
    assert b"diabetes" not in bytes(row.sealed)
    for moved in ({"path": "/prove/annen/"}, {"account": another_account()}, {"subject_key": another().key}):
        KeptForm.objects.update(**{"path": PAGE, "account": row.account, "subject_key": citizen.key, **moved})
        row.refresh_from_db()
        assert kept.take(account=row.account, subject_key=row.subject_key, address=row.path) is None
        row.save(force_insert=True)


def another():
    return another_account().person


def another_account():
    sign_in(Client(), synthetic_number(2))
    return Account.objects.order_by("-pk").first()


def test_what_no_key_opens_any_more_is_gone_quietly(client, citizen):
    time_out(client)
    KeptForm.objects.update(sealed=b"\x01" + b"\x00" * 40)

    response = back_as(client, citizen)

    assert response.status_code == 200
    assert form_of(response)["words"].value() is None


def test_signing_out_forgets_it(client, citizen):
    time_out(client)
    sign_in(client, citizen)
    client.post("/logg-inn/ut/")

    assert KeptForm.objects.count() == 0


def test_signing_out_after_the_time_is_out_forgets_it_and_goes_on_to_idporten(idporten, visitor):
    visitor.sign_in(idporten)
    Session.objects.update(last_seen=clock.now() - LATER)
    visitor.post(PAGE, TYPED)
    assert KeptForm.objects.count() == 1

    page = visitor.post("/logg-inn/ut/").content.decode()

    assert f'action="{idporten.issuer}/logout"' in page
    assert 'name="id_token_hint"' in page
    assert (KeptForm.objects.count(), Session.objects.count()) == (0, 0)


def test_signing_out_elsewhere_forgets_it(idporten, visitor):
    visitor.sign_in(idporten)
    Session.objects.update(last_seen=clock.now() - LATER)
    visitor.post(PAGE, TYPED)

    Client().get("/logg-inn/idporten/utlogget-utenfra/", {"iss": idporten.issuer, "sid": idporten.person.sid})

    assert KeptForm.objects.count() == 0


def test_after_two_hours_it_is_not_shown(client, citizen):
    time_out(client)
    with clock.shift(LATER + timedelta(minutes=120)):
        assert form_of(back_as(client, citizen))["words"].value() is None


def test_a_little_less_than_two_hours_is_in_time(client, citizen):
    time_out(client)
    with clock.shift(LATER + timedelta(minutes=119)):
        assert form_of(back_as(client, citizen))["words"].value() == TYPED["words"]


def test_the_keeper_removes_what_nobody_came_back_for(client, citizen, as_keeper):
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    time_out(client)
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {portal.DATABASE_NAMES['keeper']}")

    with clock.shift(LATER + timedelta(minutes=119)):
        assert forget_kept_forms() == 0
    with clock.shift(LATER + timedelta(minutes=120)):
        assert forget_kept_forms() == 1
        assert forget_kept_forms() == 0


def test_the_web_role_can_do_all_of_it(client, citizen, as_web):
    time_out(client)

    assert form_of(back_as(client, citizen))["words"].value() == TYPED["words"]


def test_the_page_on_privacy_tells_of_it(settings):
    settings.KEPT_FORMS_MINUTES = 45
    (row,) = [one for one in retention_table() if one.what.startswith("Det du hadde skrevet på en side")]

    assert row.how_long == "Til du logger inn igjen, og høyst 45 minutter. Kryptert"


def test_what_is_typed_last_is_what_comes_back(client, citizen):
    with clock.shift(LATER):
        client.post(PAGE, {**TYPED, "words": "først"})
        client.post(PAGE, {**TYPED, "words": "så"})

    assert form_of(back_as(client, citizen))["words"].value() == "så"
    assert KeptForm.objects.count() == 0


def test_nobody_fills_the_table(client, citizen):
    with clock.shift(LATER):
        for number in range(kept.MOST_FORMS + 3):
            client.post(f"/logg-inn/husk/?side={PAGE}", {"words": str(number)})
        client.post(PAGE, {"words": "x" * 200_000})
    account = Account.objects.get()
    for number in range(kept.MOST_FORMS + 3):
        kept.keep(QueryDict("words=x"), account=account, subject_key=citizen.key, address=f"/{number}/")

    assert KeptForm.objects.count() == kept.MOST_FORMS
    assert not KeptForm.objects.filter(path="/0/").exists()


def test_reading_a_form_asks_no_more_of_the_database_where_nothing_is_kept(
    client, citizen, django_assert_num_queries
):
    client.get(PAGE)  # the notices of the frame are kept for a while
    with django_assert_num_queries(1):
        client.get(PAGE)


def test_a_page_without_a_form_view_asks_itself(client, citizen):
    kept_for(citizen, page="/prove/for-hand/")

    assert back_as(client, citizen, page="/prove/for-hand/").content == b"by hand"
    assert client.get("/prove/for-hand/").content == b"nothing"


def kept_for(person, page):
    account, _ = Account.objects.get_or_create(person=person)
    kept.keep(QueryDict("words=by hand"), account=account, subject_key=person.key, address=page)


def test_staff_get_theirs_back_too(client, db):
    person = sign_in(client, synthetic_number(3), staff=True, roles=["caseworker"])
    address = time_out(client, page="/prove/ansatt/")

    assert parse_qs(urlsplit(address).query) == {
        "next": ["/prove/ansatt/"],
        "ansatt": ["1"],
        "skrevet": ["1"],
    }
    response = back_as(client, person, page="/prove/ansatt/", staff=True, roles=["caseworker"])
    assert form_of(response)["words"].value() == TYPED["words"]


def test_an_address_that_is_no_page_leads_back_to_the_page_with_the_button(client, citizen):
    with clock.shift(LATER):
        response = client.post("/prove/knapp/", headers={"referer": "http://testserver/reservasjon/?a=1"})
        stranger = client.post("/prove/knapp/", headers={"referer": "https://example.com/reservasjon/"})
        unsaid = client.post("/prove/knapp/")

    homes = [parse_qs(urlsplit(one["Location"]).query)["next"] for one in (response, stranger, unsaid)]
    assert homes == [["/reservasjon/?a=1"], ["/"], ["/"]]


@pytest.mark.parametrize(
    "page", ["/prove/glemsom/", "/kontakt/", "https://example.com/", "", "/finnes-ikke/"]
)
def test_the_window_can_have_nothing_kept_for_other_pages(page, client, citizen):
    response = client.post("/logg-inn/husk/", TYPED, QUERY_STRING=f"side={page}")

    assert response.status_code == 404
    assert KeptForm.objects.count() == 0


def test_the_window_can_have_it_kept_while_another_keeps_the_session_alive(client, citizen):
    response = client.post(f"/logg-inn/husk/?side=/nn{PAGE}", TYPED)

    assert response.status_code == 204
    assert form_of(client.get(PAGE))["words"].value() == TYPED["words"]


def test_nothing_is_kept_for_one_who_was_never_signed_in(client, db):
    assert client.post(f"/logg-inn/husk/?side={PAGE}", TYPED).status_code == 404
    assert client.post(PAGE, TYPED)["Location"].startswith("/logg-inn/?next=")
    assert KeptForm.objects.count() == 0


def test_keeping_needs_a_token_of_our_own(db):
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, synthetic_number())

    assert strict.post(f"/logg-inn/husk/?side={PAGE}", TYPED).status_code == 403
    with clock.shift(LATER):
        assert strict.post(PAGE, TYPED).status_code == 403
    assert KeptForm.objects.count() == 0
