"""What is owed, and every attempt at it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

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
