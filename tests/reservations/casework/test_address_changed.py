"""A letter waits while its recipient moves, flees or marries: it is never sent to where they were."""

from http import HTTPStatus

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from kpr_portal.ground.keyring import keyring
from kpr_portal.people.population_register import Protection
from reservations.casework.hindrances import SINCE_MADE
from reservations.postal.letters.errors import (
    AddressChanged,
    AddressLost,
    AddressNotKept,
    AddressUnknown,
)
from reservations.postal.letters.kinds import MESSAGE_WAITING
from reservations.postal.letters.posting import (
    check_to_be_sent,
    make_anew,
    mark_posted,
    mark_posted_as_it_was,
    note_printed,
)
from reservations.postal.models import PostingEnd, PostingPrint
from tests.reservations.casework.moved import (
    FLED,
    SAFE,
    buttons_on,
    page,
    pdf,
    press,
    text_of,
    told_of,
    without_fingerprint,
)
from tests.reservations.casework.queue_of_post import LIST, messages_on, printed, waiting
from tests.reservations.postal.letters.conftest import made

pytestmark = [pytest.mark.django_db]


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
        assert buttons_on(opened) == ["Lag brevet på nytt", "Trekk tilbake", "Brevet er lagt i posten"]
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
        assert ("merker du det som postlagt i stedet" in pages[1].content.decode()) is has_been_printed

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

        for do in (note_printed, mark_posted, mark_posted_as_it_was, make_anew):
            with pytest.raises(AddressUnknown):
                do(posting.key, by=by)

        assert (PostingPrint.objects.count(), PostingEnd.objects.count()) == (1, 0)
