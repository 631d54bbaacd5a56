"""What caseworkers and approvers do so far, on their pages."""

from datetime import date
from http import HTTPStatus

import pytest
from django.urls import reverse

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.notices.queries import messages_for
from kpr_portal.people.impartiality.permissions import shut_out
from kpr_portal.people.impartiality.rules import Nearness
from kpr_portal.people.models import RepresentationBlock, Role
from kpr_portal.people.population_register import Marriage
from kpr_portal.people.queries import keys_of
from kpr_portal.people.representation.queries import choices_for
from tests.support.family import number_of
from tests.support.sign_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.speaks_numbers]


@pytest.fixture
def approver(client, family):
    return sign_in(
        client, family.person("approver"), staff=True, proven=True, roles=[Role.CASEWORKER, Role.APPROVER]
    )


def send(client, page, **values):
    return client.post(reverse(f"casework:{page}"), values)


def block(client, person, representative=None, channel="phone"):
    values = {"person": number_of(person).digits, "channel": channel}
    if representative:
        values["representative"] = number_of(representative).digits
    return send(client, "block", **values)


def test_caseworker_closes_out_a_parent_by_phone(client, family, caseworker):
    family.signs_in("parent")

    response = block(client, "child_8", "parent")

    assert response.status_code == HTTPStatus.FOUND
    assert [choice.name for choice in choices_for(family.person("parent"))] == ["Kvikk Spire"]
    child = family.person("child_8")
    assert [m.kind for m in messages_for(keys_of(child))] == ["representation.blocked"]
    logged = AccessLogEntry.objects.get(subject=child.key, action="casework.block")
    assert (logged.actor, logged.basis, logged.role) == (caseworker.key, "staff", "caseworker")
    assert logged.organisation == "Folkehelseinstituttet"


def test_caseworker_closes_to_all(client, family, caseworker):
    family.power("attorney_giver", "attorney")

    block(client, "attorney_giver", channel="post")

    assert choices_for(family.person("attorney")) == []
    assert RepresentationBlock.objects.get().representative is None


def test_caseworker_closes_out_nobody_whom_she_is_near(client, family, caseworker):
    husband = number_of("parent")
    family.change("caseworker", spouses=(Marriage(husband, since=date(2001, 1, 1), until=date(2009, 1, 1)),))

    response = block(client, "child_8", "parent")

    assert (response.status_code, RepresentationBlock.objects.count()) == (HTTPStatus.UNPROCESSABLE_ENTITY, 0)


def test_caseworker_is_shut_out_from_her_former_husband(client, family, caseworker):
    husband = number_of("much_data")
    family.change("caseworker", spouses=(Marriage(husband, since=date(2001, 1, 1), until=date(2009, 1, 1)),))

    response = block(client, "much_data")

    html = response.content.decode()
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Du kan ikke behandle dette. En annen må ta det" in html
    assert "ektefelle" not in html
    assert not RepresentationBlock.objects.exists()
    assert AccessLogEntry.objects.filter(subject=family.person("much_data").key, outcome="refused").exists()


def test_what_was_typed_is_kept_when_something_is_missing(client, family, caseworker):
    html = send(client, "block", person=number_of("child_8").digits).content.decode()

    assert number_of("child_8").digits in html
    assert "Velg hvordan personen ba om det." in html


@pytest.mark.parametrize("typed", ["", "123", "00000000000", "abc", "１２３"])
def test_number_that_cannot_be_is_said(client, caseworker, typed):
    response = send(client, "block", person=typed, channel="phone")

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not RepresentationBlock.objects.exists()


def test_declaring_out_keeps_one_out(client, family, caseworker):
    send(client, "declare_out", person=number_of("much_data").digits)

    assert shut_out(caseworker, family.person("much_data")) is Nearness.DECLARED
    assert block(client, "much_data").status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_approver_keeps_out_one_whom_the_person_named(client, family, approver, other_client):
    other = sign_in(other_client, family.person("caseworker_2"), staff=True, roles=[Role.CASEWORKER])

    response = send(client, "name_out", person=number_of("much_data").digits, staff=[str(other.key)])

    assert response.status_code == HTTPStatus.FOUND
    assert shut_out(other, family.person("much_data")) is Nearness.NAMED


def test_approver_who_is_named_declares_it_instead(client, family, approver, other_client):
    other = sign_in(other_client, family.person("caseworker_2"), staff=True, roles=[Role.CASEWORKER])
    staff = [str(other.key), str(approver.key)]

    response = send(client, "name_out", person=number_of("much_data").digits, staff=staff)

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "bruker du siden «Meld deg inhabil»" in response.content.decode()
    assert [shut_out(each, family.person("much_data")) for each in (other, approver)] == [None, None]


def test_approver_shields_a_case(client, family, approver):
    response = send(client, "shield", person=number_of("much_data").digits, staff=[str(approver.key)])

    assert response.status_code == HTTPStatus.FOUND
    assert shut_out(family.person("caseworker"), family.person("much_data")) is Nearness.SHIELDED
    assert shut_out(approver, family.person("much_data")) is None


@pytest.mark.parametrize("page", ["name_out", "shield"])
def test_approver_proves_anew_who_they_are(client, family, page):
    sign_in(client, family.person("approver"), staff=True, roles=[Role.APPROVER])

    response = client.get(reverse(f"casework:{page}"))

    assert response.status_code == HTTPStatus.FOUND
    assert response.url.startswith("/logg-inn/ansatt/?paa_nytt=1")


@pytest.mark.parametrize("page", ["name_out", "shield"])
def test_caseworker_without_the_role_is_told_so(client, caseworker, page):
    assert client.get(reverse(f"casework:{page}")).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("page", ["block", "declare_out", "name_out", "shield"])
def test_citizen_is_kept_from_the_pages_of_staff(client, family, page):
    sign_in(client, family.person("much_data"))

    assert client.get(reverse(f"casework:{page}")).status_code == HTTPStatus.FORBIDDEN


@pytest.fixture
def other_client():
    from django.test import Client

    return Client()
