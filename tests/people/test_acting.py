"""Who acts for whom, and that the log says so."""

from dataclasses import FrozenInstanceError

import pytest

from kpr_portal.audit.queries import accesses_to
from kpr_portal.people.acting import Acting, Basis, log
from kpr_portal.people.operations import people_for
from tests.support.numbers import synthetic_numbers

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(as_web):
    return list(people_for(synthetic_numbers(2)).values())


def test_acting_for_oneself_is_said_so(two):
    acting = Acting.for_oneself(two[0])

    assert (acting.actor, acting.subject, acting.basis, acting.role, acting.is_self) == (
        two[0],
        two[0],
        Basis.SELF,
        "citizen",
        True,
    )


def test_nobody_acts_for_another_on_their_own_right(two):
    with pytest.raises(ValueError, match="acts for themselves"):
        Acting(actor=two[0], subject=two[1], basis=Basis.SELF)


def test_acting_never_changes(two):
    with pytest.raises(FrozenInstanceError):
        Acting.for_oneself(two[0]).subject = two[1]


def test_log_says_who_acted_for_whom_and_by_what_right(two):
    parent, child = two

    log(
        Acting(actor=parent, subject=child, basis=Basis.PARENT),
        "insight.overview",
        details={"source": "kuhr"},
    )

    (entry,) = accesses_to([child.key])
    assert (entry.actor, entry.subject, entry.action, entry.basis, entry.role, entry.details) == (
        parent.key,
        child.key,
        "insight.overview",
        "parent",
        "citizen",
        {"source": "kuhr"},
    )
