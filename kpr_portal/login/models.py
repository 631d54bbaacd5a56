"""Accounts, sessions, and what was typed when one ended.

None holds a name to sign in with, a password, or a national identity number in clear.
"""

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from kpr_portal.login.oidc.realms import RealmName


class Account(AbstractBaseUser):
    """That a person has signed in here. Only sessions point to it: who did something is always a Person.

    There is no password to set, guess or leak: identity comes from ID-porten or the staff issuer alone.
    """

    web_privileges: ClassVar = ("SELECT", "INSERT")

    password = None  # type: ignore[assignment]  # Django's own way of leaving a column out
    last_login = None
    person = models.OneToOneField("people.Person", models.PROTECT, related_name="+")

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    USERNAME_FIELD = "person"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return str(self.key)

    @property
    def key(self) -> str:
        """The person's key: what logs may hold."""
        return str(self.person.key)


class Session(models.Model):
    """A browser that is known, signed in or on its way there.

    The table holds a hash of the cookie, so that nobody who reads it can take over a session. `last_seen` is
    rounded to a minute. The ID token (it holds the number) is sealed with the key ring, and used only to sign
    out at the issuer.
    """

    key_hash = models.CharField(max_length=64, primary_key=True)
    data = models.TextField()
    last_seen = models.DateTimeField(db_index=True)
    realm = models.CharField(max_length=10, blank=True, default="")
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    issuer = models.CharField(max_length=255, blank=True, default="")
    sid = models.CharField(max_length=255, blank=True, default="")
    auth_time = models.DateTimeField(null=True)
    id_token = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["issuer", "sid"], name="session_of_the_issuer", condition=~Q(sid=""))]
        constraints = [
            models.CheckConstraint(
                name="signed_in_sessions_say_who_when_and_where",
                condition=Q(
                    account__isnull=True, auth_time__isnull=True, id_token__isnull=True, realm="", issuer=""
                )
                | (
                    Q(account__isnull=False, auth_time__isnull=False, realm__in=RealmName.values)
                    & ~Q(issuer="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.realm or "-"


class KeptForm(models.Model):
    """What somebody had typed on a page when their session ended there: theirs again when they are back.

    Bound to the account, to the person acted for, and to the page; the fields are sealed with the key ring in
    that very context. Gone when shown, when the person signs out, and after KEPT_FORMS_MINUTES.
    """

    web_privileges: ClassVar = ("SELECT", "INSERT", "DELETE")
    keeper_privileges: ClassVar = ("SELECT", "DELETE")

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    subject_key = models.UUIDField()
    path = models.CharField(max_length=2_000)
    sealed = models.BinaryField()
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["account", "subject_key"], name="kept_for_whom")]

    def __str__(self) -> str:
        return str(self.pk)
