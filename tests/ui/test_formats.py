from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from kpr_portal.ui import formats

SUMMER = datetime(2027, 6, 3, 12, 5, tzinfo=UTC)
LATE = datetime(2027, 12, 31, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nb", "3. juni 2027 kl. 14.05"),
        ("nn", "3. juni 2027 kl. 14.05"),
        ("en", "3 June 2027 at 14:05"),
    ],
)
def test_moment_in_each_language(language, expected):
    with translation.override(language):
        assert formats.moment(SUMMER) == expected


def test_day_is_the_day_in_oslo():
    with translation.override("nb"):
        assert formats.day(LATE) == "1. januar 2028"
        assert formats.day(date(2027, 12, 31)) == "31. desember 2027"


def test_month_and_clock():
    with translation.override("nb"):
        assert (formats.month(SUMMER), formats.clock(SUMMER)) == ("juni 2027", "14.05")
    with translation.override("en"):
        assert (formats.month(SUMMER), formats.clock(SUMMER)) == ("June 2027", "14:05")
