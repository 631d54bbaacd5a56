"""The portal's own settings, with one more address: the floor."""

from kpr_portal.settings import *  # noqa: F403
from kpr_portal.settings import TEMPLATES

ROOT_URLCONF = "bench.urls"
TEMPLATES[0]["DIRS"].append("bench/templates")
# The load comes from one address: limits by place would measure themselves.
LIMITS_OFF = True
