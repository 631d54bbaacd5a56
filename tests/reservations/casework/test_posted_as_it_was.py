"""A letter that lay in the post before it was to be stopped: it is noted as sent, and made anew where it can be."""

from datetime import date
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.documents.models import StoredDocument
from kpr_portal.documents.operations import erase_document
from kpr_portal.notices.operations import tell
from kpr_portal.people.models import Role
from kpr_portal.people.population_register import Marriage, Protection
from reservations.postal.letters.errors import CannotBePosted, NotPrinted
from reservations.postal.letters.kinds import MESSAGE_WAITING, REFUSAL
from reservations.postal.letters.operations import owe_letter, owe_letter_of_notice
from reservations.postal.letters.queries import not_to_post, to_post
from reservations.postal.letters.retention import erase_posted
from reservations.postal.models import Posting, PostingEnd
from tests.conftest import database_role
from tests.reservations.casework.moved import FLED, a_waiting_form, buttons_on, letters_text, page, remake
from tests.reservations.casework.queue_of_post import messages_on, printed, waiting
from tests.reservations.postal.letters.conftest import make_all
from tests.support.at_once import at_once
from tests.support.browser import looks
from tests.support.family import number_of
from tests.support.html import mistakes
from tests.support.sign_in import sign_in

pytestmark = [pytest.mark.django_db]
BUTTON = "Brevet er lagt i posten"
DONE = "Brevet er merket som postlagt. Skal det til en annen adresse nå, kommer det et nytt i listen om litt."
LEADER = "Si fra til lederen din med en gang"
DEAD = {"death_date": date(2026, 1, 1)}
HIDDEN = {"address": None, "protection": Protection.STRICTLY_CONFIDENTIAL}


def tell_it_was_posted(client, posting):
    return client.post(reverse("casework:posted_as_it_was", args=[posting.key]), follow=True)


def outcomes():
    return list(PostingEnd.objects.order_by("pk").values_list("posting", "outcome"))


class TestWhoHasAnotherAddress:
    def test_it_is_noted_as_sent_and_made_anew_for_the_address_of_today(self, client, family, caseworker):
        posting = printed(family, waiting(family, kind=REFUSAL))
        family.change("much_data", **FLED)

        response = tell_it_was_posted(client, posting)
        with database_role("keeper"):
            erase_posted()
        make_all()

        assert messages_on(response) == [DONE]
        assert outcomes() == [(posting.pk, "posted_and_anew")]
        anew = to_post().get()
        assert (anew.letter.number, anew.letter.edition) == (posting.letter.number, 2)
        assert "Postboks 9" in letters_text(anew.letter)
        assert "Postlagt til den gamle adressen, og laget på nytt, " in page(client, posting).content.decode()

    @pytest.mark.speaks_numbers
    def test_form_goes_with_the_next_and_then_is_erased(self, client, family, caseworker):
        posting = printed(family, a_waiting_form(family))
        family.change("much_data", **FLED)

        tell_it_was_posted(client, posting)
        make_all()

        anew = printed(family, to_post().get())
        assert anew.order.enclosure == posting.order.enclosure
        client.post(reverse("casework:postings"), {"posting": str(anew.key), "do": "posted"})
        with database_role("keeper"):
            assert erase_posted() == 2
        assert StoredDocument.objects.filter(key=posting.order.enclosure).count() == 0

    def test_whose_letter_cannot_be_made_anew_has_had_the_one_that_was_sent(self, client, family, caseworker):
        posting = printed(family, waiting(family, kind=REFUSAL))
        with database_role("keeper"):
            erase_document(posting.order.values)
        family.change("much_data", **FLED)

        shown = page(client, posting).content.decode()
        tell_it_was_posted(client, posting)
        make_all()

        assert "Vi lager et nytt til adressen som gjelder nå." not in shown
        assert (outcomes(), to_post().count()) == ([(posting.pk, "posted")], 0)

    def test_whose_address_is_gone_waits_for_one(self, client, family, caseworker):
        posting = printed(family, waiting(family))
        family.change("much_data", address=None)

        tell_it_was_posted(client, posting)
        make_all()

        assert [row.why for row in not_to_post()] == ["no_address"]


@pytest.mark.parametrize("changed", [DEAD, HIDDEN])
def test_what_was_not_to_be_sent_at_all_is_noted_as_sent_and_not_made_anew(
    client, family, caseworker, changed
):
    person = family.person("much_data")
    message = tell(person.key, kind="reservations.changed", title=_("Innsyn"), body=_("Innsyn"))
    owe_letter_of_notice(MESSAGE_WAITING, recipient=person, message=message.key)
    make_all()
    posting = printed(family, to_post().get())
    family.change("much_data", **changed)

    tell_it_was_posted(client, posting)
    make_all()

    assert (outcomes(), to_post().count(), not_to_post().count()) == ([(posting.pk, "posted")], 0, 0)
    assert list(message.deliveries.filter(channel="letter").values_list("outcome", flat=True)) == ["sent"]


