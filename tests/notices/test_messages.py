"""Messages: written in every language, sealed, opened once, reminded of once, and removed in the end."""

import json
import threading
import uuid
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kpr_portal.ground import clock
from kpr_portal.ground.keyring import new_generation
from kpr_portal.notices.models import (
    Channel,
    Message,
    MessageOpening,
    MessageText,
    NoticeDelivery,
    Outcome,
    OwedWork,
)
from kpr_portal.notices.operations import DELIVER, claim, note_opening, owe_reminders, tell
from kpr_portal.notices.queries import letters_due, message_for, messages_for, unread_count
from kpr_portal.notices.retention import forget_done, forget_messages
from kpr_portal.ui.formats import day
from tests.conftest import database_role

pytestmark = pytest.mark.django_db

TITLE, BODY = _("Personvern"), _("Hva KPR inneholder")
IN_ENGLISH = ("Privacy", "What KPR contains")
WEEK = timedelta(days=7)


def told(recipient=None, **values):
    return tell(recipient or uuid.uuid4(), **{"kind": "test", "title": TITLE, "body": BODY, **values})


def delivered(message, *, channel=Channel.MAIL, outcome=Outcome.SENT, why="", is_reminder=False):
    """The notice owed of it is done, with this result."""
    for owed in OwedWork.objects.filter(cause=message.key, attempts__isnull=True):
        with claim(owed.pk):
            pass
    return NoticeDelivery.objects.create(
        message=message, channel=channel, outcome=outcome, why=why, is_reminder=is_reminder, at=clock.now()
    )


def owed_for(message):
    rows = OwedWork.objects.filter(cause=message.key).order_by("pk")
    return [(row.task, row.payload) for row in rows]


class TestTelling:
    def test_message_is_written_in_every_language_whoever_writes_it(self):
        with translation.override("en"):
            message = told()

        texts = {}
        for code in ("nb", "nn", "en"):
            with translation.override(code):
                (shown,) = messages_for([message.recipient])
                texts[code] = (shown.title, shown.body)
        assert texts["nb"] == ("Personvern", "Hva KPR inneholder")
        assert texts["en"] == IN_ENGLISH
        assert len({body for _title, body in texts.values()}) == 3

    def test_text_with_a_date_is_a_function_called_in_each_language(self):
        moment = datetime(2027, 6, 3, 12, 5, tzinfo=UTC)
        message = told(body=lambda: f"{_('Personvern')}: {day(moment)}")

        with translation.override("en"):
            assert messages_for([message.recipient])[0].body == "Privacy: 3 June 2027"
        assert messages_for([message.recipient])[0].body == "Personvern: 3. juni 2027"

    def test_text_that_is_translated_already_is_refused_and_nothing_is_written(self):
        with pytest.raises(TypeError, match="every language"):
            told(title="Personvern")

        assert (Message.objects.count(), OwedWork.objects.count()) == (0, 0)

    def test_a_notice_is_owed_of_it(self):
        message = told()

        assert owed_for(message) == [(DELIVER, {"reminder": False})]

    def test_message_is_undone_with_what_it_tells_of(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            told()
            raise IntegrityError

        assert (Message.objects.count(), MessageText.objects.count(), OwedWork.objects.count()) == (0, 0, 0)

    def test_what_it_says_is_sealed_at_rest(self):
        message = told()

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT row_to_json(m)::text || encode(t.sealed, 'escape')"
                " FROM notices_message m JOIN notices_messagetext t ON t.message_id = m.id"
            )
            (stored,) = cursor.fetchone()
        assert str(message.recipient) in stored  # what is stored is what is searched
        assert [
            word for word in ("Personvern", "KPR inneholder", "Privacy", "KPR contains") if word in stored
        ] == []

    def test_text_opens_for_its_own_message_alone(self):
        other = told()
        swapped = MessageText(
            message=Message.objects.create(recipient=uuid.uuid4(), kind="test"),
            key_id=other.text.key_id,
            sealed=other.text.sealed,
        )
        swapped.save(force_insert=True)

        with pytest.raises(Exception, match="sealed for another context"):
            messages_for([swapped.message.recipient])


class TestReading:
    def test_newest_is_first_and_others_messages_are_not_there(self):
        me, my_other_key = uuid.uuid4(), uuid.uuid4()
        first = told(me)
        with clock.shift(timedelta(minutes=1)):
            second = told(my_other_key, about=uuid.uuid4(), link="reservations:receipt")
        others = told()

        shown = messages_for([me, my_other_key])

        assert [message.key for message in shown] == [second.key, first.key]
        assert [(m.about, m.link_name) for m in shown] == [(second.about, "reservations:receipt"), (None, "")]
        assert message_for([me], others.key) is None
        assert message_for([me], first.key) == shown[1]

    @pytest.mark.parametrize("number", [1, 3])
    def test_list_takes_one_query_however_many(self, number, django_assert_num_queries):
        me = uuid.uuid4()
        for _number in range(number):
            told(me)

        with django_assert_num_queries(1):
            assert len(messages_for([me])) == number
        with django_assert_num_queries(1):
            assert unread_count([me]) == number

    def test_first_opening_is_recorded_and_no_later_one(self):
        me = uuid.uuid4()
        message = told(me)
        note_opening(message.key, by=me)
        with clock.shift(WEEK):
            note_opening(message.key, by=uuid.uuid4())

        (opening,) = MessageOpening.objects.all()
        assert (opening.message, opening.opened_by) == (message, me)
        assert [m.opened_at for m in messages_for([me])] == [opening.opened_at]
        assert unread_count([me]) == 0

    def test_web_role_may_tell_and_open(self, as_web):
        me = uuid.uuid4()
        note_opening(told(me).key, by=me)

        assert [message.is_unread for message in messages_for([me])] == [False]


