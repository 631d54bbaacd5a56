"""What left KPR, and who was in it (helseregisterloven §§ 19 h and 24 second paragraph)."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kpr_portal.ground import clock
from kpr_portal.ground.models import AppendOnlyModel
from reservations import catalogue


class DirectIdentifier(models.TextChoices):
    """What in a file named persons directly; `NONE` where nothing did."""

    NATIONAL_ID = "national_id", _("fødselsnummer eller D-nummer")
    NAME = "name", _("navn")
    NATIONAL_ID_AND_NAME = "national_id_name", _("fødselsnummer eller D-nummer, og navn")
    NONE = "none", _("ingenting som direkte viser hvem det er")


class LegalBasis(models.TextChoices):
    """On what ground the recipient may process the data (helseregisterloven § 19 h)."""

    CONSENT = "consent", _("samtykke fra den enkelte")
    HREGL_19_B = "hregl_19b", _("helseregisterloven § 19 b: indirekte identifiserbare opplysninger")
    HREGL_19_E = "hregl_19e", _("helseregisterloven § 19 e: dispensasjon fra taushetsplikt")
    HFL_33 = "hfl_33", _("helseforskningsloven § 33: godkjent forskning")
    STATUTE = "statute", _("lov som gir mottakeren rett til opplysningene")
    OTHER_REGISTER = "kpr_4_2", _("KPR-forskriften § 4-2: til andre registre")


class Release(AppendOnlyModel):
    """Data made available to one recipient, identified or not. Kept at least ten years (§ 19 h).

    `about` is one sentence on the use, in each language it was given in. An entry that a dispensation
    keeps from the person for a time (§ 24 second paragraph) has `withheld_until` and its provision.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    reference = models.CharField(max_length=60, unique=True)
    recipient = models.CharField(max_length=200)
    organisation_number = models.CharField(max_length=9)
    recipient_kind = models.CharField(max_length=40, choices=catalogue.recipient_choices)
    project = models.CharField(max_length=300)
    about = models.JSONField(default=dict)
    purpose = models.SmallIntegerField(choices=catalogue.purpose_choices)
    legal_basis = models.CharField(max_length=20, choices=LegalBasis)
    provision = models.CharField(max_length=200)
    decision_reference = models.CharField(max_length=100, blank=True)
    decision_date = models.DateField(null=True)
    released_on = models.DateField()
    sources = ArrayField(models.CharField(max_length=40))
    period_from = models.DateField()
    period_to = models.DateField()
    identifier = models.CharField(max_length=20, choices=DirectIdentifier)
    linked_with = ArrayField(models.CharField(max_length=200), default=list)
    withheld_until = models.DateField(null=True)
    withheld_provision = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta(AppendOnlyModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_withheld_release_names_its_provision_and_no_other_does",
                condition=Q(withheld_until__isnull=True, withheld_provision="")
                | (Q(withheld_until__isnull=False) & ~Q(withheld_provision="")),
            ),
            models.CheckConstraint(
                name="a_period_never_ends_before_it_begins", condition=Q(period_to__gte=F("period_from"))
            ),
            models.CheckConstraint(
                name="a_decision_with_a_date_has_a_reference",
                condition=Q(decision_date__isnull=True) | ~Q(decision_reference=""),
            ),
        ]


class ReleaseChunk(AppendOnlyModel):
    """Who of 65,536 persons was in a release: serialized bitmaps of ids within the chunk.

    An empty value is an empty set. Never shown, never exported: queries answer for one person.
    """

    release = models.ForeignKey(Release, models.PROTECT, related_name="chunks")
    chunk = models.IntegerField()
    in_file = models.BinaryField()
    held_out = models.BinaryField()
    number_removed = models.BinaryField()

    class Meta(AppendOnlyModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chunk", "release"], name="a_release_has_each_chunk_once"),
        ]


class LogGap(AppendOnlyModel):
    """That the log of releases is known to have missed something, said to everyone it may concern.

    `told` is the sentence in each language. A gap is closed by a later row that names it.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    missing_from = models.DateField()
    missing_to = models.DateField(null=True)
    told = models.JSONField()
    closes = models.OneToOneField("self", models.PROTECT, null=True, related_name="closed_by")
    recorded_at = models.DateTimeField(default=clock.now)
