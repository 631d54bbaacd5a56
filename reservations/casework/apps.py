from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "reservations.casework"
    label = "casework"
