"""A letter that waits with an old address on it is made anew, once, and says the same."""

import re
from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.documents.models import StoredDocument
from kpr_portal.documents.operations import erase_document
from kpr_portal.documents.queries import read_document
from kpr_portal.ground import clock
from kpr_portal.notices.operations import note_opening, tell
from kpr_portal.people.models import Role
from kpr_portal.people.population_register import Address, Marriage, Protection
from reservations.postal.letters.errors import (
    AddressTheSame,
    AlreadyEnded,
    ContentGone,
)
from reservations.postal.letters.kinds import MESSAGE_WAITING, OWN_DECISIONS, REFUSAL
from reservations.postal.letters.operations import owe_letter, owe_letter_of_notice
from reservations.postal.letters.posting import make_anew, mark_posted
from reservations.postal.letters.queries import not_to_post, to_post
from reservations.postal.letters.retention import erase_posted, forget_letters
from reservations.postal.models import Letter, LetterOrder, Posting, PostingEnd
from tests.conftest import database_role
from tests.reservations.casework.moved import (
    FLED,
    SAFE,
    a_waiting_form,
    buttons_on,
    letters_text,
    page,
    pdf,
    press,
    remake,
    text_of,
)
from tests.reservations.casework.queue_of_post import LIST, messages_on, printed, waiting
from tests.reservations.postal.letters.conftest import make_all
from tests.support.at_once import at_once
from tests.support.browser import looks
from tests.support.family import number_of
from tests.support.html import mistakes
from tests.support.sign_in import sign_in

pytestmark = [pytest.mark.django_db]


