"""The WSGI entry point of the internal listener: health and metrics, for staff's own network alone.

Served beside the public one by a process of its own, on INTERNAL_HOST and INTERNAL_PORT. The public address
knows none of these pages.
"""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "kpr_portal.internal_settings"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
