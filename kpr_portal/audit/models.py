"""One row for each time somebody saw, or tried to see, something about a person."""

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Q
from django.db.models.lookups import BuiltinLookup
from django.utils.translation import gettext_lazy as _

from kpr_portal.ground import clock
from kpr_portal.ground.models import WEB, AppendOnlyModel, refuse_change

# Pages date no row but by the database's own clock, moved as far as the owner has said (a demo's may be).
refuse_another_time = pgtrigger.Trigger(
    name="dated_by_the_database",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=f"""
        IF current_user = '{WEB}' AND NEW.occurred_at NOT BETWEEN
            pg_catalog.clock_timestamp() + public.audit_clock_shift() - interval '1 minute'
            AND pg_catalog.clock_timestamp() + public.audit_clock_shift() + interval '1 minute'
        THEN
            RAISE EXCEPTION 'An entry of the access log is dated by the database itself'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    """,
)


@models.UUIDField.register_lookup
class IsAnother(BuiltinLookup):
    """`actor__another=F("subject")`: a value that differs, and is there at all (SQL `<>`)."""

    lookup_name = "another"

    def get_rhs_op(self, connection: BaseDatabaseWrapper, rhs: str) -> str:  # noqa: ARG002
        return f"<> {rhs}"


class Outcome(models.TextChoices):
    """Whether the door opened."""

    SEEN = "seen", _("Vist")
    REFUSED = "refused", _("Avvist")


class AccessLogEntry(AppendOnlyModel):
    """Who looked at whom. Persons are plain keys: the log never stands in the way of live data.

    Partitioned by month on `occurred_at` (the migration makes it so), which pages cannot choose.
    `basis` is the right to act (self, parent, ...), `role` and `organisation` are the staff member's
    at that moment, `reason` what was given for looking. An empty `actor` is the portal itself (an
    automatic look-up).
    """

    pk = models.CompositePrimaryKey("occurred_at", "id")
    occurred_at = models.DateTimeField(default=clock.now)
    id = models.UUIDField(default=uuid.uuid4)
    actor = models.UUIDField(null=True)
    subject = models.UUIDField(null=True)
    action = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.SEEN)
    basis = models.CharField(max_length=20, blank=True)
    role = models.CharField(max_length=40, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    request_reference = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)

    class Meta(AppendOnlyModel.Meta):
        triggers: ClassVar = [refuse_change, refuse_another_time]
        indexes: ClassVar = [
            models.Index(fields=["subject", "-occurred_at"], name="access_log_by_subject"),
            models.Index(fields=["actor", "-occurred_at"], name="access_log_by_actor"),
            # One's own visits are many, and what others did is found beside them.
            models.Index(
                fields=["subject", "-occurred_at"],
                condition=Q(actor__another=F("subject")),
                name="access_log_by_others",
            ),
        ]
