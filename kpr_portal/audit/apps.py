from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "kpr_portal.audit"
    label = "audit"
