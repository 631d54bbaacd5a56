"""Figures that are read when they are asked for, beside those that the web processes count themselves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import structlog
from django.db import DatabaseError
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Figure:
    """A figure by name. `read` gives its value, or a value for each value of `label`."""

    name: str
    help: str
    read: Callable[[], float | dict[str, float]]
    label: str = ""


class Figures(Collector):
    """Reads each figure anew. One that cannot be read is left out and counted, and never stops the others."""

    def __init__(self, figures: tuple[Figure, ...]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        unread = 0
        for figure in self._figures:
            try:
                value = figure.read()
            except (DatabaseError, RedisError, OSError) as error:
                unread += 1
                log.warning("figure_unreadable", figure=figure.name, error=type(error).__name__)
                continue
            family = GaugeMetricFamily(
                figure.name, figure.help, labels=[figure.label] if figure.label else None
            )
            values = value if isinstance(value, dict) else {"": value}
            for name, number in values.items():
                family.add_metric([name] if figure.label else [], number)
            yield family
        yield GaugeMetricFamily(
            "kpr_figures_unreadable", "Figures that could not be read just now.", value=unread
        )


def registry_of(figures: tuple[Figure, ...]) -> CollectorRegistry:
    """A registry with these figures alone."""
    registry = CollectorRegistry()
    registry.register(Figures(figures))
    return registry
