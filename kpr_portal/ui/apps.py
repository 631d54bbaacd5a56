from django.apps import AppConfig


class UiConfig(AppConfig):
    """Components, public pages, error pages and the middleware around them."""

    name = "kpr_portal.ui"
    label = "ui"
    default_auto_field = "django.db.models.BigAutoField"
