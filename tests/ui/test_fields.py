import re

from django import forms
from django.template import Context, Template

CONTROL = re.compile(r'(<(?:input|textarea)[^>]*name="(\w+)"[^>]*>)')


class Example(forms.Form):
    name = forms.CharField(
        label="Navn", help_text="Slik det står i passet", error_messages={"required": "Skriv navnet."}
    )
    who = forms.ChoiceField(
        label="Hvem gjelder det?",
        widget=forms.RadioSelect,
        choices=[("self", "Meg selv"), ("child", "Barnet mitt")],
        error_messages={"required": "Velg hvem det gjelder."},
    )
    read = forms.BooleanField(label="Jeg har lest dette", error_messages={"required": "Kryss av."})
    note = forms.CharField(label="Merknad", required=False, widget=forms.Textarea)

    def clean(self):
        raise forms.ValidationError("Noe henger ikke sammen.")


def render(source, form):
    return Template(source).render(Context({"form": form}))


def test_field_ties_help_and_error_to_its_control():
    html = render("{% field form.name %}", Example({}))

    control = re.search(r"<input[^>]*>", html)[0]
    assert 'aria-describedby="id_name_helptext id_name_error"' in control
    assert 'aria-invalid="true"' in control
    assert 'class="ds-input"' in control
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert '<label class="ds-label" for="id_name">' in html


def test_choices_stand_in_a_fieldset_with_a_legend():
    html = render("{% field form.who %}", Example())

    assert html.count("<fieldset") == html.count("<legend") == 1
    assert re.findall(r'<label class="ds-label" for="(\w+)">([^<]+)', html) == [
        ("id_who_0", "Meg selv"),
        ("id_who_1", "Barnet mitt"),
    ]


def test_only_what_may_be_left_out_is_marked():
    html = render("{% fields form %}", Example())

    assert html.count("(valgfritt)") == 1


def test_no_choice_is_wrong_before_anybody_has_answered():
    html = render("{% fields form %}", Example())

    assert [(name, " required" in tag, "aria-required" in tag) for tag, name in CONTROL.findall(html)] == [
        ("name", True, False),
        ("who", False, False),
        ("who", False, False),
        ("read", False, True),
        ("note", False, False),
    ]


def test_error_summary_leads_to_each_control():
    html = render("{% error_summary form %}", Example({}))

    assert re.findall(r'href="#(\w+)">([^<]+)', html) == [
        ("id_name", "Skriv navnet."),
        ("id_who_0", "Velg hvem det gjelder."),
        ("id_read", "Kryss av."),
    ]
    assert "<li>Noe henger ikke sammen.</li>" in html
    assert 'tabindex="-1"' in html
    assert " autofocus" in html


class Two(forms.Form):
    """Two fields that are refused with the same words."""

    one = forms.CharField(label="Barnets nummer", error_messages={"required": "Skriv nummeret."})
    other = forms.CharField(label="Ditt nummer", error_messages={"required": "Skriv nummeret."})


def test_errors_that_say_the_same_are_told_apart_by_their_fields():
    both, one = Two({}), Two({"one": "1"})

    assert re.findall(r">([^<>]*Skriv nummeret.)</a>", render("{% error_summary form %}", both)) == [
        "Barnets nummer: Skriv nummeret.",
        "Ditt nummer: Skriv nummeret.",
    ]
    assert re.findall(r">([^<>]*Skriv nummeret.)</a>", render("{% error_summary form %}", one)) == [
        "Skriv nummeret."
    ]


def test_error_summary_is_nothing_without_errors():
    assert render("{% error_summary form %}", Example()) == ""


def test_select_marks_what_is_chosen_and_escapes_what_it_is_given():
    class Choosing(forms.Form):
        year = forms.IntegerField(
            label="År", widget=forms.Select(choices=[("", "Alle"), (2024, "<2024>"), (1999, "1999")])
        )

    html = render("{{ form.year }}", Choosing({"year": "2024"}))

    assert [option.strip() for option in re.findall(r"\s*<option.*?</option>", html)] == [
        '<option value="">Alle</option>',
        '<option value="2024" selected>&lt;2024&gt;</option>',
        '<option value="1999">1999</option>',
    ]
