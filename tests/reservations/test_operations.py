"""The door to the register: what is entered, what is refused, and that nothing else happens."""

import threading
import uuid
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.ground import clock
from kpr_portal.ground.locks import advisory_lock
from kpr_portal.notices.models import OwedWork
from kpr_portal.people.acting import Acting, Basis
from kpr_portal.people.models import Person
from kpr_portal.people.operations import link_people
from reservations import operations
from reservations.catalogue import entry_of
from reservations.errors import (
    AlreadyReserved,
    HeldByParents,
    NotAllowed,
    NotReserved,
    TextChanged,
    WrongDates,
)
from reservations.models import ReservationEntry, ShownText
from reservations.operations import GATE
from reservations.queries import cards, history, state_of
from reservations.references import is_reference
from reservations.rules import Action, Voice, Will
from reservations.texts import confirmation
from tests.reservations.conftest import R1, R2, as_parent, confirmed, lift, on_paper, oneself, place
from tests.support.at_once import at_once

DAY = timedelta(days=1)


def in_force(someone):
    return {card.kind.code for card in cards(acting=oneself(someone)) if card.in_force}


def test_placing_enters_one_whole_line(person):
    entry = place(R1, person)

    assert (entry.person, entry.actor, entry.kind, entry.action) == (person, person, R1, Action.PLACED)
    assert (entry.voice, entry.basis, entry.channel) == (Voice.OWN, Basis.SELF, "online")
    assert entry.declared_at == entry.received_at == entry.recorded_at == entry.effective_at
    assert (entry.shown.kind, entry.shown.action, entry.shown.language) == (R1, "placed", "nb")
    assert entry.shown.body == confirmation(entry_of(R1), Action.PLACED).body
    assert is_reference(entry.reference)


def test_placing_owes_a_receipt_in_the_language_of_the_page(person):
    with translation.override("nn"):
        entry = place(R1, person)

    owed = OwedWork.objects.get()
    assert (owed.task, owed.cause) == ("reservations.make_receipt", entry.key)
    assert owed.payload == {"language": "nn"}


def test_kinds_are_independent(person):
    place(R1, person)
    place(R2, person)
    lift(R1, person)

    assert in_force(person) == {R2}


def test_placing_again_online_is_refused_and_enters_nothing(person):
    place(R1, person)

    with pytest.raises(AlreadyReserved):
        place(R1, person)

    assert (ReservationEntry.objects.count(), OwedWork.objects.count()) == (1, 1)


def test_lifting_what_is_not_there_is_refused_online(person):
    with pytest.raises(NotReserved):
        lift(R1, person)

    assert ReservationEntry.objects.count() == 0


def test_will_on_paper_is_always_recorded(person):
    now = clock.now()
    place(R1, person)
    place(R1, person, on_paper(now - DAY, now - DAY))
    lift(R2, person, on_paper(now - DAY, now - DAY))

    assert ReservationEntry.objects.count() == 3
    assert in_force(person) == {R1}


def test_paper_signed_before_a_choice_on_the_web_does_not_undo_it(person):
    with clock.moved_to(datetime(2027, 6, 10, 9, tzinfo=UTC)):
        place(R1, person)
    with clock.moved_to(datetime(2027, 6, 20, 9, tzinfo=UTC)):
        lift(R1, person, on_paper(date(2027, 6, 3), date(2027, 6, 20)))

        assert in_force(person) == {R1}


def test_paper_from_the_future_is_refused(person):
    tomorrow = clock.today() + DAY

    with pytest.raises(WrongDates):
        place(R1, person, on_paper(tomorrow, tomorrow))


def test_stale_text_is_refused(person):
    with pytest.raises(TextChanged):
        place(R1, person, Will.online(shown="0" * 64))
    with pytest.raises(TextChanged):
        place(R1, person, confirmed(R2, Action.PLACED))
    with translation.override("nn"):
        nynorsk = confirmed(R1, Action.PLACED)
    with pytest.raises(TextChanged):
        place(R1, person, nynorsk)

    assert ReservationEntry.objects.count() == 0


def test_text_shown_is_kept_once(person):
    place(R1, person)
    lift(R1, person)
    place(R1, person)

    assert ShownText.objects.count() == 2


def test_another_than_the_person_is_refused_and_the_attempt_is_logged(transactional_db, person):
    acting = as_parent(person)

    with pytest.raises(NotAllowed), transaction.atomic():
        operations.place(entry_of(R1).kind, acting=acting, will=confirmed(R1, Action.PLACED))

    seen = AccessLogEntry.objects.get(subject=person.key)
    assert (seen.actor, seen.subject) == (acting.actor.key, person.key)
    assert (seen.action, seen.outcome, seen.basis) == ("reservations.placed", "refused", "parent")
    assert ReservationEntry.objects.count() == 0


