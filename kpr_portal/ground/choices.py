"""The pages of a person's own choice: never limited, and open while the rest waits.

Reserving, lifting, signing in and out, and what these need to be shown.
"""

from django.conf import settings
from django.http import HttpRequest

CHOICE_PREFIXES = ("/reservasjon/", "/logg-inn/", "/pa-vegne-av/")
# Of these, what may be limited all the same: they lead to a choice, and are none.
LIMITABLE_VIEWS = frozenset({"login:sign_in", "login:staff_sign_in"})


def is_choice_page(request: HttpRequest) -> bool:
    """Whether this address belongs to a person's own choice, in any language."""
    path = request.path_info
    for code, _name in settings.LANGUAGES:
        if path.startswith(f"/{code}/"):
            path = path[len(code) + 1 :]
            break
    return path.startswith((*CHOICE_PREFIXES, f"/{settings.STATIC_URL.strip('/')}/"))
