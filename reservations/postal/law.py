"""What the register's owner has decided of the law (docs/settings.md), as the forms follow it and say it.

Asked each time a form or a page is shown: no sentence keeps what was decided when the portal started.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.functional import lazy

from reservations.postal.ages import HAS_A_SAY_FROM

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def guardian_may_reserve() -> bool:
    """Whether a guardian may reserve, or lift a reservation, for another (vergemålsloven §§ 21, 32, 33)."""
    return bool(settings.LAW_GUARDIAN_MAY_RESERVE)


def both_parents_lift() -> bool:
    """Whether both parents must want it before what the one placed is lifted (pbrl § 4-4)."""
    return not settings.LAW_ONE_PARENT_MAY_LIFT_ANOTHERS


def insight_is_assessed() -> bool:
    """Whether there are children whom others sign for, into whom insight is assessed (pbrl § 3-4)."""
    return bool(settings.LAW_PARENTS_INSIGHT_UNTIL_AGE < settings.LAW_DECIDES_ALONE_FROM_AGE)


def ages_in_force() -> dict[str, int]:
    """The ages in whole years: `alone` decides alone, `last` is the last before that.

    `young` has a say, and `assessed` is the first of those into whom insight is assessed.
    """
    return {
        "alone": settings.LAW_DECIDES_ALONE_FROM_AGE,
        "last": settings.LAW_DECIDES_ALONE_FROM_AGE - 1,
        "young": HAS_A_SAY_FROM,
        "assessed": settings.LAW_PARENTS_INSIGHT_UNTIL_AGE,
    }


def _with_ages(sentence: StrOrPromise) -> str:
    return str(sentence) % ages_in_force()


def _lifted_by(both: StrOrPromise, one: StrOrPromise) -> str:
    return str(both if both_parents_lift() else one)


# A sentence with the ages in it, such as "%(alone)s", put there when it is shown.
with_ages = lazy(_with_ages, str)
# The one of two sentences that holds: where both parents must want it, and where one is enough.
lifted_by = lazy(_lifted_by, str)
