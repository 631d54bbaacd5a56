"""Owing and making letters: once each, to whom and where the registers say, and nobody else."""

import os
import subprocess
import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import translation

from kpr_portal.documents.errors import DocumentGone
from kpr_portal.documents.models import StoredDocument
from kpr_portal.documents.queries import read_document
from kpr_portal.ground import clock
from kpr_portal.notices.models import OwedAttempt, OwedWork
from kpr_portal.notices.queries import due_again
from kpr_portal.people.contact_register import Contact
from kpr_portal.people.embedded_contacts import EmbeddedContactRegister
from kpr_portal.people.letters import NoLetter, addressee_of
from kpr_portal.people.population_register import Address
from reservations.postal.letters import kinds
from reservations.postal.letters.errors import NumberInLetter
from reservations.postal.letters.kinds import (
    CONFIRMATION,
    MESSAGE_WAITING,
    OWN_DECISIONS,
    RECEIVED,
    REFUSAL,
)
from reservations.postal.letters.operations import owe_letter, queue_for_posting
from reservations.postal.letters.posting import note_printed, try_again
from reservations.postal.letters.queries import letters_about, not_to_post, read_letter, to_post
from reservations.postal.letters.retention import erase_posted, forget_letters
from reservations.postal.letters.tasks import make_letter
from reservations.postal.letters.texts import version_of
from reservations.postal.letters.values import from_json, printable, to_json
from reservations.postal.models import (
    Letter,
    LetterOrder,
    LetterText,
    Posting,
    PostingEnd,
    PostingKind,
    PostingPrint,
)
from reservations.references import is_reference
from tests.conftest import database_role
from tests.reservations.postal.letters.conftest import VALUES, a_form, made, make_all, owed_letter
from tests.support.at_once import at_once
from tests.support.family import number_of

pytestmark = pytest.mark.django_db


def owe_to(person, kind=MESSAGE_WAITING, **options):
    return owe_letter(kind, recipient=person, by=None, **{"values": VALUES[kind.code], **options})


def text_of(letter):
    pdf = read_letter(letter).content
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def says(family, slug, **values):
    """Let the contact register say this."""
    EmbeddedContactRegister().put_many([Contact(number=number_of(slug), **values)])


class TestMaking:
    def test_letter_is_made_once_however_often_it_is_asked_for(self, family):
        order = owe_to(family.person("much_data"))
        owed = owed_letter(order)

        make_letter(owed_id=owed.pk)
        make_letter(owed_id=owed.pk)

        letter = Letter.objects.get()
        assert (letter.order, letter.kind, letter.recipient) == (
            order,
            "message_waiting",
            family.person("much_data"),
        )
        assert is_reference(letter.number)
        assert {letter.screen, letter.archive} == set(StoredDocument.objects.values_list("key", flat=True))
        assert list(OwedAttempt.objects.values_list("done", flat=True)) == [True]
        assert [(p.kind, p.letter, p.why) for p in to_post()] == [(PostingKind.LETTER, letter, "")]

    def test_letter_owed_twice_by_mistake_is_made_once(self, family):
        """As where one who tries again meets the sweep."""
        order = owe_to(family.person("much_data"))
        OwedWork.objects.create(task="postal.make_letter", cause=order.key)

        make_all()

        assert (Letter.objects.count(), Posting.objects.count()) == (1, 1)

    def test_nothing_about_anybody_is_in_what_is_owed(self, family):
        order = owe_to(family.person("much_data"), REFUSAL)

        owed = owed_letter(order)

        assert (owed.cause, owed.payload) == (order.key, {})
        sealed = bytes(StoredDocument.objects.get(key=order.values).ciphertext)
        assert b"foreldreansvar" not in sealed

    def test_letter_for_nothing_is_no_error(self):
        make_letter(owed_id=1)

        assert Letter.objects.count() == 0

    def test_letter_is_made_with_the_rights_of_the_web_role(self, family):
        with database_role("web"):
            letter = made(REFUSAL, family.person("much_data"))

        assert read_letter(letter).content.startswith(b"%PDF-")

    def test_letters_copies_are_kept_encrypted(self, family):
        letter = made(REFUSAL, family.person("much_data"))

        for key in (letter.screen, letter.archive):
            assert b"%PDF" not in bytes(StoredDocument.objects.get(key=key).ciphertext)

    def test_letters_number_is_found_from_what_it_is_about(self, family):
        about = uuid.uuid4()
        letter = made(RECEIVED, family.person("much_data"), about=about)

        assert letters_about(about) == [letter]

    def test_failed_making_leaves_nothing_and_is_tried_again(self, family):
        order = owe_to(family.person("much_data"), CONFIRMATION, values={"entries": [uuid.uuid4()]})
        owed = owed_letter(order)

        with pytest.raises(LookupError):
            make_letter(owed_id=owed.pk)

        assert (Letter.objects.count(), Posting.objects.count(), LetterText.objects.count()) == (0, 0, 0)
        with clock.shift(timedelta(hours=2)):
            assert due_again(limit=10) == [owed]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_workers_make_one_letter(self, family):
        order = owe_to(family.person("much_data"))
        owed = owed_letter(order)

        results = at_once(*[lambda: make_letter(owed_id=owed.pk)] * 2)

        assert results == [None, None]
        assert (Letter.objects.count(), Posting.objects.count(), StoredDocument.objects.count()) == (1, 1, 2)

    def test_worker_killed_between_leaves_the_letter_to_the_next(self, family):
        order = owe_to(family.person("much_data"))
        owed = owed_letter(order)
        connections.close_all()
        child = os.fork()
        if child == 0:  # dies after the letter is written and before it is committed
            _die_while_making(owed.pk)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == 9
        assert Letter.objects.count() == 0

        make_letter(owed_id=owed.pk)

        assert (Letter.objects.count(), Posting.objects.count(), StoredDocument.objects.count()) == (1, 1, 2)


