"""Notices about the operation of the service."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class OperationsNotice(models.Model):
    """A sentence on top of every page for a time, in the three languages of the portal.

    Put up and taken down by the owner (`manage.py notice`): pages only show it.
    """

    web_privileges: ClassVar = ("SELECT",)

    text_nb = models.CharField(max_length=400)
    text_nn = models.CharField(max_length=400)
    text_en = models.CharField(max_length=400)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_notice_ends_after_it_starts",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="a_notice_speaks_all_three_languages",
                condition=~Q(text_nb="") & ~Q(text_nn="") & ~Q(text_en=""),
            ),
        ]

    def __str__(self) -> str:
        return self.text_nb

    def text(self, language: str) -> str:
        """The notice in that language; in bokmål where the language is another."""
        return {"nn": self.text_nn, "en": self.text_en}.get(language, self.text_nb)
