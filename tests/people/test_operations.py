"""Meeting people, linking those who are one, and staff roles."""

import threading
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from kpr_portal.ground import clock
from kpr_portal.people.errors import NotAllowed, RoleEnded
from kpr_portal.people.models import LinkReason, Number, NumberSeal, Person, PersonLink, Role, StaffRole
from kpr_portal.people.national_id import InvalidNationalId, NationalId, Reason
from kpr_portal.people.operations import (
    end_role,
    grant_role,
    link_people,
    lock_person,
    people_for,
    person_for,
)
from kpr_portal.people.permissions import check_has_role, has_role, may_grant_role
from kpr_portal.people.queries import (
    find_people,
    find_person,
    ids_of,
    keys_of,
    number_of,
    numbers_of,
    roles_of,
)
from tests.conftest import database_role
from tests.support.at_once import at_once
from tests.support.numbers import synthetic_number, synthetic_numbers

pytestmark = pytest.mark.django_db


class TestMeeting:
    def test_number_nobody_knows_makes_a_person(self, as_web):
        number = synthetic_number()

        person = person_for(number)

        assert (find_person(number), number_of(person), ids_of(person)) == (person, number, {person.pk})

    def test_known_number_gives_the_same_person(self, as_web):
        number = synthetic_number()

        assert person_for(number) == person_for(NationalId(number.digits))
        assert Person.objects.count() == 1

    def test_many_are_met_at_once_with_few_queries(self, as_web, django_assert_max_num_queries):
        numbers = synthetic_numbers(1_000)
        first = people_for(numbers[:500])

        with django_assert_max_num_queries(15):
            people = people_for(numbers)

        assert list(people) == numbers
        assert {number: people[number] for number in first} == first
        assert len(set(people.values())) == 1_000
        assert find_people(numbers) == people

    def test_number_named_twice_is_one_person(self, as_web):
        number = synthetic_number()

        assert len(people_for([number, number])) == 1
        assert Person.objects.count() == 1

    def test_nobody_is_met_in_an_empty_file(self, as_web):
        assert people_for([]) == {}

    def test_policy_stops_it_before_anything_is_written(self, settings, as_web):
        settings.NATIONAL_ID_SYNTHETIC = "refuse"

        with pytest.raises(InvalidNationalId) as refused:
            people_for(synthetic_numbers(3))
        with pytest.raises(InvalidNationalId):
            person_for(synthetic_number())

        assert refused.value.reason == Reason.SYNTHETIC
        assert Person.objects.count() == 0


class TestChangedNumber:
    OLD, NEW, NEWEST = synthetic_numbers(3)

    def test_person_met_under_the_old_number_is_found_under_the_new(self, one_human, as_web):
        person = person_for(self.OLD)
        one_human(self.NEW, self.OLD)

        assert person_for(self.NEW) == person
        assert numbers_of(person) == (self.NEW, self.OLD)
        assert number_of(person) == self.NEW

    def test_both_numbers_in_one_file_are_one_person(self, one_human, as_web):
        one_human(self.NEW, self.OLD)

        people = people_for([self.OLD, self.NEW])

        assert people[self.OLD] == people[self.NEW]
        assert number_of(people[self.OLD]) == self.NEW

    def test_two_persons_are_linked_when_the_register_learns(self, one_human, as_web):
        old, new = person_for(self.OLD), person_for(self.NEW)
        one_human(self.NEW, self.OLD)

        signed_in = person_for(self.NEW)

        assert (signed_in, ids_of(signed_in)) == (new, {old.pk, new.pk})
        assert keys_of(old) == keys_of(new) == {old.key, new.key}
        assert number_of(old) == number_of(new)

    def test_linking_again_changes_nothing(self, one_human, as_web):
        person_for(self.OLD), person_for(self.NEW)
        one_human(self.NEW, self.OLD)

        person_for(self.NEW), person_for(self.OLD)

        assert PersonLink.objects.count() == 1

    def test_third_number_joins_two_who_were_apart(self, one_human, as_web):
        apart = [person_for(self.OLD), person_for(self.NEW)]
        one_human(self.NEWEST, self.NEW, self.OLD)

        person = people_for([self.NEWEST])[self.NEWEST]

        assert ids_of(person) == {one.pk for one in apart}
        assert number_of(person) == self.NEWEST

    def test_dates_of_the_history_are_kept(self, one_human, as_web):
        one_human(self.NEW, self.OLD)
        people_for([self.NEW, self.OLD])

        assert list(Number.objects.order_by("since").values_list("code", "since__year", "until__year")) == [
            ("1", 2024, None),
            ("1", None, 2024),
        ]


