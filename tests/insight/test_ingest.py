"""Files into the register: each correction, each refusal, twice, and cut short."""

import duckdb
import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from insight import operations
from insight.ingest import loading, providers, subjects
from insight.models import IngestOutcome, Provider, Record, RefusedLine
from insight.operations import rebuild_records
from kpr_portal.people.national_id import NationalId, control_digits
from kpr_portal.people.queries import find_person
from tests.insight.files import claim, claims_file, event_message, guid, notification
from tests.support.numbers import synthetic_numbers

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

    @pytest.mark.parametrize("most_waiting", [2, 3])
    def test_corrections_wait_however_many_do(self, as_web, taken_in, person, monkeypatch, most_waiting):
        monkeypatch.setattr(loading, "MOST_WAITING", most_waiting)
        waiting = (notification(10 + n, person, status="M", ref=n, day=f"2026-01-0{n}") for n in (1, 2, 3))
        early = taken_in(event_message(*waiting))
        assert (early.counts["waiting"], current()) == (3, [])

        report = taken_in(event_message(*(notification(n, person) for n in (1, 3, 4))))

        assert report.counts == {"read": 3, "new": 3, "replaced": 2, "from_waiting": 2, "waiting": 0}
        assert current() == [
            (guid(1), "M", "15", "2026-01-01"),
            (guid(3), "M", "15", "2026-01-03"),
            (guid(4), "N", "15", "2026-02-20"),
        ]

    def test_correction_before_its_original_waits_and_counts_when_it_comes(self, as_web, taken_in, person):
        early = taken_in(event_message(notification(2, person, status="M", ref=1, service="4")))
        assert (early.counts["waiting"], current()) == (1, [])

        report = taken_in(event_message(notification(1, person)))

        assert report.counts == {"read": 1, "new": 1, "replaced": 1, "from_waiting": 1, "waiting": 0}
        assert current() == [(guid(1), "M", "4", "2026-02-20")]


class TestManyFiles:
    def test_persons_and_providers_are_remembered_between_files_and_forgotten_in_turn(
        self, as_web, tmp_path, monkeypatch
    ):
        monkeypatch.setattr(operations, "BATCH", 2)
        monkeypatch.setattr(subjects, "REMEMBERED", 2)
        monkeypatch.setattr(providers, "REMEMBERED", 2)
        people = synthetic_numbers(3)
        paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
        for at, path in enumerate(paths):
            path.write_bytes(
                claims_file(
                    *(claim(10 * at + n, people[n % 3], behandler_navn=f"Legen {n % 3}") for n in range(6))
                )
            )

        reports = operations.ingest_files(paths)

        assert [report.counts["new"] for report in reports] == [6, 6]
        assert {
            (str(record.identity), record.person, record.provider.name) for record in Record.objects.all()
        } == {
            (guid(10 * at + n), find_person(people[n % 3]), f"Legen {n % 3}")
            for at in (0, 1)
            for n in range(6)
        }


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


def test_reading_cut_short_is_consistent_and_goes_on_from_there(as_web, tmp_path, monkeypatch, person):
    monkeypatch.setattr(operations, "BATCH", 4)
    path = tmp_path / "claims"
    rows = [claim(n, person) for n in range(1, 11)]
    path.write_bytes(claims_file(*rows, claim(11, person, melding_status="C", melding_ref=guid(1))))

    def killed(read):
        if read == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        operations.ingest_file(path, progress=killed)
    assert (Record.objects.filter(current=True).count(), IngestOutcome.objects.count()) == (8, 0)

    report = operations.ingest_file(path)

    assert report.counts == {
        "read": 11, "new": 2, "known": 8, "cancelled": 1, "from_waiting": 0, "waiting": 0,
    }  # fmt: skip
    assert Record.objects.filter(current=True).count() == 9


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("UPDATE insight_record SET variables = '{}'", "permission denied"),
        ("UPDATE insight_record SET person_id = person_id", "permission denied"),
        ("DELETE FROM insight_record", "never removed"),
        ("TRUNCATE insight_record", "permission denied"),
    ],
)
def test_facts_as_received_never_change(as_web, taken_in, person, change, message):
    taken_in(claims_file(claim(1, person)))

    with pytest.raises(ProgrammingError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)

    assert message in str(refused.value)
    assert refused.value.__cause__.sqlstate == "42501"


def test_facts_are_held_by_a_trigger_against_the_owner_too(taken_in, person):
    taken_in(claims_file(claim(1, person)))

    with pytest.raises(ProgrammingError, match="never change"), transaction.atomic():
        Record.objects.update(number=2)


def test_no_number_is_stored_or_reported(as_web, taken_in, person):
    content = claims_file(
        claim(
            1, person, regning_id=person.digits, behandler_navn=f"Lege {person.digits}", takster=person.digits
        ),
        claim(2, person.digits[:-1] + "x"),
    )
    report = taken_in(content)

    kept = " ".join(str(value) for row in Record.objects.values_list() for value in row)
    kept += " ".join(str(value) for row in Provider.objects.values_list() for value in row)
    assert report.counts["new"] == 1
    assert (person.digits in kept, person.digits in "\n".join(report.lines())) == (False, False)


