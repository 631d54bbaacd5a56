"""Every table that only grows refuses to be changed, whoever asks."""

import os

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from kpr_portal.ground.models import AppendOnlyModel
from tests.conftest import database_role

INSUFFICIENT_PRIVILEGE = "42501"
TABLES = sorted(
    (model._meta.db_table, next(f.column for f in model._meta.local_concrete_fields if f.column))
    for model in apps.get_models()
    if issubclass(model, AppendOnlyModel)
)
STATEMENTS = ["UPDATE {t} SET {c} = {c}", "DELETE FROM {t}", "TRUNCATE {t} CASCADE"]


def test_there_are_tables_to_guard():
    assert ("audit_accesslogentry", "occurred_at") in TABLES
    assert len(TABLES) >= 5


def test_nothing_but_reading_and_adding_is_ever_granted_on_them():
    granted = {
        privilege
        for model in apps.get_models()
        if issubclass(model, AppendOnlyModel)
        for privilege in model.web_privileges
    }

    assert granted == {"SELECT", "INSERT"}


@pytest.mark.django_db
@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize(("table", "column"), TABLES)
def test_web_role_never_changes_the_past(table, column, statement):
    with (
        database_role("web"),
        pytest.raises(ProgrammingError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(t=table, c=column))

    assert refused.value.__cause__.sqlstate == INSUFFICIENT_PRIVILEGE


@pytest.mark.django_db
@pytest.mark.parametrize("table", [table for table, _ in TABLES])
def test_every_append_only_table_has_its_trigger(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'"
            " AND tgname LIKE 'pgtrigger_append_only%%'",
            [table],
        )
        (count,) = cursor.fetchone()

    assert count == 1


@pytest.mark.django_db(transaction=True)
def test_real_login_of_the_web_role_never_changes_the_past():
    """Not SET ROLE but the login that pages use, on a connection of its own."""
    database = connection.settings_dict["NAME"]
    options = "-c search_path=public,vault"
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=database, options=options) as web:
        seen = {}
        for table, column in TABLES:
            for statement in STATEMENTS:
                try:
                    with web.transaction():
                        web.execute(statement.format(t=table, c=column))
                except psycopg.Error as error:
                    seen[table, statement] = error.sqlstate
        (me,) = web.execute("SELECT session_user").fetchone()

    assert me == settings.DATABASE_NAMES["web"]
    assert seen == {(t, s): INSUFFICIENT_PRIVILEGE for t, _ in TABLES for s in STATEMENTS}
