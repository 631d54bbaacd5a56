"""The owner's command for staff roles."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kpr_portal.ground import clock
from kpr_portal.ground.clock import OSLO
from kpr_portal.people.errors import NUMBER_MESSAGES, NotAllowed, RoleEnded
from kpr_portal.people.models import Role, StaffRoleReview
from kpr_portal.people.national_id import Reason
from kpr_portal.people.operations import end_role, grant_role, person_for, review_role
from kpr_portal.people.queries import find_person, roles_of
from tests.support.numbers import synthetic_number

pytestmark = pytest.mark.django_db


def run(*arguments, **options):
    said = StringIO()
    call_command("staff_roles", *arguments, stdout=said, **options)
    return said.getvalue().splitlines()


@pytest.fixture
def typed(monkeypatch):
    """Let this be what is typed when the command asks."""
    return lambda text: monkeypatch.setattr(
        "kpr_portal.people.management.commands.staff_roles.getpass", lambda _prompt: text
    )


def test_role_is_granted_to_who_is_typed_listed_and_ended(typed):
    typed(synthetic_number().digits)

    (granted,) = run("grant", "caseworker", until="2999-01-01")
    person = find_person(synthetic_number())
    listed = run("list")
    ended = run("end", "caseworker", key=person.key, reason="left")

    assert (granted, listed, ended, run("list")) == (
        f"grant caseworker: {person.key}",
        [f"{person.key} caseworker 2998-12-31 23:00:00+00:00"],
        [f"end caseworker: {person.key}"],
        [],
    )
    assert roles_of(person) == frozenset()


def test_role_that_nobody_reviewed_for_a_year_stops_counting_and_is_told_before():
    person = person_for(synthetic_number())
    run("grant", "caseworker", key=person.key)
    with clock.shift(timedelta(days=330)):
        assert run("list") == [f"{person.key} caseworker"]
    with clock.shift(timedelta(days=340)):
        by = (clock.now() + timedelta(days=25)).astimezone(OSLO).date()
        assert run("list") == [f"{person.key} caseworker REVIEW before {by}"]
        assert roles_of(person) == {"caseworker"}
    with clock.shift(timedelta(days=365)):
        assert run("list") == [f"{person.key} caseworker DOES NOT COUNT: not reviewed"]
        assert roles_of(person) == frozenset()


def test_review_lets_it_count_for_another_year_also_when_it_comes_late():
    person = person_for(synthetic_number())
    run("grant", "caseworker", key=person.key)
    run("grant", "auditor", key=person.key)
    with clock.shift(timedelta(days=400)):
        assert run("review", "caseworker", key=person.key) == [f"review caseworker: {person.key}"]
        assert roles_of(person) == {"caseworker"}
    with clock.shift(timedelta(days=400 + 364)):
        assert roles_of(person) == {"caseworker"}
    with clock.shift(timedelta(days=400 + 365)):
        assert roles_of(person) == frozenset()
        assert run("end", "caseworker", key=person.key) == [f"end caseworker: {person.key}"]
        with pytest.raises(CommandError, match="does not have this role"):
            run("review", "caseworker", key=person.key)


def test_how_long_a_role_counts_is_a_setting(settings):
    settings.STAFF_ROLE_REVIEW_DAYS = 10
    person = person_for(synthetic_number())
    run("grant", "caseworker", key=person.key)
    with clock.shift(timedelta(days=10)):
        assert roles_of(person) == frozenset()


def test_nobody_reviews_a_role_of_their_own_nor_one_that_ended():
    one, other = person_for(synthetic_number()), person_for(synthetic_number(1))
    role = grant_role(one, Role.CASEWORKER, granted_by=None)

    with pytest.raises(NotAllowed):
        review_role(role, reviewed_by=one)
    review_role(role, reviewed_by=other)
    end_role(role, ended_by=None, reason="sluttet")
    with pytest.raises(RoleEnded):
        review_role(role, reviewed_by=other)

    assert list(StaffRoleReview.objects.values_list("reviewed_by", flat=True)) == [other.pk]


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (["grant"], {}, "Which role"),
        (["review", "auditor"], {"key": "known"}, "does not have this role"),
        (["grant", "auditor"], {"key": "00000000-0000-4000-8000-000000000000"}, "Nobody has this key"),
        (["grant", "auditor"], {}, "11 siffer"),
        (["grant", "auditor"], {"key": "known", "until": "soon"}, "is a date"),
        (["grant", "auditor"], {"key": "known", "until": "2027-13-01"}, "is a date"),
        (["end", "auditor"], {"key": "known"}, "does not have this role"),
    ],
)
def test_mistake_is_told_and_grants_nothing(as_web, typed, arguments, options, message):
    person = person_for(synthetic_number())
    typed("123")
    if options.get("key") == "known":
        options = {**options, "key": person.key}

    with pytest.raises(CommandError, match=message):
        run(*arguments, **options)

    assert run("list") == []


def test_every_reason_and_role_has_words():
    assert set(NUMBER_MESSAGES) == set(Reason)
    assert [str(role.label) for role in Role] == [
        "saksbehandler",
        "godkjenner",
        "utleveringsansvarlig",
        "kontrollør",
    ]
