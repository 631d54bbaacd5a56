"""What is owed, and every attempt at it. Messages, who opened them, and how they were told of."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpr_portal.ground import clock
from kpr_portal.ground.models import AppendOnlyModel


class OwedWork(AppendOnlyModel):
    """Work that must be done because of something that happened (`cause`, the key of its row).

    `task` names the Celery task that does it, so that a lower app can owe what a higher one makes.
    `payload` holds keys and choices, never a national identity number nor health data. The keeper
    removes what was done long ago.
    """

    keeper_may_delete: ClassVar[bool] = True

    task = models.CharField(max_length=100)
    cause = models.UUIDField()
    payload = models.JSONField(default=dict)
    owed_at = models.DateTimeField(default=clock.now)

    class Meta(AppendOnlyModel.Meta):
        indexes: ClassVar = [models.Index(fields=["cause"], name="owed_work_by_cause")]


class OwedAttempt(AppendOnlyModel):
    """One attempt: done, or failed with the kind of error. At most one is done."""

    keeper_may_delete: ClassVar[bool] = True

    owed = models.ForeignKey(OwedWork, models.PROTECT, related_name="attempts")
    attempted_at = models.DateTimeField(default=clock.now)
    done = models.BooleanField()
    error = models.CharField(max_length=100, blank=True)

    class Meta(AppendOnlyModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owed"],
                condition=Q(done=True),
                name="owed_work_is_done_at_most_once",
            ),
            models.CheckConstraint(
                condition=Q(done=True, error="") | (Q(done=False) & ~Q(error="")),
                name="a_failed_attempt_names_its_error_and_a_done_one_has_none",
            ),
        ]


class Message(AppendOnlyModel):
    """Something a person is told, kept for them to read signed in. What it says is in its MessageText.

    `recipient` is a person's key, `kind` a code, `about` the key of the row it is about, and `link_name`
    the name of the address that it leads to, which takes `about` where it takes anything.
    """

    keeper_may_delete: ClassVar[bool] = True

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    recipient = models.UUIDField()
    kind = models.CharField(max_length=60)
    about = models.UUIDField(null=True)
    link_name = models.CharField(max_length=100, blank=True)
    sent_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta(AppendOnlyModel.Meta):
        indexes: ClassVar = [models.Index(fields=["recipient", "-sent_at"], name="message_by_recipient")]


class MessageText(AppendOnlyModel):
    """What a message says, as it was written, in every language: JSON sealed with the key ring.

    Apart from its message, so that the keeper can seal it anew under another generation of keys.
    """

    keeper_may_delete: ClassVar[bool] = True

    message = models.OneToOneField(Message, models.PROTECT, primary_key=True, related_name="text")
    key_id = models.CharField(max_length=8, db_index=True)
    sealed = models.BinaryField()

    class Meta(AppendOnlyModel.Meta):
        pass


class MessageOpening(AppendOnlyModel):
    """That a message was opened for the first time, when, and by whom (eForvaltningsforskriften § 8).

    Whoever reads it again leaves a row in the access log alone.
    """

    keeper_may_delete: ClassVar[bool] = True

    message = models.OneToOneField(Message, models.PROTECT, related_name="opening")
    opened_at = models.DateTimeField(default=clock.now)
    opened_by = models.UUIDField()

    class Meta(AppendOnlyModel.Meta):
        pass


class Channel(models.TextChoices):
    """How a person is told that there is a message."""

    MAIL = "mail", _("e-post")
    LETTER = "letter", _("brev")


class Outcome(models.TextChoices):
    """What became of an attempt to tell."""

    SENT = "sent", _("sendt")
    FAILED = "failed", _("ikke sendt")
    DUE = "due", _("skal sendes")
    WITHHELD = "withheld", _("skal ikke sendes")  # nobody is there to be told


class NoticeDelivery(AppendOnlyModel):
    """One attempt to tell somebody that there is a message. `why` is a code: the kind of error, or the reason.

    Mail is sent or fails. A letter is due when mail cannot be used; or nobody is written to at all.
    """

    keeper_may_delete: ClassVar[bool] = True

    message = models.ForeignKey(Message, models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel)
    outcome = models.CharField(max_length=10, choices=Outcome)
    why = models.CharField(max_length=100, blank=True)
    is_reminder = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)

    class Meta(AppendOnlyModel.Meta):
        indexes: ClassVar = [models.Index(fields=["channel", "outcome", "at"], name="delivery_by_outcome")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="mail_is_sent_or_fails_and_no_letter_fails",
                condition=Q(channel="mail", outcome__in=["sent", "failed"])
                | Q(channel="letter", outcome__in=["sent", "due", "withheld"]),
            ),
            models.CheckConstraint(
                name="what_was_not_sent_says_why",
                condition=Q(outcome="sent", why="") | (~Q(outcome="sent") & ~Q(why="")),
            ),
            models.UniqueConstraint(
                name="a_message_is_told_and_reminded_of_by_mail_once",
                fields=["message", "is_reminder"],
                condition=Q(channel="mail", outcome="sent"),
            ),
            models.UniqueConstraint(
                name="one_letter_a_message",
                fields=["message", "outcome"],
                condition=Q(channel="letter"),
            ),
        ]
