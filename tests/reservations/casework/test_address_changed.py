"""A letter waits while its recipient moves, flees or marries: it is made anew, never sent to where they were."""

import json
import re
import subprocess
from datetime import date, timedelta
from http import HTTPStatus
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.documents.models import StoredDocument
from kpr_portal.documents.operations import erase_document, store_document
from kpr_portal.documents.queries import read_document
from kpr_portal.ground import clock
from kpr_portal.ground.keyring import keyring, new_generation
from kpr_portal.notices.models import OwedWork
from kpr_portal.notices.operations import note_opening, tell
from kpr_portal.people.models import Role
from kpr_portal.people.population_register import Address, Marriage, Protection
from reservations.casework.hindrances import SINCE_MADE
from reservations.postal.bases import SELF
from reservations.postal.kinds import INSIGHT
from reservations.postal.letters.errors import (
    AddressChanged,
    AddressLost,
    AddressNotKept,
    AddressTheSame,
    AddressUnknown,
    AlreadyEnded,
    ContentGone,
)
from reservations.postal.letters.kinds import MESSAGE_WAITING, OWN_DECISIONS, REFUSAL
from reservations.postal.letters.operations import owe_letter, owe_letter_of_notice
from reservations.postal.letters.posting import check_to_be_sent, make_anew, mark_posted, note_printed
from reservations.postal.letters.queries import not_to_post, to_post
from reservations.postal.letters.retention import erase_posted, forget_letters
from reservations.postal.models import Letter, LetterOrder, Posting, PostingEnd, PostingPrint
from reservations.postal.ordering import MAKE_ORDERED, OrderedForm, make_ordered_form, order_form
from tests.conftest import database_role
from tests.reservations.postal.letters.conftest import made, make_all
from tests.support.at_once import at_once
from tests.support.browser import looks
from tests.support.family import number_of
from tests.support.html import mistakes
from tests.support.sign_in import sign_in

pytestmark = [pytest.mark.django_db]

LIST = "casework:postings"
SAFE = Address(("Postboks 9 Sentrum",), "0101", "Oslo")
FLED = {"protection": Protection.CONFIDENTIAL, "address": SAFE}


@pytest.fixture
def rotate(settings, tmp_path):
    """As docs/operations.md rotates the keys: a generation on top, all sealed under it, and the old one retired."""

    def use(generations):
        path = tmp_path / f"{generations[0]['id']}-{len(generations)}.json"
        path.write_text(json.dumps({"generations": generations}))
        settings.KEYRING_FILE = str(path)

    def rotate(*, retire=False):
        old = json.loads(Path(settings.KEYRING_FILE).read_text())["generations"]
        new = new_generation()
        use([new, *old])
        with database_role("keeper"):
            call_command("rotate_keys", stdout=StringIO())
            call_command("rotate_document_keys", stdout=StringIO())
        if retire:
            use([new])

    return rotate


def waiting(family, slug="much_data", kind=MESSAGE_WAITING):
    return made(kind, family.person(slug)).posting


def printed(family, posting):
    note_printed(posting.key, by=family.person("caseworker_2"))
    return posting


def a_waiting_form(family):
    """A form ordered on the telephone, with its cover letter."""
    person, by = family.person("much_data"), family.person("caseworker")
    order_form(OrderedForm(INSIGHT, SELF, person, None, ("records+",), "nb", large_print=False), by=by)
    make_ordered_form(OwedWork.objects.get(task=MAKE_ORDERED).pk)
    make_all()
    return to_post().get()


def without_fingerprint(posting):
    """The same as it was before there were fingerprints."""
    PostingEnd.objects.create(posting=posting, outcome="made_anew")
    old = posting.letter
    old.pk, old.key, old.edition, old.window, old.window_key = None, uuid4(), 2, None, ""
    old.screen, old.archive = (
        store_document(read_document(key).content, media_type="application/pdf", title="x").key
        for key in (old.screen, old.archive)
    )
    old.save(force_insert=True)
    return Posting.objects.create(
        kind=posting.kind, order=posting.order, letter=old, recipient=posting.recipient
    )


def page(client, posting, name="casework:posting", *, follow=True):
    return client.get(reverse(name, args=[posting.key]), follow=follow)


def pdf(client, posting):
    return page(client, posting, "casework:posting_pdf")


def press(client, *postings, do="posted", follow=True):
    values = {"posting": [str(posting.key) for posting in postings], "do": do}
    return client.post(reverse(LIST), values, follow=follow)


def remake(client, posting):
    return client.post(reverse("casework:remake_posting", args=[posting.key]), follow=True)


def messages_on(response):
    return [str(message) for message in response.context["messages"]]


def buttons_on(response):
    html = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.findall(r'<(?:a|button) class="ds-button"[^>]*>\s*([^<]*?)\s*<', html)


def text_of(content):
    done = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def told_of(posting):
    """What whoever prints or marks several is told of one."""
    return (
        f"Ett brev har ikke adressen som står i Folkeregisteret nå: {posting.letter.number}. Makuler utskriften hvis "
        "det er skrevet ut. Åpne brevet for å lage det på nytt."
    )


def letters_text(letter):
    return text_of(read_document(letter.screen).content)


