"""What the register's owner has decided of the questions the law leaves open (docs/settings.md)."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from reservations.catalogue import kinds
from reservations.rules import LawSettings, LegalDecision


def law() -> LawSettings:
    """The answers in force. Raises ImproperlyConfigured where a setting is incomplete."""
    try:
        linkage = LegalDecision(**settings.LAW_LINKAGE_EXCEPTION) if settings.LAW_LINKAGE_EXCEPTION else None
        deliveries = {
            provision: _decision(provision, **facts)
            for provision, facts in settings.LAW_DELIVERY_DECISIONS.items()
        }
    except (TypeError, ValueError) as error:
        msg = "A decision in LAW_... names its provision and its reference (docs/settings.md)."
        raise ImproperlyConfigured(msg) from error
    return LawSettings(
        kjernejournal_exempt_kinds=_known(settings.LAW_KJERNEJOURNAL_EXEMPT_KINDS),
        linkage_exception=linkage,
        delivery_decisions=deliveries,
        own_lift_ends_parents_from_age=settings.LAW_OWN_LIFT_ENDS_PARENTS_FROM_AGE,
    )


def _decision(provision: str, *, reference: str, exempt_kinds: list[str] | None = None) -> LegalDecision:
    return LegalDecision(provision, reference, _known(exempt_kinds or []))


def _known(codes: list[str]) -> frozenset[str]:
    unknown = set(codes) - {kind.code for kind in kinds()}
    if unknown:
        msg = f"No reservation of the kind {', '.join(sorted(unknown))} exists (docs/settings.md)."
        raise ImproperlyConfigured(msg)
    return frozenset(codes)
