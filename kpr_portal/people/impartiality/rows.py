"""The tables of impartiality. They only grow: what is ended, is ended by another row."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kpr_portal.ground.models import AppendOnlyModel


class ExclusionReason(models.TextChoices):
    """Who said that a member of staff should stay out."""

    DECLARED = "declared", _("den ansatte selv")
    NAMED = "named", _("personen saken gjelder")


class StaffExclusion(AppendOnlyModel):
    """That a member of staff stays out of all that concerns a person. No reason is kept."""

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    staff = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=ExclusionReason)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        app_label = "people"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="one_declares_for_oneself_and_names_another",
                condition=Q(reason=ExclusionReason.DECLARED, by=F("staff"))
                | (Q(reason=ExclusionReason.NAMED) & ~Q(by=F("staff"))),
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class StaffExclusionEnd(AppendOnlyModel):
    """That an exclusion ended, by another than the one who is excluded."""

    exclusion = models.OneToOneField(StaffExclusion, models.PROTECT, related_name="end")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        app_label = "people"

    def __str__(self) -> str:
        return f"{self.exclusion_id} ended"


class Shield(AppendOnlyModel):
    """That all that concerns a person is open to some of the staff alone: those named in ShieldOpening."""

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        app_label = "people"

    def __str__(self) -> str:
        return str(self.key)


class ShieldOpening(AppendOnlyModel):
    """That a shield lets this member of staff through."""

    shield = models.ForeignKey(Shield, models.PROTECT, related_name="openings")
    staff = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        app_label = "people"
        constraints: ClassVar = [
            models.UniqueConstraint(name="a_shield_names_each_once", fields=["shield", "staff"]),
        ]

    def __str__(self) -> str:
        return f"{self.shield_id}:{self.staff_id}"


class ShieldEnd(AppendOnlyModel):
    """That a shield ended."""

    shield = models.OneToOneField(Shield, models.PROTECT, related_name="end")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        app_label = "people"

    def __str__(self) -> str:
        return f"{self.shield_id} ended"