def _die_while_making(owed_id):
    from reservations.postal.letters import operations

    def die(*_args, **_options):
        os.kill(os.getpid(), 9)

    operations._queue = die
    make_letter(owed_id=owed_id)
    os._exit(0)


class TestToWhom:
    @pytest.mark.parametrize(
        ("contact", "register", "language"),
        [
            ({"language": "nn"}, "nb", "nn"),
            ({"language": "en"}, "nb", "en"),
            ({"language": "se"}, "nn", "nn"),
            ({}, "nn", "nn"),
            (None, "en", "en"),
            (None, "se", "nb"),
        ],
    )
    def test_letter_is_in_the_language_the_registers_know(self, family, contact, register, language):
        family.change("much_data", language=register)
        if contact is not None:
            says(family, "much_data", **contact)

        assert addressee_of(family.person("much_data")).language == language

    def test_language_that_was_asked_for_goes_first(self, family):
        assert made(MESSAGE_WAITING, family.person("much_data"), language="en").language == "en"

    def test_address_is_asked_for_when_the_letter_is_made(self, family):
        order = owe_to(family.person("much_data"))
        family.change("much_data", address=Address(("Ny gate 1",), "0150", "Oslo"))

        make_all()

        assert addressee_of(order.recipient).lines == ("Stødig Bjørk", "Ny gate 1", "0150 Oslo")

    @pytest.mark.parametrize(
        ("slug", "why"),
        [
            ("unknown", NoLetter.UNKNOWN),
            ("emigrated", NoLetter.NO_ADDRESS),
        ],
    )
    def test_who_has_no_address_is_not_written_to_and_the_page_says_so(self, family, slug, why):
        order = owe_to(family.person(slug))

        make_all()
        make_all()

        assert [(p.order, p.why) for p in not_to_post()] == [(order, why.value)]
        assert (Letter.objects.count(), to_post().count()) == (0, 0)

    def test_strictly_confidential_without_an_address_is_not_written_to(self, family):
        family.change("strictly_protected", address=None)
        order = owe_to(family.person("strictly_protected"))

        make_all()

        assert [(p.order, p.why) for p in not_to_post()] == [(order, "strictly_confidential")]

    def test_confidential_address_is_written_to(self, family):
        assert made(MESSAGE_WAITING, family.person("confidential")).posting.why == ""

    def test_strictly_confidential_address_is_written_to_where_the_register_gives_one_for_post(self, family):
        letter = made(MESSAGE_WAITING, family.person("strictly_protected"))

        assert to_post().get().letter == letter

    def test_the_dead_get_no_letters_and_nobody_needs_to_do_anything(self, family):
        owe_to(family.person("dead"))

        make_all()

        assert (Letter.objects.count(), to_post().count(), not_to_post().count()) == (0, 0, 0)
        end = PostingEnd.objects.get()
        assert (end.outcome, end.posting.why, end.by) == ("withdrawn", "dead", None)

    def test_one_human_under_two_numbers_has_one_address(self, family):
        assert addressee_of(family.person("changed_number")).lines[0] == "Ny Vår"


