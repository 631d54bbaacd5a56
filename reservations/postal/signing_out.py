"""Signing out takes the form with it that this browser has open: the next person finds nothing of it."""

from contextlib import suppress
from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from reservations.postal.cookie import key_of
from reservations.postal.kept import Unreachable
from reservations.postal.order import drop


@receiver(user_logged_out, dispatch_uid="postal.signing_out")
def drop_the_form(request: HttpRequest, **_: Any) -> None:
    """Delete the form at once. Where the queue's server does not answer, the browser still forgets the key."""
    key = key_of(request)
    if key is not None:
        with suppress(Unreachable):
            drop(key)
