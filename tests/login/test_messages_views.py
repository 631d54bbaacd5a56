"""The pages of messages: one's own, opened by reading, and shown to nobody who acts for another."""

import uuid
from datetime import timedelta

import pytest
from django.utils.translation import gettext_lazy as _

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.ground import clock
from kpr_portal.login import messages_views
from kpr_portal.login.operations import REPRESENTING
from kpr_portal.notices.models import MessageOpening
from kpr_portal.notices.operations import note_opening, tell
from kpr_portal.people.models import Role
from kpr_portal.people.operations import person_for
from tests.support.browser import looks
from tests.support.family import enter_family, number_of
from tests.support.numbers import synthetic_numbers
from tests.support.sign_in import session_of, sign_in

pytestmark = pytest.mark.django_db

ME, ANOTHER = synthetic_numbers(2, start=40)
LIST = "/meldinger/"


@pytest.fixture
def me(client):
    return sign_in(client, ME)


def told(person, **values):
    return tell(person.key, **{"kind": "test", "title": _("Personvern"), "body": _("Kvittering"), **values})


def page_of(message):
    return f"{LIST}{message.key}/"


def logged(person):
    rows = AccessLogEntry.objects.filter(actor=person.key).order_by("occurred_at")
    return [(row.action, row.outcome, row.subject == person.key, row.basis) for row in rows]


@pytest.fixture
def child(client, db):
    """The child that the one signed in on this client acts for."""
    family = enter_family()
    acting = family.acting("parent", for_="child_8")
    sign_in(client, acting.actor)
    session = session_of(client)
    session[REPRESENTING] = str(acting.representation)
    session.save()
    return acting.subject


def test_list_shows_what_is_read_and_what_is_not(client, me):
    read = told(me)
    note_opening(read.key, by=me.key)
    with clock.shift(timedelta(minutes=1)):
        unread = told(me, title=_("Kontakt oss"))
    told(person_for(ANOTHER), title=_("Tilgjengelighet"))

    response = client.get(LIST)

    shown = response.context["page"].object_list
    assert [(m.key, m.title, m.is_unread) for m in shown] == [
        (unread.key, "Kontakt oss", True),
        (read.key, "Personvern", False),
    ]
    assert "Du har én ulest melding." in response.content.decode()
    assert logged(me) == [("notices.messages", "seen", True, "self")]
    assert response["Cache-Control"] == "private, no-store"


def test_reading_opens_a_message_once_and_logs_every_time(client, me):
    message = told(me)

    for _time in range(2):
        assert client.get(page_of(message)).status_code == 200

    (opening,) = MessageOpening.objects.all()
    assert (opening.message, opening.opened_by) == (message, me.key)
    assert logged(me) == [("notices.message", "seen", True, "self")] * 2


def test_asking_for_the_headers_alone_opens_nothing(client, me):
    client.head(page_of(told(me)))

    assert MessageOpening.objects.count() == 0


@pytest.mark.parametrize(
    ("link", "takes_about", "leads_to"),
    [
        ("reservations:history", False, "/reservasjon/historikk/"),
        ("reservations:receipt", True, "/reservasjon/kvittering/"),
        ("reservations:overview", True, "/reservasjon/"),
        ("a_page:that_is_gone", True, None),
        (None, True, None),
    ],
)
def test_message_leads_to_what_it_is_about(client, me, link, takes_about, leads_to):
    about = uuid.uuid4() if takes_about else None
    message = told(me, link=link, about=about)

    response = client.get(page_of(message))

    assert response.status_code == 200
    assert response.context["leads_to"].startswith(leads_to or "")
    assert ("Gå til det meldingen gjelder" in response.content.decode()) is (leads_to is not None)


def test_another_persons_message_and_one_that_is_not_there_are_the_same_404(client, me):
    others = told(person_for(ANOTHER))

    answers = [client.get(page_of(others)), client.get(f"{LIST}{uuid.uuid4()}/")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert logged(me) == [("notices.message", "refused", True, "self")] * 2
    assert MessageOpening.objects.count() == 0


def test_who_acts_for_another_is_shown_no_messages_of_theirs_nor_own(client, child):
    parent = person_for(number_of("parent"))
    mine, childs = told(parent), told(child)

    answers = [client.get(path) for path in (LIST, page_of(mine), page_of(childs), f"{LIST}{uuid.uuid4()}/")]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert logged(parent) == [
        ("notices.messages", "refused", False, "parent"),
        *[("notices.message", "refused", False, "parent")] * 3,
    ]
    assert MessageOpening.objects.count() == 0


def test_who_acts_for_another_sees_neither_the_way_to_messages_nor_how_many(client, child):
    told(child)
    told(person_for(number_of("parent")))

    page = client.get("/innsyn/").content.decode()

    assert "på vegne av" in page
    assert "Meldinger" not in page


def test_staff_at_work_have_no_messages_here(client):
    sign_in(client, ANOTHER, staff=True, roles=[Role.CASEWORKER])

    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_a_fixed_number_of_queries(client, me, number, django_assert_num_queries):
    for _number in range(number):
        told(me)
    client.get(LIST)

    with django_assert_num_queries(4):  # session, who is the same human, messages, log row
        client.get(LIST)


def test_many_messages_stand_on_pages(client, me):
    for _number in range(messages_views.A_PAGE + 1):
        told(me)

    pages = [client.get(LIST, {"page": page}).context["page"].object_list for page in ("1", "2", "none")]

    assert [len(page) for page in pages] == [25, 1, 25]


@pytest.mark.parametrize("language", ["", "/nn", "/en"])
def test_pages_are_accessible_and_fit(client, me, chromium, language):
    read, unread = told(me, link="reservations:history"), told(me)
    note_opening(read.key, by=me.key)

    for path in (f"{language}{LIST}", f"{language}{page_of(unread)}"):
        assert chromium.look(client.get(path), path, looks) == ([], 0)


def test_empty_list_says_so(client, me):
    assert "Du har ingen meldinger." in client.get(LIST).content.decode()


@pytest.mark.parametrize("path", ["/innsyn/", "/reservasjon/"])
def test_overview_says_how_many_are_unread(client, me, path):
    before = client.get(path).content.decode()
    told(me)
    told(me)
    after = client.get(path).content.decode()

    assert ("Meldinger (" in before, "Meldinger (2)" in after) == (False, True)


def test_every_page_leads_to_messages_for_the_signed_in_alone(client):
    assert 'href="/meldinger/"' not in client.get("/kontakt/").content.decode()

    sign_in(client, ME)

    assert 'href="/meldinger/"' in client.get("/kontakt/").content.decode()
