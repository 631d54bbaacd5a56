"""Reserving for another: who may, what is seen of it, who is told, and what one parent cannot do alone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string

from kpr_portal.ground import clock
from kpr_portal.notices.queries import messages_for
from kpr_portal.people.acting import Acting
from kpr_portal.people.basis import Basis, Scope
from kpr_portal.people.population_register import Protection
from kpr_portal.people.queries import keys_of
from kpr_portal.people.representation.blocks import block
from kpr_portal.people.representation.queries import standing_between
from reservations import operations, queries
from reservations.catalogue import entry_of
from reservations.errors import (
    AlreadyReserved,
    HeldByParents,
    NeedsTheOther,
    NotAllowed,
    NotHeard,
    NotReserved,
)
from reservations.models import ReservationEntry
from reservations.permissions import may_see
from reservations.rules import Action, Will
from reservations.texts import confirmation
from tests.reservations.conftest import R1, R2, confirmed
from tests.support.family import enter_family, number_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(db):
    return enter_family()


def place(acting, code=R1, **kwargs):
    return operations.place(
        entry_of(code).kind, acting=acting, will=kwargs.get("will") or confirmed(code, Action.PLACED)
    )


def lift(acting, code=R1):
    return operations.lift(entry_of(code).kind, acting=acting, will=confirmed(code, Action.LIFTED))


def in_force(acting, code=R1):
    (card,) = [card for card in queries.cards(acting=acting) if card.kind.code == code]
    return card.in_force


def told(person):
    return [message.kind for message in messages_for(keys_of(person))]


def test_parent_reserves_for_a_child_and_the_line_says_by_what_right(family):
    mother = family.acting("parent", for_="child_8")

    entry = place(mother)

    assert (entry.actor, entry.person, entry.basis, entry.voice, entry.representation) == (
        mother.actor,
        mother.subject,
        "parent",
        "parents",
        mother.representation,
    )
    assert in_force(family.oneself("child_8"))


def test_represented_is_told_and_one_who_acts_for_oneself_is_not(family):
    place(family.acting("parent", for_="child_8"))
    place(family.oneself("child_13"))

    assert told(family.person("child_8")) == ["reservations.changed"]
    assert told(family.person("child_13")) == []


def test_message_names_who_did_it_and_by_what_right(family):
    place(family.acting("parent", for_="child_8"))

    (message,) = messages_for(keys_of(family.person("child_8")))

    assert "Trygg Furu (foreldreansvar) har reservert deg: Ikke utlever fødselsnummeret mitt." in message.body


def test_one_with_insight_alone_sees_and_does_nothing_of_it(family):
    family.power("attorney_giver", "attorney", Scope.INSIGHT)
    attorney = family.acting("attorney", for_="attorney_giver")

    assert not may_see(acting=attorney)
    with pytest.raises(NotAllowed):
        place(attorney)
    with pytest.raises(NotAllowed):
        lift(attorney)
    assert not ReservationEntry.objects.exists()


def test_attorney_with_the_scope_speaks_in_the_persons_own_voice(family):
    family.power("attorney_giver", "attorney", Scope.RESERVATION)
    attorney = family.acting("attorney", for_="attorney_giver")
    place(family.oneself("attorney_giver"))

    with pytest.raises(AlreadyReserved):
        place(attorney)
    lift(attorney)

    assert not in_force(family.oneself("attorney_giver"))


def test_parents_neither_see_nor_lift_what_a_child_of_13_placed(family):
    own = place(family.oneself("child_13"))
    mother = family.acting("parent", for_="child_13")

    assert not in_force(mother)
    assert queries.history(acting=mother) == []
    assert queries.receipt(own.key, acting=mother) is None
    with pytest.raises(NotReserved):
        lift(mother)
    assert in_force(family.oneself("child_13"))


def test_child_of_13_sees_what_the_parents_placed_and_is_told_why_it_stays(family):
    place(family.acting("parent", for_="child_13"))
    child = family.oneself("child_13")
    (card,) = [card for card in queries.cards(acting=child) if card.in_force]

    assert card.by_parents_alone
    assert card.began_with.performer == "Trygg Furu (foreldreansvar)"
    with pytest.raises(HeldByParents):
        lift(child)
    assert in_force(child)


@pytest.mark.parametrize("age", [16, 15])
def test_child_is_told_the_age_that_the_owner_has_decided(family, client, settings, age):
    settings.LAW_DECIDES_ALONE_FROM_AGE = age
    place(family.acting("parent", for_="child_13"))
    child = family.oneself("child_13")

    with pytest.raises(HeldByParents, match=f"før du er {age} år"):
        lift(child)
    (card,) = [card for card in queries.cards(acting=child) if card.in_force]
    assert f"Er du under {age} år" in render_to_string("reservations/card.html", {"card": card})


def test_from_16_the_persons_own_lift_ends_what_the_parents_placed(family):
    place(family.acting("parent", for_="child_13"))
    family.aged("child_13", 16)

    lift(family.oneself("child_13"))

    assert not in_force(family.oneself("child_13"))


def test_one_parent_does_not_lift_alone_what_the_other_placed(family):
    place(family.acting("parent", for_="child_8"))
    father = family.acting("other_parent", for_="child_8")

    with pytest.raises(NeedsTheOther):
        lift(father)

    assert in_force(father)


def test_parent_lifts_what_they_placed_themselves(family):
    mother = family.acting("parent", for_="child_8")
    place(mother)

    lift(mother)

    assert not in_force(mother)


def test_both_parents_wanting_it_lift_what_both_placed(family):
    """The father placed it too, on paper: then either asks, and the other lifts."""
    mother, father = (family.acting(slug, for_="child_8") for slug in ("parent", "other_parent"))
    place(mother)
    today = clock.now()
    place(father, will=Will.by_phone(declared=today, ground_key=mother.representation))
    with pytest.raises(NeedsTheOther):
        lift(mother)

    operations.wish_to_lift(entry_of(R1).kind, acting=mother)
    assert in_force(mother)
    lift(father)

    assert not in_force(mother)


def test_other_parent_is_told_of_the_wish_and_the_child_is_not(family):
    place(family.acting("parent", for_="child_8"))

    operations.wish_to_lift(entry_of(R1).kind, acting=family.acting("other_parent", for_="child_8"))

    assert told(family.person("parent")) == ["reservations.lift_wished"]
    assert told(family.person("child_8")) == ["reservations.changed"]


def test_other_parent_is_told_once_however_often_it_is_wished(family):
    place(family.acting("parent", for_="child_8"))
    father = family.acting("other_parent", for_="child_8")

    wishes = {operations.wish_to_lift(entry_of(R1).kind, acting=father).pk for _ in range(3)}

    assert (len(wishes), told(family.person("parent"))) == (1, ["reservations.lift_wished"])


@pytest.mark.parametrize("way", ["blocked", "child protected"])
def test_parent_who_is_closed_out_is_told_nothing_of_the_child(family, way):
    place(family.acting("parent", for_="child_13"))
    father = family.acting("other_parent", for_="child_13")
    if way == "blocked":
        (mothers,) = standing_between(family.person("parent"), family.person("child_13"))
        block(mothers.key, acting=family.oneself("child_13"))
    else:  # in the moment between
        family.change("child_13", protection=Protection.STRICTLY_CONFIDENTIAL)

    operations.wish_to_lift(entry_of(R1).kind, acting=father)

    assert told(family.person("parent")) == []


def test_wish_is_spent_by_a_new_placing(family):
    mother, father = (family.acting(slug, for_="child_8") for slug in ("parent", "other_parent"))
    place(mother)
    operations.wish_to_lift(entry_of(R1).kind, acting=father)
    lift(mother)
    with clock.shift(timedelta(minutes=1)):
        place(father)
        with pytest.raises(NeedsTheOther):
            lift(mother)


@pytest.mark.parametrize("change", ["dead", "no_longer_responsible"])
def test_parent_who_no_longer_answers_for_the_child_is_not_asked(family, change):
    place(family.acting("parent", for_="child_8"))
    if change == "dead":
        family.change("parent", death_date=clock.today())
    else:
        kept = [
            held
            for held in family.entries["child_8"].parental_responsibility
            if held.holder != number_of("parent")
        ]
        family.change("child_8", parental_responsibility=tuple(kept))

    lift(family.acting("other_parent", for_="child_8"))

    assert not in_force(family.oneself("child_8"))


def test_parent_whose_address_is_protected_must_still_want_it(family):
    place(family.acting("parent", for_="child_8"))
    family.change("parent", protection=Protection.STRICTLY_CONFIDENTIAL)

    with pytest.raises(NeedsTheOther):
        lift(family.acting("other_parent", for_="child_8"))


def test_wish_with_nobody_to_ask_is_refused(family):
    with pytest.raises(NotReserved):
        operations.wish_to_lift(entry_of(R1).kind, acting=family.acting("parent", for_="child_8"))


def test_setting_lets_one_parent_lift_alone(family, settings):
    settings.LAW_ONE_PARENT_MAY_LIFT_ANOTHERS = True
    place(family.acting("parent", for_="child_8"))

    lift(family.acting("other_parent", for_="child_8"))

    assert not in_force(family.oneself("child_8"))


def test_guardian_who_has_not_heard_the_person_is_refused(family):
    guardian = family.acting("guardian_personal", for_="ward_personal")

    with pytest.raises(NotHeard):
        place(guardian)

    shown = confirmation(entry_of(R2), Action.PLACED).sha256
    entry = place(guardian, R2, will=Will.online(shown=shown, heard=True))
    assert (entry.heard, entry.voice) == (True, "own")


def test_database_refuses_a_guardian_who_has_not_heard(family):
    guardian = family.acting("guardian_personal", for_="ward_personal")
    shown = confirmation(entry_of(R1), Action.PLACED).sha256
    entry = place(guardian, will=Will.online(shown=shown, heard=True))
    entry.pk, entry.heard, entry.reference = None, False, "KPR-ABCD-EFGH"

    with pytest.raises(IntegrityError, match="a_guardian_online_has_heard_the_person"), transaction.atomic():
        entry.save(force_insert=True)


def test_rights_that_closed_since_do_nothing(family):
    mother = family.acting("parent", for_="child_8")
    family.aged("child_8", 16)
    anew = family.acting("parent", for_="child_8")

    with pytest.raises(NotAllowed):
        place(anew)

    assert mother.representation == anew.representation


@pytest.mark.parametrize("basis", [basis for basis in Basis if basis is not Basis.SELF])
def test_no_basis_opens_anything_without_rights(family, basis):
    acting = Acting(family.person("parent"), family.person("child_8"), basis)

    with pytest.raises(NotAllowed):
        place(acting)
