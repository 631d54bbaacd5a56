"""A letter read again as it was made: by whoever is impartial, written down, and never taken for a printing."""

from datetime import date
from http import HTTPStatus

import pytest
from django.urls import reverse

from kpr_portal.audit.models import AccessLogEntry, Outcome
from kpr_portal.documents.operations import erase_document
from kpr_portal.documents.queries import read_document
from kpr_portal.people.population_register import Marriage, Protection
from reservations.postal.letters.operations import queue_for_posting
from reservations.postal.letters.posting import mark_posted, withdraw
from reservations.postal.letters.queries import to_post
from reservations.postal.models import Posting, PostingPrint
from tests.conftest import database_role
from tests.reservations.casework.queue_of_post import (
    OWN,
    about_another,
    hindered,
    logged,
    messages_on,
    page,
    printed,
    text_of,
    waiting,
)
from tests.reservations.postal.letters.conftest import a_form, make_all
from tests.support.family import number_of

pytestmark = pytest.mark.django_db

LETTER = "casework:posting_letter"
SENT, MADE, WAITS = (
    "Se brevet slik det ble sendt (PDF)",
    "Se brevet slik det ble laget (PDF)",
    "Se brevet uten å skrive det ut (PDF)",
)


def posted(family, posting):
    printed(family, posting)
    mark_posted(posting.key, by=family.person("caseworker_2"))
    return posting


def withdrawn(family, posting):
    withdraw(posting.key, by=family.person("caseworker_2"))
    return posting


def offers(client, posting):
    html = page(client, "casework:posting", posting.key).content.decode()
    link = f'href="{reverse(LETTER, args=[posting.key])}"'
    return link in html, [words for words in (SENT, MADE, WAITS) if words in html]


@pytest.mark.parametrize(
    ("ended", "words"),
    [(posted, SENT), (withdrawn, MADE), (lambda _family, posting: posting, WAITS)],
    ids=["posted", "withdrawn", "waits"],
)
def test_page_offers_the_letter_and_it_is_the_one_that_was_made(client, family, caseworker, ended, words):
    posting = ended(family, waiting(family))
    assert offers(client, posting) == (True, [words])

    response = page(client, LETTER, posting.key)

    assert response["Content-Type"] == "application/pdf"
    assert response.content == read_document(posting.letter.screen).content
    assert posting.letter.number in text_of(response.content)


def test_reading_is_in_the_log_and_is_no_printing(client, family, caseworker):
    posting = waiting(family)

    page(client, LETTER, posting.key)

    assert logged(posting.recipient) == [("casework.read_letter", Outcome.SEEN, *OWN)]
    assert not PostingPrint.objects.exists()


def test_asking_for_the_head_alone_reads_nothing(client, family, caseworker):
    posting = waiting(family)

    response = client.head(reverse(LETTER, args=[posting.key]))

    assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert logged(posting.recipient) == []


def test_form_that_goes_with_it_is_not_shown(client, family, caseworker):
    queue_for_posting(a_form(), recipient=family.person("much_data"), by=None, title="Be om innsyn")
    make_all()

    text = text_of(page(client, LETTER, to_post().get().key).content)

    assert "Her er skjemaet du ba om" in text
    assert "Skjemaet som ble bestilt" not in text


def test_both_whom_it_goes_to_and_whom_it_is_about_see_that_it_was_read(client, family, caseworker):
    posting = about_another(family, "parent", "much_data")

    page(client, LETTER, posting.key)

    seen = AccessLogEntry.objects.filter(action="casework.read_letter", actor=caseworker.key)
    assert {entry.subject for entry in seen} == {family.person(slug).key for slug in ("parent", "much_data")}


@pytest.mark.parametrize("slug", ["parent", "much_data"])
def test_whoever_is_near_either_of_them_does_not_read_it(client, family, caseworker, slug):
    posting = about_another(family, "parent", "much_data")
    married = Marriage(number_of(slug), since=date(2001, 1, 1), until=date(2009, 1, 1))
    family.change("caseworker", spouses=(married,))

    response = page(client, LETTER, posting.key, follow=True)

    assert "En annen må ta det" in messages_on(response)[0]
    assert {row[1] for row in logged(family.person(slug))} == {Outcome.REFUSED}


def test_letter_whose_time_is_over_is_told_of_as_gone(client, family, caseworker):
    posting = posted(family, waiting(family))
    with database_role("keeper"):
        erase_document(posting.letter.screen)

    response = page(client, LETTER, posting.key, follow=True)

    assert response.redirect_chain == [(reverse("casework:posting", args=[posting.key]), HTTPStatus.FOUND)]
    assert messages_on(response) == ["Dette finnes ikke lenger. Det er slettet fordi tiden er ute."]
    assert ("casework.read_letter", Outcome.SEEN, *OWN) not in logged(posting.recipient)


def test_what_never_became_a_letter_is_neither_offered_nor_there(client, family, caseworker):
    posting = hindered(family)

    assert offers(client, posting) == (False, [])
    assert page(client, LETTER, posting.key).status_code == HTTPStatus.NOT_FOUND


def test_letter_to_an_address_that_has_become_strictly_confidential_is_not_shown(client, family, caseworker):
    """It may still tell where she lives."""
    posting = posted(family, waiting(family))
    family.change("much_data", protection=Protection.STRICTLY_CONFIDENTIAL, address=None)

    response = page(client, LETTER, posting.key, follow=True)

    assert messages_on(response) == [
        "Adressen er strengt fortrolig nå. Brevet kan fortelle hvor mottakeren bor, og vises derfor ikke her."
    ]


def test_letter_that_was_sent_is_shown_when_the_recipient_has_moved(client, family, caseworker):
    posting = posted(family, waiting(family))
    sent = read_document(posting.letter.screen).content
    family.change("much_data", address=family.entries["parent"].address)

    assert offers(client, posting) == (True, [SENT])
    assert page(client, LETTER, posting.key).content == sent


def test_letter_that_waits_and_is_not_to_be_sent_is_not_offered_to_be_printed_so(client, family, caseworker):
    posting = waiting(family)
    family.change("much_data", address=family.entries["parent"].address)

    response = page(client, LETTER, posting.key, follow=True)

    assert offers(client, posting) == (False, [])
    assert messages_on(response) == ["Brevet må lages på nytt før det kan sendes."]
    assert Posting.objects.get().letter is not None
