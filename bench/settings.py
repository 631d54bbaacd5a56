"""The portal's own settings, with one more address: the floor."""

from kpr_portal.settings import *  # noqa: F403
from kpr_portal.settings import BASE_DIR, TEMPLATES

ROOT_URLCONF = "bench.urls"
TEMPLATES = [
    {**engine, "DIRS": [BASE_DIR / "templates", BASE_DIR / "bench/templates"]} for engine in TEMPLATES
]
