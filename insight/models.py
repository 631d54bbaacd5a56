"""What KPR holds, as it was received, and which version of each thing counts now."""

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpr_portal.ground import clock
from kpr_portal.ground.models import KEEPER, AppendOnlyModel


class Status(models.TextChoices):
    """Code system 7316, and the one status that no message has."""

    NEW = "N", _("ny")
    REPLACES = "M", _("erstatter")
    ADDS = "T", _("supplerer")
    CANCELS = "C", _("annullerer")
    JOINED = "S", _("sammenstilt")  # made here, of a version and what was added to it


class Provider(models.Model):
    """Who gave the service, as the sender named them. Never changed: another name is another row."""

    web_privileges: ClassVar = ("SELECT", "INSERT")

    id = models.AutoField(primary_key=True)
    organisation_number = models.CharField(max_length=9, blank=True)
    name = models.CharField(max_length=120, blank=True)
    municipality = models.CharField(max_length=4, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation_number", "name", "municipality"], name="provider_is_named_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.organisation_number


class IngestRun(AppendOnlyModel):
    """One reading of one file. What came of it is in its outcome; without one it was cut short."""

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    message = models.CharField(max_length=40, blank=True)  # code of the message type; empty: not known
    source = models.CharField(max_length=40, blank=True)
    file_name = models.CharField(max_length=200)  # the last part, digits of a person's number masked
    size = models.BigIntegerField()
    started_at = models.DateTimeField(default=clock.now)

    class Meta(AppendOnlyModel.Meta):
        pass


class IngestOutcome(AppendOnlyModel):
    """How a reading ended. `refused` is the reason why the whole file was refused, if it was."""

    run = models.OneToOneField(IngestRun, models.PROTECT, related_name="outcome")
    finished_at = models.DateTimeField(default=clock.now)
    refused = models.CharField(max_length=40, blank=True)
    counts = models.JSONField(default=dict)
    unknown_codes = models.JSONField(default=dict)

    class Meta(AppendOnlyModel.Meta):
        pass


class RefusedLine(AppendOnlyModel):
    """A line that was not taken in. Only its number and the reason: never what stood in it."""

    keeper_may_delete: ClassVar[bool] = True

    run = models.ForeignKey(IngestRun, models.PROTECT, related_name="refused_lines")
    number = models.IntegerField()
    reason = models.CharField(max_length=40)

    class Meta(AppendOnlyModel.Meta):
        pass


class Delivery(AppendOnlyModel):
    """A yearly file that came in whole. Of those with one scope, the latest made is what counts."""

    key = models.UUIDField(unique=True)
    source = models.CharField(max_length=40)
    scope = models.CharField(max_length=40)
    made_on = models.DateField()
    number = models.IntegerField()
    run = models.ForeignKey(IngestRun, models.PROTECT, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["source", "scope", "-made_on", "-number"], name="delivery_by_scope")
        ]


class SenderIdentity(AppendOnlyModel):
    """Whom a sender's own id stands for, in one scope. Said again, the latest counts for files to come."""

    scope = models.CharField(max_length=40)
    sender_id = models.CharField(max_length=20)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    run = models.ForeignKey(IngestRun, models.PROTECT, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        indexes: ClassVar = [models.Index(fields=["scope", "sender_id", "-id"], name="sender_identity")]


class Withholding(AppendOnlyModel):
    """That a record is not shown, by which provision, or that it is shown again (`provision` empty)."""

    record_key = models.UUIDField()
    provision = models.CharField(max_length=120, blank=True)
    sentence = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta(AppendOnlyModel.Meta):
        indexes: ClassVar = [models.Index(fields=["record_key", "-id"], name="withholding_of_record")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="withholding_has_a_provision_and_a_sentence_or_neither",
                condition=Q(provision="", sentence="") | ~Q(provision="") & ~Q(sentence=""),
            ),
        ]


FACTS = (
    "identity", "source", "section", "status", "refers_to", "reported_at", "sequence", "person_id",
    "event_date", "end_date", "provider_id", "sensitive", "variables", "delivery", "run_id", "number",
)  # fmt: skip


class Record(models.Model):
    """One thing KPR holds about a person, in one version as it was received.

    The facts of a row are never changed, a trigger and the grants hold it. The projection says which version
    counts: `current`, the `original` it belongs to where it was corrected, and what withholds it.
    `insight.operations.rebuild_records` makes the projection anew from the facts. Rows of status JOINED
    belong to the projection as a whole: a version and what was added to it, made here.

    Outside, a record is known by its `key`, which stays the same through every correction.

    Persons, providers and runs are never removed, and their ids come from the same operation that writes
    the rows: no foreign key constraint, which would cost a fifth of the speed of the ingest.
    """

    web_privileges: ClassVar = (
        "SELECT",
        "INSERT",
        "UPDATE (current, original, withholding_id)",
        "DELETE",
    )
    keeper_may_delete: ClassVar[bool] = True

    identity = models.UUIDField(primary_key=True)
    source = models.CharField(max_length=40)
    section = models.CharField(max_length=60, db_collation="C")
    status = models.CharField(max_length=1, choices=Status)
    refers_to = models.UUIDField(null=True)
    reported_at = models.DateTimeField()
    sequence = models.CharField(max_length=20, db_collation="C")
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False
    )
    event_date = models.DateField(null=True)
    end_date = models.DateField(null=True)
    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False
    )
    sensitive = models.BooleanField()
    variables = models.JSONField()
    delivery = models.UUIDField(null=True)
    run = models.ForeignKey(
        IngestRun, models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False
    )
    number = models.IntegerField()

    current = models.BooleanField()
    original = models.UUIDField(null=True)
    withholding = models.ForeignKey(
        Withholding, models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["person", "section", "-event_date", "-identity"],
                include=["provider", "sensitive", "withholding"],
                condition=Q(current=True),
                name="record_of_person",
            ),
            models.Index(fields=["refers_to"], condition=Q(refers_to__isnull=False), name="record_refers_to"),
            models.Index(
                fields=["refers_to"],
                condition=Q(refers_to__isnull=False, original__isnull=True),
                name="record_waiting",
            ),
            models.Index(fields=["original"], condition=Q(original__isnull=False), name="record_original"),
            models.Index(fields=["delivery"], condition=Q(delivery__isnull=False), name="record_delivery"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="what_is_shown_is_about_someone_on_a_day",
                condition=Q(current=False) | Q(person__isnull=False, event_date__isnull=False),
            ),
            models.CheckConstraint(
                name="a_correction_says_what_it_corrects",
                condition=Q(status__in=["M", "T", "C"], refers_to__isnull=False)
                | Q(status__in=["N", "S"], refers_to__isnull=True),
            ),
            models.CheckConstraint(
                name="additions_and_cancellations_are_never_shown_themselves",
                condition=Q(current=False) | Q(status__in=["N", "M", "S"]),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="facts_never_change",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf(*FACTS),  # type: ignore[no-untyped-call]
                func="""
                    RAISE EXCEPTION 'the facts of a record never change'
                        USING ERRCODE = 'insufficient_privilege';
                """,
            ),
            pgtrigger.Trigger(
                name="facts_never_go",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=f"""
                    IF OLD.status = 'S' OR current_user = '{KEEPER}' THEN
                        RETURN OLD;
                    END IF;
                    RAISE EXCEPTION 'a record as received is never removed, save by retention'
                        USING ERRCODE = 'insufficient_privilege';
                """,
            ),
        ]

    @property
    def key(self) -> uuid.UUID:
        """The handle that pages use: that of the original, so that it outlives corrections."""
        return self.original or self.identity