class TestWhatThePageOffers:
    def test_it_is_offered_once_it_was_printed_and_is_to_be_stopped(self, client, family, caseworker):
        posting = waiting(family)
        before = page(client, posting)
        printed(family, posting)
        after = page(client, posting)
        family.change("much_data", **FLED)
        stopped = page(client, posting)

        assert [BUTTON in buttons_on(each) for each in (before, after, stopped)] == [False, False, True]
        assert "Vi lager et nytt til adressen som gjelder nå." in stopped.content.decode()

    def test_it_is_not_offered_where_nobody_has_printed_it(self, client, family, caseworker):
        posting = waiting(family)
        family.change("much_data", **FLED)

        shown, refused = page(client, posting), tell_it_was_posted(client, posting)

        assert buttons_on(shown) == ["Lag brevet på nytt", "Trekk tilbake"]
        assert messages_on(refused) == [str(NotPrinted.message)]
        assert outcomes() == []

    @pytest.mark.parametrize(("changed", "told"), [(HIDDEN, True), (FLED, True), (DEAD, False)])
    def test_leader_is_to_know_where_the_address_is_protected(
        self, client, family, caseworker, changed, told
    ):
        posting = printed(family, waiting(family))
        family.change("much_data", **changed)

        assert (LEADER in page(client, posting).content.decode()) is told

    def test_withdrawing_tells_of_it(self, client, family, caseworker):
        posting = printed(family, waiting(family))
        family.change("much_data", **FLED)

        asked = page(client, posting, "casework:withdraw_posting").content.decode()

        assert "Er det allerede lagt i posten, merker du det som postlagt i stedet." in asked

    def test_after_it_was_withdrawn_nothing_is_offered(self, client, family, caseworker):
        posting = printed(family, waiting(family))
        family.change("much_data", **FLED)
        client.post(reverse("casework:withdraw_posting", args=[posting.key]))

        assert buttons_on(page(client, posting)) == []
        tell_it_was_posted(client, posting)
        assert outcomes() == [(posting.pk, "withdrawn")]


class TestWhoMay:
    def test_what_has_no_letter_was_not_posted(self, client, family, caseworker):
        owe_letter(MESSAGE_WAITING, recipient=family.person("emigrated"), by=None)
        make_all()

        response = tell_it_was_posted(client, Posting.objects.get())

        assert messages_on(response) == [str(CannotBePosted.message)]

    def test_what_is_right_is_marked_as_any_other(self, client, family, caseworker):
        posting = printed(family, waiting(family))

        tell_it_was_posted(client, posting)
        make_all()

        assert (outcomes(), to_post().count()) == ([(posting.pk, "posted")], 0)

    def test_it_is_in_the_access_log(self, client, family, caseworker):
        posting = printed(family, waiting(family))
        family.change("much_data", **FLED)

        tell_it_was_posted(client, posting)

        entry = AccessLogEntry.objects.get(subject=posting.recipient.key, action="casework.posted_as_it_was")
        assert (entry.actor, entry.role) == (caseworker.key, "caseworker")

    def test_she_tells_nothing_of_a_letter_to_her_husband(self, client, family, caseworker):
        posting = printed(family, waiting(family))
        family.change("much_data", **FLED)
        family.change("caseworker", spouses=(Marriage(number_of("much_data"), since=date(2001, 1, 1)),))

        response = tell_it_was_posted(client, posting)

        assert "En annen må ta det" in messages_on(response)[0]
        assert outcomes() == []

    @pytest.mark.parametrize("role", [Role.APPROVER, Role.RELEASE_OFFICER, Role.AUDITOR])
    def test_other_staff_do_not(self, client, family, role):
        posting = printed(family, waiting(family))
        sign_in(client, family.person("auditor"), staff=True, roles=[role])

        assert tell_it_was_posted(client, posting).status_code == HTTPStatus.FORBIDDEN

    def test_it_is_done_with_the_rights_of_the_web_role(self, client, family, caseworker):
        posting = printed(family, waiting(family))
        family.change("much_data", **FLED)

        with database_role("web"):
            tell_it_was_posted(client, posting)

        assert outcomes() == [(posting.pk, "posted_and_anew")]


@pytest.mark.django_db(transaction=True)
def test_one_makes_it_anew_and_another_tells_that_it_was_posted_at_once(client, family, caseworker):
    posting = printed(family, waiting(family))
    family.change("much_data", **FLED)

    at_once(lambda: remake(client, posting), lambda: tell_it_was_posted(client, posting))
    make_all()

    assert len(outcomes()) == 1
    assert to_post().count() == 1


@pytest.mark.usefixtures("caseworker")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_is_accessible_and_fits(look_at, family, scheme):
    posting = printed(family, waiting(family))
    family.change("much_data", **HIDDEN)

    path = reverse("casework:posting", args=[posting.key])
    assert look_at(path, looks, color_scheme=scheme) == ([], 0)


def test_page_is_valid_html(client, family, caseworker, tmp_path):
    posting = printed(family, waiting(family))
    family.change("much_data", **HIDDEN)
    (tmp_path / "page.html").write_bytes(page(client, posting).content)

    assert mistakes(tmp_path) == []
