import json
import logging
import sys

import pytest

from kpr_portal.ground.logs import MASK, MaskingFormatter, logging_config, mask

NUMBER = "41819012359"


@pytest.mark.parametrize(
    "value",
    [
        NUMBER,
        f"person {NUMBER} was here",
        f"{NUMBER[:6]} {NUMBER[6:]}",
        int(NUMBER),
        [NUMBER],
        {"nested": {"deeper": (NUMBER,)}},
        {NUMBER: 1},
    ],
)
def test_mask_hides_eleven_digits_wherever_they_stand(value):
    shown = json.dumps(mask(value))

    assert NUMBER not in shown.replace(" ", "")
    assert MASK in shown


@pytest.mark.parametrize("value", ["2026-11-21T22:43:41.123456789", "123456789012", 42, None, True, "Ola"])
def test_mask_leaves_everything_else(value):
    assert mask(value) == value


@pytest.mark.parametrize("as_json", [True, False])
def test_finished_line_is_masked_with_its_traceback(as_json):
    how = logging_config(json=as_json, level="INFO")["formatters"]["line"]
    formatter = MaskingFormatter(processors=how["processors"], foreign_pre_chain=how["foreign_pre_chain"])
    try:
        raise ValueError(NUMBER)
    except ValueError:
        error = sys.exc_info()

    line = formatter.format(logging.LogRecord("x", logging.ERROR, "f", 1, "seen %s", (NUMBER,), error))

    assert NUMBER not in line
    assert line.count(MASK) == 2
