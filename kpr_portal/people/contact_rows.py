"""The table of the embedded contact register."""

from typing import ClassVar

from django.db import models


class ContactEntry(models.Model):
    """One number in the embedded contact register, with everything sealed (`embedded_contacts.py`).

    Empty wherever the real register is used. Pages only read it: where somebody is told is not theirs to say.
    """

    web_privileges: ClassVar = ("SELECT",)
    keeper_privileges: ClassVar = ("SELECT", "UPDATE")  # a change of keys

    fingerprint = models.BinaryField(max_length=32)
    key_id = models.CharField(max_length=8)
    document = models.BinaryField()

    class Meta:
        app_label = "people"
        db_table = "vault_contact_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_contact_entry_a_number", fields=["fingerprint"]),
        ]

    def __str__(self) -> str:
        return str(self.pk)
