"""Reading the access log, for the person it is about and for control."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from kpr_portal.audit.models import AccessLogEntry, Outcome


def accesses_to(subjects: Collection[UUID], *, since: datetime | None = None) -> QuerySet[AccessLogEntry]:
    """Every time somebody saw one of these persons, newest first. Refused attempts are not sights."""
    entries = AccessLogEntry.objects.filter(subject__in=subjects, outcome=Outcome.SEEN)
    if since is not None:
        entries = entries.filter(occurred_at__gte=since)
    return entries.order_by("-occurred_at", "id")