class TestMakingAnew:
    def test_it_says_the_same_under_the_same_number_with_the_address_of_today(
        self, client, family, caseworker
    ):
        posting = waiting(family, kind=REFUSAL)
        family.change("much_data", **FLED)

        response = remake(client, posting)
        with database_role("keeper"):
            erase_posted()
        make_all()

        assert messages_on(response) == [
            "Brevet lages på nytt, og kommer i listen om litt. Er det gamle skrevet ut, makulerer du utskriften."
        ]
        anew = to_post().get()
        before, after = letters_text(posting.letter), letters_text(anew.letter)
        assert ["Postboks 9" in before, "Postboks 9" in after] == [False, True]
        assert before.replace("Bjørkeveien 1 7011 Trondheim", "Postboks 9 Sentrum 0101 Oslo") == after
        assert (anew.letter.number, anew.letter.edition) == (posting.letter.number, 2)
        assert pdf(client, anew)["Content-Type"] == "application/pdf"
        assert messages_on(press(client, anew)) == ["Ett brev er merket som postlagt."]
        ends = PostingEnd.objects.order_by("pk").values_list("posting", "outcome", "by")
        assert list(ends) == [(posting.pk, "made_anew", caseworker.pk), (anew.pk, "posted", caseworker.pk)]

    def test_it_is_in_the_language_that_it_was_in(self, family):
        posting = waiting(family)
        family.change("much_data", address=SAFE, language="en")

        make_anew(posting.key, by=family.person("caseworker"))
        make_all()

        assert (posting.letter.language, to_post().get().letter.language) == ("nb", "nb")

    def test_old_one_stays_as_it_was_and_says_what_became_of_it(self, client, family, caseworker):
        posting = waiting(family)
        family.change("much_data", **FLED)
        remake(client, posting)
        make_all()

        html = page(client, posting).content.decode()

        assert "Tatt ut for å lages på nytt, " in html
        assert ["Skriv ut (PDF)" in html, "Lag brevet på nytt" in html] == [False, False]
        assert read_document(posting.letter.archive).content.startswith(b"%PDF-")

    @pytest.mark.speaks_numbers
    def test_form_is_kept_and_goes_with_the_new_cover_letter(self, client, family, caseworker):
        posting = a_waiting_form(family)
        form = read_document(posting.order.enclosure).content
        family.change("much_data", **FLED)

        remake(client, posting)
        with database_role("keeper"):
            erase_posted()
        make_all()
        anew = to_post().get()

        assert read_document(anew.order.enclosure).content == form
        text = text_of(pdf(client, anew).content)
        assert set(re.findall(r"KPR-\w{4}-\w{4}", text)) == {posting.letter.number}
        assert "Postboks 9" in text
        press(client, anew)
        with database_role("keeper"):
            assert erase_posted() == 2
        assert StoredDocument.objects.filter(key=posting.order.enclosure).count() == 0

    def test_one_with_its_reference_is_the_one_that_is_sent(self, client, family, caseworker):
        posting = waiting(family)
        family.change("much_data", **FLED)
        remake(client, posting)
        make_all()

        found = client.post(reverse(LIST), {"do": "find", "reference": posting.letter.number})

        assert found.url == reverse("casework:posting", args=[to_post().get().key])

    def test_who_has_fled_again_gets_it_made_anew_once_more(self, family):
        posting, by = waiting(family), family.person("caseworker")
        for number in ("1", "2", "3"):
            family.change("much_data", address=Address((f"Postboks {number}",), "0101", "Oslo"))
            make_anew(to_post().get().key, by=by)
            make_all()

        assert list(Letter.objects.values_list("edition", flat=True).order_by("pk")) == [1, 2, 3, 4]
        assert {letter.number for letter in Letter.objects.all()} == {posting.letter.number}

    def test_whose_address_is_gone_waits_for_one(self, client, family, caseworker):
        posting = waiting(family)
        family.change("much_data", address=None)

        remake(client, posting)
        make_all()
        assert [row.why for row in not_to_post()] == ["no_address"]
        family.change("much_data", address=SAFE)
        client.post(reverse("casework:retry_posting", args=[not_to_post().get().key]))
        make_all()

        assert (to_post().get().letter.edition, not_to_post().count()) == (2, 0)

    def test_message_that_it_tells_of_is_told_of_once_it_is_posted(self, client, family, caseworker):
        person = family.person("much_data")
        message = tell(person.key, kind="reservations.changed", title=_("Innsyn"), body=_("Innsyn"))
        owe_letter_of_notice(MESSAGE_WAITING, recipient=person, message=message.key)
        make_all()
        family.change("much_data", **FLED)
        remake(client, to_post().get())
        make_all()

        anew = printed(family, to_post().get())
        press(client, anew)

        assert anew.order.notice == message.key
        deliveries = message.deliveries.filter(channel="letter")
        assert list(deliveries.values_list("outcome", flat=True)) == ["sent"]

    def test_message_read_meanwhile_needs_no_letter_and_nothing_is_kept(self, family):
        person, by = family.person("much_data"), family.person("caseworker")
        message = tell(person.key, kind="reservations.changed", title=_("Innsyn"), body=_("Innsyn"))
        order = owe_letter_of_notice(
            OWN_DECISIONS, recipient=person, message=message.key, values={"sixteen": True}
        )
        make_all()
        family.change("much_data", **FLED)
        make_anew(to_post().get().key, by=by)
        note_opening(message.key, by=person.key)

        make_all()
        with database_role("keeper"):
            erase_posted()

        assert (to_post().count(), StoredDocument.objects.filter(key=order.values).count()) == (0, 0)

    def test_what_is_right_is_not_made_anew(self, client, family, caseworker):
        response = remake(client, waiting(family))

        assert messages_on(response) == [str(AddressTheSame.message)]
        assert (PostingEnd.objects.count(), to_post().count()) == (0, 1)

    @pytest.mark.parametrize(
        ("changed", "says"),
        [
            ({"death_date": date(2026, 1, 1)}, "registrert som død"),
            ({"address": None, "protection": Protection.STRICTLY_CONFIDENTIAL}, "strengt fortrolig"),
        ],
    )
    def test_what_is_not_to_be_sent_at_all_is_not_made_anew(self, client, family, caseworker, changed, says):
        posting = waiting(family)
        family.change("much_data", **changed)

        shown, refused = page(client, posting), remake(client, posting)

        assert buttons_on(shown) == ["Trekk tilbake"]
        assert says in messages_on(refused)[0]
        assert PostingEnd.objects.count() == 0

    def test_letter_whose_content_is_erased_is_withdrawn(self, client, family, caseworker):
        """As of letters made before: what they were made from went at once."""
        posting = waiting(family, kind=REFUSAL)
        with database_role("keeper"):
            erase_document(posting.order.values)
        family.change("much_data", **FLED)

        shown, refused = page(client, posting), remake(client, posting)

        assert str(ContentGone.message) in shown.content.decode()
        assert buttons_on(shown) == ["Trekk tilbake"]
        assert messages_on(refused) == [str(ContentGone.message)]
        assert (PostingEnd.objects.count(), list(to_post())) == (0, [posting])

    def test_what_has_no_letter_or_nobody_knows_is_not_made_anew(self, client, family, caseworker):
        owe_letter(MESSAGE_WAITING, recipient=family.person("emigrated"), by=None)
        make_all()
        posting = Posting.objects.get()

        refused = remake(client, posting)
        posting.key = "7f0c2f1e-3f5b-4b44-9a52-0d8c1c1e9a11"
        nobody = remake(client, posting)

        assert messages_on(refused) == ["Dette brevet er ikke laget, og kan ikke postlegges."]
        assert messages_on(nobody) == ["Dette ligger ikke i køen."]

    def test_it_is_in_the_access_log_with_words_for_the_one_it_is_for(self, client, family, caseworker):
        posting = waiting(family)
        family.change("much_data", **FLED)

        remake(client, posting)

        entry = AccessLogEntry.objects.get(subject=posting.recipient.key, action="casework.remake_posting")
        assert (entry.actor, entry.role) == (caseworker.key, "caseworker")

    def test_she_makes_no_letter_to_her_husband_anew(self, client, family, caseworker):
        posting = waiting(family)
        family.change("much_data", **FLED)
        family.change("caseworker", spouses=(Marriage(number_of("much_data"), since=date(2001, 1, 1)),))

        response = remake(client, posting)

        assert "En annen må ta det" in messages_on(response)[0]
        assert PostingEnd.objects.count() == 0

    @pytest.mark.parametrize("role", [Role.APPROVER, Role.RELEASE_OFFICER, Role.AUDITOR])
    def test_other_staff_do_not(self, client, family, role):
        posting = waiting(family)
        sign_in(client, family.person("auditor"), staff=True, roles=[role])

        assert remake(client, posting).status_code == HTTPStatus.FORBIDDEN

    def test_it_is_done_with_the_rights_of_the_web_role(self, client, family, caseworker):
        posting = waiting(family)
        family.change("much_data", **FLED)

        with database_role("web"):
            remake(client, posting)
            make_all()

        assert to_post().get().letter.edition == 2

    def test_all_editions_go_when_their_time_is_over(self, family, settings):
        posting, by = waiting(family), family.person("caseworker")
        family.change("much_data", **FLED)
        make_anew(posting.key, by=by)
        make_all()
        mark_posted(printed(family, to_post().get()).key, by=by)

        kept = timedelta(days=366 * settings.LETTERS_KEPT_YEARS + 1)
        with clock.shift(kept), database_role("keeper"):
            assert forget_letters() == 1

        assert (Letter.objects.count(), LetterOrder.objects.count(), StoredDocument.objects.count()) == (
            0,
            0,
            0,
        )


