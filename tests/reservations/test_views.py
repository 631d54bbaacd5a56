"""The pages of /reservasjon/, as they are met through the whole stack."""

import re
import uuid
from datetime import date
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import translation

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.ground import clock
from kpr_portal.notices.models import OwedWork
from kpr_portal.people.operations import person_for
from reservations import catalogue
from reservations.catalogue import entry_of
from reservations.models import ReservationEntry
from reservations.operations import issue_receipt, keep_texts
from reservations.rules import Action, Will
from reservations.texts import confirmation
from tests.reservations.conftest import R1, R2, lift, on_paper, place
from tests.support.sign_in import carried, sign_in


@pytest.fixture
def citizen(client, numbers, db):
    """Somebody signed in on `client`, unknown to the population register."""
    return sign_in(client, person_for(next(numbers)))


def page(client, name, *args, status=HTTPStatus.OK, **params):
    response = client.get(reverse(name, args=args), params)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def confirm(client, name, code, action, *, opened_for=None):
    shown = confirmation(entry_of(code), action).sha256
    form = {"shown": shown, **(opened_for or carried(client))}
    return client.post(reverse(name, args=[code]), form, follow=False)


PLACE, LIFT, RECEIPT = "reservations:place", "reservations:lift", "reservations:receipt"
OVERVIEW, HISTORY = "reservations:overview", "reservations:history"


def test_public_overview_explains_and_offers_sign_in(client, db):
    html = page(client, OVERVIEW)

    assert "Logg inn for å reservere deg" in html
    assert [str(entry.title) in html for entry in catalogue.entries()] == [True, True]
    assert "Du har ikke reservert deg" not in html


@pytest.mark.parametrize(
    ("name", "args"),
    [
        (HISTORY, []),
        (PLACE, [R1]),
        (LIFT, [R1]),
        (RECEIPT, [uuid.UUID(int=1)]),
        ("reservations:receipt_pdf", [uuid.UUID(int=1)]),
    ],
)
def test_everything_else_asks_the_anonymous_to_sign_in(client, db, name, args):
    response = client.get(reverse(name, args=args))

    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"].startswith(reverse("login:sign_in"))


def test_cards_come_first_and_say_each_state(client, citizen):
    place(R1, citizen)

    html = page(client, OVERVIEW)

    assert (html.count("I kraft</span>"), html.count("Ikke i kraft</span>")) == (1, 1)
    assert "deg selv, i nettportalen" in html
    assert html.index('class="cards"') < html.index("<details")


def test_reserving_takes_three_clicks_from_the_cards_and_ends_at_the_receipt(client, citizen):
    overview = page(client, OVERVIEW)
    place_url = reverse(PLACE, args=[R1])
    assert f'href="{place_url}"' in overview

    confirmation_page = page(client, PLACE, R1)
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', confirmation_page)[1]
    response = client.post(place_url, {"shown": shown, **carried(client)}, follow=True)

    entry = ReservationEntry.objects.get()
    assert response.redirect_chain == [(reverse(RECEIPT, args=[entry.key]), HTTPStatus.FOUND)]
    assert (entry.kind, entry.action, entry.person) == (R1, "placed", citizen)
    assert entry.reference in response.content.decode()


def test_confirmation_page_repeats_effect_and_limits_and_asks_no_reason(client, citizen):
    html = page(client, PLACE, R2)

    text = confirmation(entry_of(R2), Action.PLACED)
    assert [line for line in (*text.sentences, *text.does, *text.to_know) if line not in html] == []
    controls = re.findall(r"<(?:input|textarea|select)[^>]*>", html.split("<main")[1].split("</main>")[0])
    assert [re.search(r'name="(\w+)"', control)[1] for control in controls] == [
        "csrfmiddlewaretoken",
        "acting_for",
        "shown",
    ]


def test_lifting_ends_it_and_shows_its_receipt(client, citizen):
    place(R1, citizen)

    response = confirm(client, LIFT, R1, Action.LIFTED)

    html = page(client, RECEIPT, ReservationEntry.objects.get(action="lifted").key)
    assert response.status_code == HTTPStatus.FOUND
    assert "Kvittering: Du har opphevet reservasjonen" in html
    assert page(client, OVERVIEW).count("Ikke i kraft</span>") == 2


def test_placing_twice_changes_nothing_and_says_so(client, citizen):
    confirm(client, PLACE, R1, Action.PLACED)

    again = confirm(client, PLACE, R1, Action.PLACED)

    assert again.status_code == HTTPStatus.CONFLICT
    assert "Reservasjonen er allerede i kraft. Ingenting ble endret." in again.content.decode()
    assert ReservationEntry.objects.count() == 1


@pytest.mark.parametrize("posted", [{}, {"shown": ""}, {"shown": "0" * 64}, {"shown": "x" * 65}])
def test_stale_or_missing_text_is_shown_again_and_enters_nothing(client, citizen, posted):
    response = client.post(reverse(PLACE, args=[R1]), {**posted, **carried(client)})

    html = response.content.decode()
    assert response.status_code == HTTPStatus.CONFLICT
    assert confirmation(entry_of(R1), Action.PLACED).sha256 in html
    assert "Teksten er endret siden du åpnet siden." in html
    assert ReservationEntry.objects.count() == 0


