"""The demo's data: messages valid by the authorities' own schemas, the same every time, quick to take in."""

import time
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from lxml import etree

from insight.models import Record
from insight.operations import ingest_files
from insight.reading.convert import faults
from insight.sources import source_of
from kpr_portal.embedded.messages import write_messages
from kpr_portal.embedded.population import people
from kpr_portal.embedded.population_named import BY_SLUG
from kpr_portal.people.operations import person_for
from tests.conftest import database_role

SCHEMAS = Path(__file__).parents[3] / "shared" / "schemas"
TODAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def messages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("messages")
    return write_messages(people(seed=1, size=300, today=TODAY), folder, today=TODAY)


def schema(name):
    return etree.XMLSchema(etree.parse(SCHEMAS / name))


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the authorities' schemas are not beside the project")
@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("iplos-????.xml", "ipl-56.0.0/XPR(ipl).xsd"),
        ("iplos-????-????.xml", "iplos-2019/iplos_2019.xsd"),
        ("iplos-ident-*.xml", "xpr-53.1.3/XPR(ide).xsd"),
    ],
)
def test_messages_are_valid_by_the_official_schema(messages, pattern, name):
    official = schema(name)
    written = [file for file in messages if file.match(pattern)]

    assert written
    for file in written:
        official.assertValid(etree.parse(file))


def test_messages_are_the_same_every_time(messages, tmp_path):
    again = write_messages(people(seed=1, size=300, today=TODAY), tmp_path, today=TODAY)

    assert {file.name: file.read_bytes() for file in again} == {
        file.name: file.read_bytes() for file in messages
    }


@pytest.mark.django_db
def test_messages_are_taken_in_whole_and_every_record_keeps_its_declaration(as_web, messages):
    reports = ingest_files(messages)

    assert [report.lines() for report in reports if report.file_refused or report.counts["refused"]] == []
    assert sum(report.counts["waiting"] for report in reports) == 0
    assert [
        (record.source, found)
        for record in Record.objects.all()
        if (found := faults(source_of(record.source), record.variables))
    ] == []
    held = {
        slug: Record.objects.filter(current=True, person=person_for(BY_SLUG[slug].number)).count()
        for slug in ("much_data", "nothing_held", "unknown", "parent")
    }
    assert held["much_data"] > 300
    assert 0 < held["parent"] < held["much_data"]
    assert (held["nothing_held"], held["unknown"]) == (0, 0)
    assert Record.objects.filter(current=True, sensitive=True, source="iplos-hendelser").exists()


@pytest.mark.django_db
def test_command_takes_in_the_population_once(as_web, settings, capsys):
    settings.POPULATION = 60
    with database_role("owner"):
        call_command("load_population", size=60)
    began = time.monotonic()
    call_command("load_demo_data")
    count = Record.objects.count()
    assert (count > 1000, time.monotonic() - began < 20) == (True, True)

    call_command("load_demo_data")

    assert Record.objects.count() == count