class TestReminding:
    def test_unread_message_is_told_of_once_more_a_week_after_the_mail(self):
        message = told()
        with clock.shift(timedelta(days=3)):  # the mail was late: the week counts from it
            delivered(message)

        with clock.shift(timedelta(days=10, minutes=-5)):
            assert owe_reminders() == 0
        with clock.shift(timedelta(days=10, minutes=5)):
            assert owe_reminders() == 1
            assert owe_reminders() == 0  # run twice
        assert owed_for(message) == [(DELIVER, {"reminder": False}), (DELIVER, {"reminder": True})]

    def test_nobody_is_reminded_twice_nor_after_reading_nor_where_a_letter_goes(self):
        reminded, read, by_letter, never_sent = (told() for _number in range(4))
        for message in (reminded, read):
            delivered(message)
        delivered(reminded, is_reminder=True)
        note_opening(read.key, by=read.recipient)
        delivered(by_letter, channel=Channel.LETTER, outcome=Outcome.DUE, why="no_contact")

        with clock.shift(timedelta(days=400)):
            assert owe_reminders() == 0
        assert owed_for(never_sent) == [(DELIVER, {"reminder": False})]

    def test_reminder_is_not_owed_anew_when_its_work_is_forgotten(self):
        message = told()
        delivered(message)
        with clock.shift(WEEK + timedelta(hours=1)):
            owe_reminders()
            delivered(message, is_reminder=True)

        with clock.shift(timedelta(days=500)):
            with database_role("keeper"):
                assert forget_done() == 2
            assert (owed_for(message), owe_reminders()) == ([], 0)

    def test_days_of_silence_lose_no_reminder(self):
        messages = [told() for _number in range(3)]
        for message in messages:
            delivered(message)

        with clock.shift(timedelta(days=60)):
            assert (owe_reminders(), owe_reminders()) == (3, 0)

    def test_setting_says_how_long(self, settings):
        settings.NOTICE_REMIND_DAYS = 2
        delivered(told())

        with clock.shift(timedelta(days=2, minutes=5)):
            assert owe_reminders() == 1

    @pytest.mark.django_db(transaction=True)
    def test_two_sweeps_at_once_owe_one_reminder(self):
        message = told()
        delivered(message)
        counts = []

        def sweep():
            try:
                counts.append(owe_reminders())
            finally:
                connection.close()

        with clock.shift(WEEK + timedelta(hours=1)):
            threads = [threading.Thread(target=sweep) for _number in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        assert sorted(counts) == [0, 0, 1]
        assert len(owed_for(message)) == 2


class TestDeliveryRows:
    @pytest.mark.parametrize(
        ("channel", "outcome", "why"),
        [
            (Channel.MAIL, Outcome.DUE, "no_contact"),
            (Channel.LETTER, Outcome.FAILED, "lost"),
            (Channel.MAIL, Outcome.SENT, "a reason"),
            (Channel.MAIL, Outcome.FAILED, ""),
            (Channel.LETTER, Outcome.DUE, ""),
        ],
    )
    def test_what_cannot_be_true_is_refused(self, channel, outcome, why):
        message = told()

        with pytest.raises(IntegrityError), transaction.atomic():
            delivered(message, channel=channel, outcome=outcome, why=why)

    def test_letter_is_due_once_and_until_it_is_sent_or_the_message_is_read(self):
        waiting, sent, read = (told() for _number in range(3))
        for message in (waiting, sent, read):
            delivered(message, channel=Channel.LETTER, outcome=Outcome.DUE, why="no_contact")
        with pytest.raises(IntegrityError), transaction.atomic():
            delivered(waiting, channel=Channel.LETTER, outcome=Outcome.DUE, why="stale_contact")
        delivered(sent, channel=Channel.LETTER)
        note_opening(read.key, by=read.recipient)

        assert [row.message for row in letters_due()] == [waiting]


class TestKeeping:
    def test_keeper_removes_a_message_whose_time_is_over_with_all_that_belongs_to_it(
        self, settings, as_keeper
    ):
        settings.MESSAGES_KEPT_YEARS = 2
        with clock.shift(timedelta(days=-800)):
            old = told()
            delivered(old)
            note_opening(old.key, by=old.recipient)
        with clock.shift(timedelta(days=-700)):
            younger = told()
            delivered(younger)

        assert (forget_messages(), forget_messages()) == (1, 0)

        kept = (Message, MessageText, NoticeDelivery, MessageOpening)
        assert [model.objects.count() for model in kept] == [1, 1, 1, 0]
        assert message_for([younger.recipient], younger.key) is not None

    def test_keeper_seals_texts_under_new_keys_and_they_open_after_the_old_are_gone(self, settings, tmp_path):
        old, new = new_generation(), new_generation()

        def use(*generations):
            path = tmp_path / f"{len(list(tmp_path.iterdir()))}.json"
            path.write_text(json.dumps({"generations": generations}))
            settings.KEYRING_FILE = str(path)

        use(old)
        message = told()
        use(new, old)
        said = StringIO()
        with database_role("keeper"):
            call_command("rotate_message_keys", stdout=said)
            call_command("rotate_message_keys", stdout=said)
        use(new)

        assert [line.split(". ")[1] for line in said.getvalue().splitlines()] == [
            "Sealed 1 messages.",
            "Sealed 0 messages.",
        ]
        assert [shown.title for shown in messages_for([message.recipient])] == ["Personvern"]
