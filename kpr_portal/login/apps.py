from django.apps import AppConfig


class LoginConfig(AppConfig):
    name = "kpr_portal.login"
    label = "login"
