"""The tables of enquiries. What was written is a document of its own, encrypted; a row holds no free text."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpr_portal.ground.models import AppendOnlyModel
from reservations.enquiries.kinds import kind_choices


class EnquiryAction(models.TextChoices):
    """What an enquiry does: asks or instructs, or lifts a standing instruction."""

    SENT = "sent", _("sendt")
    LIFTED = "lifted", _("opphevet")


class OutcomeState(models.TextChoices):
    """What has become of an enquiry."""

    UNDER_WAY = "under_way", _("under behandling")
    ANSWERED = "answered", _("besvart")


class Enquiry(AppendOnlyModel):
    """Something a person asked for, or told us. `about` is the key of the row it is about, if it is about one."""

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    reference = models.CharField(max_length=13, unique=True)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40, choices=kind_choices)
    action = models.CharField(max_length=10, choices=EnquiryAction, default=EnquiryAction.SENT)
    choice = models.CharField(max_length=20, blank=True)
    about = models.UUIDField(null=True)
    document = models.UUIDField(null=True)
    language = models.CharField(max_length=10)
    received_at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        app_label = "reservations"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_lift_of_an_instruction_says_nothing_more",
                condition=Q(action=EnquiryAction.SENT)
                | Q(action=EnquiryAction.LIFTED, document__isnull=True, about__isnull=True, choice=""),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class EnquiryOutcome(AppendOnlyModel):
    """What became of an enquiry, by whom and when; the answer is a document. The latest counts."""

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="outcomes")
    state = models.CharField(max_length=20, choices=OutcomeState)
    document = models.UUIDField(null=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        app_label = "reservations"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="an_answer_is_a_document_and_nothing_else_is",
                condition=Q(state=OutcomeState.ANSWERED, document__isnull=False)
                | (~Q(state=OutcomeState.ANSWERED) & Q(document__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.state}"
