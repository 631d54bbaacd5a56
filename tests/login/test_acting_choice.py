"""Whom one may act for after signing in, and the one click that changes it."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.embedded.population_families import years_before
from kpr_portal.ground import clock
from kpr_portal.login.operations import REPRESENTING
from kpr_portal.people.basis import Scope
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.models import Representation
from kpr_portal.people.operations import person_for
from kpr_portal.people.population_register import (
    Address,
    Area,
    Guardianship,
    ParentalResponsibility,
    RegisterPerson,
    ResponsibilityKind,
    Sex,
)
from kpr_portal.people.representation import from_register
from kpr_portal.people.representation.from_register import refresh_from_register
from kpr_portal.ui.formats import day
from tests.support.family import enter_family, number_of
from tests.support.hostile_provider import Person as AtProvider
from tests.support.numbers import synthetic_numbers
from tests.support.sign_in import session_of, sign_in

PAGE = "/pa-vegne-av/"
ECONOMIC = (
    "Vergeoppdraget ditt gjelder økonomi. Personen kan selv reservere seg, eller du kan be Statsforvalteren "
    "vurdere oppdraget på nytt."
)


@pytest.fixture
def family(db):
    return enter_family()


def signed_in(client, slug, **facts):
    person = sign_in(client, number_of(slug), **facts)
    refresh_from_register(person)
    return person


def key_of(slug, *, for_):
    rows = Representation.objects.filter(
        representative=person_for(number_of(slug)), represented=person_for(number_of(for_))
    )
    return str(rows.latest("id").key)


def words(response):
    return " ".join(strip_tags(response.content.decode()).split())


def offered(response):
    """The accessible names of the buttons that choose somebody."""
    return re.findall(r'aria-label="Velg: ([^"]+)"', response.content.decode())


# --- at sign-in


def test_one_who_may_act_for_somebody_chooses_first_and_next_is_kept(idporten, visitor, family):
    idporten.person = AtProvider(pid=number_of("parent").digits)

    response = visitor.sign_in(idporten, query="?next=/innsyn/")

    assert (response.status_code, response["Location"]) == (302, "/pa-vegne-av/?next=%2Finnsyn%2F")
    page = visitor.get(response["Location"])
    assert offered(page) == ["Glad Kvist, foreldreansvar", "Kvikk Spire, foreldreansvar"]
    assert page.content.decode().count('name="next" value="/innsyn/"') == 2


def test_one_who_may_act_for_nobody_goes_straight_on(idporten, visitor, family):
    idporten.person = AtProvider(pid=number_of("nothing_held").digits)

    assert visitor.sign_in(idporten, query="?next=/innsyn/")["Location"] == "/innsyn/"


def test_whoever_asked_for_the_choice_itself_is_not_sent_there_twice(idporten, visitor, family):
    idporten.person = AtProvider(pid=number_of("parent").digits)

    assert visitor.sign_in(idporten, query="?next=/pa-vegne-av/")["Location"] == "/pa-vegne-av/"


def test_the_choice_is_in_the_language_of_the_page_one_wanted(idporten, visitor, family):
    idporten.person = AtProvider(pid=number_of("parent").digits)

    response = visitor.sign_in(idporten, query="?next=/en/innsyn/", start="/en/logg-inn/")

    assert response["Location"] == "/en/pa-vegne-av/?next=%2Fen%2Finnsyn%2F"


def test_whatever_goes_wrong_with_rights_stops_no_sign_in(idporten, visitor, family, monkeypatch):
    """The register answers the first question, and then with what no code of ours can read."""
    idporten.person = AtProvider(pid=number_of("parent").digits)
    monkeypatch.setattr(from_register, "registered_now", lambda _person: 1 / 0)

    assert visitor.sign_in(idporten, query="?next=/innsyn/")["Location"] == "/innsyn/"
    assert visitor.get("/innsyn/").status_code == 200


# --- the list


def test_oneself_stands_first_and_is_the_default(client, family):
    signed_in(client, "parent")

    html = client.get(PAGE).content.decode()
    buttons = re.findall(r'<button class="ds-button"[^>]*name="hvem" value="([^"]*)"', html)

    assert (buttons[0], len(buttons)) == ("", 3)
    assert 'name="hvem" value="">For meg selv</button>' in html


def test_each_choice_says_on_what_basis_how_far_and_until_when(client, family):
    signed_in(client, "parent")
    family.power("attorney_giver", "parent", Scope.INSIGHT, months=6)

    page = words(client.get(PAGE))

    child = family.entries["child_8"].birth_date
    eve = child.replace(year=child.year + 16).toordinal() - 1
    assert "Glad Kvist Foreldreansvar. Du kan se hva KPR har, og reservere. Til og med " in page
    assert f"Til og med {day(date.fromordinal(eve))}." in page
    assert "Kvikk Spire Foreldreansvar. Du kan reservere, men ikke se hva KPR har." in page
    assert "Rolig Sang Fullmakt. Du kan se hva KPR har, men ikke reservere. Til og med " in page


@pytest.mark.parametrize("slug", ["parent", "nothing_held", "unknown", "strictly_protected"])
def test_the_open_way_stands_below_whoever_asks(client, family, slug):
    signed_in(client, slug)

    page = words(client.get(PAGE))

    assert "Finner du ikke den du skal handle for?" in page
    assert "Du kan bruke papirskjema for andre, eller ringe oss." in page


def test_a_guardian_for_the_economy_alone_is_told_what_is_open(client, family):
    signed_in(client, "guardian_economic")

    page = client.get(PAGE)

    assert ECONOMIC in words(page)
    assert offered(page) == []


def test_nobody_else_is_told_of_a_mandate(client, family):
    for slug in ("guardian_personal", "ward_economic", "nothing_held"):
        signed_in(client, slug)
        assert ECONOMIC not in words(client.get(PAGE))


def test_ten_are_listed_without_a_search_and_eleven_with_one(client, db):
    for count, searched in ((10, False), (11, True)):
        guardian = guardian_of(count, start=count * 1000)
        sign_in(client, guardian)
        assert ('type="search"' in client.get(PAGE).content.decode()) is searched


def test_a_guardian_of_300_finds_anyone_in_pages_of_25(client, db):
    sign_in(client, guardian_of(300))

    assert len(offered(client.get(PAGE))) == 25
    assert len(offered(client.get(PAGE, {"page": "12"}))) == 25
    assert offered(client.get(PAGE, {"q": "fjell 299"})) == ["Rolig Fjell 299, verge"]
    assert "Ingen navn passer." in words(client.get(PAGE, {"q": "ingen heter det"}))
    assert len(offered(client.get(PAGE, {"q": "x" * 500}))) == 25


def test_the_list_takes_as_many_queries_for_one_for_12_and_for_300(client, db):
    counted = []
    for number, maker in enumerate((guardian_of, parent_of, guardian_of, guardian_of)):
        sign_in(client, maker((1, 12, 12, 300)[number], start=number * 1000))
        client.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counted.append(len(queries))

    assert len(set(counted)) == 1, counted


# --- the click


def test_first_time_in_a_session_one_proves_who_one_is(client, family, idporten):
    signed_in(client, "parent")
    key = key_of("parent", for_="child_8")

    response = client.post(PAGE, {"hvem": key, "next": "/innsyn/"})

    back = f"%2Fpa-vegne-av%2F%3Fvalgt%3D{key}%26next%3D%252Finnsyn%252F"
    assert response["Location"] == f"/logg-inn/?paa_nytt=1&next={back}"
    assert REPRESENTING not in session_of(client)


def test_whoever_proved_it_goes_on_for_the_one_they_had_chosen(idporten, visitor, family):
    idporten.person = AtProvider(pid=number_of("parent").digits)
    visitor.sign_in(idporten, query="?next=/innsyn/")
    key = key_of("parent", for_="child_8")
    to_proof = visitor.post(PAGE, {"hvem": key, "next": "/innsyn/"})["Location"]
    before = visitor.get(to_proof)["Location"]

    home = visitor.come_back(idporten.authorize(before))
    page = visitor.get(home["Location"])

    assert idporten.pushed[-1]["prompt"] == "login"
    assert home["Location"] == f"/pa-vegne-av/?valgt={key}&next=%2Finnsyn%2F"
    assert "Gå videre for Glad Kvist" in words(page)
    on = visitor.post(PAGE, {"hvem": key, "next": "/innsyn/"})
    assert on["Location"] == "/innsyn/"
    assert "Du handler på vegne av Glad Kvist." in words(visitor.get("/innsyn/"))


def test_what_the_address_says_was_chosen_counts_only_after_proof_and_for_ones_own(client, family):
    signed_in(client, "parent")
    mine, not_mine = key_of("parent", for_="child_8"), "7f0c2f1e-3f5b-4b44-9a52-0d8c1c1e9a11"

    unproven = client.get(PAGE, {"valgt": mine})
    signed_in(client, "parent", proven=True)
    others = client.get(PAGE, {"valgt": not_mine})

    assert ["Gå videre for" in words(page) for page in (unproven, others)] == [False, False]
    assert "Gå videre for Glad Kvist" in words(client.get(PAGE, {"valgt": mine}))


def test_switching_is_one_click_and_the_one_acted_for_sees_it_in_the_log(client, family):
    mother = signed_in(client, "parent", proven=True)
    key = key_of("parent", for_="child_8")

    response = client.post(PAGE, {"hvem": key, "next": "/reservasjon/"})

    line = AccessLogEntry.objects.get(action="login.switch", actor=mother.key)
    assert (response.status_code, response["Location"]) == (302, "/reservasjon/")
    assert session_of(client)[REPRESENTING] == key
    assert (line.actor, line.subject, line.basis, line.outcome) == (
        mother.key,
        family.person("child_8").key,
        "parent",
        "seen",
    )


def test_back_to_oneself_is_one_click(client, family):
    signed_in(client, "parent", proven=True)
    client.post(PAGE, {"hvem": key_of("parent", for_="child_8")})

    response = client.post(PAGE, {"hvem": "", "next": "/reservasjon/"})

    assert response["Location"] == "/reservasjon/"
    assert REPRESENTING not in session_of(client)
    assert "Du handler på vegne av" not in words(client.get("/reservasjon/"))


@pytest.mark.parametrize(
    ("wanted", "arrives"),
    [
        ("/innsyn/", "/innsyn/"),
        ("/nn/innsyn/?a=1", "/nn/innsyn/?a=1"),
        ("/meldinger/", "/"),
        ("/pa-vegne-av/", "/"),
        ("/pa-vegne-av/meg/", "/"),
        ("/reservasjon/kvittering/7f0c2f1e-3f5b-4b44-9a52-0d8c1c1e9a11/", "/"),
        ("/en/reservasjon/kvittering/7f0c2f1e-3f5b-4b44-9a52-0d8c1c1e9a11/", "/en/"),
        ("/finnes-ikke/", "/"),
        ("https://example.com/", "/"),
        ("//example.com/", "/"),
    ],
)
def test_choosing_another_leads_to_no_page_about_a_thing_of_ones_own(client, family, wanted, arrives):
    signed_in(client, "parent", proven=True)

    response = client.post(PAGE, {"hvem": key_of("parent", for_="child_8"), "next": wanted})

    assert response["Location"] == arrives


@pytest.mark.parametrize(
    "whom", ["7f0c2f1e-3f5b-4b44-9a52-0d8c1c1e9a11", "alle", "0", "' OR 1=1", "x" * 5000]
)
def test_whom_one_may_not_act_for_is_not_available(client, family, whom):
    mother = signed_in(client, "parent", proven=True)

    response = client.post(PAGE, {"hvem": whom})

    assert response.status_code == 404
    assert re.search(r"<h1[^>]*>([^<]*)</h1>", response.content.decode())[1] == "Ikke tilgjengelig"
    assert REPRESENTING not in session_of(client)
    refused = AccessLogEntry.objects.get(actor=mother.key)
    assert (refused.action, refused.outcome, refused.subject) == ("login.switch", "refused", None)


def test_anothers_row_is_not_available_and_answers_as_no_row_does(client, family):
    family.signs_in("guardian_personal")
    theirs = key_of("guardian_personal", for_="ward_personal")
    signed_in(client, "parent", proven=True)

    real = client.post(PAGE, {"hvem": theirs})
    signed_in(client, "parent", proven=True)
    none = client.post(PAGE, {"hvem": "7f0c2f1e-3f5b-4b44-9a52-0d8c1c1e9a11"})

    assert (real.status_code, words(real)) == (none.status_code, words(none))


def test_staff_choose_nobody(client, family):
    sign_in(client, number_of("parent"), staff=True, roles=["caseworker"])

    assert [client.get(PAGE).status_code, client.post(PAGE, {"hvem": ""}).status_code] == [403, 403]


def test_the_anonymous_are_sent_to_sign_in(client, db):
    assert client.get(PAGE)["Location"] == "/logg-inn/?next=%2Fpa-vegne-av%2F"


# --- people


def guardian_of(count, *, start=0):
    """Someone who is guardian, for personal matters, of so many people."""
    guardian, *wards = synthetic_numbers(count + 1, start=start)
    mandates = [Guardianship(guardian, ward, frozenset({Area.PERSONAL}), date(2020, 1, 1)) for ward in wards]
    people = [registered(guardian, "Våken Lykt", guardianships=tuple(mandates))]
    people += [
        registered(ward, f"Rolig Fjell {number}", guardianships=(mandate,))
        for number, (ward, mandate) in enumerate(zip(wards, mandates, strict=True))
    ]
    return entered(people)


def parent_of(count, *, start=0):
    """Someone with so many children under 12."""
    parent, *children = synthetic_numbers(count + 1, start=start)
    held = [ParentalResponsibility(parent, child, ResponsibilityKind.MOTHER) for child in children]
    born = years_before(clock.today(), 5)
    people = [registered(parent, "Trygg Furu", parental_responsibility=tuple(held))]
    people += [
        replace(registered(child, f"Glad Kvist {number}", parental_responsibility=(one,)), birth_date=born)
        for number, (child, one) in enumerate(zip(children, held, strict=True))
    ]
    return entered(people)


def registered(number, name, **facts):
    address = Address(("Furuveien 1",), "7011", "Trondheim")
    return RegisterPerson(
        number=number, name=name, birth_date=date(1970, 5, 17), sex=Sex.FEMALE, address=address, **facts
    )


def entered(people):
    EmbeddedPopulationRegister().put_many(people)
    person = person_for(people[0].number)
    refresh_from_register(person)
    return person
