"""The addresses of the internal listener. It reads figures from the apps below; nothing imports it."""

import os
from collections.abc import Callable
from datetime import timedelta

import redis
from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from health_check.exceptions import ServiceWarning
from health_check.views import HealthCheckView
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess

from kpr_portal.audit.partitions import rows_outside_months
from kpr_portal.documents.models import StoredDocument
from kpr_portal.ground import clock
from kpr_portal.ground.health import CHECKS
from kpr_portal.ground.metrics import Figure, registry_of
from kpr_portal.notices.models import OwedAttempt
from kpr_portal.notices.queries import letters_due, overdue

QUEUES = (settings.CELERY_TASK_DEFAULT_QUEUE, "keeper", "forms")
GRACE_OF_RETENTION = timedelta(hours=1)


def oldest_overdue_seconds() -> float:
    oldest = overdue().oldest
    return (clock.now() - oldest).total_seconds() if oldest else 0.0


def queue_lengths() -> dict[str, float]:
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
        return {queue: float(client.llen(queue)) for queue in QUEUES}


def failed_attempts() -> dict[str, float]:
    """By task, in the last hour."""
    since = clock.now() - timedelta(hours=1)
    rows = OwedAttempt.objects.filter(done=False, attempted_at__gte=since)
    return dict(rows.values_list("owed__task").annotate(n=Count("pk")).order_by("owed__task"))


def documents_past_their_time() -> float:
    return StoredDocument.objects.filter(expires_at__lt=clock.now() - GRACE_OF_RETENTION).count()


FIGURES = (
    Figure("kpr_owed_work_overdue", "Owed work past its grace.", lambda: overdue().count),
    Figure(
        "kpr_owed_work_oldest_seconds",
        "How long the oldest overdue work has been owed.",
        oldest_overdue_seconds,
    ),
    Figure("kpr_owed_work_failures", "Failed attempts in the last hour.", failed_attempts, label="task"),
    Figure(
        "kpr_letters_due", "Letters that tell of a message, still to be sent.", lambda: letters_due().count()
    ),
    Figure("kpr_queue_length", "Messages waiting in a queue.", queue_lengths, label="queue"),
    Figure(
        "kpr_access_log_rows_outside_months",
        "Rows of the access log in no month's table.",
        rows_outside_months,
    ),
    Figure(
        "kpr_documents_past_their_time", "Documents retention should have erased.", documents_past_their_time
    ),
)


@never_cache
def live(_request: HttpRequest) -> HttpResponse:
    """This process answers. Nothing else is asked: a database that is away is no reason to start it anew."""
    return JsonResponse({"live": "OK"})


class ReadyView(HealthCheckView):  # type: ignore[misc]  # the library has no types
    """200 when every part answers; 503 when one is away that all pages need. A warning changes no status."""

    checks = CHECKS

    def render_to_response_json(self, status: int) -> HttpResponse:
        del status
        parts = {type(result.check).__name__.lower(): str(result.error or "OK") for result in self.results}
        broken = [r for r in self.results if r.error and not isinstance(r.error, ServiceWarning)]
        return JsonResponse(parts, status=503 if broken else 200)

    # However it is asked: this is for machines.
    def render_to_response(self, _context: object, status: int = 200, **_: object) -> HttpResponse:
        return self.render_to_response_json(status)

    render_to_response_text = render_to_response_json


@never_cache
def metrics(_request: HttpRequest) -> HttpResponse:
    """What the web processes of this host counted, and the figures, in Prometheus' text format."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        multiprocess.MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    else:
        counted = REGISTRY
    body = generate_latest(counted) + generate_latest(registry_of(FIGURES))
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)


_ready: Callable[..., HttpResponse] = ReadyView.as_view()
urlpatterns = [
    path("health/live", live),
    path("health/ready", _ready),
    path("metrics", metrics),
]
