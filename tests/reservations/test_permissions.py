"""Who may: everyone for themselves, and so far nobody else; the check and the answer never differ."""

import pytest
from django.http import Http404
from django.test import RequestFactory

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.people.acting import Acting, Basis
from kpr_portal.people.models import Person
from reservations import catalogue
from reservations.errors import NotAllowed
from reservations.permissions import (
    check_may_lift,
    check_may_place,
    check_may_see,
    may_lift,
    may_place,
    may_see,
)
from reservations.views import HistoryView
from tests.reservations.conftest import oneself


def acting_on(basis, person):
    return oneself(person) if basis is Basis.SELF else Acting(Person.objects.create(), person, basis)


@pytest.mark.parametrize("basis", Basis)
@pytest.mark.parametrize("entry", catalogue.entries(), ids=lambda entry: entry.code)
def test_only_the_person_may(person, basis, entry):
    acting = acting_on(basis, person)

    assert {
        may_place(entry.kind, acting=acting),
        may_lift(entry.kind, acting=acting),
        may_see(acting=acting),
    } == {basis is Basis.SELF}


@pytest.mark.parametrize("basis", [basis for basis in Basis if basis is not Basis.SELF])
def test_check_raises_where_the_answer_is_no(person, basis):
    acting, kind = acting_on(basis, person), catalogue.kinds()[0]

    for check in (
        lambda: check_may_place(kind, acting=acting),
        lambda: check_may_lift(kind, acting=acting),
        lambda: check_may_see(acting=acting),
    ):
        with pytest.raises(NotAllowed):
            check()


def test_reader_without_the_right_meets_no_page_and_is_logged(transactional_db, person):
    request = RequestFactory().get("/reservasjon/historikk/")
    request.acting = acting_on(Basis.GUARDIAN, person)
    view = HistoryView()
    view.setup(request)
    view.acting = request.acting

    with pytest.raises(Http404):
        view.get_context_data()

    seen = AccessLogEntry.objects.get(subject=person.key)
    assert (seen.action, seen.outcome, seen.subject) == ("reservations.seen", "refused", person.key)
