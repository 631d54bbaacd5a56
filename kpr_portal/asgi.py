"""The ASGI entry point. No page needs it; a server that only speaks ASGI does."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kpr_portal.settings")

application = get_asgi_application()
