"""Every address is either listed here as public, or refuses whoever has not signed in."""

from urllib.parse import urlsplit

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters

PUBLIC = {
    "front",
    "ui:accessibility",
    "ui:contact",
    "ui:cookies",
    "ui:privacy",
    "robots",
    "security",
    "favicon",
    "insight:holdings",
    "postal:start",
    "postal:begin",
    "postal:choose_blank",
    "postal:blank",
    "postal:blank_pdf",
    "postal:blank_pdf_large",
    "postal:blank_print",
    "postal:step",
    "postal:summary",
    "postal:order",
    "postal:made",
    "postal:pdf",
    "postal:delete",
    "postal:deleted",
    "reservations:overview",  # explains; what is one's own shows only to who has signed in
    "reservations:text_versions",
    "login:sign_in",
    "login:sign_out",
    "login:stay",
    "login:staff_sign_in",
}
# Open to everybody, and there for nobody without the cookie of a form that is open, or in another form's address:
# tests/reservations/postal has their tests.
OF_A_FORM = {
    "postal:blank",
    "postal:blank_pdf",
    "postal:blank_pdf_large",
    "postal:blank_print",
    "postal:step",
    "postal:summary",
    "postal:order",
    "postal:made",
    "postal:pdf",
}
# Addresses of the sign-in itself: each has tests of its own in tests/login.
SIGN_IN = "/logg-inn/"
EXAMPLES = {
    "uuid": "7f0c2f1e-3f5b-4b44-9a52-0d8c1c1e9a11",
    "slug": "withhold_national_id",
    "str": "withhold_national_id",
    "int": "1",
}


def every_address(resolver=None, prefix="", namespaces=()):
    """Each (name, path) of the project, converters filled with examples."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            spaces = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from every_address(pattern, route, spaces)
        elif isinstance(pattern, URLPattern):
            converters = {name: type(c) for name, c in pattern.pattern.converters.items()}
            kinds = {cls: kind for kind, cls in ((k, type(c)) for k, c in get_converters().items())}
            path = route
            for name, cls in converters.items():
                for written in (f"<{kinds.get(cls, 'str')}:{name}>", f"<{name}>"):
                    path = path.replace(written, EXAMPLES[kinds.get(cls, "str")])
            yield ":".join([*namespaces, pattern.name or "?"]), "/" + path.lstrip("/")


ADDRESSES = sorted(set(every_address()))


def test_every_address_has_a_name():
    assert [path for name, path in ADDRESSES if name.endswith("?")] == []


def test_every_public_name_exists():
    assert PUBLIC - {name for name, _ in ADDRESSES} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("name", "path"),
    [(n, p) for n, p in ADDRESSES if n not in PUBLIC and not p.startswith(SIGN_IN)],
    ids=lambda value: value,
)
def test_anonymous_is_sent_to_sign_in(client, name, path, method):
    response = getattr(client, method)(path)

    assert response.status_code == 302, (name, response.status_code)
    assert urlsplit(response.url).path.startswith("/logg-inn/"), response.url


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "/nn", "/en"])
@pytest.mark.parametrize("name", sorted(n for n in PUBLIC if n.split(":")[0] != "login"))
def test_public_page_answers_everybody(client, name, language):
    (path,) = {p for n, p in ADDRESSES if n == name}

    response = client.get(language + path if not path.startswith(("/robots", "/.well", "/favicon")) else path)

    there = {404} if name in OF_A_FORM else {200, 302, 405}
    assert response.status_code in there, response.status_code
