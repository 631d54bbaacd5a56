"""Letters, and what is to be put in the post. Everything here only grows.

What a letter says is kept in `documents`, encrypted; here stands that it was owed, made, queued and posted.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpr_portal.ground import clock
from kpr_portal.ground.models import AppendOnlyModel
from reservations.postal.letters import kinds


class LetterText(AppendOnlyModel):
    """The fixed texts of a kind of letter, as they stood. ``sha256`` covers language, kind and body."""

    sha256 = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10)
    kind = models.CharField(max_length=40, choices=kinds.choices)
    body = models.TextField()
    since = models.DateTimeField(default=clock.now)  # when it was first used

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"


class LetterOrder(AppendOnlyModel):
    """That a letter is owed to somebody, and with what.

    ``values`` is the document with what the letter says beside its fixed texts, ``enclosure`` that of the form
    it goes with, ``notice`` the message it tells of, ``concerned`` whom it is about where that is another than the
    recipient. ``language`` is empty where the registers choose it. ``reference`` is the one that stands on the form
    already: its cover letter gets the same; empty where the letter gets one of its own.
    """

    keeper_may_delete: ClassVar[bool] = True

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=40, choices=kinds.choices)
    recipient = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    concerned = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    about = models.UUIDField(null=True)
    notice = models.UUIDField(null=True, unique=True)
    language = models.CharField(max_length=10, blank=True)
    large_print = models.BooleanField(default=False)
    values = models.UUIDField(null=True)
    enclosure = models.UUIDField(null=True, unique=True)
    reference = models.CharField(max_length=13, blank=True)
    ordered_at = models.DateTimeField(default=clock.now)
    ordered_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_letter_with_a_form_covers_it",
                condition=Q(kind=kinds.COVER.code, enclosure__isnull=False)
                | (~Q(kind=kinds.COVER.code) & Q(enclosure__isnull=True)),
            ),
            models.UniqueConstraint(
                name="no_two_forms_have_the_same_reference", fields=["reference"], condition=~Q(reference="")
            ),
            models.CheckConstraint(
                name="only_a_form_has_a_reference_before_its_letter",
                condition=Q(reference="") | Q(enclosure__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class Letter(AppendOnlyModel):
    """A letter as it was made: its number, its text's version, and its two copies in `documents`.

    ``screen`` is the copy that is printed and shown (PDF/UA-1), ``archive`` the one for the archive (PDF/A-3a).
    ``edition`` is 1, and one more each time it is made anew since the address was another: all editions have the
    same number, and at most the last is sent. ``window`` is a keyed fingerprint of what stands in the window of the
    envelope, under the key ``window_key`` (`letters.window`); none where it was made before these were kept.
    """

    keeper_may_delete: ClassVar[bool] = True

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    order = models.ForeignKey(LetterOrder, models.PROTECT, related_name="letters")
    edition = models.PositiveSmallIntegerField(default=1)
    number = models.CharField(max_length=13)
    kind = models.CharField(max_length=40, choices=kinds.choices)
    language = models.CharField(max_length=10)
    text = models.ForeignKey(LetterText, models.PROTECT, related_name="+")
    recipient = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    about = models.UUIDField(null=True, db_index=True)
    made_at = models.DateTimeField(default=clock.now, db_index=True)
    screen = models.UUIDField(unique=True)
    archive = models.UUIDField(unique=True)
    caused_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    window = models.BinaryField(null=True)
    window_key = models.CharField(max_length=8, blank=True)

    class Meta(AppendOnlyModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(name="a_letter_has_each_edition_once", fields=["order", "edition"]),
            models.UniqueConstraint(name="no_two_letters_have_the_same_number", fields=["number", "edition"]),
            models.CheckConstraint(
                name="a_window_has_the_key_of_its_fingerprint",
                condition=Q(window__isnull=True, window_key="")
                | (Q(window__isnull=False) & ~Q(window_key="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PostingKind(models.TextChoices):
    """What is put in the post."""

    LETTER = "letter", _("brev")
    FORM = "form", _("skjema med følgebrev")


class PostingOutcome(models.TextChoices):
    """How a posting ended."""

    POSTED = "posted", _("postlagt")
    WITHDRAWN = "withdrawn", _("trukket tilbake")
    TRIED_AGAIN = "tried_again", _("prøvd på nytt")
    MADE_ANEW = "made_anew", _("tatt ut for å lages på nytt")
    POSTED_AND_ANEW = "posted_and_anew", _("postlagt til den gamle adressen, og laget på nytt")


# After these comes another posting of the same order.
GO_ON = (PostingOutcome.TRIED_AGAIN, PostingOutcome.MADE_ANEW, PostingOutcome.POSTED_AND_ANEW)


class Posting(AppendOnlyModel):
    """One thing that is to be put in the post, or that cannot be: then ``why`` is a code of `people.letters`."""

    keeper_may_delete: ClassVar[bool] = True

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=10, choices=PostingKind)
    order = models.ForeignKey(LetterOrder, models.PROTECT, related_name="postings")
    letter = models.OneToOneField(Letter, models.PROTECT, null=True, related_name="posting")
    recipient = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    why = models.CharField(max_length=40, blank=True)
    queued_at = models.DateTimeField(default=clock.now, db_index=True)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_posting_has_its_letter_or_says_why_there_is_none",
                condition=Q(letter__isnull=False, why="") | (Q(letter__isnull=True) & ~Q(why="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class PostingPrint(AppendOnlyModel):
    """That it was opened for the printer: what has not been, cannot have been put in the post."""

    keeper_may_delete: ClassVar[bool] = True

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="prints")
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.posting_id} printed"


class PostingEnd(AppendOnlyModel):
    """That it was put in the post, or will not be. By nobody where it ended by itself."""

    keeper_may_delete: ClassVar[bool] = True

    posting = models.OneToOneField(Posting, models.PROTECT, related_name="end")
    outcome = models.CharField(max_length=20, choices=PostingOutcome)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.posting_id} {self.outcome}"
