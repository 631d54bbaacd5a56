import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# The function is replaced after each migration where a demo's clock is moved (audit/shifting.py).
SHIFT = """
CREATE FUNCTION audit_clock_shift() RETURNS interval LANGUAGE sql STABLE AS $$ SELECT interval '0' $$;
"""

# As before, with bounds: no call makes tables without end, or far from where the clock stands.
MONTHS = """
CREATE OR REPLACE FUNCTION audit_make_months(first date, ahead int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month date;
    name text;
    made int := 0;
BEGIN
    IF first IS NULL OR ahead IS NULL OR ahead NOT BETWEEN 0 AND 12
       OR first NOT BETWEEN date '2000-01-01' AND (now() + interval '20 years')::date THEN
        RAISE EXCEPTION 'Months are made from 2000 on, to 20 years ahead, and at most 12 after the first.';
    END IF;
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
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(SHIFT, "DROP FUNCTION audit_clock_shift"),
        migrations.RunSQL(MONTHS, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="accesslogentry",
            trigger=pgtrigger.compiler.Trigger(
                name="dated_by_the_database",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF current_user = 'kpr_web' AND NEW.occurred_at NOT BETWEEN\n            pg_catalog.clock_timestamp() + public.audit_clock_shift() - interval '1 minute'\n            AND pg_catalog.clock_timestamp() + public.audit_clock_shift() + interval '1 minute'\n        THEN\n            RAISE EXCEPTION 'An entry of the access log is dated by the database itself'\n                USING ERRCODE = 'insufficient_privilege';\n        END IF;\n        RETURN NEW;\n    ",
                    hash="1b16a01faff1757d0ebd171af628903e197ccd02",
                    operation="INSERT",
                    pgid="pgtrigger_dated_by_the_database_647fc",
                    table="audit_accesslogentry",
                    when="BEFORE",
                ),
            ),
        ),
    ]
