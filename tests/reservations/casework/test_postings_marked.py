"""The queue of the post: marked as posted, or withdrawn, once and by whoever is impartial."""

import pytest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kpr_portal.audit.models import Outcome
from kpr_portal.notices.operations import tell
from reservations.postal.letters.kinds import MESSAGE_WAITING
from reservations.postal.letters.operations import owe_letter_of_notice
from reservations.postal.letters.posting import mark_posted
from reservations.postal.letters.queries import not_to_post, to_post
from reservations.postal.models import PostingEnd
from tests.conftest import database_role
from tests.reservations.casework.queue_of_post import (
    LIST,
    OWN,
    about_another,
    hindered,
    logged,
    messages_on,
    page,
    press,
    printed,
    waiting,
)
from tests.reservations.postal.letters.conftest import make_all
from tests.support.at_once import at_once

pytestmark = [pytest.mark.django_db]


class TestMarking:
    def test_one_is_marked_as_posted(self, client, family, caseworker):
        posting = printed(family, waiting(family))

        response = press(client, LIST, posting.key)

        end = PostingEnd.objects.get()
        assert (end.posting, end.outcome, end.by) == (posting, "posted", caseworker)
        assert messages_on(response) == ["Ett brev er merket som postlagt."]
        assert logged(posting.recipient) == [("casework.posted", Outcome.SEEN, *OWN)]
        assert to_post().count() == 0

    def test_all_that_were_shown_are_marked_and_no_others(self, client, family, caseworker):
        shown = [waiting(family), waiting(family, "parent")]
        later = waiting(family, "child_8")
        printed(family, *shown, later)

        response = press(client, LIST, *(row.key for row in shown))

        assert list(to_post()) == [later]
        assert messages_on(response) == ["2 brev er merket som postlagt."]

    def test_what_nobody_has_printed_is_not_marked(self, client, family, caseworker):
        posting = waiting(family)

        response = press(client, LIST, posting.key)

        assert list(to_post()) == [posting]
        assert messages_on(response) == [
            "Ett brev ble ikke merket, fordi det ikke er skrevet ut ennå. Skriv det ut først."
        ]
        assert logged(posting.recipient) == []

    def test_of_several_those_not_printed_are_left_and_it_is_said(self, client, family, caseworker):
        done, *left = [waiting(family, slug) for slug in ("much_data", "parent", "child_8")]

        page(client, "casework:posting_pdf", done.key)
        response = press(client, LIST, done.key, *(row.key for row in left))

        assert list(to_post()) == left
        assert messages_on(response) == [
            "Ett brev er merket som postlagt.",
            "2 brev ble ikke merket, fordi de ikke er skrevet ut ennå. Skriv dem ut først.",
        ]

    def test_marked_again_is_left_as_it_is(self, client, family, caseworker):
        posting = printed(family, waiting(family))
        press(client, LIST, posting.key)

        response = press(client, LIST, posting.key)

        assert PostingEnd.objects.count() == 1
        assert messages_on(response)[0].startswith("Ett brev ble ikke merket.")

    def test_what_has_no_letter_is_not_marked(self, client, family, caseworker):
        press(client, LIST, hindered(family).key)

        assert PostingEnd.objects.count() == 0

    def test_what_becomes_of_it_is_said_before_it_is_withdrawn(self, client, family, caseworker):
        form = about_another(family, "parent", "child_8")
        rows = [waiting(family), printed(family, waiting(family, "parent")), hindered(family), form]

        pages = [page(client, "casework:withdraw_posting", row.key).content.decode() for row in rows]

        assert ["Det kan ikke angres." in html for html in pages] == [True] * 4
        assert ["Makuler utskriften." in html for html in pages] == [False, True, False, False]
        assert ["Skjemaet blir slettet." in html for html in pages] == [False, False, False, True]
        assert ["Stødig Bjørk" in html for html in pages] == [True, False, False, False]
        assert PostingEnd.objects.count() == 0

    def test_page_of_one_leads_to_the_question_and_withdraws_nothing(self, client, family, caseworker):
        posting = waiting(family)
        asks = reverse("casework:withdraw_posting", args=[posting.key])

        html = page(client, "casework:posting", posting.key).content.decode()

        assert (f'href="{asks}"' in html, f'action="{asks}"' in html) == (True, False)

    def test_message_that_a_letter_tells_of_stays_where_it_is(self, client, family, caseworker):
        person = family.person("much_data")
        message = tell(person.key, kind="reservations.changed", title=_("Innsyn"), body=_("Innsyn"))
        owe_letter_of_notice(MESSAGE_WAITING, recipient=person, message=message.key)
        make_all()

        html = page(client, "casework:withdraw_posting", to_post().get().key).content.decode()

        assert "ligger fortsatt i KPR-portalen" in html

    def test_what_has_ended_is_not_asked_about(self, client, family, caseworker):
        posting = waiting(family)
        press(client, "casework:withdraw_posting", args=[posting.key])

        response = page(client, "casework:withdraw_posting", posting.key, follow=True)

        assert messages_on(response) == ["Dette er allerede postlagt eller trukket tilbake."]

    def test_withdrawn_is_not_sent(self, client, family, caseworker):
        posting = waiting(family)

        press(client, "casework:withdraw_posting", args=[posting.key])

        assert (PostingEnd.objects.get().outcome, to_post().count()) == ("withdrawn", 0)
        html = page(client, "casework:posting", posting.key).content.decode()
        assert "Trukket tilbake, " in html  # as a sentence begins
        assert ["Merk som postlagt" in html, "Skriv ut (PDF)" in html] == [False, False]

    def test_tried_again_comes_into_the_list_when_there_is_an_address(self, client, family, caseworker):
        posting = hindered(family)
        family.change("emigrated", address=family.entries["much_data"].address)

        press(client, "casework:retry_posting", args=[posting.key])
        make_all()

        assert (to_post().count(), not_to_post().count()) == (1, 0)

    def test_letter_that_is_made_is_not_made_again(self, client, family, caseworker):
        response = press(client, "casework:retry_posting", args=[waiting(family).key])

        assert messages_on(response) == ["Brevet er allerede laget."]

    def test_it_is_done_with_the_rights_of_the_web_role(self, client, family, caseworker):
        posting = waiting(family)

        with database_role("web"):
            page(client, "casework:posting_pdf", posting.key)
            press(client, LIST, posting.key)

        assert PostingEnd.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_caseworkers_at_once_post_it_once(family):
    posting = printed(family, waiting(family))
    by = family.person("caseworker")

    results = at_once(*[lambda: mark_posted(posting.key, by=by)] * 2)

    assert sorted(type(result).__name__ for result in results) == ["AlreadyEnded", "PostingEnd"]
    assert PostingEnd.objects.count() == 1
