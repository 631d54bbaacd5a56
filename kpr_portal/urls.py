"""Every address of the portal. Bokmål at `/`, nynorsk at `/nn/`, English at `/en/`."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from kpr_portal.ui import errors

urlpatterns = [
    path("", include("kpr_portal.ui.plain_urls")),  # robots.txt, security.txt, language choice
    *i18n_patterns(
        path("", include("kpr_portal.ui.urls")),
        path("", include("kpr_portal.login.urls")),  # logg-inn/, meldinger/
        path("innsyn/", include("insight.urls")),
        path("reservasjon/henvendelser/", include("reservations.enquiries.urls")),
        path("reservasjon/", include("reservations.urls")),
        path("skjema/", include("reservations.postal.urls")),
        path("saksbehandling/", include("reservations.casework.urls")),
        path("utlevering/", include("reservations.releases.urls")),
        prefix_default_language=False,
    ),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
# Asked for by the middleware of the ground, which may not know the pages itself.
handler429 = errors.too_many_requests
handler503 = errors.waiting
