import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.db.models import F

from kpr_portal.audit.models import AccessLogEntry, Outcome
from kpr_portal.audit.operations import log_access, log_refusal
from kpr_portal.audit.partitions import drop_old_months, make_months_ahead, rows_outside_months
from kpr_portal.audit.queries import accesses_to
from kpr_portal.audit.shifting import tell_the_database
from kpr_portal.ground import clock
from tests.conftest import database_role


@pytest.fixture
def subject():
    return uuid.uuid4()


@pytest.mark.django_db
def test_access_is_undone_with_the_page_it_belongs_to(subject):
    with pytest.raises(IntegrityError), transaction.atomic():
        log_access(actor=subject, subject=subject, action="insight.overview", basis="self")
        raise IntegrityError

    assert list(accesses_to([subject])) == []


@pytest.mark.django_db(transaction=True)
def test_refusal_stays_although_the_request_is_undone(subject):
    with pytest.raises(IntegrityError), transaction.atomic():
        log_refusal(actor=uuid.uuid4(), subject=subject, action="casework.case", role="caseworker")
        raise IntegrityError

    entry = AccessLogEntry.objects.get(subject=subject)
    assert (entry.outcome, entry.role, entry.details) == (Outcome.REFUSED, "caseworker", {})
    assert list(accesses_to([subject])) == []


@pytest.mark.django_db(transaction=True)
def test_refusal_outside_a_transaction_is_written_too(subject):
    log_refusal(actor=None, subject=subject, action="x", details={"why": "æøå"})

    assert AccessLogEntry.objects.get(subject=subject).details == {"why": "æøå"}


@pytest.mark.django_db
def test_accesses_are_those_of_the_persons_asked_for_newest_first(subject):
    other = uuid.uuid4()
    for moment in (1, 3, 2):
        with clock.moved_to(datetime(2026, moment, 1, tzinfo=UTC)):
            log_access(actor=None, subject=subject, action=f"a{moment}")
    log_access(actor=None, subject=other, action="theirs")

    seen = [entry.action for entry in accesses_to([subject])]
    recent = [entry.action for entry in accesses_to([subject], since=datetime(2026, 2, 1, tzinfo=UTC))]

    assert (seen, recent) == (["a3", "a2", "a1"], ["a3", "a2"])


def months():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
            " WHERE inhparent = 'audit_accesslogentry'::regclass"
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_keeper_makes_months_ahead_without_owning_a_table(as_keeper):
    with clock.moved_to(datetime(2031, 11, 15, tzinfo=UTC)):
        make_months_ahead()
        make_months_ahead()
        log_access(actor=None, subject=None, action="x")

    made = {f"audit_accesslogentry_{month}" for month in ("2031_11", "2031_12", "2032_01", "2032_02")}
    assert made <= months()
    assert rows_outside_months() == 0


@pytest.mark.parametrize(
    ("first", "ahead"),
    [
        ("2031-01-01", 13),
        ("2031-01-01", 100_000),
        ("2031-01-01", -1),
        ("2031-01-01", None),
        ("1999-12-31", 1),
        ("9000-01-01", 1),
        (None, 1),
    ],
)
def test_months_are_made_within_bounds(as_keeper, first, ahead):
    before = months()

    with (
        pytest.raises(DatabaseError, match="at most 12"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT audit_make_months(%s, %s)", [first, ahead])

    assert months() == before


@pytest.mark.parametrize("by", [-timedelta(minutes=2), timedelta(minutes=2), -timedelta(days=700)])
def test_web_role_dates_no_entry_itself(as_web, subject, by):
    with pytest.raises(ProgrammingError, match="dated by the database") as refused, transaction.atomic():
        AccessLogEntry.objects.create(action="x", subject=subject, occurred_at=clock.now() + by)

    assert refused.value.__cause__.sqlstate == "42501"
    assert AccessLogEntry.objects.filter(subject=subject).count() == 0


@pytest.mark.django_db(transaction=True)
def test_entries_are_dated_by_the_database(as_web, subject):
    before = clock.database_now()
    log_access(actor=None, subject=subject, action="seen")
    with transaction.atomic():
        log_refusal(actor=None, subject=subject, action="refused apart")
    log_refusal(actor=None, subject=subject, action="refused")
    after = clock.database_now()

    entries = list(AccessLogEntry.objects.filter(subject=subject).order_by("occurred_at"))
    assert [entry.action for entry in entries] == ["seen", "refused apart", "refused"]
    assert before <= entries[0].occurred_at <= entries[-1].occurred_at <= after


def test_demo_with_a_moved_clock_dates_by_the_moved_clock(db, settings, subject):
    settings.CLOCK_SHIFT_SECONDS = -400 * 24 * 3600
    tell_the_database(using="default")

    with database_role("web"):
        log_access(actor=None, subject=subject, action="x")
        with pytest.raises(ProgrammingError), transaction.atomic():
            AccessLogEntry.objects.create(action="x", occurred_at=clock.now() - clock.moved_by())

    apart = AccessLogEntry.objects.get(subject=subject).occurred_at - clock.now()
    assert abs(apart) < timedelta(minutes=1)


@pytest.mark.django_db
def test_month_that_was_not_made_is_caught_and_counted():
    with clock.moved_to(datetime(2040, 1, 1, tzinfo=UTC)):
        log_access(actor=None, subject=None, action="x")

    assert rows_outside_months() == 1


@pytest.mark.django_db
def test_keeper_drops_months_past_their_keeping_time_and_no_others(settings):
    settings.ACCESS_LOG_KEPT_YEARS = 10
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_make_months('2010-01-15', 1)")
        cursor.execute("SET ROLE kpr_keeper")
    dropped = drop_old_months()

    assert dropped == ["audit_accesslogentry_2010_01", "audit_accesslogentry_2010_02"]
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert not {"audit_accesslogentry_2010_01"} & months()


@pytest.mark.django_db
def test_what_others_did_is_found_by_its_own_index(subject):
    found = accesses_to([subject]).filter(actor__another=F("subject"))
    log_access(actor=subject, subject=subject, action="own")
    log_access(actor=None, subject=subject, action="by itself")
    log_access(actor=uuid.uuid4(), subject=subject, action="another")

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%WHERE (actor <> subject)%'")
        indexes = {name for (name,) in cursor.fetchall()}
    assert any(name in found.explain() for name in indexes)
    assert [entry.action for entry in found] == ["another"]
