"""Telling somebody that there is a message: looked up in the registers, mailed for real, or by letter."""

import re
from datetime import date, timedelta

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kpr_portal.ground import clock
from kpr_portal.notices.models import NoticeDelivery, OwedAttempt, OwedWork
from kpr_portal.notices.operations import note_opening, owe_reminders, tell
from kpr_portal.notices.queries import due_again, letters_due
from kpr_portal.people.contact_register import Contact, ContactStatus
from kpr_portal.people.embedded_contacts import EmbeddedContactRegister
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.operations import person_for
from kpr_portal.people.population_register import RegisterPerson, Sex
from kpr_portal.people.tasks import deliver_notice
from tests.support.numbers import synthetic_numbers

pytestmark = pytest.mark.django_db

NEW, OLD = synthetic_numbers(2)
ADDRESS = "rolig.fjell@example.com"
NAME = "Rolig Fjell"


@pytest.fixture
def register():
    return EmbeddedPopulationRegister()


@pytest.fixture
def somebody(one_human):
    """Rolig Fjell, known to the population register, with an address confirmed today."""
    one_human(NEW)
    reached()
    return person_for(NEW)


def reached(**values):
    """Let the contact register say this of Rolig Fjell."""
    given = {"email": ADDRESS, "email_updated": clock.today(), "language": "nb", **values}
    EmbeddedContactRegister().put_many([Contact(**{"number": NEW, **given})])


def told(person):
    return tell(
        person.key,
        kind="reservation_placed_by_another",
        title=_("Ikke utlever fødselsnummeret mitt"),
        body=_("Du har reservert deg"),
    )


def do_what_is_owed():
    """As the sweep and a worker do."""
    for owed in due_again(limit=100):
        deliver_notice(owed_id=owed.pk)


def run(*, after=timedelta(minutes=1)):
    with clock.shift(after):
        do_what_is_owed()


def rows(message):
    return [
        (row.channel, row.outcome, row.why, row.is_reminder)
        for row in NoticeDelivery.objects.filter(message=message).order_by("pk")
    ]


def words(mail):
    return f"{mail}\n{mail['Subject']}\n{mail.get_content()}"


class TestMail:
    def test_mail_goes_to_the_address_in_the_contact_register_once(self, somebody, mail_files):
        message = told(somebody)
        run()
        run()
        (owed,) = OwedWork.objects.filter(cause=message.key)
        deliver_notice(owed_id=owed.pk)

        (mail,) = mail_files()
        assert (mail["To"], mail["Subject"]) == (ADDRESS, "Du har fått en melding i KPR-portalen")
        assert mail["Auto-Submitted"] == "auto-generated"
        assert rows(message) == [("mail", "sent", "", False)]

    def test_mail_tells_how_to_sign_in_and_has_nothing_to_click_on(self, somebody, mail_files, settings):
        settings.PUBLIC_URL = "https://kpr.example.no"
        told(somebody)
        run()

        text = mail_files()[0].get_content()
        assert "1. Skriv kpr.example.no i adressefeltet i nettleseren." in text.splitlines()
        assert re.findall(r"https?:|www\.|/[a-z]", text) == []

    def test_nothing_personal_is_in_the_mail(self, somebody, mail_files):
        message = told(somebody)
        run()

        everything = words(mail_files()[0])
        assert "Logg inn med ID-porten" in everything  # the text is there to be searched
        personal = [
            NAME,
            "Rolig",
            NEW.digits,
            str(message.key),
            str(somebody.key),
            message.kind,
            "reserv",
            "fødselsnummer",
            "helse",
        ]
        # The register's owner is named as the sender, and has the word in its name.
        searched = everything.replace("Folkehelseinstituttet", "").replace(ADDRESS, "").lower()
        assert [word for word in personal if word.lower() in searched] == []
        assert re.findall(r"\d{6,}", mail_files()[0].get_content()) == []

    def test_mail_is_the_same_whoever_gets_it_and_whatever_it_is_about(self, somebody, mail_files):
        told(somebody)
        tell(somebody.key, kind="other", title=_("Personvern"), body=_("Kvittering"))
        run()

        one, other = mail_files()
        assert (one["Subject"], one.get_content()) == (other["Subject"], other.get_content())

    @pytest.mark.parametrize(("language", "like"), [("nn", "nn"), ("en", "en"), ("se", "nb"), ("", "nb")])
    def test_mail_is_in_the_language_of_the_contact_register(self, somebody, mail_files, language, like):
        reached(language=language)
        told(somebody)
        with translation.override("en" if like != "en" else "nb"):
            run()

        with translation.override(like):
            expected = str(_("Du har fått en melding i KPR-portalen"))
        assert [mail["Subject"] for mail in mail_files()] == [expected]

    def test_message_that_is_read_before_the_mail_leaves_needs_none(self, somebody, mail_files):
        message = told(somebody)
        note_opening(message.key, by=somebody.key)
        run()
        run()

        assert (mail_files(), rows(message)) == ([], [])

    def test_address_is_looked_up_under_the_number_held_now(self, one_human, mail_files):
        one_human(OLD)
        person = person_for(OLD)
        one_human(NEW, OLD)
        reached()
        message = told(person)
        run()

        assert [mail["To"] for mail in mail_files()] == [ADDRESS]
        assert rows(message) == [("mail", "sent", "", False)]


