from django.apps import AppConfig


class EmbeddedConfig(AppConfig):
    """The servers, sign-in provider and people of a demo."""

    name = "kpr_portal.embedded"
    label = "embedded"
