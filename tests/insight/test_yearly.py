"""Yearly files: persons from identity messages, and the latest file for a municipality and year counts."""

import pytest

from insight.models import Record, RefusedLine, SenderIdentity
from insight.operations import ingest_files, rebuild_records, withhold
from insight.queries import overview, record, records
from kpr_portal.people.acting import Acting
from kpr_portal.people.operations import person_for
from tests.insight.files import assessment, identity_message, service, yearly_file
from tests.support.numbers import synthetic_numbers

pytestmark = pytest.mark.django_db


@pytest.fixture
def numbers():
    return synthetic_numbers(2)


def sentences(acting):
    return {
        line.sentence for found in overview(acting).held for line in records(acting, found.section.slug).lines
    }


def test_yearly_file_is_about_whom_the_identity_message_says(as_web, taken_in, numbers):
    identities = taken_in(identity_message({"11": numbers[0], "12": numbers[1]}))
    report = taken_in(
        yearly_file(
            {"11": service(1, 11) + assessment(2, 11), "12": assessment(3, 12, function="13", value="5")}
        )
    )

    assert (identities.counts["identities"], report.counts["new"], report.counts["refused"]) == (2, 3, 0)
    assert sentences(Acting.for_oneself(person_for(numbers[0]))) == {
        "Helsetjenester i hjemmet, 7,50 timer i uken.",
        "Personlig hygiene: store behov for hjelp.",
    }
    assert sentences(Acting.for_oneself(person_for(numbers[1]))) == {"Syn: blind."}


def test_person_without_identity_is_refused_by_line_until_it_comes(as_web, taken_in, numbers):
    content = yearly_file({"11": service(1, 11), "12": service(2, 12)})
    taken_in(identity_message({"11": numbers[0]}))

    report = taken_in(content)
    assert (report.counts["new"], list(RefusedLine.objects.values_list("number", "reason"))) == (
        1,
        [(2, "no_identity")],
    )

    taken_in(identity_message({"12": numbers[1]}))
    again = taken_in(content)
    assert (again.counts["new"], again.counts["known"], again.counts["refused"]) == (1, 1, 0)
    assert Record.objects.filter(current=True).count() == 2


@pytest.mark.parametrize("own", ["{n}", "0{n}", "{head} {tail}", "{head}-{tail}", "P{n}", "{n}/2"])
def test_own_id_that_is_somebodys_number_is_refused(as_web, taken_in, numbers, own):
    digits = numbers[1].digits
    own = own.format(n=digits, head=digits[:6], tail=digits[6:])

    report = taken_in(identity_message({own: numbers[0], "20260301001": numbers[0]}))

    assert report.first_refused == [(1, "value")]
    assert list(SenderIdentity.objects.values_list("sender_id", flat=True)) == ["20260301001"]


def test_identity_of_another_year_or_sender_is_none(as_web, taken_in, numbers):
    taken_in(identity_message({"11": numbers[0]}, year=2024))
    taken_in(identity_message({"11": numbers[0]}, institution="0301"))

    assert taken_in(yearly_file({"11": service(1, 11)})).counts["refused"] == 1


@pytest.mark.parametrize("newest_first", [False, True])
def test_later_file_replaces_whichever_comes_first(as_web, taken_in, numbers, newest_first):
    taken_in(identity_message({"11": numbers[0]}))
    first = yearly_file({"11": service(1, 11) + service(2, 11, type_="4")}, made="20260115", number=1)
    second = yearly_file({"11": service(1, 11, hours="3.00")}, made="20260301", number=2)

    reports = [taken_in(each) for each in ([second, first] if newest_first else [first, second])]

    acting = Acting.for_oneself(person_for(numbers[0]))
    assert sentences(acting) == {"Helsetjenester i hjemmet, 3 timer i uken."}
    assert reports[1].counts["older" if newest_first else "superseded"] == 2
    before = list(Record.objects.values_list("identity", "current").order_by("identity"))
    rebuild_records()
    assert list(Record.objects.values_list("identity", "current").order_by("identity")) == before


def test_one_hour_is_an_hour(as_web, taken_in, numbers):
    taken_in(identity_message({"11": numbers[0]}))
    taken_in(yearly_file({"11": service(1, 11, hours="1.00")}))

    assert sentences(Acting.for_oneself(person_for(numbers[0]))) == {
        "Helsetjenester i hjemmet, 1 time i uken."
    }


def test_file_for_another_year_replaces_nothing(as_web, taken_in, numbers):
    for year in (2024, 2025):
        taken_in(identity_message({"11": numbers[0]}, year=year))
        taken_in(yearly_file({"11": service(1, 11)}, year=year))

    assert Record.objects.filter(current=True).count() == 2


def test_record_stays_withheld_when_a_later_file_brings_it_again(as_web, taken_in, numbers):
    taken_in(identity_message({"11": numbers[0]}))
    taken_in(yearly_file({"11": service(1, 11)}))
    acting = Acting.for_oneself(person_for(numbers[0]))
    (line,) = records(acting, "tjenester-fra-kommunen").lines
    withhold(line.key, acting=acting, provision="popplyl § 16 c", sentence="Spør legen din.")

    taken_in(yearly_file({"11": service(1, 11, hours="9.00")}, made="20260301", number=2))

    assert record(acting, line.key).line.withheld.provision == "popplyl § 16 c"


def test_files_given_in_any_order_are_taken_identities_first(as_web, tmp_path, numbers):
    yearly, identities = tmp_path / "a", tmp_path / "b"
    yearly.write_bytes(yearly_file({"11": service(1, 11)}))
    identities.write_bytes(identity_message({"11": numbers[0]}))

    reports = ingest_files([yearly, identities])

    assert [report.counts["refused"] for report in reports] == [0, 0]
