"""The mandate clock: told once, of what is in force, and nothing else is changed."""

from datetime import timedelta

import pytest

from kpr_portal.ground import clock
from kpr_portal.notices.queries import messages_for
from kpr_portal.people.basis import Scope
from kpr_portal.people.models import Representation
from kpr_portal.people.queries import keys_of
from kpr_portal.people.representation.powers import end_power
from kpr_portal.people.representation.rows import EndReason
from reservations import operations, queries
from reservations.catalogue import entry_of
from reservations.handing_over import hand_over
from reservations.models import HandedOver
from reservations.rules import Action, Will
from reservations.texts import confirmation
from tests.reservations.conftest import R1, confirmed
from tests.support.family import enter_family

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def family(db):
    return enter_family()


def place(acting, *, heard=False):
    shown = confirmation(entry_of(R1), Action.PLACED).sha256
    return operations.place(entry_of(R1).kind, acting=acting, will=Will.online(shown=shown, heard=heard))


def told_of(person):
    return [m for m in messages_for(keys_of(person)) if m.kind == "reservations.in_force"]


def in_force(family, slug):
    return [card.kind.code for card in queries.cards(acting=family.oneself(slug)) if card.in_force]


def standing(slug_of_actor, family):
    rows = Representation.objects.filter(representative=family.person(slug_of_actor), end__isnull=True)
    return [(row.basis, sorted(row.scopes)) for row in rows.order_by("id")]


def test_nothing_is_due_while_the_child_is_a_child(family):
    place(family.acting("parent", for_="child_13"))

    assert hand_over() == 0
    assert not HandedOver.objects.exists()


def test_at_16_the_person_is_told_once_and_it_stays_in_force(family):
    place(family.acting("parent", for_="child_13"))
    family.aged("child_13", 16)

    assert (hand_over(), hand_over()) == (2, 0)

    assert in_force(family, "child_13") == [R1]
    assert {m.title for m in told_of(family.person("child_13"))} == {"Dette gjelder for deg nå"}


def test_days_of_silence_change_nothing_but_the_day(family):
    place(family.acting("parent", for_="child_13"))
    with clock.shift(4 * 366 * DAY):
        hand_over()

        assert len(told_of(family.person("child_13"))) >= 1
        assert hand_over() == 0


def test_message_says_what_is_in_force_and_how_to_lift_it(family):
    place(family.acting("parent", for_="child_13"))
    family.aged("child_13", 16)
    hand_over()

    message = told_of(family.person("child_13"))[0]

    assert "- Ikke utlever fødselsnummeret mitt" in message.body
    assert "oppheve det på siden om reservasjon" in message.body


def test_whoever_lifted_it_before_16_is_told_nothing(family):
    mother = family.acting("parent", for_="child_13")
    place(mother)
    operations.lift(entry_of(R1).kind, acting=mother, will=confirmed(R1, Action.LIFTED))
    family.aged("child_13", 16)

    assert hand_over() == 0
    assert told_of(family.person("child_13")) == []


def test_the_dead_get_no_letter(family):
    place(family.acting("parent", for_="child_13"))
    family.aged("child_13", 16)
    family.change("child_13", death_date=clock.today())

    assert hand_over() == 0


def test_at_12_only_the_parents_insight_closes(family):
    family.signs_in("parent")
    assert standing("parent", family) == [
        ("parent", [Scope.INSIGHT, Scope.RESERVATION]),
        ("parent", [Scope.RESERVATION]),
    ]

    with clock.shift(4 * 365 * DAY):  # the child of 8 is 12, and the child of 13 decides alone
        hand_over()

        assert standing("parent", family) == [("parent", [Scope.RESERVATION])]


def test_ended_power_leaves_in_force_what_was_placed_and_tells_the_giver(family):
    row = family.power("attorney_giver", "attorney", Scope.RESERVATION)
    place(family.acting("attorney", for_="attorney_giver"))
    end_power(row.key, acting=family.oneself("attorney_giver"))

    assert hand_over() == 1

    assert in_force(family, "attorney_giver") == [R1]
    assert len(told_of(family.person("attorney_giver"))) == 1


def test_power_that_ran_out_is_ended_by_the_calendar(family):
    row = family.power("attorney_giver", "attorney", Scope.RESERVATION, months=1)
    place(family.acting("attorney", for_="attorney_giver"))

    with clock.shift(40 * DAY):
        assert hand_over() == 1

        row.refresh_from_db()
        assert row.end.reason == EndReason.OVER


def test_power_by_which_nothing_was_placed_ends_in_silence(family):
    row = family.power("attorney_giver", "attorney", Scope.INSIGHT)
    end_power(row.key, acting=family.oneself("attorney_giver"))

    assert hand_over() == 0
    assert told_of(family.person("attorney_giver")) == []


def test_guardian_taken_from_the_register_is_ended_without_anyone_signing_in(family):
    place(family.acting("guardian_personal", for_="ward_personal"), heard=True)
    family.change("ward_personal", guardianships=())

    assert hand_over() == 1
    assert standing("guardian_personal", family) == []


def test_run_as_the_web_role(family, as_web):
    assert hand_over() == 0
