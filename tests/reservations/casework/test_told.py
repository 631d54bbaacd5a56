"""What a person is told of what caseworkers did: each thing with what it was, and why."""

import pytest
from django.test import Client
from django.urls import reverse

from kpr_portal.people.models import Role
from reservations.postal.letters.kinds import MESSAGE_WAITING
from reservations.postal.letters.operations import owe_letter, queue_for_posting
from reservations.postal.letters.queries import not_to_post, to_post
from tests.reservations.postal.letters.conftest import a_form, made, make_all
from tests.support.family import number_of
from tests.support.sign_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.speaks_numbers]


@pytest.fixture
def desk(family):
    """A caseworker who is an approver besides, at work."""
    client = Client()
    roles = [Role.CASEWORKER, Role.APPROVER]
    sign_in(client, family.person("approver"), staff=True, proven=True, roles=roles)
    return client


def at(name, *args):
    return reverse(f"casework:{name}", args=args)


def told(family, slug):
    """What the person's own page says of others: what was seen, and why; the latest first."""
    client = Client()
    sign_in(client, family.person(slug))
    response = client.get("/innsyn/oppslag/")
    assert "Ikke oppgitt" not in response.content.decode()
    return [(str(access.what), str(access.reason)) for access in response.context["accesses"]]


@pytest.mark.parametrize(
    ("channel", "why"),
    [
        ("phone", "Vi har notert at du ba om det på telefon"),
        ("post", "Vi har notert at du ba om det i et brev"),
    ],
)
def test_who_is_closed_to_others_is_told_how_it_was_asked_for(family, desk, channel, why):
    desk.post(at("block"), {"person": number_of("much_data").digits, "channel": channel})

    assert told(family, "much_data") == [("en sperre mot at andre handler på vegne av deg", why)]


def test_who_is_sent_a_form_is_told_that_somebody_asked(family, desk):
    address = at("order_form", "innsyn", "meg-selv")
    desk.post(address, {"person": number_of("much_data").digits, "language": "nb", "several": ["records+"]})

    assert told(family, "much_data") == [
        ("at vi sender et papirskjema til deg eller om deg", "Noen ba oss om å sende et papirskjema")
    ]


@pytest.mark.parametrize("slug", ["much_data", "parent"])
def test_nobody_is_told_that_they_got_what_another_got(family, desk, slug):
    """The form is about the one, and is sent to the other."""
    concerned, recipient = family.person("much_data"), family.person("parent")
    queue_for_posting(a_form(), recipient=recipient, concerned=concerned, by=None, title="Be om innsyn")
    make_all()
    key = to_post().get().key
    desk.get(at("posting", key))
    desk.get(at("posting_pdf", key))
    desk.post(at("postings"), {"posting": str(key), "do": "posted"})

    assert [what for what, _why in told(family, slug)] == [
        "at et brev til deg eller om deg ble sendt",
        "et brev til deg eller om deg, for å sende det",
        "at vi har et brev til deg eller om deg",
    ]


def test_who_is_sent_a_letter_is_told_why_each_time_it_was_handled(family, desk):
    made(MESSAGE_WAITING, family.person("much_data"))
    key = to_post().get().key
    desk.get(at("posting", key))
    desk.get(at("posting_pdf", key))
    desk.post(at("postings"), {"posting": str(key), "do": "posted"})

    assert [why for _what, why in told(family, "much_data")] == [
        "For å holde orden på hva som er sendt",
        "For å sende brevet i posten",
        "For å sende brevet, eller avgjøre hva som skal skje med det",
    ]


def test_who_has_no_address_is_told_why_we_looked_for_one(family, desk):
    owe_letter(MESSAGE_WAITING, recipient=family.person("emigrated"), by=None)
    make_all()
    desk.post(at("retry_posting", not_to_post().get().key))
    make_all()
    desk.post(at("withdraw_posting", not_to_post().get().key))

    assert [why for _what, why in told(family, "emigrated")] == [
        "For å stoppe et brev som ikke skulle sendes",
        "For å finne en adresse å sende brevet til",
    ]


def test_who_is_kept_from_some_of_the_staff_is_told_why(family, desk):
    other = sign_in(Client(), family.person("caseworker_2"), staff=True, roles=[Role.CASEWORKER])
    staff = [str(family.person("approver").key)]
    desk.post(at("shield"), {"person": number_of("much_data").digits, "staff": staff})
    desk.post(at("name_out"), {"person": number_of("much_data").digits, "staff": [str(other.key)]})
    desk.post(at("declare_out"), {"person": number_of("much_data").digits})

    assert [why for _what, why in told(family, "much_data")] == [
        "Den ansatte meldte seg inhabil",
        "Vi har notert at du ba om det",
        "For å begrense hvem som får behandle sakene dine",
    ]
