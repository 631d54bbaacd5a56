from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "kpr_portal.documents"
    label = "documents"