class TestValues:
    def test_letter_with_what_it_does_not_take_is_refused(self, family):
        with pytest.raises(ValueError, match="health"):
            owe_to(family.person("much_data"), MESSAGE_WAITING, values={"health": "x"})

    @pytest.mark.parametrize("wrong", [{"received_on": "2027-06-03"}, {"provisional": "ja"}])
    def test_value_of_another_kind_is_refused(self, family, wrong):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            owe_to(family.person("much_data"), RECEIVED, values={**VALUES["received"], **wrong})

    @pytest.mark.parametrize("written", ["{}", "{} {}", "{}-{}"])
    def test_text_with_a_number_in_it_is_refused(self, family, written):
        digits = number_of("child_8").digits
        number = written.format(digits) if written == "{}" else written.format(digits[:6], digits[6:])

        with pytest.raises(NumberInLetter):
            owe_to(
                family.person("much_data"),
                REFUSAL,
                values={**VALUES["refusal"], "reasons": [f"Barnet {number} er ikke ditt."]},
            )

        assert LetterOrder.objects.count() == 0

    def test_eleven_digits_that_are_no_number_are_allowed(self, family):
        text = "Kontonummer 12345678901."

        order = owe_to(family.person("much_data"), REFUSAL, values={**VALUES["refusal"], "reasons": [text]})

        assert from_json(REFUSAL, read_document(order.values).content)["reasons"] == [text]

    def test_values_come_back_as_they_were_given(self):
        given = {"received_on": date(2027, 6, 3), "answer_by": date(2027, 7, 3), "provisional": True}

        assert from_json(RECEIVED, to_json(given)) == {**given, "for_name": ""}

    @pytest.mark.parametrize(
        ("typed", "printed"),
        [
            ("<b>Æ</b> & {owner} {0}", "<b>Æ</b> & {owner} {0}"),
            ("en\x00 to\x07", "en to"),
            ("\u202etil høyre\u202c", "til høyre"),
            ("\ud800halv", "halv"),
            ("A\u030a", "Å"),
            ("linje\r\nto", "linje\nto"),
        ],
    )
    def test_text_is_printed_as_text(self, typed, printed):
        assert printable(typed) == printed

    def test_markup_that_was_typed_is_printed_and_not_obeyed(self, family):
        typed = '<img src="http://127.0.0.1:1/x.png"> {owner} {0.__class__} %s'
        values = {"asked": typed, "reasons": [typed], "provision": [typed]}

        letter = made(REFUSAL, family.person("much_data"), values=values)

        assert text_of(letter).count(typed) == 3


class TestTexts:
    def test_text_of_a_letter_is_kept_with_it_and_known_by_its_hash(self, family):
        letter = made(RECEIVED, family.person("much_data"))

        version = version_of(RECEIVED, language="nb")
        assert (letter.text.sha256, letter.text.body) == (version.sha256, version.body)
        assert (
            "Vi har fått skjemaet ditt. Fra {received_on} gjelder reservasjonen foreløpig" in letter.text.body
        )

    def test_changed_text_has_another_hash_and_what_was_sent_is_shown_as_it_was(self, family, monkeypatch):
        first = made(MESSAGE_WAITING, family.person("much_data"))
        sent = read_letter(first).content
        monkeypatch.setitem(MESSAGE_WAITING.texts, "lead", "En helt annen setning.")

        second = made(MESSAGE_WAITING, family.person("parent"))

        assert first.text.sha256 != second.text.sha256
        assert LetterText.objects.count() == 2
        assert read_letter(first).content == sent
        assert "Det ligger en melding til deg" in LetterText.objects.get(pk=first.text_id).body

    def test_same_text_is_kept_once(self, family):
        made(MESSAGE_WAITING, family.person("much_data"))
        made(MESSAGE_WAITING, family.person("parent"))

        assert LetterText.objects.count() == 1

    def test_version_does_not_depend_on_the_language_of_the_moment(self):
        with translation.override("en"):
            inside = version_of(RECEIVED, language="nb")

        assert inside == version_of(RECEIVED, language="nb")

    def test_kind_that_does_not_exist_is_an_error(self):
        with pytest.raises(KeyError):
            kinds.kind_of("nothing")


