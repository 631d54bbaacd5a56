"""A form is made by one worker at a time, once; and what goes wrong in it is said, and never lost in silence."""

import tempfile
import threading
from datetime import timedelta

import pytest

from kpr_portal.documents.rendering import forget_fonts
from kpr_portal.ground import clock
from kpr_portal.ground.keyring import keyring
from reservations.postal import form_page, kept, order
from reservations.postal.answers import FormAnswers, Named
from reservations.postal.kept import FormKey, Gone, Unreachable
from reservations.postal.kinds import RESERVATION
from reservations.postal.order import (
    AGAIN_SECONDS,
    CLAIM_SECONDS,
    LINE,
    MOVED,
    TAKES,
    WORKING,
    Standing,
    State,
)
from reservations.postal.steps import Draft, Step
from tests.reservations.postal.filling import CHILD, NAME, ordered, work

pytestmark = pytest.mark.usefixtures("line")


def a_form(**more):
    answers = FormAnswers(
        RESERVATION.kind,
        "self",
        "nb",
        person=Named(NAME, CHILD.digits),
        choices=("withhold_national_id+",),
        **more,
    )
    key = FormKey.new()
    kept.begin(key, Draft(answers, frozenset({Step.CHOICES, Step.PERSON, Step.LANGUAGE})))
    return key


def placed(**more):
    key = a_form(**more)
    order.place(key, kept.read(key))
    return key


def stands(key):
    return order.standing(key, kept.read(key))


def time_passes_for_the_server(*names):
    """What lasts for a few seconds on the server is over; it may be so already."""
    if names:
        kept.server().delete(*names)


def sent_again(key):
    """The time in which an order is not sent twice is over."""
    time_passes_for_the_server(*kept.server().scan_iter(f"{kept.name_of(key.id)}:queued:*"))


# --- As it goes


def test_order_is_made_once_and_the_line_is_empty():
    key = placed()
    assert stands(key).state is State.WAITING

    assert work() == 1

    assert stands(key) == Standing(State.READY)
    assert kept.fetch(key).startswith(b"%PDF-")
    server = kept.server()
    assert (server.zcard(LINE), server.exists(f"{kept.name_of(key.id)}:claim")) == (0, 0)
    assert 0 < float(server.get(TAKES)) < 60


def test_order_that_is_placed_again_is_one_order():
    key = placed()
    order.place(key, kept.read(key))
    stands(key)
    stands(key)

    assert len(ordered()) == 1


def test_order_that_comes_twice_gives_one_form():
    key = placed()
    (message,) = ordered()

    made = [order.make(**message) for _ in range(3)]

    assert made == [True, False, False]
    first = kept.fetch(key)
    order.make(**message)
    assert kept.fetch(key) == first


def test_two_workers_with_one_order_make_it_once():
    placed()
    (message,) = ordered()
    made = []
    workers = [threading.Thread(target=lambda: made.append(order.make(**message))) for _ in range(3)]

    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(made) == [False, False, True]


def test_form_that_is_changed_after_the_order_is_made_as_it_is_now():
    key = placed()
    (old,) = ordered()
    draft = kept.read(key).draft
    kept.keep(key, draft.answer(Step.PERSON, person=Named("Ola", CHILD.digits)))
    assert stands(key).state is State.NOT_ORDERED

    order.place(key, kept.read(key))
    (new,) = ordered()

    assert [order.make(**old), order.make(**new)] == [False, True]


def test_form_that_is_deleted_while_it_is_made_stays_deleted():
    key = placed()
    (message,) = ordered()
    order.drop(key)

    assert order.make(**message) is False
    with pytest.raises(Gone):
        kept.read(key)
    assert (kept.server().zcard(LINE), list(kept.server().scan_iter(f"{kept.name_of(key.id)}"))) == (0, [])


def test_form_whose_hour_is_over_is_not_made():
    placed()
    (message,) = ordered()

    with clock.shift(timedelta(minutes=61)):
        assert order.make(**message) is False


@pytest.mark.parametrize("change", ["form", "key", "nothing"])
def test_order_that_is_not_ours_is_not_opened(change):
    key, other = placed(), placed()
    message, another = ordered()
    changed = {"form": {"form": other.id}, "key": {"key": another["key"]}, "nothing": {"key": "!"}}[change]

    assert order.make(**{**message, **changed}) is False
    assert [stands(key).state, stands(other).state] == [State.WAITING, State.WAITING]


