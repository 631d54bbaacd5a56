"""The frame around a page for whoever is signed in, seen in real Chromium."""

import re
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import RequestContext, Template
from django.utils.html import strip_tags

from tests.support.browser import looks

pytestmark = pytest.mark.django_db

EVERYTHING = """
{% extends "base.html" %}
{% block title %}Eksempel{% endblock title %}
{% block breadcrumb %}{% breadcrumb %}{% crumb "ui:contact" "Kontakt" %}{% crumb text="Her" %}{% endbreadcrumb %}{% endblock breadcrumb %}
{% block main %}
  {% error_summary form %}
  <h1 class="ds-heading" data-size="lg">Eksempel på et langt ord: tilgjengelighetserklæringsarbeid</h1>
  {% steps labels current=2 %}
  <div class="cards">
    {% card "Ikke utlever fødselsnummeret mitt" edge="in-force" %}<p class="state">{% tag "I kraft" color="success" %} Du har reservert deg</p>{% facts %}{% fact "Siden" %}3. juni{% endfact %}{% endfacts %}{% endcard %}
    {% card "Formål 2" edge="not-in-force" %}{% button "Reserver meg" context="Formål 2" %}{% endcard %}
  </div>
  {% alert title="Vent litt" color="warning" %}<p>Kvitteringen lages.</p>{% endalert %}
  <div>{% details "Hva betyr formål 1?" open=True %}<p>Planlegge.</p>{% enddetails %}</div>
  {% table "Oppslag" %}<thead><tr><th scope="col">Når</th><th scope="col">Hvem</th><th scope="col">Hvorfor de så på opplysningene</th></tr></thead><tbody><tr><td>3. juni 2027 kl. 14.05</td><td>Saksbehandler hos Folkehelseinstituttet</td><td>Behandling av en henvendelse</td></tr></tbody>{% endtable %}
  {% pagination page %}
  <form method="post" novalidate>{% csrf_token %}{% fields form %}{% button "Send" %}</form>
  {% if refresh %}{% auto_refresh seconds=600 %}{% endif %}
{% endblock main %}
"""  # noqa: E501 -- as a page is written


class Example(forms.Form):
    name = forms.CharField(label="Navn", help_text="Slik det står i passet")
    who = forms.ChoiceField(label="Hvem?", widget=forms.RadioSelect, choices=[("a", "Meg"), ("b", "Barnet")])
    read = forms.BooleanField(label="Jeg har lest dette")
    note = forms.CharField(label="Merknad", required=False, widget=forms.Textarea)
    language = forms.ChoiceField(label="Språk", choices=[("nb", "Bokmål")])


def page(rf, *, acting=None, acting_name="", staff=None, refresh=False, **session):
    request = rf.get("/kontakt/")
    request.session = {"display_name": "Rolig Fjell", **session}
    request.acting, request.staff, request.resolver_match = acting, staff, None
    request.acting_name = acting_name
    request.session_seconds_left = 7000
    values = {
        "refresh": refresh,
        "form": Example({}),
        "labels": ["Velg", "Les", "Bekreft"],
        "page": Paginator(range(200), 10).get_page(12),
    }
    return HttpResponse(Template(EVERYTHING.strip()).render(RequestContext(request, values)))


def acting_for_another():
    return SimpleNamespace(is_self=False)


WHO = {
    "oneself": {},
    "oneself without a name": {"display_name": ""},
    "another": {"acting": acting_for_another(), "acting_name": "Stille Vann"},
    "another without a name": {"acting": acting_for_another()},
    "staff": {"staff": SimpleNamespace()},
}


@pytest.mark.parametrize(
    ("name", "says"), [("Rolig Fjell", "Du er logget inn som Rolig Fjell"), ("", "Du er logget inn")]
)
def test_frame_says_who_is_signed_in_as_far_as_any_register_knows(rf, name, says):
    who = re.search(r'<section class="who".*?</p>', page(rf, display_name=name).content.decode(), re.DOTALL)

    assert " ".join(strip_tags(who[0]).split()) == says


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("who", WHO)
def test_every_component_is_accessible_and_fits(rf, chromium, who, scheme):
    assert chromium.look(page(rf, refresh=True, **WHO[who]), "/kontakt/", looks, color_scheme=scheme) == (
        [],
        0,
    )


def test_signed_in_is_told_always(rf):
    assert "Du er logget inn som <strong>Rolig Fjell</strong>" in page(rf).content.decode()


def test_acting_for_another_is_told_in_the_strip(rf):
    html = page(rf, **WHO["another"]).content.decode()

    assert 'data-state="acting"' in html
    assert "på vegne av <strong>Stille Vann</strong>" in html


def test_staff_have_their_own_menu(rf):
    html = page(rf, **WHO["staff"]).content.decode()

    assert "/saksbehandling/" in html
    assert "Handle på vegne av en annen" not in html


def test_signing_out_is_a_form_and_no_link(rf):
    assert '<form method="post" action="/logg-inn/ut/">' in page(rf).content.decode()


def test_errors_take_the_focus_and_are_in_the_title(rf, chromium):
    seen = chromium.look(
        page(rf), "/kontakt/", lambda p: (p.title(), p.evaluate("document.activeElement.id"))
    )

    assert seen == ("Feil: Eksempel – KPR", "error-summary")


def test_warning_before_time_is_out(rf, chromium):
    """The clock of the browser is moved: 28 minutes of doing nothing."""

    def see(p):
        p.clock.install()
        p.reload()
        p.clock.fast_forward("26:00")
        before = p.get_by_role("dialog").count()
        p.clock.fast_forward("02:00")
        return before, p.get_by_role("dialog").get_by_role("heading").inner_text()

    assert chromium.look(page(rf), "/kontakt/", see) == (0, "Du blir snart logget ut")


@pytest.mark.parametrize(("answer", "told"), [(204, "&skrevet=1"), (404, "")])
def test_page_is_left_when_time_is_out(rf, chromium, answer, told):
    """What stands in the form is sent to be kept; the page that follows says so where it was."""
    sent = []

    def keep(route):
        sent.append(urlsplit(route.request.url).query)
        route.fulfill(status=answer)

    def see(p):
        p.clock.install()
        p.reload()
        p.route("**/logg-inn/husk/**", keep)
        p.route("**/logg-inn/utlopt/**", lambda route: route.fulfill(body="Over"))
        p.clock.fast_forward("31:00")
        p.wait_for_url("**/logg-inn/utlopt/**")
        return p.url.removeprefix("http://testserver")

    left_for = chromium.look(page(rf), "/kontakt/", see)

    assert (left_for, sent) == (f"/logg-inn/utlopt/?next=%2Fkontakt%2F{told}", ["side=%2Fkontakt%2F"])


def test_page_is_read_without_scripts(rf, chromium):
    seen = chromium.look(
        page(rf),
        "/kontakt/",
        lambda p: p.get_by_text("Du blir logget ut når du ikke har gjort noe på 30 minutter").count(),
        java_script_enabled=False,
    )

    assert seen == 1
