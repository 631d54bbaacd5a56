"""The components of every page, and dates as people read them. A builtin: no `{% load %}`.

CONTRIBUTING.md shows each in use. Adding one: an entry here and a template of the same name in
templates/components/, and where it has its own look a file in static/css/.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template import Context, Node, TemplateSyntaxError
from django.template.base import Parser, Token
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kpr_portal.ui import formats
from kpr_portal.ui.components import Component, Required, register_component
from kpr_portal.ui.context import owner

register = template.Library()

register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("month", formats.month)
register.filter("clock", formats.clock)
register.filter("minutes", formats.minutes)
register.filter("hours", formats.hours)


@register.filter
def options(choices: Iterable[Mapping[str, Any]]) -> SafeString:
    """The options of a select: there may be a hundred, so they are no template each."""
    return format_html_join(
        "",
        '\n  <option value="{}"{}{}>{}</option>',
        (
            (
                str(option["value"]),
                " selected" if option["selected"] else "",
                " disabled" if option["attrs"].get("disabled") else "",
                option["label"],
            )
            for option in choices
        ),
    )


@register.filter
def phone_link(number: str) -> str:
    """A telephone number as an address: Norwegian unless it says otherwise."""
    digits = re.sub(r"[^0-9+]", "", str(number))
    if len(digits) >= NATIONAL_NUMBER and not digits.startswith("+"):
        digits = f"+47{digits}"
    return f"tel:{digits}"


NATIONAL_NUMBER = 8  # digits; shorter ones such as 113 are dialled as they are
COLOURS = frozenset({"neutral", "success", "warning", "danger", "info"})
LEVELS = frozenset({2, 3, 4})
# Where one goes who changes whom to act for: the same part of the portal, seldom the same page.
SECTIONS = {"insight": "insight:overview", "reservations": "reservations:overview", "postal": "postal:start"}


def _errors(_: Context, values: dict[str, Any]) -> dict[str, Any] | None:
    """Every error of the form, each with the id of the control to mend; those that say the same, with its name too."""
    form: BaseForm = values["form"]
    if not form.errors:
        return None
    errors: list[dict[str, Any]] = []
    for name, messages in form.errors.items():
        target = "" if name == NON_FIELD_ERRORS else form[name].link_target  # type: ignore[attr-defined]
        label = "" if name == NON_FIELD_ERRORS else form[name].label
        errors.extend({"target": target, "message": message, "label": label} for message in messages)
    said = Counter(error["message"] for error in errors)
    for error in errors:
        if error["label"] and said[error["message"]] > 1:
            error["message"] = f"{error['label']}: {error['message']}"
    return {"errors": errors}


def _pages(context: Context, values: dict[str, Any]) -> dict[str, Any] | None:
    """Links to the pages around this one, each keeping the rest of the query string."""
    page: Page[Any] = values["page"]
    if not page.has_other_pages():
        return None
    query = context["request"].GET.copy()

    def link(number: int) -> str:
        query[values["parameter"]] = str(number)
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "pages": [
            {
                "number": number if isinstance(number, int) else None,
                "url": link(number) if isinstance(number, int) else "",
                "is_current": number == page.number,
            }
            for number in numbers
        ],
        "previous": link(page.previous_page_number()) if page.has_previous() else "",
        "next": link(page.next_page_number()) if page.has_next() else "",
    }


def _acting(context: Context, values: dict[str, Any]) -> dict[str, Any] | None:
    signed_in = context["site"].signed_in
    if signed_in is None or signed_in.acting_for is None:
        return None
    section = SECTIONS.get(context["site"].section, "front")
    return {**values, "name": signed_in.acting_for, "next": reverse(section)}


def _steps(_: Context, values: dict[str, Any]) -> dict[str, Any]:
    current = int(values["current"])
    return {
        "steps": [
            {"label": label, "is_current": number == current, "is_done": number < current}
            for number, label in enumerate(values["labels"], start=1)
        ]
    }


def _letterhead(_: Context, values: dict[str, Any]) -> dict[str, Any]:
    """The head of a printed sheet: `recipient` is the lines of the window, who and where, each a text."""
    return {**values, "owner": owner()}


for component in (
    Component("breadcrumb", {}, is_block=True),
    Component("error_summary", {"form": Required}, ("form",), prepare=_errors),
    Component(
        "card",
        {"title": Required, "level": 2, "edge": "", "url": "", "id": ""},
        ("title",),
        {"edge": frozenset({"", "in-force", "not-in-force", "pending", "warning"}), "level": LEVELS},
        is_block=True,
    ),
    Component("facts", {}, is_block=True),
    Component("fact", {"label": Required}, ("label",), is_block=True),
    Component("tag", {"text": Required, "color": "neutral"}, ("text",), {"color": COLOURS}),
    Component(
        "alert",
        {"title": "", "color": "info", "level": 2, "role": ""},
        ("title",),
        {
            "color": COLOURS - {"neutral"},
            "level": LEVELS,
            "role": frozenset({"", "status", "alert"}),
        },
        is_block=True,
    ),
    Component("details", {"summary": Required, "open": False, "id": ""}, ("summary",), is_block=True),
    Component("table", {"caption": Required, "stack": False}, ("caption",), is_block=True),
    Component("pagination", {"page": Required, "parameter": "page"}, ("page",), prepare=_pages),
    Component("steps", {"labels": Required, "current": Required}, ("labels",), prepare=_steps),
    Component("acting_for", {}, prepare=_acting),
    Component(
        "button",
        {
            "text": Required,
            "context": "",
            "variant": "primary",
            "color": "accent",
            "name": "",
            "value": "",
            "action": "",
        },
        ("text",),
        {
            "variant": frozenset({"primary", "secondary", "tertiary"}),
            "color": frozenset({"accent", "neutral", "danger"}),
        },
    ),
    Component("external_link", {"url": Required, "text": Required}, ("url", "text")),
    Component("auto_refresh", {"seconds": 5}),
    Component(
        "letterhead", {"recipient": (), "unit": ""}, ("recipient",), is_block=True, prepare=_letterhead
    ),
):
    register_component(register, component)


@register.simple_tag
def fields(form: BaseForm) -> SafeString:
    """Every field of the form; what is wrong with the form as a whole stands in the summary."""
    return form.render(form.renderer.form_template_name)


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """One field: label, help, control, error."""
    return bound.as_field_group()


@register.simple_tag(takes_context=True)
def acting_for_field(context: Context) -> SafeString | str:
    """Stands beside the csrf token in every form that changes a person's things (login/crossed.py)."""
    value = getattr(context["request"], "acting_for", "")
    return format_html('<input type="hidden" name="acting_for" value="{}">', value) if value else ""


class CrumbNode(Node):
    def __init__(self, route: Any, text: Any, arguments: list[Any]) -> None:
        self.route, self.text, self.arguments = route, text, arguments

    def render(self, context: Context) -> str:
        text = self.text.resolve(context)
        if self.route is None:
            return format_html('<li><span aria-current="page">{}</span></li>', text)
        arguments = [argument.resolve(context) for argument in self.arguments]
        url = reverse(self.route.resolve(context), args=arguments)
        return format_html('<li><a class="ds-link" href="{}">{}</a></li>', url, text)


@register.tag
def crumb(parser: Parser, token: Token) -> CrumbNode:
    """`{% crumb "route:name" text arguments... %}`, or `{% crumb text=... %}` for this very page."""
    bits = token.split_contents()[1:]
    if len(bits) == 1 and bits[0].startswith("text="):
        return CrumbNode(None, parser.compile_filter(bits[0].removeprefix("text=")), [])
    if len(bits) <= 1 or any(bit.startswith("text=") for bit in bits):
        msg = "{% crumb %} takes a route and a text, or text= alone."
        raise TemplateSyntaxError(msg)
    route, text, *arguments = (parser.compile_filter(bit) for bit in bits)
    return CrumbNode(route, text, arguments)
