"""Form fields that carry their own markup: label, help, control and error, tied together.

Set as FORM_RENDERER, so an ordinary Django form needs nothing: `{% fields form %}` or
`{% field form.name %}` in a template does the rest. Django ties help and error to the control
(`aria-describedby`) and marks it (`aria-invalid`); the templates keep the ids it refers to.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting


class PortalBoundField(BoundField):
    """A field in the design system's clothes."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        own = (widget or self.field.widget).attrs.get("class", "")
        attrs["class"] = f"ds-input {own}".strip()
        # Browsers tell of a required choice that it is wrong from the start, before anybody has answered.
        if self.has_choices:
            attrs.pop("required", False)
        elif self.is_checkbox and attrs.pop("required", False):
            attrs["aria-required"] = "true"
        return attrs

    @property
    def link_target(self) -> str:
        """The id an error's link goes to: the control, or the first choice of several."""
        if self.id_for_label:
            return self.id_for_label
        return f"{self.auto_id}_0"

    @property
    def says_optional(self) -> bool:
        """Whether its label says that it may be left out; not where a field tells itself when (`tells_when_empty`)."""
        return not self.field.required and not getattr(self.field, "tells_when_empty", False)

    @property
    def is_checkbox(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def has_choices(self) -> bool:
        return isinstance(self.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


class PortalRenderer(TemplatesSetting):
    """Renders every form of the portal."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
    bound_field_class = PortalBoundField
