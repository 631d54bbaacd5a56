"""The history of the tables is one line, and says what the models say."""

import io
from collections import Counter

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

OURS = {
    app.label
    for app in apps.get_app_configs()
    if app.name.split(".")[0] in {"kpr_portal", "reservations", "insight"}
}


@pytest.mark.django_db
def test_models_and_migrations_agree():
    out = io.StringIO()

    call_command("makemigrations", "--check", "--dry-run", stdout=out)

    assert out.getvalue().strip() == "No changes detected"


def test_each_app_has_one_line_of_migrations():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    parents = Counter(
        parent
        for key, migration in loader.disk_migrations.items()
        for parent in migration.dependencies
        if parent[0] == key[0] and key[0] in OURS
    )

    assert {parent: n for parent, n in parents.items() if n > 1} == {}