def enter_as_parent(code, child, action, will=None, parent=None):
    """Past the permissions, which ask the register: here the voices are tried."""
    acting = as_parent(child, parent)
    return operations._enter(entry_of(code).kind, action, acting=acting, will=will or confirmed(code, action))


@pytest.mark.parametrize(("age", "left"), [(15, {Voice.PARENTS}), (16, set()), (40, set())])
def test_own_lift_ends_what_the_parents_placed_from_16(born, age, left):
    child = born(clock.today().replace(day=1) - timedelta(days=int(age * 365.25) + 20))
    enter_as_parent(R1, child, Action.PLACED)
    place(R1, child)
    lift(R1, child)

    state = state_of(child, kind=entry_of(R1).kind, at=clock.database_now())
    assert set(state.holders) == left


def test_from_16_one_may_lift_what_only_the_parents_placed(born):
    young = born(date(clock.today().year - 17, 1, 1))
    enter_as_parent(R1, young, Action.PLACED)

    lift(R1, young)

    assert in_force(young) == set()


def test_below_16_the_parents_reservation_is_not_the_childs_to_lift(born):
    child = born(date(clock.today().year - 14, 1, 1))
    enter_as_parent(R1, child, Action.PLACED)

    with pytest.raises(HeldByParents):
        lift(R1, child)


def test_age_of_the_own_lift_is_a_setting(born, settings):
    settings.LAW_OWN_LIFT_ENDS_PARENTS_FROM_AGE = 12
    child = born(date(clock.today().year - 14, 1, 1))
    enter_as_parent(R1, child, Action.PLACED)

    assert lift(R1, child).ends_parents_voice is True


def test_parental_lift_leaves_what_the_child_placed(born):
    child = born(date(clock.today().year - 14, 1, 1))
    place(R1, child)
    parent = Person.objects.create()
    enter_as_parent(R1, child, Action.PLACED, parent=parent)
    enter_as_parent(R1, child, Action.LIFTED, parent=parent)

    assert in_force(child) == {R1}


def test_one_may_place_in_ones_own_voice_beside_the_parents(born):
    child = born(date(clock.today().year - 14, 1, 1))
    enter_as_parent(R1, child, Action.PLACED)

    assert place(R1, child).voice == Voice.OWN


def test_population_register_away_does_not_stop_a_choice(born, settings):
    someone = born(date(1980, 1, 1))
    place(R1, someone)
    settings.POPULATION_REGISTER = "tests.reservations.conftest.no_such_register"

    lift(R1, someone)

    assert in_force(someone) == set()


def test_one_human_under_two_numbers_is_one(person):
    other = Person.objects.create()
    link_people(person, other, reason="register", evidence="D-nummer til fødselsnummer")
    place(R1, person)

    with pytest.raises(AlreadyReserved):
        place(R1, other)
    lift(R1, other)

    assert (in_force(person), in_force(other)) == (set(), set())
    assert len(history(acting=oneself(person))) == 2


def test_another_persons_lines_are_never_in_ones_own(person):
    place(R1, Person.objects.create())

    assert (in_force(person), history(acting=oneself(person))) == (set(), [])


def test_carried_over_keeps_its_date_and_owes_no_receipt(person):
    with clock.moved_to(datetime(2027, 6, 10, 9, tzinfo=UTC)):
        entry = place(R1, person, Will.carried_over(declared=date(2019, 5, 12)))

    end_of_day = datetime(2019, 5, 12, 21, 59, 59, 999999, tzinfo=UTC)
    assert (entry.declared_at, entry.effective_at) == (end_of_day, end_of_day)
    assert entry.recorded_at >= datetime(2027, 6, 10, tzinfo=UTC)
    assert OwedWork.objects.count() == 0


def test_web_role_can_place_and_lift(person, as_web):
    place(R1, person)
    lift(R1, person)

    assert in_force(person) == set()


