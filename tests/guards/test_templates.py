"""No template is unused, and none loads what another site serves."""

import re
from pathlib import Path

from django import forms

from kpr_portal.ui.templatetags.ui import register

ROOT = Path(__file__).resolve().parents[2]
DJANGO_FORMS = Path(forms.__file__).parent / "templates"
TEMPLATES = ROOT / "templates"
SOURCES = ("kpr_portal", "reservations", "insight", "templates")


def every_template():
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))


def everything_written():
    return "\n".join(
        path.read_text("utf-8")
        for folder in SOURCES
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html"}
    )


def test_no_template_is_unused():
    written = everything_written()
    components = {f"components/{name}.html" for name in register.tags}
    djangos_own = {name for name in every_template() if (DJANGO_FORMS / name).exists()}  # set anew by us
    errors = {f"errors/{name}.html" for name in (400, 403, 404, 429, 500, 503, "csrf", "waiting")}

    unused = [
        name
        for name in every_template()
        if name not in components | errors | djangos_own
        and f'"{name}"' not in written
        and f"'{name}'" not in written
    ]

    assert unused == []


def test_every_component_is_a_template():
    names = {name for name, tag in register.tags.items() if tag.__qualname__.startswith("register_component")}

    assert len(names) >= 15
    assert [name for name in names if not (TEMPLATES / f"components/{name}.html").exists()] == []


def test_no_template_has_inline_style_or_script():
    offenders = [
        name
        for name in every_template()
        if re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?! src=)", (TEMPLATES / name).read_text("utf-8"))
        and not name.startswith("documents/")
    ]

    assert offenders == []


def test_every_form_says_where_it_is_sent():
    """Else it is sent to the address of the page with its fragment, such as of a field: what is shown next stands
    there, and not at what is wrong."""
    without = [
        (name, form)
        for name in every_template()
        for form in re.findall(r"<form\b[^>]*", (TEMPLATES / name).read_text("utf-8"))
        if not re.search(r"\saction=\"[^#\"]+\"", form)
    ]

    assert without == []


def test_no_field_of_a_page_cuts_what_is_typed():
    """`maxlength` drops what is pasted beyond it, without a word; the server says what is too long."""
    shown = forms.CharField(max_length=3).get_bound_field(forms.Form(), "name")

    assert ("maxlength" in shown.field.widget.attrs, "maxlength" in str(shown)) == (True, False)


def test_every_stylesheet_stands_in_the_portal_layer():
    sheets = sorted((ROOT / "static/css").glob("*.css"))

    assert [sheet.name for sheet in sheets if "@layer portal {" not in sheet.read_text("utf-8")] == []
