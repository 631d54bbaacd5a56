"""The paper route: what one can do by post, open to everybody."""

from django.views.generic import TemplateView


class StartView(TemplateView):
    """How to get the form, what to enclose, where to send it, and when one hears from us."""

    http_method_names = ("get", "head")
    template_name = "postal/start.html"
