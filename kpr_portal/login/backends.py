"""The authentication backend (AUTHENTICATION_BACKENDS): it knows nobody.

Who is signed in stands in the session (middleware.py). There is no name or password anywhere to sign in with.
"""

from django.contrib.auth.backends import BaseBackend


class NoLocalSignIn(BaseBackend):
    """Refuses every credential, and finds no user by id."""
