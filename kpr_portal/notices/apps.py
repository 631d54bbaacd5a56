from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "kpr_portal.notices"
    label = "notices"
