"""What each database role may do with each table, given after every migrate.

The roles themselves are made when the server is set up (roles.sql), never in a migration.
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, models, transaction

OWN_SCHEMAS = ("public", "vault")
OWN_PACKAGES = frozenset({"kpr_portal", "reservations", "insight"})
EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")
READS = ("SELECT",)
# Functions that run with the owner's rights, and the one role that may call each.
OWNERS_FUNCTIONS = {
    "audit_make_months(date, integer)": "keeper",
    "audit_drop_months(date)": "keeper",
}
# Every trigger of pgtrigger asks this function whether to look away, and it answers by a setting that any
# login may give itself. Here it never does: what a trigger refuses, it refuses everybody.
NEVER_IGNORE = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS 'SELECT false'
"""


def web_privileges(model: type[models.Model]) -> tuple[str, ...]:
    """What the web role may do with this model's table: all, unless the model says less.

    The tables of libraries are only read: signing in leaves nothing in them (docs/architecture.md,
    decision 13).
    """
    if model.__module__.partition(".")[0] not in OWN_PACKAGES:
        return READS
    return getattr(model, "web_privileges", EVERYTHING)


def keeper_privileges(model: type[models.Model]) -> tuple[str, ...]:
    """What the keeper may do: what web may, and remove rows where retention asks for it.

    A change of keys asks for more where `keeper_privileges` says so.
    """
    own = getattr(model, "keeper_privileges", web_privileges(model))
    extra = ("DELETE",) if getattr(model, "keeper_may_delete", False) else ()
    return tuple(dict.fromkeys((*own, *extra)))


def grant_after_migrate(*, using: str, **_: Any) -> None:
    """Give the grants anew, one process at a time: GRANT in parallel fails in PostgreSQL."""
    connection = connections[using]
    web, keeper = settings.DATABASE_NAMES["web"], settings.DATABASE_NAMES["keeper"]
    quote = connection.ops.quote_name
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('grants', 0))")
        existing = set(connection.introspection.table_names(cursor))
        for schema in OWN_SCHEMAS:
            cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema])
            if cursor.fetchone():
                cursor.execute(f"GRANT USAGE ON SCHEMA {quote(schema)} TO {web}, {keeper}")
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if table not in existing:
                continue
            for role, privileges in (
                (web, web_privileges(model)),
                (keeper, keeper_privileges(model)),
            ):
                cursor.execute(f"REVOKE ALL ON {quote(table)} FROM {role}")
                cursor.execute(f"GRANT {', '.join(privileges)} ON {quote(table)} TO {role}")
        cursor.execute(f"GRANT SELECT ON django_migrations TO {web}, {keeper}")
        cursor.execute(NEVER_IGNORE)
        for function, role in OWNERS_FUNCTIONS.items():
            cursor.execute("SELECT to_regprocedure(%s)", [function])
            if cursor.fetchone() != (None,):
                cursor.execute(f"REVOKE ALL ON FUNCTION {function} FROM {web}, {keeper}")
                cursor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {settings.DATABASE_NAMES[role]}")
        cursor.execute("SELECT to_regclass('audit_accesslogentry_rest')")
        if cursor.fetchone() != (None,):  # counted by a metric, which asks the partition itself
            cursor.execute(f"GRANT SELECT ON audit_accesslogentry_rest TO {web}, {keeper}")
