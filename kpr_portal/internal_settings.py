"""The settings of the internal listener: the portal's, with other addresses and next to no middleware.

It is asked by machines, in clear and by whatever name they know it under, and it sets no cookies.
"""

from kpr_portal.settings import *  # noqa: F403 -- these are the settings

ROOT_URLCONF = "kpr_portal.internal_urls"
WSGI_APPLICATION = "kpr_portal.internal.application"
# The sign-in library refuses to start without its own, which does nothing here.
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