FACTS = {
    "reference": "KPR-3333-3333",
    "kind": R1,
    "action": "placed",
    "voice": "own",
    "declared_at": datetime(2026, 1, 1, tzinfo=UTC),
    "received_at": datetime(2026, 1, 1, tzinfo=UTC),
    "recorded_at": datetime(2026, 1, 1, tzinfo=UTC),
    "effective_at": datetime(2026, 1, 1, tzinfo=UTC),
    "basis": "self",
    "channel": "carried_over",
}


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"channel": "post"}, "post_and_telephone_have_a_ground_and_no_other_channel_has"),
        ({"ground_key": uuid.uuid4()}, "post_and_telephone_have_a_ground_and_no_other_channel_has"),
        ({"channel": "online"}, "the_text_shown_is_kept_online_and_only_there"),
        ({"declared_at": datetime(2026, 1, 2, tzinfo=UTC)}, "declared_never_after_received"),
        ({"received_at": datetime(2026, 1, 2, tzinfo=UTC)}, "received_never_after_recorded"),
        (
            {"channel": "post", "ground_key": uuid.uuid4(), "effective_at": datetime(2025, 1, 1, tzinfo=UTC)},
            "effective_before_it_was_recorded_only_where_carried_over",
        ),
        ({"voice": "parents"}, "the_parents_voice_is_spoken_on_the_bases_that_give_it"),
        ({"ends_parents_voice": True}, "only_ones_own_lift_ends_the_parents_voice"),
        ({"basis": "guardian"}, "who_acts_as_oneself_is_the_person"),
    ],
)
def test_impossible_line_is_refused_by_the_database(person, wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ReservationEntry.objects.create(**{**FACTS, "person": person, "actor": person, **wrong})


@pytest.mark.django_db(transaction=True)
def test_two_browsers_placing_at_once_give_one_line():
    someone = Person.objects.create()

    results = at_once(*[lambda: place(R1, someone)] * 4)

    names = sorted(type(result).__name__ for result in results)
    assert names == ["AlreadyReserved"] * 3 + ["ReservationEntry"]
    assert ReservationEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rounds", [5, pytest.param(1_000, marks=pytest.mark.soak)])
def test_browsers_placing_and_lifting_at_once_give_one_consistent_history(rounds):
    someone = Person.objects.create()

    for _ in range(rounds):
        results = at_once(*[lambda: place(R1, someone), lambda: lift(R1, someone)] * 2)
        assert all(isinstance(r, ReservationEntry | AlreadyReserved | NotReserved) for r in results), results

    actions = list(ReservationEntry.objects.order_by("recorded_at").values_list("action", flat=True))
    assert actions == [["placed", "lifted"][number % 2] for number in range(len(actions))]
    times = list(ReservationEntry.objects.order_by("id").values_list("recorded_at", flat=True))
    assert times == sorted(times)


@pytest.mark.django_db(transaction=True)
def test_a_seal_waits_for_lines_under_way_and_later_lines_come_after_it():
    """Whoever holds the gate alone sees every line with an earlier time, and no line gets one meanwhile."""
    early, late = Person.objects.create(), Person.objects.create()
    place(R1, early)
    waiting = threading.Event()

    def place_late():
        waiting.set()
        return place(R1, late)

    with transaction.atomic():
        advisory_lock(GATE)
        sealed_at = clock.database_now()
        seen = ReservationEntry.objects.filter(recorded_at__lte=sealed_at).count()
        thread_results = []
        thread = threading.Thread(target=lambda: thread_results.extend(at_once(place_late)))
        thread.start()
        waiting.wait()
        thread.join(timeout=0.5)
        assert thread.is_alive()
        assert ReservationEntry.objects.filter(recorded_at__lte=clock.database_now()).count() == seen == 1
    thread.join()

    assert thread_results[0].recorded_at > sealed_at


@pytest.mark.django_db(transaction=True)
def test_first_use_of_a_text_by_two_at_once_keeps_it_once():
    pair = [Person.objects.create() for _ in range(2)]

    results = at_once(*[lambda someone=someone: place(R1, someone) for someone in pair])

    assert [type(result) for result in results] == [ReservationEntry] * 2
    assert ShownText.objects.count() == 1


choices = st.lists(st.tuples(st.sampled_from([R1, R2]), st.sampled_from(Action)), max_size=6)


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(choices)
def test_any_order_of_choices_online_ends_as_the_last_of_each_kind_says(db, wanted):
    with transaction.atomic():
        someone, expected = Person.objects.create(), set()
        for code, action in wanted:
            with suppress(AlreadyReserved, NotReserved):
                (place if action is Action.PLACED else lift)(code, someone)
            (expected.add if action is Action.PLACED else expected.discard)(code)

        assert in_force(someone) == expected
        transaction.set_rollback(True)
    assert connection.in_atomic_block is True


def test_acting_says_who_although_a_guardian_speaks_in_the_own_voice(person):
    guardian = Acting(
        actor=Person.objects.create(), subject=person, basis=Basis.GUARDIAN, representation=uuid.uuid4()
    )
    will = Will.online(shown=confirmed(R1, Action.PLACED).shown, heard=True)

    entry = operations._enter(entry_of(R1).kind, Action.PLACED, acting=guardian, will=will)

    assert (entry.actor, entry.person, entry.voice) == (guardian.actor, person, Voice.OWN)
