from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "reservations.releases"
    label = "releases"
