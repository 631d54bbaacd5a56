import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from kpr_portal.ground import clock
from kpr_portal.notices.models import OwedAttempt, OwedWork
from kpr_portal.notices.operations import claim, nudge, owe
from kpr_portal.notices.queries import GRACE, LONGEST_WAIT, due_again, overdue, pause_after
from kpr_portal.notices.retention import forget_done
from tests.conftest import database_role

TASK = "notices.sweep"  # any registered name


@pytest.mark.django_db
def test_owed_work_is_undone_with_its_cause():
    with pytest.raises(IntegrityError), transaction.atomic():
        owe(TASK, cause=uuid.uuid4())
        raise IntegrityError

    assert OwedWork.objects.count() == 0


@pytest.mark.django_db
def test_claim_does_the_work_once():
    owed = owe(TASK, cause=uuid.uuid4(), payload={"language": "nn"})

    with claim(owed.pk) as first:
        assert first.payload == {"language": "nn"}
    with claim(owed.pk) as second:
        pass

    assert second is None
    assert [(a.done, a.error) for a in OwedAttempt.objects.all()] == [(True, "")]


@pytest.mark.django_db
def test_failure_undoes_the_work_and_is_recorded():
    owed = owe(TASK, cause=uuid.uuid4())

    with pytest.raises(ZeroDivisionError), claim(owed.pk):
        OwedWork.objects.create(task="written inside", cause=uuid.uuid4())
        raise ZeroDivisionError

    assert OwedWork.objects.count() == 1
    assert [(a.done, a.error) for a in OwedAttempt.objects.all()] == [(False, "ZeroDivisionError")]


@pytest.mark.django_db
def test_claim_of_unknown_work_is_nothing():
    with claim(123456789) as owed:
        pass

    assert owed is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_hold_the_same_work():
    owed = owe(TASK, cause=uuid.uuid4())
    held, go_on, second = threading.Event(), threading.Event(), []

    def first_worker():
        try:
            with claim(owed.pk):
                held.set()
                go_on.wait(10)
        finally:
            connection.close()

    worker = threading.Thread(target=first_worker)
    worker.start()
    held.wait(10)
    with claim(owed.pk) as mine:
        second.append(mine)
    go_on.set()
    worker.join()

    assert second == [None]
    assert OwedAttempt.objects.filter(owed=owed, done=True).count() == 1


@pytest.mark.django_db
def test_overdue_counts_what_is_past_its_grace():
    done, waiting, fresh = (owe(TASK, cause=uuid.uuid4()) for _ in range(3))
    with claim(done.pk):
        pass

    with clock.shift(GRACE + timedelta(seconds=5)):
        after = overdue()

    assert overdue().count == 0
    assert (after.count, after.oldest) == (2, min(waiting.owed_at, fresh.owed_at))


@pytest.mark.django_db
def test_sweep_waits_longer_after_each_failure():
    owed = owe(TASK, cause=uuid.uuid4())
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), claim(owed.pk):
            raise ZeroDivisionError

    with clock.shift(pause_after(3) - timedelta(seconds=10)):
        before = due_again(limit=5)
    with clock.shift(pause_after(3) + timedelta(seconds=10)):
        after = due_again(limit=5)

    assert (before, after) == ([], [owed])
    assert pause_after(50) == LONGEST_WAIT


def test_nudge_of_an_unreachable_queue_is_logged_and_no_error(queue_gone):
    assert nudge(1, TASK) is False


def test_nudge_of_a_queue_that_is_there_says_so():
    assert nudge(123456789, TASK) is True


@pytest.mark.django_db
def test_keeper_forgets_what_was_done_long_ago_and_nothing_else(settings):
    settings.OWED_WORK_KEPT_DAYS = 30
    with clock.shift(timedelta(days=-60)):
        old, never_done = owe(TASK, cause=uuid.uuid4()), owe(TASK, cause=uuid.uuid4())
        with claim(old.pk):
            pass
    recent = owe(TASK, cause=uuid.uuid4())
    with claim(recent.pk):
        pass

    with database_role("keeper"):
        gone = forget_done()

    assert gone == 1
    assert set(OwedWork.objects.values_list("pk", flat=True)) == {never_done.pk, recent.pk}


@pytest.mark.django_db
def test_owner_itself_cannot_change_owed_work():
    owed = owe(TASK, cause=uuid.uuid4())

    with pytest.raises(ProgrammingError, match="only grows"), transaction.atomic():
        OwedWork.objects.filter(pk=owed.pk).update(task="another")