def test_wrapped_key_opens_for_its_form_alone():
    key = FormKey.new()
    sealed = keyring().seal(key.secret, context=f"postal.make_form:{key.id}")

    assert keyring().open(sealed, context=f"postal.make_form:{key.id}") == key.secret
    with pytest.raises(Exception, match="another context"):
        keyring().open(sealed, context=f"postal.make_form:{FormKey.new().id}")


# --- What goes wrong


def killed_in_the_middle(key, message):
    """The worker's claim and its note that it has begun stand; nobody works."""
    kept.server().set(f"{kept.name_of(key.id)}:claim", message["order"])
    kept.server().hset(kept.name_of(key.id), "begun_at", str(clock.now().timestamp()))


def test_worker_killed_in_the_middle_is_followed_by_another_and_there_is_one_form():
    key = placed()
    (message,) = ordered()
    killed_in_the_middle(key, message)
    sent_again(key)

    assert (stands(key).state, ordered()) == (State.WAITING, [])  # it may still be at it

    time_passes_for_the_server(f"{kept.name_of(key.id)}:claim")
    stands(key)
    stands(key)
    again = ordered()

    assert again == [{**message, "key": again[0]["key"]}]
    assert [order.make(**again[0]), order.make(**message)] == [True, False]
    assert stands(key).state is State.READY


def test_order_that_the_queue_lost_is_sent_again_by_the_waiting_page():
    key = placed()
    ordered()
    assert (stands(key).state, ordered()) == (State.WAITING, [])

    sent_again(key)
    stands(key)

    assert len(ordered()) == 1


def test_waiting_page_orders_nothing_again_while_the_line_moves():
    first, key = placed(), placed()
    ordered()
    sent_again(key)
    kept.server().set(MOVED, str(clock.now().timestamp()))

    stands(key)
    assert ordered() == []

    with clock.shift(timedelta(seconds=AGAIN_SECONDS + 1)):
        stands(key)
    assert [message["form"] for message in ordered()] == [key.id]
    assert first.id != key.id


def test_form_that_cannot_be_made_says_so_and_can_be_tried_again(caplog):
    """There is no room for it in the code."""
    key = placed(reference="Nebbdyr" * 60)

    assert work() == 1
    assert stands(key) == Standing(State.FAILED)
    assert kept.server().zcard(LINE) == 0
    assert ("form_not_made" in caplog.text, "Nebbdyr" in caplog.text) == (True, False)

    order.place(key, kept.read(key))
    assert stands(key).state is State.WAITING
    assert len(ordered()) == 1


def test_queue_that_cannot_be_reached_takes_no_order_and_leaves_none_half_placed(queue_gone):
    key = a_form()

    with pytest.raises(Unreachable):
        order.place(key, kept.read(key))

    assert stands(key) == Standing(State.NOT_ORDERED)
    assert kept.server().zcard(LINE) == 0


def test_server_that_takes_no_more_is_told_and_the_form_is_made_when_it_does():
    placed()
    (message,) = ordered()
    before = kept.server().config_get("maxmemory")["maxmemory"]
    kept.server().config_set("maxmemory", 1)
    try:
        with pytest.raises(Unreachable):
            order.make(**message)
    finally:
        kept.server().config_set("maxmemory", before)

    assert order.make(**message) is True


# --- How long it takes


@pytest.mark.parametrize(
    ("in_front", "working", "takes", "seconds"),
    [(0, 0, None, 2), (0, 1, 1.5, 2), (4, 1, 1.5, 8), (4, 2, 1.5, 5), (600, 2, 1.0, 301), (1, 0, 3.0, 6)],
)
def test_waiting_time_is_the_line_in_front_by_what_one_takes_over_those_who_work(
    in_front, working, takes, seconds
):
    key = placed()
    now = clock.now().timestamp()
    server = kept.server()
    for place in range(in_front):
        server.zadd(LINE, {f"earlier-{place}": now - 50})
    for place in range(working):
        server.zadd(WORKING, {f"maker-{place}": now})
    if takes:
        server.set(TAKES, takes)

    assert (stands(key).in_front, stands(key).seconds) == (in_front, seconds)


def test_worker_that_died_is_not_counted_among_those_who_work():
    key = placed()
    now = clock.now().timestamp()
    kept.server().zadd(WORKING, {"dead": now - 21, "alive": now - 19})
    kept.server().zadd(LINE, {"earlier": now - 31, "earlier-2": now - 30})
    kept.server().set(TAKES, 10)

    assert stands(key).seconds == 30


