"""What the register's owner has decided of acting for others (docs/settings.md)."""

from django.conf import settings

from kpr_portal.people.representation.rights import RepresentationLaw


def law() -> RepresentationLaw:
    """The answers in force."""
    return RepresentationLaw(
        parents_insight_until_age=settings.LAW_PARENTS_INSIGHT_UNTIL_AGE,
        decides_alone_from_age=settings.LAW_DECIDES_ALONE_FROM_AGE,
        giver_from_age=settings.LAW_POWER_GIVER_FROM_AGE,
        receiver_from_age=settings.LAW_POWER_RECEIVER_FROM_AGE,
        guardian_may_reserve=settings.LAW_GUARDIAN_MAY_RESERVE,
    )
