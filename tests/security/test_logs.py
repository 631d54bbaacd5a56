"""What an error of the database tells, and what of it reaches a log."""

import io
import logging

import pytest
from django.db import DatabaseError, connection, transaction

from kpr_portal.ground.logs import logging_config

pytestmark = pytest.mark.django_db
HEALTH = "P76 depresjon"
REFUSED_ROW = (
    "INSERT INTO insight_record (identity, source, section, status, reported_at, sequence, sensitive, variables,"
    " number, current) VALUES (gen_random_uuid(), 'kuhr', %s, 'M', now(), '1', false, '{}', 1, false)"
)


def refused():
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(REFUSED_ROW, [HEALTH])
    except DatabaseError as error:
        return error
    raise AssertionError


@pytest.mark.parametrize("json", [True, False])
@pytest.mark.parametrize("message", ["failed", "failed: %s", "failed: %r"])
@pytest.mark.parametrize("with_traceback", [True, False])
def test_row_that_the_database_refuses_is_in_no_log(json, message, with_traceback):
    line = logging_config(json=json, level="INFO")["formatters"]["line"]
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(line.pop("()")(**line))
    error = refused()
    assert HEALTH in str(error)
    parts = (error,) if "%" in message else ()
    traceback = (type(error), error, error.__traceback__) if with_traceback else None

    handler.emit(logging.LogRecord("any", logging.ERROR, __file__, 1, message, parts, traceback))

    assert HEALTH not in out.getvalue()
    tells = "%" in message or with_traceback
    assert ("a_correction_says_what_it_corrects" in out.getvalue()) is tells
    assert out.getvalue().count("Traceback") == (2 if with_traceback else 0)


def test_database_server_writes_no_row_and_no_statement_down():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('log_error_verbosity'), current_setting('log_min_error_statement')"
        )

        assert cursor.fetchone() == ("terse", "panic")
