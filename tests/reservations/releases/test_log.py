from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from kpr_portal.ground import clock
from reservations.releases.members import Members
from reservations.releases.models import LogGap, Release
from reservations.releases.operations import ForbiddenRecipient, close_gap, record_release, tell_of_gap
from reservations.releases.queries import log_facts, received_identified

ME, MY_OLD_SELF, SOMEONE = 7, 70_007, 8


def release(reference="2025/1", *, members=None, **facts):
    return record_release(
        members=members or Members.of(in_file=[ME]),
        **{
            "reference": reference,
            "recipient": "Statistisk sentralbyrå",
            "organisation_number": "971526920",
            "recipient_kind": "statistics",
            "project": "Kommunale helse- og omsorgstjenester",
            "about": {"nb": "Offisiell statistikk."},
            "purpose": 1,
            "legal_basis": "statute",
            "provision": "statistikkloven § 10",
            "decision_reference": "A-1",
            "decision_date": date(2025, 1, 1),
            "released_on": date(2025, 2, 1),
            "sources": ["kuhr"],
            "period_from": date(2024, 1, 1),
            "period_to": date(2024, 12, 31),
            "identifier": "national_id",
            **facts,
        },
    )


def references(*people):
    return [r.reference for r in received_identified(people).releases]


@pytest.mark.django_db
def test_received_is_what_held_the_person_with_a_direct_identifier():
    release("with number")
    release("no identifier", identifier="none")
    release("number removed", members=Members.of(in_file=[ME, SOMEONE], number_removed=[ME]))
    release("held out", members=Members.of(in_file=[SOMEONE], held_out=[ME]))
    release("someone else", members=Members.of(in_file=[SOMEONE]))

    assert references(ME) == ["with number"]


@pytest.mark.django_db
def test_received_covers_every_number_a_person_was_met_under():
    release("under the old", members=Members.of(in_file=[MY_OLD_SELF]), released_on=date(2020, 1, 1))
    release("under both", members=Members.of(in_file=[ME, MY_OLD_SELF]))

    assert references(ME, MY_OLD_SELF) == ["under both", "under the old"]


@pytest.mark.django_db
def test_withheld_release_is_counted_and_shown_from_its_day():
    release("kept back", withheld_until=date(2026, 6, 1), withheld_provision="helseregisterloven § 24")

    with clock.moved_to(datetime(2026, 5, 31, 12, tzinfo=UTC)):
        before = received_identified([ME])
    with clock.moved_to(datetime(2026, 6, 1, 12, tzinfo=UTC)):
        after = received_identified([ME])

    assert (before.releases, before.withheld) == ([], 1)
    assert ([r.reference for r in after.releases], after.withheld) == (["kept back"], 0)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_received_takes_one_query_whatever_the_data(count, django_assert_num_queries):
    for number in range(count):
        release(f"2025/{number}")

    with django_assert_num_queries(1):
        received = received_identified([ME, MY_OLD_SELF])
        assert len(received.releases) == count
    assert received.recipients == ["Statistisk sentralbyrå"]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["prosecution", "insurer", "employer"])
def test_release_to_a_forbidden_recipient_is_never_entered(kind):
    with pytest.raises(ForbiddenRecipient):
        release(recipient_kind=kind)

    assert Release.objects.count() == 0


@pytest.mark.django_db
def test_facts_count_all_releases_and_the_identified():
    release("one")
    release("two", identifier="none")
    release("three", identifier="none")

    facts = log_facts()

    assert (facts.all_releases, facts.identified_releases, facts.gaps) == (3, 1, [])


@pytest.mark.django_db
def test_gap_is_told_until_it_is_closed():
    told = {"nb": "Vi vet at loggen mangler utleveringer i mars 2023."}
    gap = tell_of_gap(missing_from=date(2023, 3, 1), missing_to=date(2023, 3, 31), told=told)
    before = log_facts().gaps
    close_gap(gap, told={"nb": "De er ført inn."})

    assert (before, log_facts().gaps, LogGap.objects.count()) == ([gap], [], 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"withheld_until": date(2030, 1, 1)}, "a_withheld_release_names_its_provision_and_no_other_does"),
        ({"withheld_provision": "§ 24"}, "a_withheld_release_names_its_provision_and_no_other_does"),
        ({"period_to": date(2023, 1, 1)}, "a_period_never_ends_before_it_begins"),
        ({"decision_reference": ""}, "a_decision_with_a_date_has_a_reference"),
    ],
)
def test_contradicting_facts_are_refused_by_the_database(facts, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        release(**facts)
