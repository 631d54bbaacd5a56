"""A person with a browser, between the portal (Django's test client) and a provider."""

from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.test import Client

STARTS = {"idporten": "/logg-inn/", "staff": "/logg-inn/ansatt/"}


class Browser:
    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, path, **kwargs):
        return self.client.get(path, **kwargs)

    def post(self, path, data=None, **kwargs):
        return self.client.post(path, data or {}, **kwargs)

    def start(self, provider, *, query="", start="/logg-inn/"):
        """Go to the sign-in; returns the address at the provider that one is sent to."""
        response = self.client.get(f"{start}{query}")
        assert response.status_code == 302, response.status_code
        assert response["Location"].startswith(f"{provider.issuer}/authorize?")
        return response["Location"]

    def come_back(self, address):
        """Follow the provider's redirect back to the portal."""
        parts = urlsplit(address)
        response = self.client.get(f"{parts.path}?{parts.query}")
        if "/avvist/" in response.get("Location", "") or "/svarer-ikke/" in response.get("Location", ""):
            return self.client.get(response["Location"])
        return response

    def sign_in(self, provider, *, query="", start="/logg-inn/"):
        """All the way; returns what the callback answered."""
        return self.come_back(provider.authorize(self.start(provider, query=query, start=start)))

    def sign_in_as_staff(self, provider, *, query=""):
        return self.sign_in(provider, query=query, start="/logg-inn/ansatt/")

    @property
    def cookie(self):
        """The session cookie's value, or nothing."""
        morsel = self.client.cookies.get(settings.SESSION_COOKIE_NAME)
        return morsel.value if morsel else ""

    @property
    def is_signed_in(self):
        return self.client.get("/pa-vegne-av/").status_code == 200


def query_of(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