@pytest.mark.django_db(transaction=True)
def test_two_caseworkers_at_once_make_it_anew_once(family):
    posting, by = waiting(family), family.person("caseworker")
    family.change("much_data", **FLED)

    results = at_once(*[lambda: make_anew(posting.key, by=by)] * 2)
    make_all()

    assert sorted(type(result).__name__ for result in results) == ["AlreadyEnded", "PostingEnd"]
    assert (to_post().count(), Letter.objects.count()) == (1, 2)


def test_what_is_made_anew_is_not_marked_by_who_had_it_before_them(family):
    posting, by = printed(family, waiting(family)), family.person("caseworker")
    family.change("much_data", **FLED)
    make_anew(posting.key, by=by)

    with pytest.raises(AlreadyEnded):
        mark_posted(posting.key, by=by)


@pytest.mark.usefixtures("caseworker")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_is_accessible_and_fits(look_at, family, scheme):
    posting = printed(family, waiting(family))
    family.change("much_data", **FLED)

    path = reverse("casework:posting", args=[posting.key])
    assert look_at(path, looks, color_scheme=scheme) == ([], 0)


def test_page_is_valid_html(client, family, caseworker, tmp_path):
    posting = printed(family, waiting(family))
    family.change("much_data", **FLED)
    (tmp_path / "page.html").write_bytes(page(client, posting).content)

    assert mistakes(tmp_path) == []
