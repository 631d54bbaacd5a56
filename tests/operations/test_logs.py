import io
import json
import logging

import pytest
import structlog

from kpr_portal.ground.logs import logging_config

NUMBER = "13895890027"


@pytest.fixture
def lines():
    """What production would log meanwhile, line by line."""
    stream = io.StringIO()
    config = logging_config(json=True, level="INFO")
    handler = logging.StreamHandler(stream)
    formatter = dict(config["formatters"]["line"])
    handler.setFormatter(formatter.pop("()")(**formatter))
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)
    structlog.contextvars.clear_contextvars()


@pytest.mark.django_db
def test_every_line_of_a_request_carries_the_reference_that_the_page_shows(client, lines):
    response = client.get("/finnes-ikke/")

    references = {line.get("request_id") for line in lines()}

    assert references == {response["X-Request-Reference"]}
    assert response["X-Request-Reference"] in response.content.decode()


@pytest.mark.speaks_numbers  # to see that they are not repeated
@pytest.mark.django_db
def test_line_tells_method_path_and_status_and_nothing_of_what_was_searched_for_or_from_where(client, lines):
    client.get(
        "/finnes-ikke/",
        {"q": "depresjon", "nr": NUMBER},
        headers={"User-Agent": "Nettleser 1", "X-Request-ID": "from-outside"},
        REMOTE_ADDR="198.51.100.7",
    )

    (finished,) = [line for line in lines() if line["event"] == "request_finished"]
    everything = json.dumps(lines())

    assert (finished["request"], finished["code"]) == ("GET /finnes-ikke/", 404)
    hidden = ("depresjon", NUMBER, "Nettleser", "198.51.100.7", "from-outside")
    assert [secret for secret in hidden if secret in everything] == []


@pytest.mark.speaks_numbers  # to see that they are not repeated
@pytest.mark.django_db
def test_number_in_an_address_or_an_exception_is_masked(client, lines):
    client.get(f"/innsyn/{NUMBER}/")
    try:
        raise ValueError(f"a mistake with {NUMBER}")
    except ValueError:
        structlog.get_logger("test").exception("failed", number=int(NUMBER))

    everything = json.dumps(lines())

    assert "a mistake with ***********" in everything
    assert NUMBER not in everything


@pytest.mark.django_db
def test_next_request_has_a_reference_of_its_own(client, lines):
    client.get("/finnes-ikke/")
    client.get("/finnes-ikke/")

    assert len({line["request_id"] for line in lines()}) == 2
