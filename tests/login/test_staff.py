"""Staff: their own door, roles that both sides must give, and never a citizen in the same session."""

from datetime import timedelta

import pytest

from kpr_portal.ground import clock
from kpr_portal.login.models import Session
from kpr_portal.people.models import Person, Role
from kpr_portal.people.operations import end_role, grant_role, person_for, review_role
from kpr_portal.people.queries import current_roles
from tests.support.numbers import synthetic_number
from tests.support.sign_in import sign_in


def test_a_caseworker_comes_in_by_the_door_for_staff(staff_issuer, caseworker, visitor):
    response = visitor.sign_in_as_staff(staff_issuer, query="?next=/saksbehandling/")

    assert response["Location"] == "/saksbehandling/"
    page = visitor.get("/saksbehandling/")
    assert page.status_code == 200
    session = Session.objects.get()
    assert (session.realm, session.issuer) == ("staff", staff_issuer.issuer)
    assert session.account is not None
    assert session.account.person == caseworker


def test_roles_that_only_the_issuer_gives_do_not_count(staff_issuer, visitor):
    before = Person.objects.count()

    response = visitor.sign_in_as_staff(staff_issuer)

    assert response.status_code == 403
    page = response.content.decode()
    assert "Du har ikke tilgang som ansatt" in page
    assert f'action="{staff_issuer.issuer}/logout"' in page
    assert Person.objects.count() == before
    assert Session.objects.exclude(account=None).count() == 0


@pytest.mark.parametrize("claimed", [[], None, "caseworker", ["auditor"], [1], {"caseworker": True}])
def test_roles_that_only_the_portal_gives_do_not_count(claimed, staff_issuer, caseworker, visitor):
    staff_issuer.person.claims["roles"] = claimed

    assert visitor.sign_in_as_staff(staff_issuer).status_code == 403


def test_one_who_has_left_is_out_at_the_next_click(staff_issuer, caseworker, visitor):
    visitor.sign_in_as_staff(staff_issuer)
    end_role(current_roles(caseworker).get(), ended_by=None, reason="sluttet")

    response = visitor.get("/saksbehandling/")

    assert (response.status_code, response["Location"]) == (
        302,
        "/logg-inn/ansatt/?next=%2Fsaksbehandling%2F",
    )
    assert Session.objects.count() == 0


def test_one_whose_role_is_over_is_out_at_the_next_click(client, db):
    person = person_for(synthetic_number(7))
    grant_role(person, Role.CASEWORKER, granted_by=None, until=clock.now() + timedelta(minutes=10))
    sign_in(client, person, staff=True, roles=["caseworker"])
    assert client.get("/saksbehandling/").status_code == 200

    with clock.shift(timedelta(minutes=10)):
        assert client.get("/saksbehandling/")["Location"].startswith("/logg-inn/ansatt/?next=")


def test_a_role_that_nobody_reviewed_for_a_year_lets_nobody_in(staff_issuer, caseworker, visitor):
    role = current_roles(caseworker).get()
    with clock.shift(timedelta(days=365)):
        refused = visitor.sign_in_as_staff(staff_issuer)
        review_role(role, reviewed_by=None)
        let_in = visitor.sign_in_as_staff(staff_issuer)

    assert (refused.status_code, let_in.status_code) == (403, 302)
    assert "Du har ikke tilgang som ansatt" in refused.content.decode()


def test_staff_are_never_let_in_by_the_citizens_issuer(idporten, staff_issuer, caseworker, visitor):
    idporten.person.pid = synthetic_number(5).digits
    idporten.person.claims = {"roles": ["caseworker"]}
    visitor.sign_in(idporten)

    response = visitor.get("/saksbehandling/")

    assert response.status_code == 403
    assert "Denne siden er for ansatte" in response.content.decode()


def test_a_token_of_the_citizens_issuer_is_worth_nothing_at_the_door_for_staff(
    idporten, staff_issuer, caseworker, visitor
):
    staff_issuer.mischief.claims = {"iss": idporten.issuer}

    assert visitor.sign_in_as_staff(staff_issuer).status_code == 400


def test_staff_never_act_as_citizens_in_the_same_session(staff_issuer, caseworker, visitor):
    visitor.sign_in_as_staff(staff_issuer)

    for address in ("/pa-vegne-av/", "/logg-inn/"):
        response = visitor.get(address)
        assert response.status_code == 403
        assert "Du er logget inn som ansatt" in response.content.decode()


def test_a_citizen_at_the_door_for_staff_is_told_to_sign_out_first(idporten, visitor):
    visitor.sign_in(idporten)

    response = visitor.get("/logg-inn/ansatt/")

    assert response.status_code == 403
    assert "Du er logget inn som innbygger" in response.content.decode()


def test_crossed_sign_ins_leave_one_session_of_one_kind(idporten, staff_issuer, caseworker, visitor):
    as_citizen = visitor.start(idporten)
    as_staff = visitor.start(staff_issuer, start="/logg-inn/ansatt/")
    visitor.come_back(staff_issuer.authorize(as_staff))
    visitor.come_back(idporten.authorize(as_citizen))

    assert list(Session.objects.values_list("realm", flat=True)) == ["citizen"]
    assert visitor.get("/saksbehandling/").status_code == 403


def test_staff_sign_out_at_their_own_issuer(staff_issuer, caseworker, visitor):
    visitor.sign_in_as_staff(staff_issuer)

    page = visitor.post("/logg-inn/ut/").content.decode()

    assert f'action="{staff_issuer.issuer}/logout"' in page


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("/saksbehandling/", {Role.CASEWORKER, Role.APPROVER}),
        ("/utlevering/", {Role.RELEASE_OFFICER}),
    ],
)
@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_own_pages_and_is_told_why_elsewhere(address, allowed, role, client, db):
    sign_in(client, synthetic_number(7), staff=True, roles=[role])

    response = client.get(address)

    if role in allowed:
        assert response.status_code == 200
    else:
        assert response.status_code == 403
        assert f"Du er: {role.label}." in response.content.decode()


@pytest.mark.parametrize("address", ["/saksbehandling/", "/utlevering/"])
def test_staff_pages_send_anybody_else_to_the_door_for_staff(address, client, db):
    response = client.get(address)

    assert response["Location"].startswith("/logg-inn/ansatt/?next=")


@pytest.mark.parametrize(
    ("address", "role"), [("/saksbehandling/", "caseworker"), ("/utlevering/", "release_officer")]
)
def test_staff_pages_say_in_red_that_an_import_is_not_signed_off(address, role, client, db, settings):
    sign_in(client, synthetic_number(7), staff=True, roles=[role])
    warning = "Tidligere reservasjoner er ikke ferdig overført"

    settings.RESERVATIONS_IMPORT_EXPECTED = True
    expected = client.get(address).content.decode()
    settings.RESERVATIONS_IMPORT_EXPECTED = False
    settled = client.get(address).content.decode()

    assert (warning in expected, warning in settled) == (True, False)
    assert 'data-color="danger"' in expected


def test_a_role_granted_again_lets_in_again(staff_issuer, caseworker, visitor):
    end_role(current_roles(caseworker).get(), ended_by=None, reason="permisjon")
    assert visitor.sign_in_as_staff(staff_issuer).status_code == 403
    grant_role(caseworker, Role.CASEWORKER, granted_by=None)

    assert visitor.sign_in_as_staff(staff_issuer).status_code == 302
