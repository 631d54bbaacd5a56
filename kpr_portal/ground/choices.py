"""The pages of a person's own choice: never limited, and open while the rest waits.

Reserving, lifting, signing in and out, and what these need to be shown.
"""

from django.conf import settings
from django.http import HttpRequest

CHOICE_PREFIXES = ("/reservasjon/", "/logg-inn/", "/pa-vegne-av/")
# Of these, what may be limited all the same: they lead to a choice, and are none.
LIMITABLE_VIEWS = frozenset({"login:sign_in", "login:staff_sign_in"})
# The way that is left when the database is not there.
WITHOUT_DATABASE = "/skjema/"


def is_choice_page(request: HttpRequest) -> bool:
    """Whether this address belongs to a person's own choice, in any language."""
    return _path(request).startswith((*CHOICE_PREFIXES, f"/{settings.STATIC_URL.strip('/')}/"))


def needs_no_database(request: HttpRequest) -> bool:
    """Whether this page is shown to whoever is signed in even where nobody can be recognised."""
    return _path(request).startswith(WITHOUT_DATABASE)


def _path(request: HttpRequest) -> str:
    """The address as in bokmål."""
    path = request.path_info
    for code, _name in settings.LANGUAGES:
        if path.startswith(f"/{code}/"):
            return path[len(code) + 1 :]
    return path