def test_unknown_kind_is_not_found(client, citizen):
    page(client, PLACE, "no_such_kind", status=HTTPStatus.NOT_FOUND)


@pytest.mark.parametrize("name", [RECEIPT, "reservations:receipt_pdf"])
def test_another_persons_receipt_is_not_found(client, citizen, numbers, name):
    theirs = place(R1, person_for(next(numbers)))
    issue_receipt(OwedWork.objects.get().pk)

    page(client, name, theirs.key, status=HTTPStatus.NOT_FOUND)
    page(client, name, uuid.uuid4(), status=HTTPStatus.NOT_FOUND)


def test_receipt_says_that_its_pdf_is_being_made_and_then_gives_it(client, citizen):
    entry = place(R1, citizen)

    waiting = page(client, RECEIPT, entry.key)
    issue_receipt(OwedWork.objects.get().pk)
    ready = page(client, RECEIPT, entry.key)
    pdf = client.get(reverse("reservations:receipt_pdf", args=[entry.key]))

    assert ("blir laget nå" in waiting, 'http-equiv="refresh"' in waiting) == (True, True)
    assert ("blir laget nå" in ready, 'http-equiv="refresh"' in ready) == (False, False)
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert pdf["Content-Disposition"] == f'inline; filename="{entry.reference}.pdf"'


def test_receipt_pdf_not_made_yet_is_not_found(client, citizen):
    entry = place(R1, citizen)

    page(client, "reservations:receipt_pdf", entry.key, status=HTTPStatus.NOT_FOUND)


def test_carried_over_reservation_shows_its_date_and_no_pdf(client, citizen):
    entry = place(R1, citizen, Will.carried_over(declared=date(2019, 5, 12)))

    assert "12. mai 2019" in page(client, OVERVIEW)
    assert "Derfor finnes det ingen kvittering som PDF" in page(client, RECEIPT, entry.key)


def test_paper_that_another_choice_goes_before_gets_a_receipt_that_says_so(client, citizen):
    place(R1, citizen)
    late = lift(R1, citizen, on_paper(date(2026, 1, 5), clock.today()))

    html = page(client, RECEIPT, late.key)

    assert "Kvittering: Vi har fått valget ditt" in html
    assert "Et annet valg går foran dette." in html
    assert "Du kan reservere deg igjen" not in html
    assert page(client, OVERVIEW).count("I kraft</span>") == 1


def test_history_shows_every_change_the_newest_first(client, citizen):
    lines = [place(R1, citizen), lift(R1, citizen), place(R1, citizen)]

    html = page(client, HISTORY)

    assert re.findall(r"KPR-\w{4}-\w{4}", html) == [line.reference for line in reversed(lines)]


def test_empty_history_says_so(client, citizen):
    assert "Du har aldri reservert deg" in page(client, HISTORY)


def some_lines(person, count):
    return [(place if number % 2 == 0 else lift)(R1, person) for number in range(count)]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("counted", [(OVERVIEW, 6), (HISTORY, 4)])
def test_list_pages_ask_a_fixed_number_of_times(client, citizen, django_assert_num_queries, counted, count):
    name, queries = counted
    some_lines(citizen, count)
    page(client, name)

    with django_assert_num_queries(queries):
        page(client, name)


def test_receipt_page_asks_a_fixed_number_of_times(client, citizen, django_assert_num_queries):
    entry = some_lines(citizen, 3)[0]
    page(client, RECEIPT, entry.key)

    with django_assert_num_queries(4):
        page(client, RECEIPT, entry.key)


def test_choosing_asks_a_fixed_number_of_times(client, citizen, django_assert_num_queries):
    confirm(client, PLACE, R1, Action.PLACED)
    confirm(client, LIFT, R1, Action.LIFTED)
    opened_for = carried(client)

    with django_assert_num_queries(12):
        confirm(client, PLACE, R1, Action.PLACED, opened_for=opened_for)


def test_seeing_ones_reservations_is_in_the_access_log(client, citizen):
    entry = place(R1, citizen)
    page(client, OVERVIEW)
    page(client, HISTORY)
    page(client, RECEIPT, entry.key)

    mine = AccessLogEntry.objects.filter(subject=citizen.key)  # refusals outlive their tests
    seen = mine.order_by("occurred_at").values_list("actor", "subject", "action")
    assert list(seen) == [
        (citizen.key, citizen.key, "reservations.overview"),
        (citizen.key, citizen.key, "reservations.history"),
        (citizen.key, citizen.key, "reservations.receipt"),
    ]


def test_versions_of_the_text_are_public_and_dated(client, db):
    keep_texts()
    keep_texts()

    html = page(client, "reservations:text_versions")

    assert html.count("gjelder nå") == len(catalogue.entries()) * len(Action)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("name", [OVERVIEW, HISTORY, PLACE, LIFT])
def test_pages_answer_in_three_languages(client, citizen, language, name):
    with translation.override(language):
        path = reverse(name, args=[R1] if name in {PLACE, LIFT} else [])
    response = client.get(path)

    assert response.status_code == HTTPStatus.OK
    assert f'<html lang="{language}"' in response.content.decode()
