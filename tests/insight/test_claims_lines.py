"""The lines of a claims file, many at a time: as each would be read alone."""

import pytest

from insight.models import Record, RefusedLine
from insight.reading import tabular
from insight.reading.opening import look_at
from insight.sources import message_type_of
from tests.insight.files import claim, claims_file, guid
from tests.support.numbers import synthetic_number

BAD = (
    {"melding_id": "x"},
    {"melding_status": "X"},
    {"melding_status": "M"},
    {"melding_status": "M", "melding_ref": "x"},
    {"dato": ""},
    {"dato": "2026-02-30"},
    {"melding_tid": "x"},
    {"melding_lopenr": ""},
    {"takster": "x" * 21},
    {"diagnoser": "x" * 21},
    {"regning_id": "x" * 201},
)


def read(path):
    opening = look_at(path)
    _source, message = message_type_of(opening)
    return list(message.read(opening, message.prepare(opening)))


@pytest.fixture
def claims():
    person = synthetic_number()
    good = [
        claim(1, person),
        claim(2, person, melding_id="{" + guid(0xABC).upper() + "}", melding_status="T", melding_ref=guid(1)),
        claim(3, person, melding_status="C", melding_ref=guid(1), dato="", takster="ZZ9"),
        claim(4, person, regning_id="", behandler_orgnr="", behandler_navn="", diagnoser="", alder=""),
        claim(5, person, regning_id=person.digits, diagnoser="P76 QQ1", resultat="Q"),
        claim(6, person, regning_id="a;b", behandler_navn="Ås\\legesenter"),
    ]
    bad = [claim(10 + at, person, **columns) for at, columns in enumerate(BAD)]
    return [line for pair in zip(good * 3, [*bad, *good, good[0]], strict=True) for line in pair]


@pytest.mark.parametrize("characters", [7, 300, 2_000])
def test_claims_are_the_same_however_many_are_read_at_a_time(tmp_path, monkeypatch, claims, characters):
    path = tmp_path / "claims"
    path.write_bytes(claims_file(*claims))
    at_once = read(path)

    monkeypatch.setattr(tabular, "CHUNK_CHARACTERS", characters)

    assert read(path) == at_once
    assert [item.number for item in at_once] == list(range(2, 2 + len(claims)))


def test_each_claim_is_as_if_it_stood_alone(tmp_path, claims):
    path, alone = tmp_path / "claims", tmp_path / "alone"
    path.write_bytes(claims_file(*claims))

    for item, one in zip(read(path), claims, strict=True):
        alone.write_bytes(claims_file(one))
        assert [item._replace(number=2)] == read(alone)


@pytest.mark.django_db
def test_line_that_the_database_cannot_hold_costs_itself_alone(as_web, taken_in):
    person = synthetic_number()
    beyond = "2026-03-01T10:00:00+20:00"  # PostgreSQL knows no zone so far away

    report = taken_in(
        claims_file(
            claim(1, person), claim(2, person, melding_tid=beyond), claim(3, person), claim(4, person)
        )
    )

    assert (report.counts["new"], list(RefusedLine.objects.values_list("number", "reason"))) == (
        3,
        [(3, "unreadable")],
    )
    assert {str(key) for key in Record.objects.values_list("identity", flat=True)} == {
        guid(1),
        guid(3),
        guid(4),
    }