@pytest.mark.parametrize("running", ["{n}", "000{n}", "{head}-{tail}", "nr.{n}", "{head}.{tail}:2"])
def test_running_number_that_is_somebodys_number_is_dropped(as_web, taken_in, person, running):
    text = running.format(n=person.digits, head=person.digits[:6], tail=person.digits[6:])

    taken_in(event_message(notification(1, person, sequence=text)))
    taken_in(claims_file(claim(2, person, melding_lopenr=text)))

    assert list(Record.objects.values_list("sequence", flat=True)) == ["0" * 20] * 2


@pytest.mark.parametrize("running", ["20260301001", "1772359200000", "00000000000", "2026030100000000001"])
def test_long_running_number_is_kept_in_order(as_web, taken_in, person, running):
    taken_in(event_message(notification(1, person, sequence=running)))

    assert Record.objects.get().sequence == running.zfill(20)


def test_unknown_code_is_kept_and_counted(as_web, taken_in, person):
    report = taken_in(claims_file(claim(1, person, takster="2ad ZZ9", resultat="Q")))

    assert report.unknown_codes == {"kuhr-takst:ZZ9": 1, "kuhr-resultat:Q": 1}
    assert Record.objects.get().variables["tariffs"] == ["2ad", "ZZ9"]


@pytest.mark.parametrize("sign", ["\\", "\\.", "\t", '"', "\\N", "'", "æøå😀", "\\u0000"])
def test_text_of_any_signs_is_kept_as_it_is(as_web, taken_in, person, sign):
    taken_in(claims_file(claim(1, person, regning_id=f"a{sign}b"), claim(2, person)))

    assert Record.objects.get(identity=guid(1)).variables["claim"] == f"a{sign}b"
    assert Record.objects.count() == 2


def test_parquet_is_read_as_csv_is(as_web, tmp_path, taken_in, person):
    source, target = tmp_path / "claims.csv", tmp_path / "claims.parquet"
    source.write_bytes(claims_file(claim(1, person), claim(2, "1"), claim(3, person, dato="2024-02-03")))
    duckdb.sql(
        f"COPY (SELECT * REPLACE (CAST(dato AS DATE) AS dato, string_split(takster, ' ') AS takster,"
        f" CAST(alder AS INTEGER) AS alder) FROM read_csv('{source}', all_varchar=true)) TO '{target}'"
    )

    report = operations.ingest_file(target)
    parquet = list(Record.objects.values_list("event_date", "variables").order_by("identity"))
    assert (report.counts["new"], report.first_refused) == (2, [(2, "id_length")])

    rows = [claim(11, person), claim(13, person, dato="2024-02-03")]
    taken_in(claims_file(rows[0] | {"regning_id": "R1"}, rows[1] | {"regning_id": "R3"}))
    csv = list(
        Record.objects.filter(identity__in=[guid(11), guid(13)])
        .values_list("event_date", "variables")
        .order_by("identity")
    )
    assert parquet == csv


def test_help_number_becomes_a_person_that_no_sign_in_reaches(as_web, taken_in, settings):
    settings.NATIONAL_ID_SYNTHETIC = "allow"
    nine = next(str(n) for n in range(800000001, 800000100) if control_digits(str(n)))
    help_number = NationalId(nine + control_digits(nine))

    report = taken_in(claims_file(claim(1, help_number, personid_type="12")))

    assert report.counts["new"] == 1
    assert Record.objects.get().person == find_person(help_number)


def test_bad_lines_of_every_kind_cost_themselves_alone(as_web, taken_in, person):
    header, first, second = claims_file(claim(1, person), claim(2, person)).split(b"\r\n")[:3]
    bad = [
        first.replace(b"Solsiden", b'"Solsiden'),
        b";" * 200_000,
        first + b";one more",
        first.replace(b"Solsiden", b"Sol\x00siden"),
        b"\x00\x01",
        b'"quoted"',
    ]

    report = taken_in(b"\r\n".join([header, first, *bad, b"", second, b""]))

    assert report.first_refused == [
        (3, "unreadable"),
        (4, "unreadable"),
        (5, "columns"),
        (6, "unreadable"),
        (7, "columns"),
        (8, "columns"),
    ]
    assert sorted(str(key) for key in Record.objects.values_list("identity", flat=True)) == [guid(1), guid(2)]


def test_command_reports_and_fails_on_a_refused_file(as_web, tmp_path, capsys, person):
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_bytes(claims_file(claim(1, person)))
    bad.write_bytes(b"<html/>")

    with pytest.raises(CommandError):
        call_command("ingest", str(good), str(bad))

    printed = capsys.readouterr()
    assert "Nye: 1" in printed.out
    assert "bad: Filen er ikke en melding vi kjenner" in printed.out