def test_worker_between_two_forms_is_counted_among_those_who_work():
    placed()
    work()
    kept.server().zadd(WORKING, {"another": clock.now().timestamp()})
    keys = [placed() for _ in range(11)]
    kept.server().set(TAKES, 2)

    assert stands(keys[-1]).seconds == 12
    with clock.shift(timedelta(seconds=CLAIM_SECONDS + 1)):
        kept.server().set(MOVED, str(clock.now().timestamp()))
        assert stands(keys[-1]).seconds == 22


def test_line_that_does_not_move_promises_no_time():
    key = placed()
    kept.server().set(MOVED, str(clock.now().timestamp()))

    with clock.shift(timedelta(seconds=61)):
        assert (stands(key).is_slow, stands(key).seconds) == (True, 0)
        kept.server().set(MOVED, str(clock.now().timestamp()))
        assert (stands(key).is_slow, stands(key).seconds > 0) == (False, True)


def test_line_that_has_stood_still_for_long_promises_no_time_to_one_who_comes_now():
    earlier, key = placed(), placed()
    server = kept.server()
    server.zadd(LINE, {earlier.id: clock.now().timestamp() - 61})
    server.set(MOVED, str(clock.now().timestamp() - 600))
    assert (stands(key).is_slow, stands(key).seconds) == (True, 0)

    server.zadd(LINE, {earlier.id: clock.now().timestamp() - 55})
    assert (stands(key).is_slow, stands(key).seconds) == (False, 4)

    server.zadd(LINE, {earlier.id: clock.now().timestamp() - 61})
    server.set(MOVED, str(clock.now().timestamp()))
    assert (stands(key).is_slow, stands(key).seconds) == (False, 4)


def test_line_of_forms_that_each_take_long_moves_though_none_is_made_for_a_while():
    key = placed()
    kept.server().set(TAKES, 12)
    kept.server().set(MOVED, str(clock.now().timestamp() - 20))
    kept.server().zadd(LINE, {"earlier": clock.now().timestamp() - 61})

    assert (stands(key).is_slow, stands(key).seconds) == (False, 24)


def test_form_that_was_made_for_nothing_is_noted(monkeypatch, caplog):
    """It was deleted while it was made."""
    key = placed()
    (message,) = ordered()
    make_form = form_page.make_form

    def deleted_meanwhile(answers):
        order.drop(key)
        return make_form(answers)

    monkeypatch.setattr(form_page, "make_form", deleted_meanwhile)

    assert order.make(**message) is False
    assert "form_made_in_vain" in caplog.text


def test_form_the_machine_could_not_make_stands_in_front_of_nobody(monkeypatch):
    """Its own page brings it again; where that is closed nobody does, and the others do not wait for it."""
    forget_fonts()
    monkeypatch.setattr(tempfile, "tempdir", "/there is no such folder")
    hindered = placed()
    assert work() == 1
    later = placed()

    assert (stands(hindered).is_slow, stands(later).in_front) == (True, 0)

    monkeypatch.undo()
    sent_again(hindered)
    stands(hindered)
    assert work() == 2
    assert (stands(hindered).state, stands(later).state) == (State.READY, State.READY)
    forget_fonts()


def test_form_that_is_changed_while_it_waits_leaves_the_line():
    key = placed()
    kept.keep(key, kept.read(key).draft)

    assert work() == 1
    assert kept.server().zcard(LINE) == 0


def test_those_who_left_are_out_of_the_line_when_a_form_is_made():
    kept.server().zadd(LINE, {"an hour ago": clock.now().timestamp() - 3601})
    placed()

    work()

    assert kept.server().zcard(LINE) == 0


@pytest.mark.parametrize(("seconds", "again"), [(0, 1), (20, 5), (3000, 30)])
def test_waiting_page_looks_seldom_where_the_line_is_long(seconds, again):
    assert Standing(State.WAITING, seconds=seconds).look_again_seconds == again


def test_waiting_page_that_nobody_can_tell_how_long_looks_when_it_may_order_again():
    assert Standing(State.WAITING, is_slow=True).look_again_seconds == AGAIN_SECONDS


def test_average_follows_slowly_what_a_form_takes():
    kept.server().set(TAKES, 100)
    placed()

    work()

    assert 90 <= float(kept.server().get(TAKES)) < 100
