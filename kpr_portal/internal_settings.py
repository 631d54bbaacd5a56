"""The settings of the internal listener: the portal's, with other addresses and no middleware.

It is asked by machines, in clear and by whatever name they know it under, and it sets no cookies.
"""

from kpr_portal.settings import *  # noqa: F403 -- these are the settings

ROOT_URLCONF = "kpr_portal.internal_urls"
WSGI_APPLICATION = "kpr_portal.internal.application"
MIDDLEWARE: list[str] = []
