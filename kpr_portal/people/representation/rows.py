"""The tables of acting for another. They only grow: a right ends, and a block is lifted, by another row."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kpr_portal.ground import clock
from kpr_portal.ground.models import AppendOnlyModel
from kpr_portal.people.basis import BY_MANDATE, FOR_ANOTHER, Basis, Scope
from kpr_portal.people.population_register import Area


def basis_choices() -> list[tuple[str, str]]:
    """The bases for a model field: given as a callable, so that a new basis makes no migration."""
    return [(basis.value, str(basis.label)) for basis in Basis if basis in FOR_ANOTHER]


class Evidence(models.TextChoices):
    """How we know of a right."""

    REGISTER = "register", _("Folkeregisteret")
    DOCUMENT = "document", _("dokument, kontrollert av saksbehandler")
    GIVEN = "given", _("gitt her av personen selv")


class EndReason(models.TextChoices):
    """Why a right ended. The first two are said by people, the rest by the register, the calendar or staff."""

    GIVER = "giver", _("avsluttet av den som ga fullmakten")
    RECEIVER = "receiver", _("avsluttet av den som hadde fullmakten")
    CASEWORKER = "caseworker", _("avsluttet av saksbehandler")
    REGISTER = "register", _("står ikke lenger i Folkeregisteret")
    AGE = "age", _("alder")
    OVER = "over", _("tiden er ute")
    REPLACED = "replaced", _("erstattet")


BY_SOMEONE = (EndReason.GIVER, EndReason.RECEIVER, EndReason.CASEWORKER)


class BlockChannel(models.TextChoices):
    """How a block, or its end, came in."""

    ONLINE = "online", _("nettportalen")
    PHONE = "phone", _("telefon")
    POST = "post", _("post")


class Representation(AppendOnlyModel):
    """That one person may act for another: on what basis, how far, from when to when, and how we know.

    `since` and `until` are inclusive days. Whether it opens anything now is asked of `rights.rights_of`.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    representative = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    represented = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    basis = models.CharField(max_length=20, choices=basis_choices)
    insight = models.BooleanField()
    reservation = models.BooleanField()
    areas = models.CharField(max_length=40, blank=True)  # of a mandate: population_register.Area, by commas
    since = models.DateField()
    until = models.DateField(null=True)
    evidence = models.CharField(max_length=10, choices=Evidence)
    document = models.UUIDField(null=True)  # the key of what a caseworker checked
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta(AppendOnlyModel.Meta):
        app_label = "people"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_representation_covers_something", condition=Q(insight=True) | Q(reservation=True)
            ),
            models.CheckConstraint(
                name="nobody_represents_themselves", condition=~Q(representative=F("represented"))
            ),
            models.CheckConstraint(
                name="a_representation_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            models.CheckConstraint(
                name="a_document_and_its_caseworker_stand_together",
                condition=Q(evidence=Evidence.DOCUMENT, document__isnull=False, checked_by__isnull=False)
                | (~Q(evidence=Evidence.DOCUMENT) & Q(document__isnull=True, checked_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="nobody_checks_a_document_of_their_own",
                condition=Q(checked_by__isnull=True)
                | (~Q(checked_by=F("representative")) & ~Q(checked_by=F("represented"))),
            ),
            models.CheckConstraint(
                name="the_register_gives_its_own_bases_and_a_person_a_power",
                condition=Q(evidence=Evidence.DOCUMENT)
                | Q(
                    evidence=Evidence.REGISTER,
                    basis__in=[Basis.PARENT.value, Basis.GUARDIAN.value, Basis.FUTURE_POWER.value],
                )
                | Q(evidence=Evidence.GIVEN, basis=Basis.ATTORNEY.value),
            ),
            models.CheckConstraint(
                name="a_power_of_attorney_and_next_of_kin_always_expire",
                condition=~Q(basis__in=[Basis.ATTORNEY.value, Basis.NEXT_OF_KIN.value])
                | Q(until__isnull=False),
            ),
            models.CheckConstraint(
                name="a_mandate_names_its_areas_and_nothing_else_does",
                condition=(Q(basis__in=sorted(BY_MANDATE)) & ~Q(areas=""))
                | (~Q(basis__in=sorted(BY_MANDATE)) & Q(areas="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["until"], name="representations_by_their_end"),
        ]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def scopes(self) -> frozenset[Scope]:
        """What the row covers."""
        covered = {Scope.INSIGHT: self.insight, Scope.RESERVATION: self.reservation}
        return frozenset(scope for scope, is_covered in covered.items() if is_covered)

    @property
    def mandate_areas(self) -> frozenset[Area]:
        """The areas of a mandate."""
        return frozenset(Area(area) for area in self.areas.split(",") if area)


class RepresentationEnd(AppendOnlyModel):
    """That a right ended: when, why, and by whom where someone ended it."""

    representation = models.OneToOneField(Representation, models.PROTECT, related_name="end")
    ended_at = models.DateTimeField()
    reason = models.CharField(max_length=12, choices=EndReason)
    ended_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        app_label = "people"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="an_end_says_by_whom_where_someone_ended_it",
                condition=Q(reason__in=[reason.value for reason in BY_SOMEONE], ended_by__isnull=False)
                | (~Q(reason__in=[reason.value for reason in BY_SOMEONE]) & Q(ended_by__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.representation_id} ended"


class RepresentationBlock(AppendOnlyModel):
    """That a person is closed to one representative (or, None, to all), on whatever basis they come.

    Ended by a RepresentationBlockLift, never by a new row of the register or a new power.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    represented = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    representative = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    placed_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=BlockChannel)
    placed_at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        app_label = "people"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_block_is_against_another",
                condition=Q(representative__isnull=True) | ~Q(representative=F("represented")),
            ),
            models.CheckConstraint(
                name="a_block_is_placed_by_oneself_online_else_by_a_caseworker",
                condition=Q(channel=BlockChannel.ONLINE, placed_by=F("represented"))
                | (~Q(channel=BlockChannel.ONLINE) & ~Q(placed_by=F("represented"))),
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class RepresentationBlockLift(AppendOnlyModel):
    """That a block ended: by the person, or by a caseworker at the person's word."""

    block = models.OneToOneField(RepresentationBlock, models.PROTECT, related_name="lift")
    lifted_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=BlockChannel)
    lifted_at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        app_label = "people"

    def __str__(self) -> str:
        return f"{self.block_id} lifted"


class ReceiverTry(AppendOnlyModel):
    """That a person named a receiver of a power of attorney whom we could not use. Nothing of whom."""

    keeper_may_delete = True

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    tried_at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        app_label = "people"

    def __str__(self) -> str:
        return f"{self.person_id} tried"
