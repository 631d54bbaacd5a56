from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from kpr_portal.ground import clock


def test_today_turns_at_midnight_in_norway():
    with clock.moved_to(datetime(2026, 7, 1, 21, 59, tzinfo=UTC)):
        before = clock.today()
    with clock.moved_to(datetime(2026, 7, 1, 22, 0, 1, tzinfo=UTC)):
        after = clock.today()

    assert (before, after) == (date(2026, 7, 1), date(2026, 7, 2))


@pytest.mark.django_db
def test_database_time_moves_with_the_clock():
    with clock.shift(timedelta(days=400)):
        apart = abs(clock.database_now() - clock.now())

    assert apart < timedelta(seconds=30)


@pytest.mark.django_db
def test_database_time_goes_on_within_a_transaction():
    with transaction.atomic():
        first = clock.database_now()
        second = clock.database_now()

    assert first < second


def test_shifts_add_up_and_end():
    with clock.shift(timedelta(days=1)), clock.shift(timedelta(days=2)):
        inner = clock.moved_by()

    assert (inner, clock.moved_by()) == (timedelta(days=3), timedelta(0))
