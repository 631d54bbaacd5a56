"""The owner's command for staff roles."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kpr_portal.people.errors import NUMBER_MESSAGES
from kpr_portal.people.models import Role
from kpr_portal.people.national_id import Reason
from kpr_portal.people.operations import person_for
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


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (["grant"], {}, "Which role"),
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
