"""The public pages about the service, and the small files that machines ask for."""

import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView, TemplateView

from kpr_portal.ui.retention import retention_table

_SECURITY_TXT_DAYS = 180


class PublicPage(TemplateView):
    """A page anyone may read. `links` are the settings with addresses of other services it uses."""

    http_method_names = ("get", "head")
    links: tuple[str, ...] = ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        addresses = {name.lower(): getattr(settings, name) for name in self.links}
        return super().get_context_data(**addresses, **kwargs)


class FrontView(PublicPage):
    template_name = "ui/front.html"
    links = ("REGULATION_URL", "DATA_APPLICATION_URL", "STATISTICS_URL", "REPORTING_URL")


class PrivacyView(PublicPage):
    """What GDPR articles 13 and 14 ask for, with the one retention table."""

    template_name = "ui/privacy.html"
    links = ("REGULATION_URL", "SUPERVISOR_URL")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(retention=retention_table(), **kwargs)


class AccessibilityView(PublicPage):
    """The statement of forskrift om universell utforming av IKT § 4e."""

    template_name = "ui/accessibility.html"
    links = ("ACCESSIBILITY_STATEMENT_URL", "ENFORCEMENT_URL")


class CookiesView(PublicPage):
    template_name = "ui/cookies.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            session_cookie=settings.SESSION_COOKIE_NAME,
            csrf_cookie=settings.CSRF_COOKIE_NAME,
            form_cookie=settings.FORM_COOKIE_NAME,
            form_hours=settings.POSTAL_FORM_MOST_HOURS,
            message_cookie=CookieStorage.cookie_name,
            **kwargs,
        )


class ContactView(PublicPage):
    template_name = "ui/contact.html"
    links = ("SUPERVISOR_URL",)


class FaviconView(RedirectView):
    """For browsers that ask for /favicon.ico whatever the page says."""

    def get_redirect_url(self, *_: Any, **__: Any) -> str:
        return static("favicon.svg")


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Public pages may be found by search; what needs signing in has nothing to find."""
    del request
    closed = [reverse(name) for name in ("insight:overview", "casework:start", "releases:start")]
    lines = ["User-agent: *", f"Allow: {reverse('insight:holdings')}"]
    for prefix in ("", "/nn", "/en"):
        lines += [f"Disallow: {prefix}{path}" for path in closed]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell about a weakness (RFC 9116). Always half a year from running out."""
    del request
    expires = datetime.fromtimestamp(time.time() + _SECURITY_TXT_DAYS * 86_400, tz=UTC)
    lines = [
        f"Contact: {settings.OWNER_SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nb, nn, en",
        f"Canonical: {settings.PUBLIC_URL}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
