"""The catalogue: texts that are whole and weigh evenly, and a kind that is added by one entry."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from kpr_portal.notices.models import OwedWork
from kpr_portal.people.acting import Basis
from kpr_portal.people.operations import person_for
from reservations import catalogue
from reservations.catalogue import CatalogueEntry, UnknownKind, entry_of, performer, recipient_of
from reservations.everyone import effects_at
from reservations.models import ReservationEntry, basis_choices
from reservations.operations import issue_receipt
from reservations.queries import receipt
from reservations.rules import (
    Action,
    Channel,
    Effect,
    ForbiddenUse,
    Purpose,
    ReleaseTerms,
    ReservationKind,
    Voice,
)
from reservations.texts import confirmation
from tests.reservations.conftest import oneself
from tests.support.sign_in import carried, sign_in

THIRD = CatalogueEntry(
    kind=ReservationKind(
        code="no_companies",
        legal_basis="En lov som kommer",
        effect=Effect.WITHHOLD_PERSON,
        applies=lambda terms: terms.recipient.code == "other",
    ),
    title="Ikke utlever opplysningene mine til andre virksomheter",
    sentence="Ingen helseopplysninger om deg utleveres til andre virksomheter.",
    does=("Opplysninger om deg holdes utenfor.",),
    to_know=("Ingenting blir slettet.",),
    when_reserved="Færre får opplysninger.",
    when_not_reserved="Flere får opplysninger.",
)


@pytest.fixture
def third(monkeypatch):
    """The one line that a new kind takes."""
    monkeypatch.setattr(catalogue, "ENTRIES", (*catalogue.ENTRIES, THIRD))


def test_a_third_kind_needs_no_migration(third, db):
    out = StringIO()

    call_command("makemigrations", "reservations", "--check", "--dry-run", stdout=out)

    assert "No changes detected" in out.getvalue()


def test_a_third_kind_is_on_every_page_in_the_register_and_at_the_gate(third, client, numbers, db):
    citizen = sign_in(client, person_for(next(numbers)))
    overview = client.get(reverse("reservations:overview")).content.decode()
    text = confirmation(THIRD, Action.PLACED)
    choice = reverse("reservations:place", args=[THIRD.code])

    page = client.get(choice).content.decode()
    client.post(choice, {"shown": text.sha256, **carried(client)})
    issue_receipt(OwedWork.objects.get().pk)
    entry = ReservationEntry.objects.get()
    after = client.get(reverse("reservations:overview")).content.decode()
    history = client.get(reverse("reservations:history")).content.decode()
    pdf = client.get(reverse("reservations:receipt_pdf", args=[entry.key]))
    terms = ReleaseTerms(purpose=Purpose.ONE, recipient=recipient_of("other").kind)

    assert [THIRD.title in html for html in (overview, page, after, history)] == [True] * 4
    assert (entry.kind, entry.shown.body) == (THIRD.code, text.body)
    assert receipt(entry.key, acting=oneself(citizen)).kind is THIRD
    assert pdf.content[:5] == b"%PDF-"
    assert effects_at(entry.recorded_at, terms=terms) == {citizen.pk: Effect.WITHHOLD_PERSON}


def test_line_of_a_kind_that_left_the_catalogue_is_kept_and_not_shown(
    third, client, numbers, monkeypatch, db
):
    citizen = sign_in(client, person_for(next(numbers)))
    client.post(
        reverse("reservations:place", args=[THIRD.code]),
        {"shown": confirmation(THIRD, Action.PLACED).sha256, **carried(client)},
    )
    monkeypatch.setattr(catalogue, "ENTRIES", catalogue.ENTRIES[:2])

    assert client.get(reverse("reservations:history")).status_code == 200
    assert ReservationEntry.objects.get().person == citizen


@pytest.mark.parametrize("entry", catalogue.entries(), ids=lambda entry: entry.code)
def test_benefits_and_drawbacks_are_of_equal_length(entry):
    shorter, longer = sorted(len(str(text)) for text in (entry.when_reserved, entry.when_not_reserved))

    assert longer <= shorter * 1.1


@pytest.mark.parametrize("entry", catalogue.entries(), ids=lambda entry: entry.code)
def test_every_entry_says_all_there_is_to_say(entry):
    texts = (entry.title, entry.sentence, entry.lift, entry.in_force, entry.not_in_force, entry.legal_basis)

    assert [bool(str(text)) for text in texts] == [True] * len(texts)
    assert (len(entry.does) > 0, len(entry.to_know) > 0) == (True, True)


def test_both_say_what_stays_as_it_is():
    said = [{str(line) for line in entry.to_know} for entry in catalogue.entries()]
    always = {str(line) for line in catalogue._ALWAYS_SO}

    assert [always <= lines for lines in said] == [True, True]


def test_codes_are_each_once():
    codes = [entry.code for entry in catalogue.entries()]
    recipients = [entry.kind.code for entry in catalogue.RECIPIENTS]

    assert (codes, len(recipients)) == (["withhold_national_id", "purpose_2"], len(set(recipients)))


def test_forbidden_recipients_are_those_of_the_law():
    forbidden = {entry.kind.forbidden_use for entry in catalogue.RECIPIENTS} - {None}
    permitted = {entry.kind.code for entry in catalogue.permitted_recipients()}

    assert forbidden == set(ForbiddenUse)
    assert permitted & {"prosecution", "insurer", "employer"} == set()
    assert "municipality" in permitted


@pytest.mark.parametrize("basis", Basis)
def test_whoever_acts_is_named_to_the_reader(basis):
    for_oneself = str(performer(basis.value, reader_is_subject=True))
    for_another = str(performer(basis.value, reader_is_subject=False))

    assert for_oneself == str(catalogue.PERFORMERS[basis.value])
    assert {"deg", "din", "du"} & set(for_another.split()) == set()


def test_choices_of_the_models_are_whole():
    assert [len(choices()) for choices in (catalogue.choices, catalogue.action_choices)] == [2, len(Action)]
    assert {value for value, _ in catalogue.channel_choices()} == set(Channel)
    assert {value for value, _ in catalogue.voice_choices()} == set(Voice)
    assert {value for value, _ in catalogue.purpose_choices()} == set(Purpose)
    assert {value for value, _ in catalogue.recipient_choices()} == {
        entry.kind.code for entry in catalogue.RECIPIENTS
    }
    assert {value for value, _ in basis_choices()} == set(Basis)


def test_unknown_codes_are_refused():
    with pytest.raises(UnknownKind):
        entry_of("no_such_kind")
    with pytest.raises(UnknownKind):
        recipient_of("no_such_recipient")
