"""What whoever has taken over the web server's login could do to the database: as little as can be."""

import os

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from kpr_portal.embedded.logins import login_for
from kpr_portal.ground.grants import keeper_privileges, web_privileges
from tests.conftest import database_role

INSUFFICIENT_PRIVILEGE = "42501"
# Tables that are no model's, and what both roles may do with them.
APART = {"django_migrations": {"SELECT"}, "audit_accesslogentry_rest": {"SELECT"}}
LOGINS = ("web", "keeper")

pytestmark = pytest.mark.django_db


def rows(sql, *parameters, **named):
    with connection.cursor() as cursor:
        cursor.execute(sql, named or parameters)
        return cursor.fetchall()


def role_name(role):
    return settings.DATABASE_NAMES[role]


@pytest.mark.parametrize("role", LOGINS)
def test_role_has_what_the_models_say_and_nothing_beside(role):
    of = {"web": web_privileges, "keeper": keeper_privileges}[role]
    meant = {model._meta.db_table: set(of(model)) for model in apps.get_models(include_auto_created=True)}

    held = {}
    for table, privilege, columns in rows(
        """
        WITH here AS (
            SELECT c.oid, c.relname, c.relacl FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname IN ('public', 'vault')
        )
        SELECT relname, acl.privilege_type, NULL FROM here, aclexplode(relacl) acl
        WHERE acl.grantee IN (0, %(role)s::regrole)
        UNION ALL
        SELECT relname, acl.privilege_type, string_agg(attname, ', ' ORDER BY attnum)
        FROM here JOIN pg_attribute ON attrelid = here.oid, aclexplode(attacl) acl
        WHERE acl.grantee IN (0, %(role)s::regrole) GROUP BY 1, 2
        """,
        role=role_name(role),
    ):
        held.setdefault(table, set()).add(f"{privilege} ({columns})" if columns else privilege)

    assert held == {**meant, **APART}


def test_tables_that_are_not_the_pages_to_write_are_granted_as_such():
    names = (
        "people.StaffRole",
        "people.StaffRoleEnd",
        "people.StaffRoleReview",
        "people.RegisterEntry",
        "login.Account",
        "ui.OperationsNotice",
    )

    granted = {
        name: (set(web_privileges(model)), set(keeper_privileges(model)))
        for name, model in ((name, apps.get_model(name)) for name in names)
    }

    assert granted == {
        "people.StaffRole": ({"SELECT"}, {"SELECT"}),
        "people.StaffRoleEnd": ({"SELECT"}, {"SELECT"}),
        "people.StaffRoleReview": ({"SELECT"}, {"SELECT"}),
        "people.RegisterEntry": ({"SELECT"}, {"SELECT", "UPDATE"}),
        "login.Account": ({"SELECT", "INSERT"}, {"SELECT", "INSERT"}),
        "ui.OperationsNotice": ({"SELECT"}, {"SELECT"}),
    }


def test_commands_that_write_what_no_page_may_log_in_as_the_owner():
    commands = ("staff_roles", "notice", "load_population")

    assert {command: login_for(command) for command in commands} == dict.fromkeys(commands, "owner")


@pytest.mark.parametrize("role", LOGINS)
def test_role_owns_nothing_and_makes_nothing_that_stays(role):
    (owned,) = rows("SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", role_name(role))
    creating = rows(
        "SELECT nspname FROM pg_namespace WHERE has_schema_privilege(%s, oid, 'CREATE')"
        " AND nspname NOT LIKE 'pg_temp%%'",
        role_name(role),
    )
    (database,) = rows("SELECT has_database_privilege(%s, current_database(), 'CREATE')", role_name(role))
    others = rows(
        "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole", role_name(role)
    )

    assert (owned, creating, database, others) == ((0,), [], (False,), [])


def test_functions_with_the_owners_rights_look_nowhere_else_and_are_nobodys_by_default():
    found = {
        name: (path, grantees)
        for name, path, grantees in rows(
            "SELECT p.proname, p.proconfig, array(SELECT grantee::regrole::text"
            " FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner)))"
            " WHERE grantee <> p.proowner ORDER BY 1)"
            " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE p.prosecdef AND n.nspname IN ('public', 'vault')"
        )
    }

    assert found == {
        "audit_make_months": (["search_path=public, pg_temp"], ["kpr_keeper"]),
        "audit_drop_months": (["search_path=public, pg_temp"], ["kpr_keeper"]),
    }


@pytest.mark.parametrize("role", LOGINS)
def test_no_trigger_can_be_told_to_look_away(role):
    names = [name for (name,) in rows("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")]
    assert len(names) > 10

    with database_role(role), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(names) + "}"])
        cursor.execute(
            "SELECT name FROM unnest(%s::name[]) name WHERE public._pgtrigger_should_ignore(name)", [names]
        )
        ignored = cursor.fetchall()

    assert ignored == []


@pytest.mark.parametrize("statement", ["DELETE FROM insight_record", "UPDATE insight_record SET number = 2"])
def test_record_as_received_stays_although_its_trigger_is_told_to_look_away(statement):
    names = rows("SELECT tgname FROM pg_trigger WHERE tgrelid = 'insight_record'::regclass")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO insight_record (identity, source, section, status, reported_at, sequence, sensitive,"
            " variables, number, current) VALUES (gen_random_uuid(), 'kuhr', 'lege', 'N', now(), '1', false,"
            " '{}', 1, false)"
        )

    with (
        database_role("web"),
        pytest.raises(ProgrammingError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(n for (n,) in names) + "}"]
        )
        cursor.execute(statement)

    assert refused.value.__cause__.sqlstate == INSUFFICIENT_PRIVILEGE


@pytest.mark.django_db(transaction=True)
def test_web_login_reaches_no_files_no_other_role_and_no_month_of_the_log():
    database = connection.settings_dict["NAME"]
    ((month,),) = rows(
        "SELECT min(relname) FROM pg_class WHERE relname ~ '^audit_accesslogentry_[0-9]{4}_..$'"
    )
    statements = [
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY people_person TO '/tmp/x'",
        "SELECT pg_read_file('/etc/passwd')",
        "SET ROLE kpr_owner",
        "SET ROLE kpr_keeper",
        "SET session_replication_role = replica",
        "ALTER TABLE insight_record DISABLE TRIGGER ALL",
        "CREATE TABLE public.vault_number (id int)",
        "CREATE FUNCTION public.count(text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE EXTENSION dblink",
        f"SELECT * FROM {month}",
        f"DELETE FROM {month}",
        f"INSERT INTO {month} SELECT * FROM audit_accesslogentry",
        "SELECT setval(pg_get_serial_sequence('people_person', 'id'), 1)",
        "SELECT audit_drop_months('2001-01-01')",
        "SELECT audit_make_months(current_date, 1)",
        "DROP FUNCTION public.audit_clock_shift CASCADE",
    ]
    seen = {}
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=database) as web:
        for statement in statements:
            try:
                with web.transaction():
                    web.execute(statement)
            except psycopg.Error as error:
                seen[statement] = error.sqlstate

    assert seen == dict.fromkeys(statements, INSUFFICIENT_PRIVILEGE)
