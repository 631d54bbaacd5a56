"""The contact register as the portal sees it: how people may be told that there is something to read.

Digdir's register of contact details (KRR) stands behind this interface; the one in use is named by the setting
CONTACT_REGISTER, and `embedded_contacts.py` is the one that comes along, for demos and tests. That somebody
is digitally reserved, wanting letters, has nothing to do with what one reserves oneself against in KPR.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from kpr_portal.people.national_id import NationalId

FRESH_MONTHS = 18  # eForvaltningsforskriften § 32: older contact data is not to be used
MONTHS_A_YEAR = 12


class ContactStatus(StrEnum):
    """What the register says of the entry as a whole (`status`)."""

    ACTIVE = "AKTIV"
    DELETED = "SLETTET"
    NOT_REGISTERED = "IKKE_REGISTRERT"


@dataclass(frozen=True, repr=False)
class Contact:
    """What the register tells of one person. `language` is nb, nn, en or se, and empty where none was chosen.

    Each address has two dates: when the person changed it last, and when they last said that it is right.
    """

    number: NationalId
    status: ContactStatus = ContactStatus.ACTIVE
    email: str = ""
    email_updated: date | None = None
    email_verified: date | None = None
    mobile: str = ""
    mobile_updated: date | None = None
    mobile_verified: date | None = None
    digital_reserved: bool = False
    language: str = ""

    def __repr__(self) -> str:
        return "Contact(******)"

    @property
    def has_email(self) -> bool:
        """Whether there is an e-mail address at all, in an entry that is in use."""
        return self.status is ContactStatus.ACTIVE and bool(self.email)

    def email_is_fresh(self, on: date) -> bool:
        """Whether the address was changed or confirmed in the 18 months up to this day (§ 32)."""
        told = [day for day in (self.email_updated, self.email_verified) if day is not None]
        return bool(told) and max(told) >= months_before(on, FRESH_MONTHS)


class ContactRegister(Protocol):
    """What the portal asks a contact register."""

    def contact(self, number: NationalId) -> Contact | None:
        """The entry of whoever holds the number; None where the register knows no such number."""

    def contacts(self, numbers: Iterable[NationalId]) -> dict[NationalId, Contact]:
        """As `contact`, in bulk, by the numbers asked for; unknown numbers are left out."""


def contact_register() -> ContactRegister:
    """The register this installation uses."""
    return _register(settings.CONTACT_REGISTER)


def months_before(day: date, months: int) -> date:
    """The same day that many months earlier, or the last of that month where it is shorter."""
    index = day.year * MONTHS_A_YEAR + day.month - 1 - months
    year, month = index // MONTHS_A_YEAR, index % MONTHS_A_YEAR + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@lru_cache(maxsize=4)
def _register(path: str) -> ContactRegister:
    register: ContactRegister = import_string(path)()
    return register
