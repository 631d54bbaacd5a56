"""The same version counts in whatever order the messages come."""

from datetime import UTC, date, datetime, timedelta
from itertools import count, permutations
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insight.models import Record
from insight.operations import rebuild_records
from insight.sources import source_of
from insight.versions import Version, outcome_of
from tests.insight.files import claim, claims_file, guid
from tests.support.numbers import synthetic_number

KUHR = source_of("kuhr")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def version(number, status, *, minutes=0, sequence="1", **variables):
    return Version(
        identity=UUID(int=number),
        status=status,
        reported_at=NOON + timedelta(minutes=minutes),
        sequence=sequence.zfill(20),
        person=1,
        event_date=date(2026, 2, 20),
        end_date=None,
        provider=None,
        section="fastlege-og-legevakt",
        sensitive=False,
        variables=variables,
    )


def counts(*versions):
    """What counts, as its variables; None: nothing. The same for every order of arrival."""
    found = [outcome_of(order).joined(KUHR) for order in permutations(versions)]
    assert all(each == found[0] for each in found)
    return found[0] and dict(found[0].variables)


N = version(1, "N", claim="a", result="G")


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([N], {"claim": "a", "result": "G"}),
        ([version(2, "M", claim="b")], None),
        ([N, version(2, "M", claim="b")], {"claim": "b"}),
        ([N, version(2, "M", minutes=-5, claim="b")], {"claim": "b"}),
        ([N, version(2, "M", minutes=1, claim="b"), version(3, "M", minutes=2, claim="c")], {"claim": "c"}),
        (
            [N, version(2, "M", sequence="9", claim="b"), version(3, "M", sequence="10", claim="c")],
            {"claim": "c"},
        ),
        ([N, version(2, "T", minutes=1, refund="1.00")], {"claim": "a", "result": "G", "refund": "1.00"}),
        ([N, version(2, "T", minutes=1), version(3, "C", minutes=2)], None),
        ([N, version(2, "C", minutes=1)], None),
        ([N, version(2, "C", minutes=1), version(3, "M", minutes=2, claim="b")], {"claim": "b"}),
        ([N, version(2, "C", minutes=2), version(3, "M", minutes=1, claim="b")], None),
        ([N, version(2, "C", minutes=1), version(3, "T", minutes=2, refund="1.00")], None),
        (
            [N, version(2, "T", minutes=1, refund="1.00"), version(3, "M", minutes=2, claim="b")],
            {"claim": "b"},
        ),
        (
            [N, version(2, "M", minutes=1, claim="b"), version(3, "T", minutes=2, refund="1.00")],
            {"claim": "b", "refund": "1.00"},
        ),
    ],
)
def test_version_that_counts_is_the_senders_last_word(versions, expected):
    assert counts(*versions) == expected


def test_addition_makes_the_whole_sensitive_where_it_is():
    whole = outcome_of([N, version(2, "T", minutes=1, diagnoses=["ICPC-2:P76"])]).joined(KUHR)

    assert whole.sensitive


things = count(1)
messages = st.lists(
    st.tuples(
        st.sampled_from("MTC"),
        st.integers(0, 3),  # which message it refers to, so that corrections of corrections come too
        st.integers(0, 3),  # minutes
        st.sampled_from(["9", "10"]),
        st.sampled_from(["K86", "P76", "T90"]),
    ),
    max_size=5,
)


@pytest.mark.django_db(transaction=True)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=messages, data=st.data())
def test_any_order_and_split_of_arrival_gives_what_counts(taken_in, said, data):
    person = synthetic_number()
    base = next(things) * 16  # another each time: the register keeps what earlier examples sent
    rows = [claim(base, person)] + [
        claim(
            base + at,
            person,
            melding_status=status,
            melding_ref=guid(base + min(refers_to, at - 1)),
            melding_tid=(NOON + timedelta(minutes=minutes)).isoformat(),
            melding_lopenr=sequence,
            diagnoser=diagnosis,
        )
        for at, (status, refers_to, minutes, sequence, diagnosis) in enumerate(said, start=1)
    ]
    taken_in(claims_file(*rows))
    expected = shown(base)

    other = base + 2**70
    moved = data.draw(st.permutations([as_other(row, base, other) for row in rows]))
    cut = data.draw(st.integers(0, len(moved)))
    taken_in(claims_file(*moved[:cut]))
    taken_in(claims_file(*moved[cut:]))

    assert shown(other) == expected
    rebuild_records()
    assert (shown(base), shown(other)) == (expected, expected)


def as_other(row, base, other):
    """The same row about another thing."""
    shift = {guid(base + at): guid(other + at) for at in range(16)}
    return row | {"melding_id": shift[row["melding_id"]], "melding_ref": shift.get(row["melding_ref"], "")}


def shown(base):
    return [
        (record.variables, record.section, record.sensitive, record.event_date, record.provider_id)
        for record in Record.objects.filter(current=True)
        if base <= record.key.int < base + 16
    ]
