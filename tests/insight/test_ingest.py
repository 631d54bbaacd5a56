"""Files into the register: each correction, each refusal, twice, and cut short."""

import pytest

from insight.models import IngestOutcome, Record, RefusedLine
from insight.operations import rebuild_records
from tests.insight.files import claim, claims_file, event_message, guid, notification
from tests.people.numbers import synthetic_numbers

pytestmark = pytest.mark.django_db


def current():
    """What counts now: key, section, and the variables that the tests change."""
    return sorted(
        (str(record.key), record.status, record.variables.get("service_type"), str(record.event_date))
        for record in Record.objects.filter(current=True)
    )


@pytest.fixture
def person():
    return synthetic_numbers(2)[0]


class TestEventMessages:
    def test_new_event_counts(self, as_web, taken_in, person):
        report = taken_in(event_message(notification(1, person)))

        assert report.counts == {"read": 1, "new": 1, "waiting": 0}
        assert current() == [(guid(1), "N", "15", "2026-02-20")]

    def test_replacement_counts_instead_of_the_original(self, as_web, taken_in, person):
        report = taken_in(
            event_message(notification(1, person), notification(2, person, status="M", ref=1, service="4"))
        )

        assert report.counts == {"read": 2, "new": 1, "replaced": 1, "from_waiting": 0, "waiting": 0}
        assert current() == [(guid(1), "M", "4", "2026-02-20")]

    def test_cancellation_leaves_nothing(self, as_web, taken_in, person):
        taken_in(event_message(notification(1, person)))

        report = taken_in(event_message(notification(2, person, status="C", ref=1, event=None)))

        assert report.counts == {"read": 1, "new": 0, "cancelled": 1, "from_waiting": 0, "waiting": 0}
        assert current() == []

    def test_correction_before_its_original_waits_and_counts_when_it_comes(self, as_web, taken_in, person):
        early = taken_in(event_message(notification(2, person, status="M", ref=1, service="4")))
        assert (early.counts["waiting"], current()) == (1, [])

        report = taken_in(event_message(notification(1, person)))

        assert report.counts == {"read": 1, "new": 1, "replaced": 1, "from_waiting": 1, "waiting": 0}
        assert current() == [(guid(1), "M", "4", "2026-02-20")]


class TestClaims:
    def test_new_claim_counts(self, as_web, taken_in, person):
        report = taken_in(claims_file(claim(1, person)))

        assert report.counts == {"read": 1, "new": 1, "waiting": 0}
        (record,) = Record.objects.all()
        assert (record.section, record.sensitive, record.provider.name) == (
            "fastlege-og-legevakt",
            False,
            "Solsiden legesenter",
        )
        assert record.variables == {
            "practice_type": "FALE",
            "specialty": "ALM",
            "clock": "10:15",
            "diagnoses": ["ICPC-2:K86"],
            "tariffs": ["2ad", "2cd"],
            "copayment": "179.00",
            "refund": "250.00",
            "result": "G",
            "practice_municipality": "4601",
            "home_municipality": "4601",
            "sex": "2",
            "age": 55,
            "claim": "R1",
        }

    def test_addition_adds_and_never_empties(self, as_web, taken_in, person):
        report = taken_in(
            claims_file(
                claim(1, person),
                claim(
                    2,
                    person,
                    melding_status="T",
                    melding_ref=guid(1),
                    diagnoser="T90",
                    takster="",
                    egenandel="",
                ),
            )
        )

        assert report.counts["added_to"] == 1
        (record,) = Record.objects.filter(current=True)
        assert record.variables["diagnoses"] == ["ICPC-2:K86", "ICPC-2:T90"]
        assert (record.variables["tariffs"], record.variables["copayment"]) == (["2ad", "2cd"], "179.00")
        assert str(record.key) == guid(1)

    def test_file_read_twice_is_known(self, as_web, taken_in, person):
        content = claims_file(claim(1, person), claim(2, person, melding_status="M", melding_ref=guid(1)))
        taken_in(content)
        before = list(Record.objects.values_list("identity", "current", "original").order_by("identity"))

        report = taken_in(content)

        assert report.counts == {"read": 2, "new": 0, "known": 2, "waiting": 0}
        assert (
            list(Record.objects.values_list("identity", "current", "original").order_by("identity")) == before
        )

    def test_bad_line_never_stops_the_rest(self, as_web, taken_in, person):
        report = taken_in(
            claims_file(
                claim(1, person, melding_id="x"),
                claim(2, "12345678901"),
                claim(3, ""),
                claim(4, person, dato="2026-02-30"),
                claim(5, person, melding_status="X"),
                claim(6, person, melding_status="M"),
                claim(7, person, personid_type="4"),
                claim(8, person),
                claim(8, person, takster="11ad"),
            )
        )

        assert report.counts == {"read": 9, "new": 1, "refused": 8, "waiting": 0}
        assert sorted(RefusedLine.objects.values_list("number", "reason")) == [
            (2, "guid"),
            (3, "id_date"),
            (4, "id_missing"),
            (5, "date"),
            (6, "status"),
            (7, "reference"),
            (8, "id_type"),
            (10, "another"),
        ]
        assert IngestOutcome.objects.get().counts["refused"] == 8


def test_rebuild_agrees_and_repairs(as_web, taken_in, person):
    taken_in(
        claims_file(
            claim(1, person),
            claim(2, person, melding_status="T", melding_ref=guid(1), diagnoser="T90"),
            claim(3, person),
            claim(4, person, melding_status="C", melding_ref=guid(3)),
            claim(5, person),
        )
    )
    columns = ("identity", "current", "original", "variables", "section", "sensitive")
    before = list(Record.objects.values_list(*columns).order_by("identity"))
    Record.objects.update(current=False)

    assert rebuild_records() == {"kuhr": 2, "iplos-aarlig": 0, "iplos-hendelser": 0}
    assert list(Record.objects.values_list(*columns).order_by("identity")) == before
