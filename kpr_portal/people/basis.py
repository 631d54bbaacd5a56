"""By what right someone acts, and how far the right reaches."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """The right to act."""

    SELF = "self", _("selv")
    PARENT = "parent", _("foreldreansvar")
    GUARDIAN = "guardian", _("verge")
    ATTORNEY = "attorney", _("fullmakt")
    FUTURE_POWER = "future_power", _("fremtidsfullmakt")
    NEXT_OF_KIN = "next_of_kin", _("nærmeste pårørende")
    CHILD_WELFARE = "child_welfare", _("barnevernet")
    FOSTER_CARE = "foster_care", _("fosterforeldre")
    STAFF = "staff", _("ansatt")
    SYSTEM = "system", _("automatisk")


class Scope(models.TextChoices):
    """What a right to act for another may cover."""

    INSIGHT = "insight", _("innsyn")
    RESERVATION = "reservation", _("reservasjon")


# Those who decide for a child (pbrl § 4-4): the right ends when the child decides alone.
FOR_A_CHILD = frozenset({Basis.PARENT, Basis.CHILD_WELFARE, Basis.FOSTER_CARE})
# Those whose right is a mandate in areas (vergemålsloven §§ 21, 80).
BY_MANDATE = frozenset({Basis.GUARDIAN, Basis.FUTURE_POWER})
FOR_ANOTHER = FOR_A_CHILD | BY_MANDATE | {Basis.ATTORNEY, Basis.NEXT_OF_KIN}
