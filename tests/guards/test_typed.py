"""Nobody loses what they have typed because their time was out: every form people type in takes part."""

from datetime import timedelta

import pytest
from django.forms import BooleanField
from django.urls import URLResolver, get_resolver
from django.views.generic import FormView

from kpr_portal.ground import clock
from kpr_portal.login.access import CitizenRequiredMixin
from tests.guards.test_urls import ADDRESSES, EXAMPLES
from tests.support.numbers import synthetic_number
from tests.support.sign_in import carried, sign_in

SENTENCE = "Vi har tatt vare på det du hadde skrevet. Se over før du går videre."


def views(resolver=None, spaces=()):
    """Each (name, class) of the project's class-based views."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        elif view := getattr(pattern.callback, "view_class", None):
            yield ":".join([*spaces, pattern.name]), view


def typed_fields(view):
    """What a person types or chooses in the view's form; a tick is said again."""
    fields = getattr(view.form_class, "base_fields", {})
    return {
        name: field
        for name, field in fields.items()
        if not field.widget.is_hidden and not isinstance(field, BooleanField)
    }


FORMS = {
    name: view
    for name, view in views()
    if issubclass(view, FormView) and issubclass(view, CitizenRequiredMixin) and typed_fields(view)
}
# Examples of addresses, where the guard's own are of no real thing.
REAL = {"enquiries:new": "/reservasjon/henvendelser/ny/ask/"}
PAGES = sorted(
    (name, REAL.get(name, path)) for name, path in ADDRESSES if name in FORMS and EXAMPLES["uuid"] not in path
)


def test_there_are_forms_to_guard():
    assert len(FORMS) >= 2
    assert len(PAGES) >= 2


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_form_that_citizens_type_in_takes_part(name):
    assert FORMS[name].keeps_typed


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "path"), PAGES, ids=lambda value: value)
def test_what_was_typed_is_there_again(name, path, client, settings):
    person = sign_in(client, synthetic_number(), proven=True)
    form = client.get(path).context["form"]
    text = next(
        n for n, f in form.fields.items() if n in typed_fields(FORMS[name]) and not hasattr(f, "choices")
    )
    with clock.shift(timedelta(minutes=31)):
        away = client.post(path, {form.add_prefix(text): "Min tekst", **carried_before(client)})
    assert away["Location"].startswith("/logg-inn/utlopt/")
    sign_in(client, person, proven=True)

    page = client.get(path)

    assert page.context["form"][text].value() == "Min tekst"
    assert SENTENCE in page.content.decode()


def carried_before(client):
    with clock.shift(-timedelta(minutes=31)):
        return carried(client)
