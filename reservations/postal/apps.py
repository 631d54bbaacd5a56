from django.apps import AppConfig


class PostalConfig(AppConfig):
    name = "reservations.postal"
    label = "postal"

    def ready(self) -> None:
        # Celery looks for tasks in the app's own folder; the letters have theirs one folder down.
        from reservations.postal import signing_out  # noqa: F401, PLC0415 -- apps must be loaded first
        from reservations.postal.letters import tasks  # noqa: F401, PLC0415 -- apps must be loaded first
