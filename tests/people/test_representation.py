"""The rows of acting for another: taken in from the register, asked anew each time, in a fixed number of queries."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kpr_portal.ground import clock
from kpr_portal.people.basis import Basis, Scope
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.models import LinkReason, Person, Representation, RepresentationEnd
from kpr_portal.people.operations import link_people, person_for
from kpr_portal.people.population_register import (
    Address,
    Area,
    Guardianship,
    NumberPeriod,
    Protection,
    RegisterPerson,
    Sex,
)
from kpr_portal.people.representation.blocks import block_for
from kpr_portal.people.representation.errors import NothingToBlock
from kpr_portal.people.representation.from_register import refresh_from_register
from kpr_portal.people.representation.queries import (
    choices_for,
    has_economic_mandate_only,
    representatives_of,
    representing,
)
from kpr_portal.people.representation.rights import Closed
from kpr_portal.people.representation.rows import BlockChannel, EndReason, Evidence
from kpr_portal.ui.formats import OSLO
from tests.support.family import enter_family, number_of
from tests.support.numbers import synthetic_numbers

pytestmark = pytest.mark.django_db

AWAY = Address(("Storgata 1",), "0155", "Oslo")


@pytest.fixture
def family(db):
    return enter_family()


def standing(representative):
    rows = Representation.objects.filter(representative=representative, end__isnull=True)
    return sorted((row.basis, *sorted(row.scopes)) for row in rows)


def names(actor):
    return [choice.name for choice in choices_for(actor)]


def no_register(monkeypatch):
    def away(*_):
        raise ConnectionError

    monkeypatch.setattr(EmbeddedPopulationRegister, "people", away)


# --- Taken in from the register


def test_parent_gets_a_row_for_each_child_they_may_act_for(family):
    mother = family.signs_in("parent")

    assert standing(mother) == [
        ("parent", Scope.INSIGHT, Scope.RESERVATION),
        ("parent", Scope.RESERVATION),
    ]
    assert names(mother) == ["Glad Kvist", "Kvikk Spire"]


def test_signing_in_again_makes_no_more_rows(family):
    for _ in range(3):
        family.signs_in("parent")

    assert Representation.objects.count() == 2
    assert not RepresentationEnd.objects.exists()


def test_represented_signing_in_makes_the_same_rows(family):
    family.signs_in("child_13")
    family.signs_in("parent")

    child = family.person("child_13")
    assert (
        Representation.objects.filter(represented=child, representative=family.person("parent")).count() == 1
    )
    assert {each.name for each in representatives_of(child)} == {"Trygg Furu", "Jevn Havn"}


def test_what_the_register_no_longer_tells_is_ended_and_says_why(family):
    guardian = family.signs_in("guardian_personal")
    family.change("guardian_personal", guardianships=())
    family.change("ward_personal", guardianships=())

    refresh_from_register(guardian)

    end = RepresentationEnd.objects.get()
    assert (end.reason, end.ended_by, names(guardian)) == (EndReason.REGISTER, None, [])


def test_child_of_16_ends_the_row_for_age(family):
    mother = family.signs_in("parent")
    family.aged("child_13", 16)

    refresh_from_register(mother)

    assert [end.reason for end in RepresentationEnd.objects.all()] == [EndReason.AGE]


def test_address_protected_for_a_time_ends_nothing(family):
    mother = family.signs_in("parent")
    family.change("child_8", protection=Protection.CONFIDENTIAL)
    refresh_from_register(mother)
    closed = names(mother)
    family.change("child_8", protection=Protection.NONE)

    assert (closed, names(mother)) == (["Kvikk Spire"], ["Glad Kvist", "Kvikk Spire"])
    assert not RepresentationEnd.objects.exists()


def test_economic_mandate_makes_no_row_and_is_known(family):
    guardian = family.signs_in("guardian_economic")

    assert (standing(guardian), has_economic_mandate_only(guardian)) == ([], True)
    assert not has_economic_mandate_only(family.signs_in("guardian_personal"))


def test_register_away_changes_nothing_and_opens_nothing(family, monkeypatch):
    mother = family.signs_in("parent")
    key = Representation.objects.filter(representative=mother).first().key
    no_register(monkeypatch)

    refresh_from_register(mother)

    assert (choices_for(mother), representing(key, actor=mother).rights.closed) == ([], Closed.AWAY)
    assert not RepresentationEnd.objects.exists()


def test_register_that_falls_silent_between_two_questions_ends_nothing(family, monkeypatch):
    mother = family.signs_in("parent")
    answer, asked = EmbeddedPopulationRegister.people, []

    def once(self, numbers):
        asked.append(1)
        if len(asked) > 1:
            raise ConnectionError
        return answer(self, numbers)

    monkeypatch.setattr(EmbeddedPopulationRegister, "people", once)
    refresh_from_register(mother)

    assert len(asked) > 1
    assert not RepresentationEnd.objects.exists()


def test_future_power_and_guardianship_keep_their_areas_and_dates(family):
    family.signs_in("future_power_holder")
    guardian = family.signs_in("guardian_personal")

    rows = {row.basis: row for row in Representation.objects.all()}
    assert rows["future_power"].mandate_areas == frozenset(Area)
    assert rows["guardian"].mandate_areas == {Area.PERSONAL}
    assert (rows["guardian"].since.isoformat(), rows["guardian"].representative) == ("2022-02-01", guardian)


# --- Asked anew


def test_row_of_another_representative_is_not_ones_own(family):
    family.signs_in("parent")
    key = Representation.objects.first().key

    assert representing(key, actor=family.person("much_data")) is None
    assert representing(uuid4(), actor=family.person("parent")) is None


@pytest.mark.parametrize(
    ("changes", "closed"),
    [
        ({"protection": Protection.STRICTLY_CONFIDENTIAL}, Closed.PROTECTED),
        ({"parental_responsibility": ()}, Closed.NOT_IN_REGISTER),
        ({"address": AWAY}, Closed.APART),
    ],
)
def test_change_in_the_register_is_seen_at_the_next_request(family, changes, closed):
    before = family.acting("parent", for_="child_8")
    family.change("child_8", **changes)

    anew = representing(before.representation, actor=before.actor)

    assert (anew.rights.closed, anew.name) == (closed, "")


def test_one_acts_until_midnight_in_norway_and_not_a_second_longer(family):
    before = family.acting("parent", for_="child_13")
    last_day = Representation.objects.get(key=before.representation).until
    midnight = datetime.combine(last_day + timedelta(days=1), time.min, OSLO)

    with clock.moved_to(midnight - timedelta(seconds=1)):
        assert representing(before.representation, actor=before.actor).rights.scopes == {Scope.RESERVATION}
    with clock.moved_to(midnight):
        assert representing(before.representation, actor=before.actor).rights.closed is Closed.OVER


def test_parent_apart_acts_where_the_other_lives_with_the_child_and_sees_no_places(family):
    family.change("other_parent", address=AWAY)

    acting = family.acting("other_parent", for_="child_8")

    assert (acting.rights.scopes, acting.rights.hides_places) == (frozenset(Scope), True)


@pytest.mark.parametrize(("address", "most"), [(None, 2), (AWAY, 3)])
def test_being_authorised_takes_at_most_three_queries(family, address, most):
    if address:
        family.change("other_parent", address=address)
    acting = family.acting("other_parent", for_="child_8")

    with CaptureQueriesContext(connection) as queries:
        anew = representing(acting.representation, actor=acting.actor)

    assert (anew.may(Scope.INSIGHT), len(queries)) == (True, most)


def test_person_met_under_two_numbers_is_one_representative(family):
    mother = family.signs_in("parent")
    (former,) = synthetic_numbers(1)
    other = person_for(former)
    family.change(
        "parent", numbers=(NumberPeriod(number_of("parent")), NumberPeriod(former, until=clock.today()))
    )
    link_people(mother, other, reason=LinkReason.REGISTER, evidence="test")
    anew = Person.objects.get(pk=other.pk)
    row = Representation.objects.filter(representative=mother).first()

    assert representing(row.key, actor=anew).subject == row.represented
    assert len(choices_for(anew)) == 2


def test_represented_met_under_two_numbers_is_closed_by_a_block_on_either(family):
    mother = family.signs_in("parent")
    child, other = family.person("child_8"), person_for(synthetic_numbers(1)[0])
    link_people(child, other, reason=LinkReason.REGISTER, evidence="test")
    caseworker = family.person("caseworker")
    block_for(Person.objects.get(pk=other.pk), representative=None, by=caseworker, channel=BlockChannel.PHONE)

    assert names(mother) == ["Kvikk Spire"]
    with pytest.raises(NothingToBlock):
        block_for(
            Person.objects.get(pk=child.pk), representative=None, by=caseworker, channel=BlockChannel.PHONE
        )


# --- As the represented sees it


@pytest.mark.parametrize("grade", [Protection.CONFIDENTIAL, Protection.STRICTLY_CONFIDENTIAL])
def test_representative_whose_address_is_protected_is_not_named(family, grade):
    family.signs_in("parent")
    family.change("parent", protection=grade)

    (mother,) = representatives_of(family.person("child_8"))

    assert (mother.name, mother.basis, mother.is_open) == ("", Basis.PARENT, False)


@pytest.mark.parametrize("evidence", [Evidence.GIVEN, Evidence.DOCUMENT])
def test_only_a_power_given_here_can_be_ended_here(family, evidence):
    document = {"document": uuid4(), "checked_by": family.person("caseworker")}
    Representation.objects.create(
        representative=family.person("attorney"),
        represented=family.person("attorney_giver"),
        basis=Basis.ATTORNEY.value,
        insight=True,
        reservation=False,
        since=clock.today(),
        until=clock.today(),
        evidence=evidence,
        checked_at=clock.now(),
        **(document if evidence is Evidence.DOCUMENT else {}),
    )

    (attorney,) = representatives_of(family.person("attorney_giver"))

    assert attorney.can_be_ended is (evidence is Evidence.GIVEN)


# --- Many


def wards(guardian, count):
    """So many wards of one guardian, entered in the register."""
    numbers = synthetic_numbers(count, start=100)
    rows = [
        Guardianship(number_of(guardian), number, frozenset({Area.PERSONAL}), clock.today())
        for number in numbers
    ]
    people = [
        RegisterPerson(
            number=number,
            name=f"Stille Vann{index}",
            birth_date=clock.today() - timedelta(days=40 * 366),
            sex=Sex.MALE,
            guardianships=(row,),
        )
        for index, (number, row) in enumerate(zip(numbers, rows, strict=True))
    ]
    EmbeddedPopulationRegister().put_many(people)
    return tuple(rows)


@pytest.mark.parametrize("count", [3, 300])
def test_list_takes_the_same_number_of_queries_however_many_there_are(family, count):
    family.change("guardian_personal", guardianships=wards("guardian_personal", count))
    guardian = family.signs_in("guardian_personal")
    guardian = Person.objects.get(pk=guardian.pk)

    with CaptureQueriesContext(connection) as queries:
        found = choices_for(guardian)

    assert (len(found), len(queries)) == (count, 2)


# --- What the database holds


def row_of(family, **values):
    defaults = {
        "representative": family.person("attorney"),
        "represented": family.person("attorney_giver"),
        "basis": Basis.ATTORNEY.value,
        "insight": True,
        "reservation": False,
        "since": clock.today(),
        "until": clock.today(),
        "evidence": Evidence.GIVEN,
        "checked_at": clock.now(),
    }
    return Representation(**{**defaults, **values})


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"insight": False}, "covers_something"),
        ({"until": None}, "always_expire"),
        ({"basis": "next_of_kin", "evidence": "document"}, "caseworker_stand_together"),
        ({"basis": "parent"}, "register_gives_its_own_bases"),
        ({"basis": "guardian", "evidence": "register"}, "names_its_areas"),
        ({"areas": "personal"}, "names_its_areas"),
        ({"evidence": "register"}, "register_gives_its_own_bases"),
    ],
)
def test_database_refuses_a_row_whose_facts_do_not_agree(family, values, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        row_of(family, **values).save()


def test_database_refuses_one_who_represents_themselves(family):
    person = family.person("attorney")
    with pytest.raises(IntegrityError, match="nobody_represents_themselves"), transaction.atomic():
        row_of(family, representative=person, represented=person).save()


def test_database_refuses_a_row_that_ends_before_it_begins(family):
    with pytest.raises(IntegrityError, match="ends_after_it_begins"), transaction.atomic():
        row_of(family, until=clock.today() - timedelta(days=1)).save()


def test_everything_runs_with_the_rights_of_the_web_role(family, as_web):
    row = family.power("attorney_giver", "attorney")
    family.signs_in("parent")

    assert representing(row.key, actor=family.person("attorney")).may(Scope.INSIGHT)
    assert replace(family.acting("parent", for_="child_8"), name="").may(Scope.RESERVATION)
