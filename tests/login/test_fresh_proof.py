"""Proving anew who one is, before what is most dear: `prompt=login`, and a token that says it was done."""

import time
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from kpr_portal.ground import clock
from kpr_portal.login.models import Session
from kpr_portal.people.models import Role
from kpr_portal.people.operations import grant_role
from tests.support.numbers import synthetic_number
from tests.support.sign_in import carried, sign_in

POWER, PROVEN, APPROVE = "/prove/fullmakt/", "/prove/bekreftet/", "/prove/godkjenn/"
NOT_PROVEN = "Du må bekrefte på nytt hvem du er"


@pytest.fixture(autouse=True)
def _pages(settings, db):
    settings.ROOT_URLCONF = "tests.login.urls"


def seconds_ago(seconds):
    return int(time.time()) - seconds


def test_whoever_only_signed_in_is_sent_to_prove_it_and_comes_back(idporten, visitor):
    visitor.sign_in(idporten)
    away = visitor.get(POWER)

    assert (away.status_code, away["Location"]) == (302, f"/logg-inn/?paa_nytt=1&next={quoted(POWER)}")
    address = visitor.get(away["Location"])["Location"]
    assert idporten.pushed[-1]["prompt"] == "login"
    home = visitor.come_back(idporten.authorize(address))
    assert home["Location"] == POWER
    assert visitor.get(POWER).content.decode() == "Gi fullmakt"


def quoted(path):
    return path.replace("/", "%2F")


def test_the_first_sign_in_does_not_count_however_new(idporten, visitor):
    visitor.sign_in(idporten, query=f"?next={POWER}")

    assert "prompt" not in idporten.pushed[-1]
    assert visitor.get(POWER).status_code == 302


def test_a_sign_in_that_was_carried_over_from_elsewhere_is_not_taken_for_proof(idporten, visitor):
    visitor.sign_in(idporten)
    before = Session.objects.get().key_hash
    idporten.person.auth_time = seconds_ago(300)

    response = visitor.sign_in(idporten, query=f"?paa_nytt=1&next={POWER}")

    page = response.content.decode()
    assert response.status_code == 403
    assert NOT_PROVEN in page
    assert f'href="/logg-inn/?next={quoted(POWER)}&amp;paa_nytt=1"' in page
    assert Session.objects.get().key_hash == before
    assert visitor.get(POWER).status_code == 302


@pytest.mark.parametrize(("ago", "status"), [(50, 200), (-50, 200), (70, 302), (300, 302)])
def test_a_clock_may_be_a_minute_wrong(ago, status, idporten, visitor):
    idporten.person.auth_time = seconds_ago(ago)

    visitor.sign_in(idporten, query=f"?paa_nytt=1&next={POWER}")

    assert visitor.get(POWER).status_code == status


def test_any_time_in_this_session_where_no_minutes_are_given(client, db):
    sign_in(client, synthetic_number(), proven=True)

    for minutes in (0, 25, 50, 75, 100, 119):
        with clock.shift(timedelta(minutes=minutes)):
            assert client.get(POWER).status_code == 200


def test_only_so_many_minutes_where_they_are_given(client, db):
    sign_in(client, synthetic_number(), proven=True)

    with clock.shift(timedelta(minutes=9, seconds=50)):
        assert client.get(PROVEN).status_code == 200
    with clock.shift(timedelta(minutes=10, seconds=10)):
        assert client.get(PROVEN)["Location"] == f"/logg-inn/?paa_nytt=1&next={quoted(PROVEN)}"


def test_what_was_typed_is_there_after_proving_it(idporten, visitor):
    visitor.sign_in(idporten)
    away = visitor.post(PROVEN, {"words": "Min fullmakt", "kind": "b", **carried(visitor.client)})
    home = visitor.come_back(idporten.authorize(visitor.get(away["Location"])["Location"]))

    page = visitor.get(home["Location"])
    assert home["Location"] == PROVEN
    assert page.context["form"]["words"].value() == "Min fullmakt"


def proven_long_ago(visitor):
    session = visitor.client.session
    session["proven_at"] = (clock.now() - timedelta(minutes=11)).isoformat()
    session.save()


def test_proof_is_remembered_in_the_portals_time(idporten, visitor):
    with clock.shift(timedelta(days=400)):
        visitor.sign_in(idporten, query=f"?paa_nytt=1&next={PROVEN}")

        assert clock.now() - datetime.fromisoformat(visitor.client.session["proven_at"]) < timedelta(
            seconds=30
        )
        assert visitor.get(PROVEN).status_code == 200


def test_a_later_sign_in_without_proof_begins_without_it(idporten, visitor, another_visitor):
    visitor.sign_in(idporten, query="?paa_nytt=1")
    first = visitor.start(idporten, query="?paa_nytt=1")
    visitor.post("/logg-inn/ut/")
    visitor.sign_in(idporten)

    assert visitor.get(POWER).status_code == 302
    assert visitor.come_back(idporten.authorize(first)).status_code == 400


def test_for_whom_one_acts_is_kept_by_the_same_person_alone(idporten, visitor):
    visitor.sign_in(idporten)
    choose(visitor, "4e5be9f6-52d0-4d94-9a8a-4c6c1f0f3e11")

    visitor.sign_in(idporten, query="?paa_nytt=1")
    same = visitor.client.session.get("representing")
    idporten.person.pid = synthetic_number(1).digits
    visitor.sign_in(idporten, query="?paa_nytt=1")

    assert (same, visitor.client.session.get("representing")) == (
        "4e5be9f6-52d0-4d94-9a8a-4c6c1f0f3e11",
        None,
    )


def choose(visitor, key):
    session = visitor.client.session
    session["representing"] = key
    session.save()


def test_staff_prove_it_at_their_own_issuer(staff_issuer, visitor):
    from kpr_portal.people.operations import person_for

    grant_role(person_for(synthetic_number(5)), Role.APPROVER, granted_by=None)
    staff_issuer.person.claims["roles"] = ["approver"]
    visitor.sign_in_as_staff(staff_issuer)
    away = visitor.post(APPROVE)

    assert parse_qs(urlsplit(away["Location"]).query) == {"paa_nytt": ["1"], "next": [APPROVE]}
    assert away["Location"].startswith("/logg-inn/ansatt/?")
    home = visitor.come_back(staff_issuer.authorize(visitor.get(away["Location"])["Location"]))
    assert staff_issuer.pushed[-1]["prompt"] == "login"
    assert home["Location"] == APPROVE
    assert visitor.post(APPROVE).content.decode() == "Godkjent"


def test_nobody_is_sent_to_prove_what_they_may_not_do(client, db):
    sign_in(client, synthetic_number(7), staff=True, roles=["caseworker"])

    assert client.get(APPROVE).status_code == 403


def test_one_who_is_not_signed_in_signs_in_first(client, db):
    assert client.get(POWER)["Location"] == f"/logg-inn/?next={quoted(POWER)}"
