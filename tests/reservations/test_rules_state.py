"""Voices and times: which lines count, which wins, and what a date on paper stands for."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservations.rules import (
    Action,
    Channel,
    ImpossibleTimes,
    LawSettings,
    Voice,
    Will,
    ends_parents_voice,
    is_news,
    moment_of,
    state_at,
    voice_of,
)

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """A line as the rules see it; times in hours after noon."""

    id: int
    action: Action
    voice: Voice = Voice.OWN
    ends_parents_voice: bool = False
    declared: int = 0
    recorded: int | None = None
    effective: int | None = None

    @property
    def declared_at(self):
        return NOON + self.declared * HOUR

    @property
    def recorded_at(self):
        return NOON + (self.declared if self.recorded is None else self.recorded) * HOUR

    @property
    def effective_at(self):
        return self.recorded_at if self.effective is None else NOON + self.effective * HOUR


def placed(id_, declared, **facts):
    return Entry(id_, Action.PLACED, declared=declared, **facts)


def lifted(id_, declared, **facts):
    return Entry(id_, Action.LIFTED, declared=declared, **facts)


def in_force(*lines, at=1000):
    return state_at(lines, moment=NOON + at * HOUR).in_force


@pytest.mark.parametrize(
    ("own", "parents"), list(product((None, Action.PLACED, Action.LIFTED), repeat=2)), ids=str
)
def test_in_force_while_either_voice_says_placed(own, parents):
    lines = [
        Entry(number, action, voice)
        for number, (action, voice) in enumerate([(own, Voice.OWN), (parents, Voice.PARENTS)])
        if action
    ]

    state = state_at(lines, moment=NOON)

    assert set(state.holders) == {
        voice for voice, action in [(Voice.OWN, own), (Voice.PARENTS, parents)] if action is Action.PLACED
    }
    assert state.in_force == (Action.PLACED in {own, parents})


@pytest.mark.parametrize(
    ("lift_voice", "ends_parents", "left"),
    [
        (Voice.OWN, False, {Voice.PARENTS}),
        (Voice.OWN, True, set()),
        (Voice.PARENTS, False, {Voice.OWN}),
    ],
)
def test_lift_ends_the_voices_it_reaches(lift_voice, ends_parents, left):
    lines = [
        placed(1, 0),
        placed(2, 1, voice=Voice.PARENTS),
        lifted(3, 2, voice=lift_voice, ends_parents_voice=ends_parents),
    ]

    assert set(state_at(lines, moment=NOON + 3 * HOUR).holders) == left


def test_later_declared_paper_wins_although_recorded_first():
    assert in_force(placed(1, 10, recorded=11), lifted(2, 5, recorded=20)) is True


def test_earlier_signed_paper_does_not_undo_a_later_choice_on_the_web():
    assert in_force(lifted(1, 10), placed(2, 5, recorded=20)) is False


def test_tie_goes_to_the_later_recorded():
    assert in_force(placed(1, 0, recorded=2), lifted(2, 0, recorded=1)) is True
    assert in_force(placed(1, 0, recorded=1), lifted(2, 0, recorded=2)) is False


@pytest.mark.parametrize(("at", "expected"), [(4, False), (5, False), (6, False), (7, True)])
def test_line_counts_once_recorded_and_effective(at, expected):
    assert in_force(placed(1, 0, recorded=5, effective=7), at=at) is expected


def test_since_is_the_first_of_an_unbroken_run():
    first, again = placed(3, 6), placed(4, 8)
    lines = [placed(1, 0), lifted(2, 3), first, again]

    state = state_at(lines, moment=NOON + 10 * HOUR)

    assert (state.began_with, state.latest) == (first, again)


def test_nobody_has_said_anything():
    state = state_at([], moment=NOON)

    assert (state.in_force, state.began_with, state.latest) == (False, None, None)


lines_of_one_person = st.lists(
    st.builds(
        Entry,
        id=st.just(0),
        action=st.sampled_from(Action),
        voice=st.sampled_from(Voice),
        ends_parents_voice=st.booleans(),
        declared=st.integers(0, 4),
        recorded=st.integers(0, 4),
        effective=st.integers(0, 4),
    ),
    max_size=8,
).map(
    lambda lines: [
        Entry(
            number,
            line.action,
            line.voice,
            line.ends_parents_voice and line.action is Action.LIFTED and line.voice is Voice.OWN,
            line.declared,
            line.recorded,
            line.effective,
        )
        for number, line in enumerate(lines)
    ]
)


def oracle(lines, moment):
    """The rule said without running through time: in each voice, the greatest line decides."""
    holders = set()
    for voice in Voice:
        heard = [
            line
            for line in lines
            if line.recorded_at <= moment
            and line.effective_at <= moment
            and (line.voice == voice or (voice is Voice.PARENTS and line.ends_parents_voice))
        ]
        last = max(heard, key=lambda line: (line.declared_at, line.recorded_at, line.id), default=None)
        if last and last.action is Action.PLACED:
            holders.add(voice)
    return holders


@given(lines_of_one_person, st.integers(0, 5))
def test_state_is_the_latest_declared_in_each_voice(lines, at):
    moment = NOON + at * HOUR

    assert set(state_at(lines, moment=moment).holders) == oracle(lines, moment)


@given(
    lines_of_one_person.flatmap(lambda lines: st.tuples(st.just(lines), st.permutations(lines))),
    st.integers(0, 5),
)
def test_state_does_not_depend_on_the_order_of_reading(both, at):
    lines, shuffled = both

    assert state_at(shuffled, moment=NOON + at * HOUR) == state_at(lines, moment=NOON + at * HOUR)


@given(lines_of_one_person, st.integers(0, 5))
def test_what_is_recorded_later_never_changes_an_earlier_answer(lines, at):
    moment = NOON + at * HOUR
    known_then = [line for line in lines if line.recorded_at <= moment]

    assert state_at(lines, moment=moment) == state_at(known_then, moment=moment)


@given(lines_of_one_person)
def test_a_parental_lift_never_ends_the_own_voice(lines):
    state = state_at(lines, moment=NOON + 9 * HOUR)
    lift = Entry(99, Action.LIFTED, Voice.PARENTS, declared=8)

    assert (Voice.OWN in state_at([*lines, lift], moment=NOON + 9 * HOUR).holders) == (
        Voice.OWN in state.holders
    )


@pytest.mark.parametrize(
    ("basis", "voice"),
    [
        ("self", Voice.OWN),
        ("guardian", Voice.OWN),
        ("attorney", Voice.OWN),
        ("future_power", Voice.OWN),
        ("next_of_kin", Voice.OWN),
        ("parent", Voice.PARENTS),
        ("child_welfare", Voice.PARENTS),
        ("foster_care", Voice.PARENTS),
    ],
)
def test_voice_follows_from_the_basis(basis, voice):
    assert voice_of(basis) == voice


@pytest.mark.parametrize(("age", "limit"), list(product((None, 11, 12, 15, 16, 40), (12, 16))))
@pytest.mark.parametrize("voice", Voice)
@pytest.mark.parametrize("action", Action)
def test_own_lift_ends_the_parents_voice_from_the_age_of_the_setting(action, voice, age, limit):
    law = LawSettings(own_lift_ends_parents_from_age=limit)
    expected = action is Action.LIFTED and voice is Voice.OWN and age is not None and age >= limit

    assert ends_parents_voice(action, voice, age=age, law=law) is expected


@pytest.mark.parametrize(
    ("action", "holders", "voice", "ends_parents", "news"),
    [
        (Action.PLACED, set(), Voice.OWN, False, True),
        (Action.PLACED, {Voice.OWN}, Voice.OWN, False, False),
        (Action.PLACED, {Voice.PARENTS}, Voice.OWN, False, True),
        (Action.PLACED, {Voice.OWN}, Voice.PARENTS, False, True),
        (Action.LIFTED, set(), Voice.OWN, True, False),
        (Action.LIFTED, {Voice.OWN}, Voice.OWN, False, True),
        (Action.LIFTED, {Voice.PARENTS}, Voice.OWN, False, False),
        (Action.LIFTED, {Voice.PARENTS}, Voice.OWN, True, True),
        (Action.LIFTED, {Voice.OWN}, Voice.PARENTS, False, False),
    ],
)
def test_news_is_what_changes_the_own_voice(action, holders, voice, ends_parents, news):
    lines = [Entry(number, Action.PLACED, holder) for number, holder in enumerate(holders)]

    assert is_news(action, state=state_at(lines, moment=NOON), voice=voice, ends_parents=ends_parents) is news


SUMMER, WINTER = date(2026, 6, 10), date(2026, 1, 10)
LATER = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "action", "moment"),
    [
        (SUMMER, Action.PLACED, datetime(2026, 6, 10, 21, 59, 59, 999999, tzinfo=UTC)),
        (SUMMER, Action.LIFTED, datetime(2026, 6, 9, 22, tzinfo=UTC)),
        (WINTER, Action.PLACED, datetime(2026, 1, 10, 22, 59, 59, 999999, tzinfo=UTC)),
        (WINTER, Action.LIFTED, datetime(2026, 1, 9, 23, tzinfo=UTC)),
    ],
)
def test_date_on_paper_is_the_end_of_its_day_for_a_placing_and_its_start_for_a_lift(day, action, moment):
    assert moment_of(day, action=action, ceiling=LATER) == moment


def test_placing_signed_today_counts_no_later_than_it_is_recorded():
    assert moment_of(SUMMER, action=Action.PLACED, ceiling=NOON) == NOON


def test_moment_on_paper_stands_for_itself():
    assert moment_of(NOON - HOUR, action=Action.PLACED, ceiling=NOON) == NOON - HOUR


@pytest.mark.parametrize("when", [date(2026, 6, 11), NOON + HOUR])
@pytest.mark.parametrize("action", Action)
def test_will_from_the_future_is_refused(when, action):
    with pytest.raises(ImpossibleTimes):
        moment_of(when, action=action, ceiling=NOON)


@given(
    st.dates(date(2018, 1, 1), date(2026, 6, 10)),
    st.dates(date(2018, 1, 1), date(2026, 6, 10)),
    st.sampled_from(Action),
)
def test_declared_is_never_after_received_and_received_never_after_recorded(signed, received, action):
    will = Will.by_post(declared=signed, received=received, ground_key=uuid.uuid4())
    if signed > received:
        with pytest.raises(ImpossibleTimes):
            will.times(action, recorded_at=NOON)
    else:
        declared_at, received_at = will.times(action, recorded_at=NOON)
        assert declared_at <= received_at <= NOON


def test_two_papers_of_one_day_leave_the_reservation_in_force():
    ground = uuid.uuid4()
    paper = Will.by_post(declared=SUMMER, received=SUMMER, ground_key=ground)
    placing, lift = (paper.times(action, recorded_at=NOON)[0] for action in (Action.PLACED, Action.LIFTED))

    assert placing > lift


def test_online_will_is_declared_when_recorded():
    assert Will.online(shown="ab").times(Action.PLACED, recorded_at=NOON) == (NOON, NOON)


def test_telephoned_will_is_received_as_it_is_said():
    will = Will.by_phone(declared=NOON - HOUR, ground_key=uuid.uuid4())

    assert will.times(Action.PLACED, recorded_at=NOON) == (NOON - HOUR, NOON - HOUR)


@pytest.mark.parametrize(
    ("channel", "facts"),
    [
        (Channel.ONLINE, {}),
        (Channel.ONLINE, {"shown": "ab", "declared": NOON, "received": NOON}),
        (Channel.ONLINE, {"shown": "ab", "ground_key": uuid.uuid4()}),
        (Channel.POST, {"declared": NOON, "received": NOON}),
        (Channel.POST, {"declared": NOON, "ground_key": uuid.uuid4()}),
        (Channel.PHONE, {"declared": NOON, "received": NOON, "ground_key": uuid.uuid4(), "shown": "ab"}),
        (Channel.CARRIED_OVER, {"declared": NOON, "received": NOON, "ground_key": uuid.uuid4()}),
    ],
)
def test_will_with_facts_of_another_channel_is_refused(channel, facts):
    with pytest.raises(ValueError, match="lacks a fact"):
        Will(channel, **facts)
