"""The pages that the guards look at: every public one, and every error page."""

from django.urls import reverse
from django.utils import translation

LANGUAGES = ("nb", "nn", "en")

# Grows with the portal: a page anyone may read is named here, and so is looked at.
PUBLIC_PAGES = (
    "front",
    "ui:privacy",
    "ui:accessibility",
    "ui:cookies",
    "ui:contact",
    "insight:holdings",
    "reservations:overview",
    "reservations:text_versions",
    "postal:start",
    "postal:deleted",
    "login:ended",
)


def address(name: str, language: str) -> str:
    with translation.override(language):
        return reverse(name)
