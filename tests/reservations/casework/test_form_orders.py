"""A caseworker makes a form for somebody who has rung."""

import re
from datetime import date
from http import HTTPStatus

import pytest
from django.urls import reverse

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.notices.models import OwedWork
from kpr_portal.people.models import Role
from kpr_portal.people.population_register import Marriage
from kpr_portal.people.queries import find_person
from reservations.casework.form_orders import LEFT_OPEN, LEFT_OPEN_OF_THE_DEAD
from reservations.postal.bases import ATTORNEY
from reservations.postal.form_page import COPY_OF_ID
from reservations.postal.kinds import all_forms
from reservations.postal.ordering import MAKE_ORDERED
from tests.support.family import number_of
from tests.support.sign_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.speaks_numbers]
CHOOSE = "casework:choose_form"


def order_at(form="reservasjon", basis="meg-selv"):
    return reverse("casework:order_form", kwargs={"form": form, "basis": basis})


def order(client, person="much_data", *, address=None, **changes):
    values = {"person": number_of(person).digits, "language": "nb", "choice_1": "", "choice_2": "", **changes}
    return client.post(address or order_at(), values)


def payloads():
    return [owed.payload for owed in OwedWork.objects.filter(task=MAKE_ORDERED)]


def test_form_is_chosen_then_ordered(client, family, caseworker):
    chosen = client.post(reverse(CHOOSE), {"hva": "reservasjon", "hvem": "barn"})
    assert chosen.url == order_at(basis="barn")

    done = order(
        client,
        "child_8",
        address=chosen.url,
        signer=number_of("parent").digits,
        choice_2="purpose_2+",
        language="en",
        large_print="on",
    )

    assert (done.status_code, done.url) == (HTTPStatus.FOUND, reverse("casework:postings"))
    (payload,) = payloads()
    assert (payload["language"], payload["large_print"]) == ("en", True)
    assert (payload["person"], payload["signer"]) == (
        str(family.person("child_8").key),
        str(family.person("parent").key),
    )


def test_both_are_told_in_their_access_log(client, family, caseworker):
    order(client, "child_8", address=order_at(basis="barn"), signer=number_of("parent").digits)

    logged = AccessLogEntry.objects.filter(action="casework.order_form", actor=caseworker.key)
    assert {entry.subject for entry in logged} == {family.person(slug).key for slug in ("child_8", "parent")}
    assert {(entry.actor, entry.role) for entry in logged} == {(caseworker.key, "caseworker")}


def test_caseworker_is_asked_of_the_person_and_not_of_herself(client, caseworker):
    html = client.post(reverse(CHOOSE), {}).content.decode()

    assert re.findall(r"<legend[^>]*>([^<]*?)\s*<", html) == ["Hva vil personen gjøre?", "Hvem gjelder det?"]
    assert [html.count(text) for text in ("Valgene står slik personen selv sier det.", "du vil gjøre")] == [
        2,
        0,
    ]
    assert "Velg hva personen vil gjøre." in html


@pytest.mark.parametrize("name", [CHOOSE, "casework:order_form"])
def test_fields_stand_as_in_every_other_form(client, caseworker, name):
    """Else a field is as wide as its label, and no two alike."""
    address = reverse(name) if name == CHOOSE else order_at()
    html = client.get(address).content.decode().partition("<main")[2]

    assert re.findall(r"<form( class=\"[^\"]*\")?", html)[:1] == [' class="questions"']


def test_combination_that_does_not_exist_is_said(client, caseworker):
    page = client.post(reverse(CHOOSE), {"hva": "reservasjon", "hvem": "avdod"})

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Ingen kan reservere eller oppheve noe for en som er død." in page.content.decode()
    assert client.get(order_at(basis="avdod")).status_code == HTTPStatus.NOT_FOUND


def test_form_that_is_signed_at_work_is_not_sent_to_a_home(client, caseworker):
    asked = client.get(reverse(CHOOSE)).content.decode()
    chosen = client.post(reverse(CHOOSE), {"hva": "innsyn", "hvem": "barnevernet"})

    assert ('value="barnevernet"' in asked, 'value="fosterbarn"' in asked) == (False, True)
    assert "Barnevernet finner skjemaet sitt på nettsidene, på siden «Gjør det på papir»." in asked
    assert chosen.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert client.get(order_at("innsyn", "barnevernet")).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("wanted", [True, False])
def test_order_page_says_what_to_enclose_as_the_owner_has_decided(client, caseworker, settings, wanted):
    settings.LAW_POSTAL_COPY_OF_ID = wanted

    html = client.get(order_at(basis="fullmakt")).content.decode()

    assert (str(COPY_OF_ID) in html, str(ATTORNEY.enclose[0]) in html) == (wanted, True)


def test_number_that_nobody_has_is_said_and_meets_nobody(client, family, caseworker):
    page = order(client, "unknown")

    html = page.content.decode()
    assert (page.status_code, payloads()) == (HTTPStatus.UNPROCESSABLE_ENTITY, [])
    assert "Vi finner ikke nummeret i Folkeregisteret nå." in html
    assert number_of("unknown").digits in html
    assert find_person(number_of("unknown")) is None


def test_caseworker_makes_no_form_for_her_former_husband(client, family, caseworker):
    husband = number_of("much_data")
    family.change("caseworker", spouses=(Marriage(husband, since=date(2001, 1, 1), until=date(2009, 1, 1)),))

    page = order(client)

    assert (page.status_code, payloads()) == (HTTPStatus.UNPROCESSABLE_ENTITY, [])
    assert AccessLogEntry.objects.get(action="casework.order_form", actor=caseworker.key).outcome == "refused"


def test_order_that_the_registers_refuse_is_in_the_access_log(client, family, caseworker):
    page = order(client, "child_16", address=order_at(basis="barn"), signer=number_of("parent").digits)

    logged = AccessLogEntry.objects.filter(action="casework.order_form", actor=caseworker.key)
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert {(entry.subject, entry.outcome) for entry in logged} == {
        (family.person(slug).key, "refused") for slug in ("child_16", "parent")
    }


def test_approver_alone_orders_no_form(client, family):
    sign_in(client, family.person("approver"), staff=True, roles=[Role.APPROVER])

    assert client.get(reverse(CHOOSE)).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    ("form", "basis"),
    [(form.slug, basis.slug) for form, basis in all_forms() if not basis.for_an_office],
)
def test_caseworker_reads_what_the_form_may_leave_open(client, caseworker, form, basis):
    html = client.get(order_at(form, basis)).content.decode()

    told = [line in html for line in (str(LEFT_OPEN), str(LEFT_OPEN_OF_THE_DEAD))]
    assert told == [basis not in {"meg-selv", "avdod"}, basis == "avdod"]


@pytest.mark.parametrize("part", ["form", "basis"])
def test_unknown_form_is_not_there(client, caseworker, part):
    assert client.get(order_at(**{part: "finnes-ikke"})).status_code == HTTPStatus.NOT_FOUND
