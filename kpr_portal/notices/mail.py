"""The mail that tells of a message. It is the same to everybody: nothing in it is about anybody.

No name, no number, no health data, no word of what the message says, and no address to click on: people are
taught to type the address themselves, so that nobody can lead them elsewhere with a mail that looks the same.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

# Nobody answers a machine, and no machine answers this (RFC 3834).
HEADERS = {"Auto-Submitted": "auto-generated"}


def send_notice(address: str, *, language: str, is_reminder: bool) -> None:
    """Tell this address that there is a message, in this language. Raises OSError, ValueError."""
    with translation.override(language):
        EmailMessage(
            subject=_("Du har en ulest melding i KPR-portalen")
            if is_reminder
            else _("Du har fått en melding i KPR-portalen"),
            body=render_to_string("notices/mail.txt", {"address": _typed(), "owner": settings.OWNER_NAME}),
            from_email=settings.MAIL_FROM,
            to=[address],
            headers=HEADERS,
        ).send()


def _typed() -> str:
    """The portal's address as one types it."""
    return str(urlsplit(settings.PUBLIC_URL).netloc)
