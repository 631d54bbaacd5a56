import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils.translation import gettext_lazy as _

from kpr_portal import internal_settings
from kpr_portal.documents.operations import store_document
from kpr_portal.ground import clock
from kpr_portal.ground.keyring import forget_keyring
from kpr_portal.notices.delivery import Destination, Why, deliver
from kpr_portal.notices.operations import claim, owe, tell

ALL_WELL = {"database": "OK", "migrations": "OK", "queue": "OK", "keyring": "OK", "disk": "OK"}
INTERNAL = ["/health/live", "/health/ready", "/metrics"]


@pytest.fixture
def internal(settings):
    settings.ROOT_URLCONF = "kpr_portal.internal_urls"
    settings.MIDDLEWARE = internal_settings.MIDDLEWARE
    return Client()


def figures(client):
    """Each figure of ours by name and labels."""
    lines = client.get("/metrics").content.decode().splitlines()
    return {
        name: float(value)
        for name, _, value in (line.rpartition(" ") for line in lines)
        if name.startswith("kpr_") and "_total" not in name and "_created" not in name
    }


@pytest.mark.django_db(transaction=True)
def test_ready_names_every_part_and_answers_200_when_all_answer(internal):
    response = internal.get("/health/ready")

    assert (response.status_code, response.json()) == (200, ALL_WELL)


@pytest.mark.django_db(transaction=True)
def test_queue_that_is_away_is_told_and_the_portal_is_still_ready(internal, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    response = internal.get("/health/ready")

    told = "Warning: the queue does not answer; choices are taken, receipts come later"
    assert (response.status_code, response.json()) == (200, {**ALL_WELL, "queue": told})


@pytest.mark.django_db(transaction=True)
def test_key_ring_that_is_away_makes_it_unready_without_telling_where_it_was(internal, settings, tmp_path):
    settings.KEYRING_FILE = str(tmp_path / "gone.json")

    response = internal.get("/health/ready")
    forget_keyring()

    told = "Unavailable: the key ring cannot be used"
    assert (response.status_code, response.json()) == (503, {**ALL_WELL, "keyring": told})


@pytest.mark.django_db(transaction=True)
def test_migration_that_is_not_applied_makes_it_unready(internal):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'audit' RETURNING name, applied")
        taken = cursor.fetchall()
    try:
        response = internal.get("/health/ready")
    finally:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('audit', %s, %s)", taken
            )

    assert response.status_code == 503
    assert response.json()["migrations"].endswith("migrations are not applied")


def test_live_asks_nothing_of_anybody(internal, django_assert_num_queries):
    assert internal.get("/health/live").json() == {"live": "OK"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*INTERNAL, "/health/", "/metrics/"])
def test_public_address_knows_nothing_of_it(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_work_that_is_overdue_shows_with_its_age_and_goes_when_it_is_done(internal):
    owed = owe("reservations.make_receipt", cause=uuid.uuid4())
    with clock.shift(timedelta(minutes=5)):
        late = figures(internal)
        with claim(owed.pk):
            pass
        done = figures(internal)

    assert late["kpr_owed_work_overdue"] == 1
    assert 300 <= late["kpr_owed_work_oldest_seconds"] < 330
    assert (done["kpr_owed_work_overdue"], done["kpr_owed_work_oldest_seconds"]) == (0, 0)


@pytest.mark.django_db
def test_failed_attempts_of_the_last_hour_are_counted_by_task(internal):
    owed = owe("reservations.make_receipt", cause=uuid.uuid4())
    with pytest.raises(ValueError, match="no"), claim(owed.pk):
        raise ValueError("no")
    now = figures(internal)
    with clock.shift(timedelta(hours=2)):
        later = figures(internal)

    name = 'kpr_owed_work_failures{task="reservations.make_receipt"}'
    assert (now[name], later.get(name)) == (1, None)


@pytest.mark.django_db
def test_row_that_no_month_of_the_access_log_takes_shows(internal):
    from kpr_portal.audit.operations import log_access

    before = figures(internal)["kpr_access_log_rows_outside_months"]
    with clock.shift(timedelta(days=3_650)):
        log_access(actor=uuid.uuid4(), subject=uuid.uuid4(), action="overview")

    assert figures(internal)["kpr_access_log_rows_outside_months"] == before + 1


@pytest.mark.django_db
def test_document_that_retention_has_left_lying_shows_after_an_hour(internal):
    store_document(b"x", media_type="text/plain", title="t", expires_at=clock.now())
    with clock.shift(timedelta(minutes=30)):
        soon = figures(internal)["kpr_documents_past_their_time"]
    with clock.shift(timedelta(minutes=90)):
        late = figures(internal)["kpr_documents_past_their_time"]

    assert (soon, late) == (0, 1)


@pytest.mark.django_db
def test_queue_that_is_away_costs_its_own_figure_and_no_other(internal, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    shown = figures(internal)

    assert shown["kpr_figures_unreadable"] == 1
    assert "kpr_owed_work_overdue" in shown
    assert [name for name in shown if name.startswith("kpr_queue_length")] == []


@pytest.mark.django_db
def test_figures_count_the_letters_that_are_due(internal):
    before = figures(internal)["kpr_letters_due"]
    message = tell(uuid.uuid4(), kind="test", title=_("Personvern"), body=_("Kvittering"))
    deliver(message, to=Destination(why=Why.NO_CONTACT), is_reminder=False)

    assert figures(internal)["kpr_letters_due"] == before + 1