class TestReminder:
    def test_unread_message_is_told_of_again_after_a_week_and_never_after(self, somebody, mail_files):
        message = told(somebody)
        run()
        for days in (6, 8, 8, 16, 60):
            with clock.shift(timedelta(days=days)):
                owe_reminders()
            run(after=timedelta(days=days, minutes=5))

        assert [mail["Subject"] for mail in mail_files()] == [
            "Du har fått en melding i KPR-portalen",
            "Du har en ulest melding i KPR-portalen",
        ]
        assert rows(message) == [("mail", "sent", "", False), ("mail", "sent", "", True)]

    def test_reminder_becomes_a_letter_when_the_person_wants_letters_since(self, somebody, mail_files):
        message = told(somebody)
        run()
        reached(digital_reserved=True)
        with clock.shift(timedelta(days=8)):
            owe_reminders()
        run(after=timedelta(days=8, minutes=5))

        assert len(mail_files()) == 1
        assert rows(message) == [("mail", "sent", "", False), ("letter", "due", "digital_reserved", True)]


class TestLetter:
    @pytest.mark.parametrize(
        ("contact", "why"),
        [
            ({"digital_reserved": True}, "digital_reserved"),
            ({"email": ""}, "no_contact"),
            ({"status": ContactStatus.DELETED}, "no_contact"),
            ({"status": ContactStatus.NOT_REGISTERED}, "no_contact"),
            ({"email_updated": date(2024, 1, 1)}, "stale_contact"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_letter_is_due_where_mail_is_not_to_be_used(self, somebody, mail_files, contact, why):
        reached(**contact)
        message = told(somebody)
        run()
        run()

        assert (mail_files(), rows(message)) == ([], [("letter", "due", why, False)])
        assert [row.message for row in letters_due()] == [message]

    def test_letter_is_due_to_who_is_in_no_contact_register(self, one_human, mail_files):
        one_human(NEW)
        message = told(person_for(NEW))
        run()

        assert (mail_files(), rows(message)) == ([], [("letter", "due", "no_contact", False)])

    def test_address_may_go_stale_while_the_mail_waits(self, somebody, mail_files):
        message = told(somebody)
        run(after=timedelta(days=600))

        assert (mail_files(), rows(message)) == ([], [("letter", "due", "stale_contact", False)])

    def test_nobody_writes_to_the_dead(self, somebody, register, mail_files):
        register.put_many(
            [
                RegisterPerson(
                    number=NEW,
                    name=NAME,
                    birth_date=date(1980, 5, 17),
                    sex=Sex.FEMALE,
                    death_date=clock.today(),
                )
            ]
        )
        message = told(somebody)
        run()

        assert (mail_files(), rows(message)) == ([], [("letter", "withheld", "dead", False)])
        assert list(letters_due()) == []

    def test_nobody_writes_to_an_unknown_person(self, somebody, mail_files):
        message = told(type(somebody)())  # a key that nobody has
        run()

        assert (mail_files(), rows(message)) == ([], [("letter", "withheld", "unknown_person", False)])


class TestFailure:
    def test_mail_server_that_is_away_is_tried_again_and_every_attempt_is_a_row(
        self, somebody, mail_server, settings
    ):
        message = told(somebody)
        port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
        run()
        run(after=timedelta(minutes=10))
        assert rows(message) == [("mail", "failed", "ConnectionRefusedError", False)] * 2
        assert list(letters_due()) == []

        settings.EMAIL_PORT = port
        run(after=timedelta(hours=2))
        assert rows(message)[2:] == [("mail", "sent", "", False)]
        assert len(mail_server.received) == 1
        done = OwedAttempt.objects.filter(owed__cause=message.key).order_by("pk")
        assert [(attempt.done, attempt.error) for attempt in done] == [
            (False, "MailNotSent"),
            (False, "MailNotSent"),
            (True, ""),
        ]

    def test_mail_that_fails_for_three_days_becomes_a_letter(self, somebody, mail_server_gone):
        message = told(somebody)
        run(after=timedelta(days=5))  # a silence of ours is no failure of the mail
        run(after=timedelta(days=7))
        assert list(letters_due()) == []
        run(after=timedelta(days=8, minutes=5))
        run(after=timedelta(days=9))

        failed = ("mail", "failed", "ConnectionRefusedError", False)
        assert rows(message) == [failed, failed, failed, ("letter", "due", "mail_failed", False)]

    def test_address_that_the_server_refuses_for_good_becomes_a_letter_at_once(self, somebody, mail_server):
        mail_server.reply = "550 no such mailbox"
        message = told(somebody)
        run()

        assert rows(message) == [
            ("mail", "failed", "SMTPRecipientsRefused", False),
            ("letter", "due", "mail_failed", False),
        ]
        assert mail_server.received == []

    def test_address_that_the_server_refuses_for_now_is_tried_again(self, somebody, mail_server):
        mail_server.reply = "451 try later"
        message = told(somebody)
        run()
        mail_server.reply = "250 OK"
        run(after=timedelta(minutes=10))

        assert rows(message) == [
            ("mail", "failed", "SMTPRecipientsRefused", False),
            ("mail", "sent", "", False),
        ]

    def test_address_that_is_no_address_becomes_a_letter(self, somebody, mail_server):
        reached(email="rolig@example.com\nBcc: others@example.com")
        message = told(somebody)
        run()

        assert [row[:3] for row in rows(message)] == [
            ("mail", "failed", "ValueError"),
            ("letter", "due", "mail_failed"),
        ]
        assert mail_server.received == []

    def test_log_names_no_address(self, somebody, mail_server_gone, caplog):
        told(somebody)
        run()

        said = [str(record.msg) for record in caplog.records]
        assert [line for line in said if "notice_not_sent" in line] != []
        assert [line for line in said if ADDRESS in line] == []
