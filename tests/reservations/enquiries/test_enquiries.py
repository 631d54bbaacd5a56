"""Enquiries: sent, kept encrypted, shown to the one who sent them alone, and answered."""

import uuid
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.urls import reverse

from kpr_portal.ground import clock
from kpr_portal.notices.queries import messages_for
from kpr_portal.people.queries import keys_of
from reservations import operations as register
from reservations import queries as register_queries
from reservations.catalogue import entry_of
from reservations.enquiries import operations, queries
from reservations.enquiries.errors import AlreadyStanding, EnoughForToday, NotOneself, NotStanding
from reservations.enquiries.kinds import ASK, ERASE_OR_BLOCK, KINDS, NOT_RIGHT, RETENTION_LIMIT, kind_of
from reservations.enquiries.rows import Enquiry, EnquiryAction, OutcomeState
from reservations.models import ReservationEntry
from reservations.rules import Action
from reservations.texts import confirmation
from tests.reservations.conftest import R1, confirmed
from tests.support.family import enter_family
from tests.support.sign_in import carried, sign_in

pytestmark = pytest.mark.django_db

SECRET = "Det gjelder noe fra legevakten i mai."


@pytest.fixture
def family(db):
    return enter_family()


@pytest.fixture
def citizen(client, family):
    return sign_in(client, family.person("much_data"))


def post(client, name, *args, **values):
    return client.post(reverse(name, args=args), {**values, **carried(client)})


def lifted_by_the_attorney(family):
    """What the person had placed themselves, lifted by the one who has a power of attorney."""
    kind = entry_of(R1).kind
    register.place(kind, acting=family.oneself("attorney_giver"), will=confirmed(R1, Action.PLACED))
    family.power("attorney_giver", "attorney")
    attorney = family.acting("attorney", for_="attorney_giver")
    return register.lift(kind, acting=attorney, will=confirmed(R1, Action.LIFTED))


def in_force(family, slug):
    return [card.kind.code for card in register_queries.cards(acting=family.oneself(slug)) if card.in_force]


# --- What is kept


def test_text_is_nowhere_in_clear(family):
    row = operations.enquire(ASK, acting=family.oneself("much_data"), text=SECRET)

    with connection.cursor() as cursor:
        cursor.execute("SELECT ciphertext FROM documents_storeddocument WHERE key = %s", [row.document])
        (stored,) = cursor.fetchone()
    assert SECRET.encode() not in bytes(stored)
    shown = queries.enquiry(row.key, acting=family.oneself("much_data"))
    assert shown.text == SECRET


def test_an_enquiry_of_another_is_not_found(family):
    row = operations.enquire(ASK, acting=family.oneself("much_data"), text=SECRET)

    assert queries.enquiry(row.key, acting=family.oneself("nothing_held")) is None
    assert queries.enquiries_of(acting=family.oneself("nothing_held")) == []


def test_representative_sends_none(family):
    with pytest.raises(NotOneself):
        operations.enquire(ASK, acting=family.acting("parent", for_="child_8"), text=SECRET)

    assert not Enquiry.objects.exists()


def test_too_many_in_a_day_are_refused_and_an_instruction_never_is(family, settings):
    settings.ENQUIRIES_A_DAY = 2
    oneself = family.oneself("much_data")
    for _ in range(2):
        operations.enquire(ASK, acting=oneself, text=SECRET)

    with pytest.raises(EnoughForToday):
        operations.enquire(ASK, acting=oneself, text=SECRET)
    operations.enquire(RETENTION_LIMIT, acting=oneself)
    with clock.shift(timedelta(days=1, minutes=1)):
        operations.enquire(ASK, acting=oneself, text=SECRET)


def test_answer_is_told_of_and_shown(family):
    row = operations.enquire(ASK, acting=family.oneself("much_data"), text=SECRET)
    operations.record_outcome(row, state=OutcomeState.UNDER_WAY, by=family.person("caseworker"))
    operations.record_outcome(
        row, state=OutcomeState.ANSWERED, by=family.person("caseworker"), answer="Det stemmer."
    )

    shown = queries.enquiry(row.key, acting=family.oneself("much_data"))

    assert (shown.is_answered, shown.answer) == (True, "Det stemmer.")
    assert [m.kind for m in messages_for(keys_of(family.person("much_data")))] == ["enquiries.answered"]


# --- The standing instruction


def test_instruction_stands_until_it_is_lifted_and_can_be_given_again(family):
    oneself, person = family.oneself("much_data"), family.person("much_data")
    seen = []
    for change in (operations.enquire, operations.lift_instruction, operations.enquire):
        change(RETENTION_LIMIT, acting=oneself)
        seen.append(queries.is_standing(person, RETENTION_LIMIT))

    assert seen == [True, False, True]
    with pytest.raises(AlreadyStanding):
        operations.enquire(RETENTION_LIMIT, acting=oneself)


def test_lifting_nothing_changes_nothing(family):
    with pytest.raises(NotStanding):
        operations.lift_instruction(RETENTION_LIMIT, acting=family.oneself("much_data"))


@pytest.mark.parametrize("stands", [True, False])
def test_page_of_lifting_an_instruction_says_whether_it_stands(client, citizen, stands):
    if stands:
        post(client, "enquiries:new", "retention_limit")

    page = client.get(reverse("enquiries:lift", args=["retention_limit"]))

    assert (page.status_code, page.context["is_standing"]) == (HTTPStatus.OK, stands)


