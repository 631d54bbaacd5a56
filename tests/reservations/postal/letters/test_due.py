"""Notices that mail cannot reach: each becomes one letter, and is told of when the letter has been posted."""

import subprocess

import pytest
from django.utils.translation import gettext_lazy as _

from kpr_portal.documents.models import StoredDocument
from kpr_portal.ground import clock
from kpr_portal.notices.models import NoticeDelivery, OwedWork
from kpr_portal.notices.operations import note_opening, tell
from kpr_portal.notices.queries import letters_due
from kpr_portal.people.contact_register import Contact
from kpr_portal.people.embedded_contacts import EmbeddedContactRegister
from kpr_portal.people.tasks import deliver_notice
from reservations import operations
from reservations.catalogue import entry_of
from reservations.handing_over import hand_over
from reservations.postal.letters.posting import mark_posted, note_printed, try_again, withdraw
from reservations.postal.letters.queries import not_to_post, read_letter, to_post
from reservations.postal.letters.retention import erase_posted
from reservations.postal.letters.tasks import make_letters_due
from reservations.postal.models import Letter, LetterOrder, Posting, PostingEnd
from reservations.rules import Action, Will
from reservations.telling import IN_FORCE
from reservations.texts import confirmation
from tests.conftest import database_role
from tests.reservations.conftest import R1
from tests.reservations.postal.letters.conftest import make_all
from tests.support.at_once import at_once
from tests.support.family import number_of

pytestmark = pytest.mark.django_db

TITLE = _("Ikke utlever fødselsnummeret mitt")


def told(person, kind="reservations.changed"):
    """A message that has been tried told of: by letter, since nobody here has a mail address."""
    message = tell(person.key, kind=kind, title=TITLE, body=_("Du har reservert deg"))
    deliver_all()
    return message


def deliver_all():
    for owed in OwedWork.objects.filter(task="people.deliver_notice").exclude(attempts__done=True):
        deliver_notice(owed_id=owed.pk)


def text_of(letter):
    pdf = read_letter(letter).content
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def post(family, posting=None):
    posting, by = posting or to_post().get(), family.person("caseworker")
    note_printed(posting.key, by=by)
    mark_posted(posting.key, by=by)


def outcomes(message):
    rows = NoticeDelivery.objects.filter(message=message).order_by("pk")
    return [(row.channel, row.outcome, row.why) for row in rows]


def test_notice_that_is_due_becomes_one_letter(family):
    message = told(family.person("much_data"))

    assert (make_letters_due(), make_letters_due()) == (1, 0)
    make_all()

    letter = Letter.objects.get()
    assert (letter.kind, letter.recipient, letter.about) == (
        "message_waiting",
        family.person("much_data"),
        message.key,
    )
    assert [row.message for row in letters_due()] == [message]


def test_the_worker_has_the_rights_for_it(family):
    told(family.person("much_data"))

    with database_role("web"):
        assert make_letters_due() == 1
        make_all()


def test_letter_says_nothing_of_what_the_message_says(family):
    told(family.person("much_data"))
    make_letters_due()
    make_all()

    text = text_of(Letter.objects.get())
    assert "Det ligger en melding til deg i KPR-portalen." in text
    assert "eserv" not in text
    assert "fødselsnummer" not in text


def test_message_told_of_by_mail_becomes_no_letter(family, mail_files):
    contact = Contact(number=number_of("much_data"), email="x@example.com", email_updated=clock.today())
    EmbeddedContactRegister().put_many([contact])
    told(family.person("much_data"))

    assert make_letters_due() == 0


def test_message_read_before_its_letter_was_owed_becomes_none(family):
    person = family.person("much_data")
    note_opening(told(person).key, by=person.key)

    assert make_letters_due() == 0


def test_message_read_before_its_letter_was_made_becomes_none(family):
    person = family.person("much_data")
    message = told(person)
    make_letters_due()
    note_opening(message.key, by=person.key)

    make_all()

    assert (Letter.objects.count(), Posting.objects.count()) == (0, 0)


def erase():
    with database_role("keeper"):
        return erase_posted()


def test_what_a_letter_would_be_made_from_is_erased_where_its_message_was_read_first(family):
    person = family.person("much_data")
    message = told(person, kind=IN_FORCE)
    make_letters_due()
    values = LetterOrder.objects.get().values
    note_opening(message.key, by=person.key)
    assert (erase(), StoredDocument.objects.filter(key=values).count()) == (0, 1)  # a worker still owes it

    make_all()

    assert (erase(), erase(), StoredDocument.objects.filter(key=values).count()) == (1, 0, 0)
    assert LetterOrder.objects.get().values == values  # what happened stands


