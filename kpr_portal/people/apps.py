from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kpr_portal.people"
    label = "people"