def test_instruction_is_given_and_lifted_on_its_pages(client, citizen):
    given = post(client, "enquiries:new", "retention_limit")
    standing = client.get(reverse("enquiries:new", args=["retention_limit"])).content.decode()
    lifted = post(client, "enquiries:lift", "retention_limit")

    assert (given.status_code, lifted.status_code) == (HTTPStatus.FOUND, HTTPStatus.FOUND)
    assert "Dette gjelder allerede." in standing
    assert list(Enquiry.objects.order_by("id").values_list("action", flat=True)) == [
        EnquiryAction.SENT,
        EnquiryAction.LIFTED,
    ]
    assert post(client, "enquiries:lift", "retention_limit").status_code == HTTPStatus.CONFLICT


# --- The pages


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.listed], ids=lambda kind: kind.code)
def test_every_kind_has_its_page_and_its_receipt(client, citizen, kind):
    html = client.get(reverse("enquiries:new", args=[kind.code])).content.decode()
    values = {"text": SECRET, "choice": kind.choices[0][0] if kind.choices else ""}
    sent = client.post(
        reverse("enquiries:new", args=[kind.code]), {**values, **carried(client)}, follow=True
    ).content.decode()

    row = Enquiry.objects.get()
    assert (str(kind.lead) in html, str(kind.button) in html) == (True, True)
    assert (row.reference in sent, str(kind.received) in sent) == (True, True)
    assert row.reference in client.get(reverse("enquiries:list")).content.decode()


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        (ASK, {"text": "   "}, "Skriv hva det gjelder."),
        (ASK, {"text": "a" * 4_001}, "Teksten er for lang."),
        (ERASE_OR_BLOCK, {"text": SECRET}, "Velg ett av svarene."),
        (ERASE_OR_BLOCK, {"text": SECRET, "choice": "burn"}, "burn"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(client, citizen, kind, values, said):
    response = post(client, "enquiries:new", kind.code, **values)

    html = response.content.decode()
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert said in html
    assert values["text"].strip() in html
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize(
    "address", ["/reservasjon/henvendelser/ny/nothing/", "/reservasjon/henvendelser/ny/not_right/"]
)
def test_kind_that_has_no_page_of_its_own_is_not_found(client, citizen, address):
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND


def test_what_it_is_about_follows_along(client, citizen):
    record = uuid.uuid4()

    client.post(reverse("enquiries:new_about", args=["error", record]), {"text": SECRET, **carried(client)})

    assert Enquiry.objects.get().about == record


# --- This was not right


def test_what_another_lifted_is_placed_again_with_one_click(client, family):
    line = lifted_by_the_attorney(family)
    sign_in(client, family.person("attorney_giver"))
    page = client.get(reverse("enquiries:not_right", args=[line.key])).content.decode()

    sent = post(
        client,
        "enquiries:not_right",
        line.key,
        again="1",
        shown=confirmation(entry_of(R1), Action.PLACED).sha256,
    )

    latest = ReservationEntry.objects.latest("id")
    assert "Reserver meg igjen, og si fra" in page
    assert (sent.status_code, latest.basis, in_force(family, "attorney_giver")) == (
        HTTPStatus.FOUND,
        "self",
        [R1],
    )
    assert Enquiry.objects.get().about == line.key


def test_saying_that_it_was_not_right_changes_nothing_by_itself(client, family):
    line = lifted_by_the_attorney(family)
    sign_in(client, family.person("attorney_giver"))

    post(client, "enquiries:not_right", line.key)

    assert (in_force(family, "attorney_giver"), Enquiry.objects.get().kind) == ([], NOT_RIGHT.code)


def test_what_another_placed_stays_until_the_person_wishes(client, family):
    family.power("attorney_giver", "attorney")
    attorney = family.acting("attorney", for_="attorney_giver")
    line = register.place(entry_of(R1).kind, acting=attorney, will=confirmed(R1, Action.PLACED))
    sign_in(client, family.person("attorney_giver"))
    page = client.get(reverse("enquiries:not_right", args=[line.key])).content.decode()

    post(client, "enquiries:not_right", line.key, again="1", text=SECRET)

    assert "Reservasjonen gjelder til du vil noe annet." in page
    assert "Reserver meg igjen" not in page
    assert in_force(family, "attorney_giver") == [R1]


def test_one_enquiry_too_many_never_stands_in_the_way_of_placing_again(client, family, settings):
    settings.ENQUIRIES_A_DAY = 0
    line = lifted_by_the_attorney(family)
    sign_in(client, family.person("attorney_giver"))

    post(
        client,
        "enquiries:not_right",
        line.key,
        again="1",
        shown=confirmation(entry_of(R1), Action.PLACED).sha256,
    )

    assert in_force(family, "attorney_giver") == [R1]


def test_what_one_did_oneself_has_no_such_page(client, family):
    line = register.place(
        entry_of(R1).kind, acting=family.oneself("much_data"), will=confirmed(R1, Action.PLACED)
    )
    sign_in(client, family.person("much_data"))

    assert client.get(reverse("enquiries:not_right", args=[line.key])).status_code == HTTPStatus.NOT_FOUND


def test_line_of_another_person_has_no_such_page(client, family):
    line = lifted_by_the_attorney(family)
    sign_in(client, family.person("much_data"))

    assert client.get(reverse("enquiries:not_right", args=[line.key])).status_code == HTTPStatus.NOT_FOUND


def test_every_code_finds_its_kind():
    assert [kind_of(kind.code) for kind in KINDS] == list(KINDS)
