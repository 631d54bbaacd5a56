"""What the cookies are called: browsers send those of one port to every other port of the same host."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.support.production import production_environment

NAMES = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "FORM_COOKIE_NAME", "LANGUAGE_COOKIE_NAME")
ASK = f"import json; from kpr_portal import settings; print(json.dumps([getattr(settings, n) for n in {NAMES}]))"


def names(environment):
    ran = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=settings.BASE_DIR,
        env={**os.environ, **environment},
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(ran.stdout)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://127.0.0.1:8000", ["session", "csrf", "form", "language"]),
        ("http://127.0.0.1", ["session", "csrf", "form", "language"]),
        ("http://127.0.0.1:8001", ["session-8001", "csrf-8001", "form-8001", "language-8001"]),
        ("http://127.0.0.1:18000", ["session-18000", "csrf-18000", "form-18000", "language-18000"]),
    ],
)
def test_demos_on_two_ports_share_no_cookie(address, expected):
    assert names({"ENVIRONMENT": "demo", "PUBLIC_URL": address}) == expected


@pytest.mark.parametrize("address", ["https://kpr.example.no", "https://kpr.example.no:8443"])
def test_names_of_production_are_bound_to_the_host(tmp_path, address):
    environment = {**production_environment(tmp_path), "PUBLIC_URL": address, "KPR_ROLE": "web"}

    assert names(environment) == ["__Host-session", "__Host-csrf", "__Host-form", "language"]
