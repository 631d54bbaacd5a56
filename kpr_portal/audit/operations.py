"""The only writers of the access log."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, connections

from kpr_portal.audit.models import AccessLogEntry, Outcome


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


def _insert(on: Any, entry: AccessLogEntry) -> None:
    fields = [field for field in AccessLogEntry._meta.local_concrete_fields if field.column]
    values = [field.get_db_prep_save(getattr(entry, field.attname), on) for field in fields]
    columns = ", ".join(on.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    with on.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {AccessLogEntry._meta.db_table} ({columns}) VALUES ({marks})",
            values,
        )


def _request_reference() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_reference", ""))[:40]
