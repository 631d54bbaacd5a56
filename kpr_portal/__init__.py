"""The KPR portal: wiring on top, and the ground that every app stands on."""

from kpr_portal.celery import app as celery_app

__all__ = ["celery_app"]