class TestForms:
    def test_form_is_queued_once_with_its_cover_letter(self, family):
        form, caseworker = a_form(), family.person("caseworker")
        options = {"recipient": family.person("much_data"), "by": caseworker, "title": "Be om innsyn"}

        first = queue_for_posting(form, **options)
        second = queue_for_posting(form, **options)
        make_all()

        assert first == second
        posting = to_post().get()
        assert (posting.kind, posting.order.enclosure, posting.by) == (PostingKind.FORM, form, caseworker)
        assert (posting.letter.kind, posting.letter.caused_by) == ("cover", caseworker)

    def test_no_other_letter_has_a_form_with_it(self, family):
        with pytest.raises(IntegrityError), transaction.atomic():
            LetterOrder.objects.create(
                kind=OWN_DECISIONS.code, recipient=family.person("much_data"), enclosure=uuid.uuid4()
            )


class TestKeeping:
    def end(self, posting, outcome):
        PostingEnd.objects.create(posting=posting, outcome=outcome)

    def erase(self):
        with database_role("keeper"):
            return erase_posted()

    @pytest.mark.parametrize("outcome", ["posted", "withdrawn"])
    def test_form_is_erased_when_it_is_posted_or_withdrawn_and_its_letter_is_not(self, family, outcome):
        form = a_form()
        order = queue_for_posting(form, recipient=family.person("much_data"), by=None, title="Innsyn")
        make_all()
        self.erase()
        assert read_document(form).content

        self.end(Posting.objects.get(), outcome)

        assert (self.erase(), self.erase()) == (2, 0)  # with what the cover letter was made from
        with pytest.raises(DocumentGone):
            read_document(form)
        assert read_letter(Letter.objects.get(order=order)).content

    def test_form_that_is_tried_again_is_kept(self, family):
        form = a_form()
        queue_for_posting(form, recipient=family.person("emigrated"), by=None, title="Innsyn")
        make_all()
        try_again(Posting.objects.get().key, by=family.person("caseworker"))

        assert self.erase() == 0

    @pytest.mark.parametrize("outcome", ["posted", "withdrawn"])
    def test_what_a_letter_was_made_from_is_kept_until_it_is_posted_or_withdrawn(self, family, outcome):
        """Until then it may be made anew, with another address."""
        order = owe_to(family.person("much_data"), REFUSAL)
        before = self.erase()
        make_all()
        waiting = self.erase()

        self.end(Posting.objects.get(), outcome)

        assert (before, waiting, self.erase(), self.erase()) == (0, 0, 1, 0)
        assert not StoredDocument.objects.filter(key=order.values).exists()

    def test_letter_is_kept_for_its_time_and_then_goes_with_all_that_belongs_to_it(self, family, settings):
        letter = made(REFUSAL, family.person("much_data"))
        note_printed(letter.posting.key, by=family.person("caseworker"))
        self.end(letter.posting, "posted")
        kept = timedelta(days=366 * settings.LETTERS_KEPT_YEARS)
        with clock.shift(kept - timedelta(days=366)), database_role("keeper"):
            assert forget_letters() == 0
            assert read_letter(letter).content

        with clock.shift(kept + timedelta(days=1)), database_role("keeper"):
            assert (forget_letters(), forget_letters()) == (1, 0)

        left = [model.objects.count() for model in (Letter, LetterOrder, Posting, PostingPrint, PostingEnd)]
        assert left == [0, 0, 0, 0, 0]
        assert not StoredDocument.objects.filter(key__in=[letter.screen, letter.archive]).exists()

    def test_what_still_waits_is_never_forgotten(self, family, settings):
        made(REFUSAL, family.person("much_data"))

        with clock.shift(timedelta(days=366 * settings.LETTERS_KEPT_YEARS + 1)), database_role("keeper"):
            assert forget_letters() == 0