class TestFingerprint:
    def test_letter_keeps_what_is_in_its_window_and_not_the_address(self, family):
        letter = made(MESSAGE_WAITING, family.person("much_data"))
        address = family.entries["much_data"].address

        with connection.cursor() as cursor:
            cursor.execute("SELECT l::text FROM postal_letter l")
            row = cursor.fetchone()[0]

        assert (len(letter.window), letter.window_key) == (32, keyring().current)
        words = [family.entries["much_data"].name, *address.lines, address.postcode, address.city]
        assert [word for word in words if word in row or word.encode().hex() in row] == []

    def test_two_letters_to_the_same_window_have_nothing_in_common(self, family):
        """Else who looks in the tables saw who lives together."""
        first, second = (made(MESSAGE_WAITING, family.person("much_data")) for _turn in range(2))

        assert bytes(first.window) != bytes(second.window)

    @pytest.mark.parametrize("values", [{"window": b"x" * 32}, {"window_key": "00c0ffee"}])
    def test_fingerprint_has_its_key(self, family, values):
        letter = made(MESSAGE_WAITING, family.person("much_data"))
        letter.pk, letter.edition, letter.window, letter.window_key = None, 2, None, ""
        for name, value in values.items():
            setattr(letter, name, value)

        with (
            pytest.raises(IntegrityError, match="a_window_has_the_key_of_its_fingerprint"),
            transaction.atomic(),
        ):
            letter.save()

    def test_new_generation_of_keys_changes_no_letter(self, family, rotate):
        posting = waiting(family)

        rotate()

        check_to_be_sent(posting)
        assert keyring().current != posting.letter.window_key
        family.change("much_data", **FLED)
        with pytest.raises(AddressChanged):
            check_to_be_sent(posting)

    def test_generation_that_is_retired_leaves_letters_that_nobody_can_tell_of(self, family, rotate):
        posting = waiting(family)

        rotate(retire=True)

        with pytest.raises(AddressNotKept):
            check_to_be_sent(posting)


CHANGES = [
    ({"address": SAFE}, AddressChanged),
    (FLED, AddressChanged),
    ({"name": "Stødig Li"}, AddressChanged),
    ({"address": None}, AddressLost),
]


class TestNotSentAsItIs:
    @pytest.mark.parametrize(("changed", "why"), CHANGES, ids=["moved", "fled", "married", "emigrated"])
    def test_it_is_neither_printed_nor_marked_and_its_page_says_why(
        self, client, family, caseworker, changed, why
    ):
        posting = printed(family, waiting(family))
        family.change("much_data", **changed)

        opened = pdf(client, posting)
        marked = press(client, posting)

        assert opened.redirect_chain == [(reverse("casework:posting", args=[posting.key]), HTTPStatus.FOUND)]
        assert messages_on(opened) == ["Brevet må lages på nytt før det kan sendes."]
        html = opened.content.decode()
        hindrance = SINCE_MADE[why]
        assert [str(hindrance.why) in html, str(hindrance.to_do) in html] == [True, True]
        assert buttons_on(opened) == ["Lag brevet på nytt", "Trekk tilbake"]
        assert messages_on(marked) == [told_of(posting)]
        assert (PostingPrint.objects.count(), PostingEnd.objects.count()) == (1, 0)

    def test_of_several_it_alone_is_left_out_and_it_is_said(self, client, family, caseworker):
        posting, other = waiting(family), waiting(family, "parent")
        family.change("much_data", **FLED)

        together = press(client, posting, other, do="print", follow=False)
        shown = client.get(reverse(LIST))
        marked = press(client, posting, other)

        text = text_of(together.content)
        assert [row.letter.number in text for row in (posting, other)] == [False, True]
        assert messages_on(shown) == [told_of(posting)]
        assert messages_on(marked) == ["Ett brev er merket som postlagt.", told_of(posting)]
        assert [end.posting for end in PostingEnd.objects.all()] == [other]

    def test_nothing_new_is_nothing_changed(self, client, family, caseworker):
        posting = waiting(family)
        family.change("much_data", protection=Protection.CONFIDENTIAL, language="nn")

        opened, marked = pdf(client, posting), press(client, posting)

        assert opened["Content-Type"] == "application/pdf"
        assert messages_on(marked) == ["Ett brev er merket som postlagt."]

    def test_whoever_moved_back_has_the_letter_sent_as_it_is(self, family):
        posting, home = waiting(family), family.entries["much_data"].address
        family.change("much_data", address=SAFE)
        family.change("much_data", address=home)

        assert check_to_be_sent(posting) is None

    @pytest.mark.parametrize("has_been_printed", [True, False])
    def test_what_has_been_printed_is_to_be_shredded(self, client, family, caseworker, has_been_printed):
        posting = waiting(family)
        if has_been_printed:
            printed(family, posting)
        family.change("much_data", **FLED)

        pages = [page(client, posting, name) for name in ("casework:posting", "casework:withdraw_posting")]

        says = ["Brevet er skrevet ut. Makuler utskriften." in shown.content.decode() for shown in pages]
        assert says == [has_been_printed] * 2
        assert "merker du det som postlagt i stedet" not in pages[1].content.decode()

    def test_letter_from_before_there_were_fingerprints_is_made_anew(self, client, family, caseworker):
        posting = without_fingerprint(waiting(family))

        opened = pdf(client, posting)

        with pytest.raises(AddressNotKept):
            check_to_be_sent(posting)
        assert "Vi kan ikke se om adressen på brevet fortsatt er riktig." in opened.content.decode()
        assert buttons_on(opened) == ["Lag brevet på nytt", "Trekk tilbake"]

    def test_where_the_register_is_away_nothing_is_printed_marked_or_made(self, family, settings):
        posting, by = printed(family, waiting(family)), family.person("caseworker")
        settings.POPULATION_REGISTER = "tests.people.test_letters.Away"

        for do in (note_printed, mark_posted, make_anew):
            with pytest.raises(AddressUnknown):
                do(posting.key, by=by)

        assert (PostingPrint.objects.count(), PostingEnd.objects.count()) == (1, 0)


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