class TestLinks:
    @pytest.fixture
    def four(self, as_web):
        return list(people_for(synthetic_numbers(4)).values())

    def test_chain_of_links_is_one_human_from_every_end(self, four):
        staff = person_for(synthetic_number(9))
        for one, other in pairwise(four):
            link_people(other, one, reason=LinkReason.CASEWORK, evidence="passport", by=staff)

        assert {ids_of(person) for person in four} == {frozenset(person.pk for person in four)}
        assert ids_of(staff) == {staff.pk}

    def test_link_that_would_close_a_ring_is_not_made(self, four):
        for one, other in ((0, 1), (1, 2), (2, 0)):
            link_people(four[one], four[other], reason=LinkReason.REGISTER, evidence="number history")

        assert PersonLink.objects.count() == 2

    def test_link_by_casework_without_a_caseworker_is_refused_by_the_database(self, four):
        with pytest.raises(IntegrityError, match="link_by_casework_says_by_whom"), transaction.atomic():
            link_people(four[0], four[1], reason=LinkReason.CASEWORK, evidence="")

    def test_sets_are_one_query(self, four, django_assert_num_queries):
        with django_assert_num_queries(1):
            ids_of(four[0])


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_two_who_meet_one_number_at_once_meet_one_person(self):
        number = synthetic_number()

        met = in_parallel(*[lambda: person_for(number)] * 4)

        assert len({person.pk for person in met}) == 1
        assert (Person.objects.count(), Number.objects.count(), NumberSeal.objects.count()) == (1, 1, 1)

    def test_two_files_with_the_same_people_in_other_orders_agree(self):
        numbers = synthetic_numbers(300)

        forwards, backwards = in_parallel(lambda: people_for(numbers), lambda: people_for(numbers[::-1]))

        assert forwards == backwards
        assert Person.objects.count() == 300

    def test_two_who_link_the_same_two_make_one_link(self):
        one, other = people_for(synthetic_numbers(2)).values()

        def link():
            link_people(one, other, reason=LinkReason.REGISTER, evidence="number history")

        in_parallel(link, link)

        assert PersonLink.objects.count() == 1

    def test_lock_holds_another_back_until_the_end(self):
        person, order = person_for(synthetic_number()), []
        held, freed = threading.Event(), threading.Event()

        def first():
            with transaction.atomic():
                lock_person(person)
                held.set()
                freed.wait(5)
                order.append("first")

        def second():
            held.wait(5)
            with transaction.atomic():
                freed.set()
                lock_person(person)
                order.append("second")

        in_parallel(first, second)

        assert order == ["first", "second"]


def in_parallel(*functions):
    """What each gave, run at the same moment with the rights of web."""

    def as_web_role(function):
        with database_role("web"):
            return function()

    results = at_once(*[partial(as_web_role, function) for function in functions])
    assert [result for result in results if isinstance(result, BaseException)] == []
    return results


class TestRoles:
    @pytest.fixture
    def two(self, db):
        return list(people_for(synthetic_numbers(2)).values())

    def test_role_lasts_from_its_first_moment_until_its_last(self, two):
        now = clock.now()
        grant_role(
            two[0],
            Role.AUDITOR,
            granted_by=two[1],
            since=now + timedelta(days=1),
            until=now + timedelta(days=2),
        )

        held = {}
        for hours in (0, 25, 47, 49):
            with clock.shift(timedelta(hours=hours)):
                held[hours] = roles_of(two[0])

        assert held == {0: set(), 25: {"auditor"}, 47: {"auditor"}, 49: set()}

    def test_ended_role_is_no_role_and_ends_once(self, two):
        granted = grant_role(two[0], Role.CASEWORKER, granted_by=None)
        assert has_role(two[0], Role.CASEWORKER)

        end_role(granted, ended_by=two[1], reason="left")

        assert not has_role(two[0], Role.CASEWORKER)
        with pytest.raises(NotAllowed):
            check_has_role(two[0], "caseworker")
        with pytest.raises(RoleEnded):
            end_role(granted, ended_by=two[1], reason="left again")

    def test_roles_are_those_of_the_human_under_any_number(self, two):
        grant_role(two[0], Role.CASEWORKER, granted_by=None)
        link_people(*two, reason=LinkReason.REGISTER, evidence="number history")

        assert roles_of(two[1]) == {"caseworker"}

    def test_nobody_grants_themselves_a_role_under_any_number(self, two):
        link_people(*two, reason=LinkReason.REGISTER, evidence="number history")

        for granter in two:
            assert not may_grant_role(granter, to=two[0])
            with pytest.raises(NotAllowed):
                grant_role(two[0], Role.APPROVER, granted_by=granter)

    def test_database_refuses_a_role_granted_to_oneself(self, two):
        with pytest.raises(IntegrityError, match="nobody_grants_themselves_a_role"), transaction.atomic():
            StaffRole.objects.create(person=two[0], role=Role.APPROVER, granted_by=two[0], since=clock.now())

    def test_web_role_gives_and_ends_no_role(self, two):
        granted = grant_role(two[0], Role.CASEWORKER, granted_by=None)

        with database_role("web"):
            assert has_role(two[0], Role.CASEWORKER)
            for write in (
                lambda: grant_role(two[1], Role.APPROVER, granted_by=two[0]),
                lambda: end_role(granted, ended_by=two[1], reason="left"),
            ):
                with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                    write()

        assert (roles_of(two[0]), roles_of(two[1])) == ({"caseworker"}, frozenset())
