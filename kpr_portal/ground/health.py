"""Whether this installation can do its work: what the readiness endpoint asks, one check a part.

Messages name parts, never addresses, logins or data.
"""

import dataclasses
import shutil
from datetime import timedelta
from pathlib import Path

import redis
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable, ServiceWarning

from kpr_portal.ground.keyring import CannotOpen, keyring

LEAST_FREE_BYTES = 200 * 1024 * 1024


@dataclasses.dataclass
class Check(HealthCheck):  # type: ignore[misc]  # the library has no types
    """A check by name; it runs in a thread of its own, whose database connection it closes."""

    timeout = timedelta(seconds=4)

    def run(self) -> None:
        try:
            self.look()
        finally:
            connection.close()

    def look(self) -> None:
        """Raises a HealthCheckException where something is wrong."""
        raise NotImplementedError


class Database(Check):
    """PostgreSQL answers."""

    def look(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError as error:
            raise ServiceUnavailable("the database does not answer") from error


class Migrations(Check):
    """The tables are those of this version."""

    def look(self) -> None:
        try:
            executor = MigrationExecutor(connection)
            missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError as error:
            raise ServiceUnavailable("the database does not say which migrations it has") from error
        if missing:
            raise ServiceUnavailable(f"{len(missing)} migrations are not applied")


class Queue(Check):
    """The queue's server answers. Without it nothing is lost: work is owed as rows, and made later."""

    def look(self) -> None:
        try:
            with redis.Redis.from_url(
                settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1
            ) as client:
                client.ping()
        except redis.RedisError as error:
            raise ServiceWarning(
                "the queue does not answer; choices are taken, receipts come later"
            ) from error


class KeyRing(Check):
    """The key ring is there, and opens what it seals."""

    def look(self) -> None:
        try:
            ring = keyring()
            opened = ring.open(ring.seal(b"health", context="health"), context="health")
        except (ImproperlyConfigured, CannotOpen) as error:
            raise ServiceUnavailable("the key ring cannot be used") from error
        if opened != b"health":
            raise ServiceUnavailable("the key ring opens something else than it sealed")


class Disk(Check):
    """There is room for what is written in passing."""

    def look(self) -> None:
        if shutil.disk_usage(Path(settings.BASE_DIR)).free < LEAST_FREE_BYTES:
            raise ServiceWarning("the disk is nearly full")


CHECKS = (Database, Migrations, Queue, KeyRing, Disk)
