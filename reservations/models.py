"""The register of reservations. Everything here only grows."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from kpr_portal.ground import clock
from kpr_portal.ground.models import AppendOnlyModel
from kpr_portal.people.acting import Basis
from reservations import catalogue
from reservations.enquiries.rows import Enquiry, EnquiryOutcome
from reservations.rules import PARENTS_BASES, Action, Channel, Voice

__all__ = [
    "Enquiry",
    "EnquiryOutcome",
    "HandedOver",
    "ImportSignOff",
    "ImportedLine",
    "LiftWish",
    "Receipt",
    "ReservationEntry",
    "ReservationImport",
    "ShownText",
]


def basis_choices() -> list[tuple[str, str]]:
    """The bases for a model field: given as a callable, so that a new basis makes no migration."""
    return [(basis.value, str(basis.label)) for basis in Basis]


GROUNDED = (Channel.POST.value, Channel.PHONE.value)


class ShownText(AppendOnlyModel):
    """A text exactly as it was shown to those who confirmed it. ``sha256`` covers all the rest."""

    sha256 = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10)
    kind = models.CharField(max_length=40, choices=catalogue.choices)
    action = models.CharField(max_length=10, choices=catalogue.action_choices)
    body = models.TextField()
    since = models.DateTimeField(default=clock.now)  # the clock when it was first kept

    def __str__(self) -> str:
        return f"{self.kind} {self.action} {self.language}"


class ReservationEntry(AppendOnlyModel):
    """One line in the register: a reservation placed or lifted. Never changed, never removed.

    ``declared_at`` is when the will was signed or sent, ``received_at`` when it came in, ``recorded_at`` when
    it was entered (the database's time, taken under the lock against the gate), ``effective_at`` from when it
    counts. ``voice`` and ``ends_parents_voice`` are the rules' answer of that moment, kept with the line.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    reference = models.CharField(max_length=13, unique=True)
    # The index by person and kind serves this key too.
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=40, choices=catalogue.choices)
    action = models.CharField(max_length=10, choices=catalogue.action_choices)
    voice = models.CharField(max_length=10, choices=catalogue.voice_choices)
    ends_parents_voice = models.BooleanField(default=False)
    declared_at = models.DateTimeField()
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    actor = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    basis = models.CharField(max_length=20, choices=basis_choices)
    channel = models.CharField(max_length=20, choices=catalogue.channel_choices)
    ground_key = models.UUIDField(null=True)  # the case behind a mailed or telephoned choice
    representation = models.UUIDField(null=True)  # the right by which the actor acted for another, if online
    heard = models.BooleanField(default=False)  # the actor says that the person has been heard
    shown = models.ForeignKey(ShownText, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(AppendOnlyModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["person", "kind"], name="entries_by_person"),
            models.Index(fields=["kind", "recorded_at"], name="entries_by_kind_and_time"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="post_and_telephone_have_a_ground_and_no_other_channel_has",
                condition=Q(channel__in=GROUNDED, ground_key__isnull=False)
                | (~Q(channel__in=GROUNDED) & Q(ground_key__isnull=True)),
            ),
            models.CheckConstraint(
                name="the_text_shown_is_kept_online_and_only_there",
                condition=Q(channel=Channel.ONLINE.value, shown__isnull=False)
                | (~Q(channel=Channel.ONLINE.value) & Q(shown__isnull=True)),
            ),
            models.CheckConstraint(
                name="declared_never_after_received", condition=Q(declared_at__lte=F("received_at"))
            ),
            models.CheckConstraint(
                name="received_never_after_recorded", condition=Q(received_at__lte=F("recorded_at"))
            ),
            models.CheckConstraint(
                name="effective_before_it_was_recorded_only_where_carried_over",
                condition=Q(effective_at__gte=F("recorded_at")) | Q(channel=Channel.CARRIED_OVER.value),
            ),
            models.CheckConstraint(
                name="the_parents_voice_is_spoken_on_the_bases_that_give_it",
                condition=Q(voice=Voice.PARENTS.value, basis__in=sorted(PARENTS_BASES))
                | (Q(voice=Voice.OWN.value) & ~Q(basis__in=sorted(PARENTS_BASES))),
            ),
            models.CheckConstraint(
                name="only_ones_own_lift_ends_the_parents_voice",
                condition=Q(ends_parents_voice=False) | Q(action=Action.LIFTED.value, voice=Voice.OWN.value),
            ),
            models.CheckConstraint(
                name="who_acts_as_oneself_is_the_person",
                condition=(Q(basis=Basis.SELF.value) & Q(actor=F("person")))
                | (~Q(basis=Basis.SELF.value) & ~Q(actor=F("person"))),
            ),
            models.CheckConstraint(
                name="who_acts_for_another_online_names_the_right",
                condition=Q(representation__isnull=False)
                | ~Q(channel=Channel.ONLINE.value)
                | Q(basis=Basis.SELF.value),
            ),
            models.CheckConstraint(
                name="a_guardian_online_has_heard_the_person",
                condition=Q(heard=True) | ~Q(channel=Channel.ONLINE.value) | ~Q(basis=Basis.GUARDIAN.value),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class LiftWish(AppendOnlyModel):
    """That someone who decides for a child wants to lift what another of them placed.

    It lifts nothing. It lets the other lift without asking again (LAW_ONE_PARENT_MAY_LIFT_ANOTHERS).
    """

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40, choices=catalogue.choices)
    actor = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    representation = models.UUIDField()
    recorded_at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="nobody_wishes_for_themselves_to_lift_as_another", condition=~Q(actor=F("person"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class HandedOver(AppendOnlyModel):
    """That a person was told what is in force and how to lift it, when another could no longer act for them.

    One row for each right that ended (`representation`), and one (None) for turning the age from which the
    person decides alone. `told` is the message; None where nothing that the other placed was in force.
    """

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    representation = models.UUIDField(null=True, unique=True)
    told = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="a_person_comes_of_age_once",
                fields=["person"],
                condition=Q(representation__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} told"


class Receipt(AppendOnlyModel):
    """The receipt of a line as a PDF, made from owed work after the line was recorded.

    ``document`` is the copy that is shown (PDF/UA-1), ``archive`` the one for the archive (PDF/A-3a); none where the
    receipt was made before these were kept.
    """

    entry = models.OneToOneField(ReservationEntry, models.PROTECT, related_name="receipt")
    document = models.UUIDField(unique=True)  # the key of the document, kept encrypted
    archive = models.UUIDField(unique=True, null=True)  # likewise
    language = models.CharField(max_length=10)
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return str(self.document)


class ReservationImport(AppendOnlyModel):
    """One run of carrying over reservations from before this register, with its reconciled counts."""

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    imported_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    file_sha256 = models.CharField(max_length=64)
    lines_read = models.PositiveIntegerField()
    lines_entered = models.PositiveIntegerField()
    lines_known = models.PositiveIntegerField()
    lines_refused = models.PositiveIntegerField()
    finished_at = models.DateTimeField(default=clock.now)

    class Meta(AppendOnlyModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="every_line_read_is_entered_known_or_refused",
                condition=Q(lines_read=F("lines_entered") + F("lines_known") + F("lines_refused")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class ImportedLine(AppendOnlyModel):
    """What an imported line said beside what the register holds. Its fingerprint is entered once."""

    fingerprint = models.BinaryField(unique=True)
    entry = models.OneToOneField(ReservationEntry, models.PROTECT, related_name="imported")
    old_channel = models.CharField(max_length=40)
    old_reference = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.old_reference


class ImportSignOff(AppendOnlyModel):
    """A second person has looked at the report of an import and stands for it."""

    run = models.OneToOneField(ReservationImport, models.PROTECT, related_name="sign_off")
    imported_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    signed_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=clock.now)

    class Meta(AppendOnlyModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="an_import_is_signed_off_by_another_than_its_maker",
                condition=~Q(signed_by=F("imported_by")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.run_id)
