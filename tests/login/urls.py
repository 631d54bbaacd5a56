"""The portal, and pages of the tests' own that use what signing in gives the rest of the house.

Journeys reach them as any other page: `settings.ROOT_URLCONF = "tests.login.urls"`.
"""

from django import forms
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.views import View
from django.views.generic import FormView

from kpr_portal.login.access import (
    CitizenRequiredMixin,
    FreshProofMixin,
    KeepsTypedMixin,
    StaffRequiredMixin,
    citizen_required,
    fresh_proof_required,
    kept_initial,
)
from kpr_portal.people.models import Role
from kpr_portal.urls import (
    handler400,
    handler403,
    handler404,
    handler429,
    handler500,
    handler503,
    urlpatterns,
)

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "handler503"]

PAGE = """{% extends "base.html" %}
{% block title %}Si hva som er galt{% endblock %}
{% block main %}
  <h1 class="ds-heading" data-size="lg">Si hva som er galt</h1>
  <form method="post" novalidate>{% csrf_token %}{% acting_for_field %}{% fields form %}
  <button class="ds-button" type="submit">Send</button></form>
{% endblock %}"""


class Enquiry(forms.Form):
    """Every kind of thing one can type, and what may never come back: what cannot be seen, and files."""

    words = forms.CharField(label="Med dine ord", widget=forms.Textarea)
    kind = forms.ChoiceField(label="Hva gjelder det?", choices=[("a", "Alfa"), ("b", "Beta")])
    several = forms.MultipleChoiceField(
        label="Hvilke?", choices=[("1", "En"), ("2", "To"), ("3", "Tre")], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="Ja", required=False)
    day = forms.DateField(label="Dag", required=False)
    shown = forms.CharField(widget=forms.HiddenInput, initial="of this request", required=False)


class OnPage(FormView):
    form_class = Enquiry

    def form_valid(self, form):
        return HttpResponse("Takk")

    def render_to_response(self, context, **kwargs):
        return HttpResponse(engines["django"].from_string(PAGE).render(context, self.request), **kwargs)


class EnquiryPage(KeepsTypedMixin, CitizenRequiredMixin, OnPage):
    """A citizen's form."""


class OtherEnquiryPage(KeepsTypedMixin, CitizenRequiredMixin, OnPage):
    """Another, so that what was typed on one page is not shown on the next."""


class ForgetfulPage(CitizenRequiredMixin, OnPage):
    """A citizen's form that keeps nothing."""


class StaffEnquiryPage(KeepsTypedMixin, StaffRequiredMixin, OnPage):
    """The form of a member of staff."""

    required_role = Role.CASEWORKER


class ProvenPage(KeepsTypedMixin, CitizenRequiredMixin, FreshProofMixin, OnPage):
    """A citizen's form for what needs proof no older than ten minutes."""

    proof_minutes = 10


class ApprovePage(StaffRequiredMixin, FreshProofMixin, View):
    """What a member of staff does after proving who they are, once a session."""

    required_role = Role.APPROVER

    def get(self, _request):
        return HttpResponse("Godkjenn")

    def post(self, _request):
        return HttpResponse("Godkjent")


class OnlyButton(CitizenRequiredMixin, View):
    """An address that takes a POST and is no page."""

    def post(self, _request):
        return HttpResponse("Gjort")


@citizen_required
@fresh_proof_required()
def give_power(request):
    return HttpResponse("Gi fullmakt")


@citizen_required
def by_hand(request):
    before = kept_initial(request)
    return HttpResponse("nothing" if before is None else before["words"])


urlpatterns = [
    *urlpatterns,
    *i18n_patterns(
        path("prove/henvendelse/", EnquiryPage.as_view(), name="enquiry"),
        path("prove/annen/", OtherEnquiryPage.as_view(), name="other"),
        path("prove/glemsom/", ForgetfulPage.as_view(), name="forgetful"),
        path("prove/ansatt/", StaffEnquiryPage.as_view(), name="staff-enquiry"),
        path("prove/bekreftet/", ProvenPage.as_view(), name="proven"),
        path("prove/godkjenn/", ApprovePage.as_view(), name="approve"),
        path("prove/knapp/", OnlyButton.as_view(), name="button"),
        path("prove/fullmakt/", give_power, name="power"),
        path("prove/for-hand/", by_hand, name="by-hand"),
        prefix_default_language=False,
    ),
]
