"""Dates and times as people read them, in the language of the page and the time of Oslo.

>>> moment(datetime(2027, 6, 3, 12, 5, tzinfo=UTC))
'3. juni 2027 kl. 14.05'
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext

OSLO = ZoneInfo("Europe/Oslo")

# Bokmål and nynorsk name the months alike, and always in lower case.
_NORWEGIAN = (
    "januar", "februar", "mars", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip
_ENGLISH = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _in_oslo(value: date) -> date:
    """A moment as it is on the clock in Oslo; a plain date as it is."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(OSLO)
    return value


def _is_english() -> bool:
    return (get_language() or "nb").startswith("en")


def day(value: date) -> str:
    """`3. juni 2027`, in English `3 June 2027`."""
    value = _in_oslo(value)
    if _is_english():
        return f"{value.day} {_ENGLISH[value.month - 1]} {value.year}"
    return f"{value.day}. {_NORWEGIAN[value.month - 1]} {value.year}"


def month(value: date) -> str:
    """`juni 2027`, in English `June 2027`."""
    value = _in_oslo(value)
    names = _ENGLISH if _is_english() else _NORWEGIAN
    return f"{names[value.month - 1]} {value.year}"


def clock(value: datetime) -> str:
    """`14.05`, in English `14:05`."""
    return _in_oslo(value).strftime("%H:%M" if _is_english() else "%H.%M")


def moment(value: datetime) -> str:
    """`3. juni 2027 kl. 14.05`, in English `3 June 2027 at 14:05`."""
    joint = "at" if _is_english() else "kl."
    return f"{day(value)} {joint} {clock(value)}"


def minutes(number: int) -> str:
    """`1 minutt`, `60 minutter`."""
    return ngettext("%(number)d minutt", "%(number)d minutter", number) % {"number": number}


def hours(number: int) -> str:
    """`1 time`, `4 timer`."""
    return ngettext("%(number)d time", "%(number)d timer", number) % {"number": number}
