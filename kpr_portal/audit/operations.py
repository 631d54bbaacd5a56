"""The only writers of the access log."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql import InsertQuery

from kpr_portal.audit.models import AccessLogEntry, Outcome
from kpr_portal.ground import clock


def log_access(
    *,
    actor: UUID | None,
    subject: UUID | None,
    action: str,
    basis: str = "",
    role: str = "",
    organisation: str = "",
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write, in the caller's transaction, that `actor` saw `subject`. `details` holds no health data."""
    AccessLogEntry.objects.create(
        occurred_at=clock.told_by_the_database(),
        actor=actor,
        subject=subject,
        action=action,
        basis=basis,
        role=role,
        organisation=organisation,
        reason=reason,
        details=dict(details or {}),
        request_reference=_request_reference(),
    )


def log_refusal(
    *,
    actor: UUID | None,
    subject: UUID | None,
    action: str,
    basis: str = "",
    role: str = "",
    organisation: str = "",
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write that `actor` was refused. It stays although the caller's transaction is undone."""
    entry = AccessLogEntry(
        occurred_at=clock.told_by_the_database(),
        actor=actor,
        subject=subject,
        action=action,
        outcome=Outcome.REFUSED,
        basis=basis,
        role=role,
        organisation=organisation,
        reason=reason,
        details=dict(details or {}),
        request_reference=_request_reference(),
    )
    if not connection.in_atomic_block:
        entry.save(force_insert=True)
        return
    apart = connections.create_connection(connection.alias)
    try:
        _insert(apart, entry)
    finally:
        apart.close()


def _insert(on: BaseDatabaseWrapper, entry: AccessLogEntry) -> None:
    query = InsertQuery(AccessLogEntry)
    query.insert_values([field for field in entry._meta.local_concrete_fields if field.column], [entry])
    query.get_compiler(connection=on).execute_sql()


def _request_reference() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_reference", ""))[:40]