def test_what_waits_for_an_address_ends_when_its_message_has_been_read(family):
    person = family.person("emigrated")
    message = told(person, kind=IN_FORCE)
    make_letters_due()
    make_all()
    make_letters_due()
    assert (not_to_post().count(), erase()) == (1, 0)

    note_opening(message.key, by=person.key)
    with database_role("web"):
        make_letters_due()
        make_letters_due()

    end = PostingEnd.objects.get()
    assert (end.outcome, end.by) == ("withdrawn", None)
    assert outcomes(message)[-1] == ("letter", "withheld", "read")
    assert (not_to_post().count(), letters_due().count(), erase(), erase()) == (0, 0, 1, 0)


def test_what_waits_for_an_address_and_was_tried_again_keeps_what_it_is_made_from(family):
    told(family.person("emigrated"), kind=IN_FORCE)
    make_letters_due()
    make_all()

    try_again(not_to_post().get().key, by=family.person("caseworker"))
    assert erase() == 0
    make_all()

    assert (erase(), not_to_post().count()) == (0, 1)


def test_posted_letter_has_told_of_the_message(family):
    message = told(family.person("much_data"))
    make_letters_due()
    make_all()

    post(family)

    assert outcomes(message) == [("letter", "due", "no_contact"), ("letter", "sent", "")]
    assert (letters_due().count(), to_post().count()) == (0, 0)


def test_withdrawn_letter_is_due_no_more_and_says_why(family):
    message = told(family.person("much_data"))
    make_letters_due()
    make_all()

    withdraw(to_post().get().key, by=family.person("caseworker"))

    assert outcomes(message)[-1] == ("letter", "withheld", "withdrawn")
    assert (letters_due().count(), make_letters_due()) == (0, 0)


def test_letter_without_an_address_is_tried_again_when_there_is_one(family):
    message = told(family.person("emigrated"))
    make_letters_due()
    make_all()
    waiting = not_to_post().get()

    family.change("emigrated", address=family.entries["much_data"].address)
    try_again(waiting.key, by=family.person("caseworker"))
    make_all()
    post(family)

    assert outcomes(message)[-1] == ("letter", "sent", "")
    assert not_to_post().count() == 0


def test_who_died_in_the_meantime_gets_no_letter_and_it_is_due_no_more(family):
    message = told(family.person("much_data"))
    make_letters_due()
    family.change("much_data", death_date=clock.today())

    make_all()

    assert (Letter.objects.count(), letters_due().count()) == (0, 0)
    assert outcomes(message)[-1] == ("letter", "withheld", "dead")


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_owe_one_letter(family):
    told(family.person("much_data"))

    results = at_once(make_letters_due, make_letters_due)

    assert sorted(results) == [0, 1]
    assert LetterOrder.objects.count() == 1


def place_for(family, slug, *, by):
    shown = confirmation(entry_of(R1), Action.PLACED).sha256
    operations.place(entry_of(R1).kind, acting=family.acting(by, for_=slug), will=Will.online(shown=shown))


def test_who_turned_16_gets_one_neutral_letter(family):
    """Whoever opens it at home reads that something is in force, and not what."""
    place_for(family, "child_13", by="parent")
    family.aged("child_13", 16)
    assert hand_over() == 2
    deliver_all()

    make_letters_due()
    make_letters_due()
    make_all()

    child = family.person("child_13")
    letter = Letter.objects.exclude(kind="message_waiting").get(recipient=child)
    text = text_of(letter)
    assert letter.kind == "own_decisions"
    assert "Du har fylt 16 år." in text
    assert "En annen har tidligere bestemt noe for deg. Det gjelder fortsatt." in text
    assert "fødselsnummer" not in text
    assert "eserv" not in text
    post(family, letter.posting)
    assert letters_due().filter(message__recipient=child.key, message__kind=IN_FORCE).count() == 0


def test_who_decides_alone_again_gets_the_neutral_letter_without_the_age(family):
    told(family.person("much_data"), kind=IN_FORCE)

    make_letters_due()
    make_all()

    text = text_of(Letter.objects.get())
    assert "Nå bestemmer du selv over opplysningene dine hos oss." in text
    assert "16 år" not in text
