"""Who people are to the portal: a person, the numbers they were met under, and staff roles.

The tables whose names begin with `vault_` lie in a schema of their own (KPR-forskriften § 5-2: numbers kept
encrypted and apart). Nothing outside this app reads them. What they hold is told in `vault.py`.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kpr_portal.ground import clock
from kpr_portal.ground.models import AppendOnlyModel
from kpr_portal.people.contact_rows import ContactEntry
from kpr_portal.people.impartiality.rows import (
    Shield,
    ShieldEnd,
    ShieldOpening,
    StaffExclusion,
    StaffExclusionEnd,
)
from kpr_portal.people.representation.rows import (
    ReceiverTry,
    Representation,
    RepresentationBlock,
    RepresentationBlockLift,
    RepresentationEnd,
)

__all__ = [
    "ContactEntry",
    "LinkReason",
    "Number",
    "NumberSeal",
    "Person",
    "PersonLink",
    "ReceiverTry",
    "RegisterEntry",
    "Representation",
    "RepresentationBlock",
    "RepresentationBlockLift",
    "RepresentationEnd",
    "Role",
    "Shield",
    "ShieldEnd",
    "ShieldOpening",
    "StaffExclusion",
    "StaffExclusionEnd",
    "StaffRole",
    "StaffRoleEnd",
]


class Person(models.Model):
    """Someone KPR holds something about, or who has signed in, or who works here.

    `id` is dense and never leaves the server (foreign keys, bitmaps); `key` is what the outside sees.
    One human may be several of these, met under several numbers before anyone knew: see PersonLink.
    """

    # Row locks need UPDATE on some column: this one exists to be granted, and is never read.
    web_privileges: ClassVar = ("SELECT", "INSERT", "UPDATE (row_lock)")

    id = models.AutoField(primary_key=True)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    row_lock = models.BooleanField(default=False, editable=False)

    # What `people.queries` found of who is the same human, for as long as this object lives.
    same_human: list[tuple[int, uuid.UUID]] | None = None

    def __str__(self) -> str:
        return str(self.key)


class Number(AppendOnlyModel):
    """That a person holds or held a number. The number itself is in its seals.

    `since` and `until` are what was known when the row was made: None where nobody said.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    code = models.CharField(max_length=2)  # code system 9032
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta(AppendOnlyModel.Meta):
        db_table = "vault_number"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="number_never_ends_before_it_begins",
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}:{self.code}"


class NumberSeal(AppendOnlyModel):
    """A number sealed under one generation of the key ring, with its fingerprint for look-up.

    Removed only by the keeper, when its generation is retired (`manage.py rotate_keys`).
    """

    keeper_may_delete = True

    number = models.ForeignKey(Number, models.PROTECT, related_name="seals")
    key_id = models.CharField(max_length=8)
    fingerprint = models.BinaryField(max_length=32)
    ciphertext = models.BinaryField()

    class Meta(AppendOnlyModel.Meta):
        db_table = "vault_number_seal"
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_number_is_sealed_once_under_a_key",
                fields=["fingerprint", "key_id"],
            ),
            models.UniqueConstraint(name="a_number_has_one_seal_a_key", fields=["number", "key_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.number_id}:{self.key_id}"


class LinkReason(models.TextChoices):
    """How we know that two persons are one human."""

    REGISTER = "register", _("Folkeregisteret")
    CASEWORK = "casework", _("Vurdert av saksbehandler")


class PersonLink(AppendOnlyModel):
    """Two persons who are one human, met under two numbers before anyone knew."""

    one = models.ForeignKey(Person, models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=LinkReason)
    evidence = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta(AppendOnlyModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(name="link_goes_from_lower_to_higher_id", condition=Q(one__lt=F("other"))),
            models.CheckConstraint(
                name="link_by_casework_says_by_whom",
                condition=Q(reason="register", by__isnull=True) | Q(reason="casework", by__isnull=False),
            ),
            models.UniqueConstraint(name="two_persons_are_linked_once", fields=["one", "other"]),
        ]

    def __str__(self) -> str:
        return f"{self.one_id}={self.other_id}"


class Role(models.TextChoices):
    """What a member of staff may be."""

    CASEWORKER = "caseworker", _("saksbehandler")
    APPROVER = "approver", _("godkjenner")
    RELEASE_OFFICER = "release_officer", _("utleveringsansvarlig")
    AUDITOR = "auditor", _("kontrollør")


class StaffRole(AppendOnlyModel):
    """That a person has a role from one moment to another. Ended earlier by a StaffRoleEnd.

    Only the owner of the installation writes these (`manage.py staff_roles`): whoever takes over the web
    server's login gives nobody a role.
    """

    web_privileges: ClassVar = ("SELECT",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role)
    # None: by the owner of the installation, with a command (the first of all roles is granted so).
    granted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta(AppendOnlyModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="nobody_grants_themselves_a_role",
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("person")),
            ),
            models.CheckConstraint(
                name="role_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}:{self.role}"


class StaffRoleEnd(AppendOnlyModel):
    """That a role ended before its time: by whom (None: the owner, with a command), when and why."""

    web_privileges: ClassVar = ("SELECT",)

    staff_role = models.OneToOneField(StaffRole, models.PROTECT, related_name="end")
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta(AppendOnlyModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.staff_role_id} ended"


class StaffRoleReview(AppendOnlyModel):
    """That somebody looked at a role and found that it is still needed. None: the owner, with a command.

    A role that nobody has granted or reviewed within STAFF_ROLE_REVIEW_DAYS does not count.
    """

    web_privileges: ClassVar = ("SELECT",)

    staff_role = models.ForeignKey(StaffRole, models.PROTECT, related_name="reviews")
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.staff_role_id} reviewed"


class RegisterEntry(models.Model):
    """One number in the embedded population register, with everything sealed (`embedded_register.py`).

    Empty wherever the real register is used. `history` is there only for those who have had several numbers.
    Pages only read it: who is dead, whose parent and where protected is not theirs to say.
    """

    web_privileges: ClassVar = ("SELECT",)
    keeper_privileges: ClassVar = ("SELECT", "UPDATE")  # a change of keys

    fingerprint = models.BinaryField(max_length=32)
    key_id = models.CharField(max_length=8)
    document = models.BinaryField()
    history = models.BinaryField(null=True)

    class Meta:
        db_table = "vault_register_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_register_entry_a_number", fields=["fingerprint"]),
        ]

    def __str__(self) -> str:
        return str(self.pk)
