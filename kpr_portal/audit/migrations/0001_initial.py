import kpr_portal.ground.clock
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


TABLE = """
CREATE TABLE audit_accesslogentry (
    occurred_at timestamptz NOT NULL,
    id uuid NOT NULL,
    actor uuid,
    subject uuid,
    action varchar(60) NOT NULL,
    outcome varchar(10) NOT NULL,
    basis varchar(20) NOT NULL,
    role varchar(40) NOT NULL,
    organisation varchar(200) NOT NULL,
    reason varchar(500) NOT NULL,
    request_reference varchar(40) NOT NULL,
    details jsonb NOT NULL,
    PRIMARY KEY (occurred_at, id)
) PARTITION BY RANGE (occurred_at);
CREATE TABLE audit_accesslogentry_rest PARTITION OF audit_accesslogentry DEFAULT;
CREATE INDEX access_log_by_subject ON audit_accesslogentry (subject, occurred_at DESC);
CREATE INDEX access_log_by_actor ON audit_accesslogentry (actor, occurred_at DESC);
CREATE INDEX access_log_by_others ON audit_accesslogentry (subject, occurred_at DESC) WHERE actor <> subject;
"""

# Months are Norwegian calendar months in UTC: a row's month is that of its UTC time.
MONTHS = """
CREATE FUNCTION audit_make_months(first date, ahead int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month date;
    name text;
    made int := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('audit months', 0));
    FOR month IN
        SELECT generate_series(date_trunc('month', first::timestamp),
                               date_trunc('month', first::timestamp) + make_interval(months => ahead),
                               interval '1 month')::date
    LOOP
        name := 'audit_accesslogentry_' || to_char(month, 'YYYY_MM');
        IF to_regclass('public.' || name) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE public.%I PARTITION OF public.audit_accesslogentry FOR VALUES FROM (%L) TO (%L)',
                name, month::timestamp AT TIME ZONE 'UTC',
                (month + interval '1 month')::timestamp AT TIME ZONE 'UTC');
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;

CREATE FUNCTION audit_drop_months(before date) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text;
BEGIN
    IF before > current_date - interval '1 year' THEN
        RAISE EXCEPTION 'The access log is kept for at least a year.';
    END IF;
    FOR name IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'public.audit_accesslogentry'::regclass
          AND c.relname ~ '^audit_accesslogentry_[0-9]{4}_[0-9]{2}$'
          AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= before
    LOOP
        EXECUTE format('DROP TABLE public.%I', name);
        RETURN NEXT name;
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION audit_make_months(date, int), audit_drop_months(date) FROM PUBLIC;
SELECT audit_make_months(current_date, 3);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        # Django makes no partitioned tables: the table is made by hand, the model told of it.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(TABLE, "DROP TABLE audit_accesslogentry")
            ],
            state_operations=[
                migrations.CreateModel(
                    name="AccessLogEntry",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "occurred_at",
                                "id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "occurred_at",
                            models.DateTimeField(default=kpr_portal.ground.clock.now),
                        ),
                        ("id", models.UUIDField(default=uuid.uuid4)),
                        ("actor", models.UUIDField(null=True)),
                        ("subject", models.UUIDField(null=True)),
                        ("action", models.CharField(max_length=60)),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("seen", "Vist"), ("refused", "Avvist")],
                                default="seen",
                                max_length=10,
                            ),
                        ),
                        ("basis", models.CharField(blank=True, max_length=20)),
                        ("role", models.CharField(blank=True, max_length=40)),
                        ("organisation", models.CharField(blank=True, max_length=200)),
                        ("reason", models.CharField(blank=True, max_length=500)),
                        (
                            "request_reference",
                            models.CharField(blank=True, max_length=40),
                        ),
                        ("details", models.JSONField(default=dict)),
                    ],
                    options={
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                fields=["subject", "-occurred_at"],
                                name="access_log_by_subject",
                            ),
                            models.Index(
                                fields=["actor", "-occurred_at"],
                                name="access_log_by_actor",
                            ),
                            models.Index(
                                condition=models.Q(("actor__another", models.F("subject"))),
                                fields=["subject", "-occurred_at"],
                                name="access_log_by_others",
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.RunSQL(MONTHS, "DROP FUNCTION audit_make_months, audit_drop_months"),
        pgtrigger.migrations.AddTrigger(
            model_name="accesslogentry",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF TG_OP = 'DELETE' AND current_user = 'kpr_keeper' THEN\n            RETURN OLD;\n        END IF;\n        RAISE EXCEPTION '% only grows: its rows are neither changed nor removed', TG_TABLE_NAME\n            USING ERRCODE = 'insufficient_privilege';\n    ",
                    hash="3198f4647203e937a41fb1e590531aabb94197a1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3e1fc",
                    table="audit_accesslogentry",
                    when="BEFORE",
                ),
            ),
        ),
    ]
