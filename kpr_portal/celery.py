"""The Celery app. It finds tasks by autodiscovery and imports no app."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kpr_portal.settings")

app = Celery("kpr_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def use_django_logging(**_: object) -> None:
    """Keep the structured logging that Django has set up: Celery sets up none of its own."""
