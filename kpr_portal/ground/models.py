"""Tables that only grow. A trigger and the grants hold it, and a guard test walks every such table."""

from typing import ClassVar

import pgtrigger
from django.db import models

WEB, KEEPER = "kpr_web", "kpr_keeper"

refuse_change = pgtrigger.Trigger(
    name="append_only",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    func=f"""
        IF TG_OP = 'DELETE' AND current_user = '{KEEPER}' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION '% only grows: its rows are neither changed nor removed', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    """,
)


class AppendOnlyModel(models.Model):
    """A table whose rows are never changed and never removed, save by retention.

    The trigger refuses UPDATE and DELETE to everyone but the keeper; the keeper is granted DELETE
    only where `keeper_may_delete`; `web` is granted SELECT and INSERT, or less
    where a subclass says so, and nobody but the owner
    TRUNCATE (docs/architecture.md, decision 3). A subclass with a Meta inherits this one's.
    """

    web_privileges: ClassVar[tuple[str, ...]] = ("SELECT", "INSERT")
    keeper_may_delete: ClassVar[bool] = False

    class Meta:
        abstract = True
        triggers: ClassVar = [refuse_change]
