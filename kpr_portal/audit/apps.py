from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "kpr_portal.audit"
    label = "audit"

    def ready(self) -> None:
        from kpr_portal.audit.shifting import tell_the_database  # noqa: PLC0415 -- apps not loaded before

        post_migrate.connect(tell_the_database, sender=self)
