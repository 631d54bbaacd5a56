"""What is kept of a page belongs to nobody, and to one language."""

import pytest
from django.template import Context, Template
from django.utils import translation

from kpr_portal.ui.fragments import Fragment
from reservations import catalogue

ADDRESS = "https://example.no/a"


def explanation(**changed):
    return {
        "entries": catalogue.entries(),
        "purposes": catalogue.PURPOSES,
        "registration_objection_url": ADDRESS,
        **changed,
    }


@pytest.fixture
def fragment():
    return Fragment("reservations/explanation.html", explanation)


def in_language(language, fragment):
    with translation.override(language):
        return str(fragment)


def test_fragment_keeps_to_the_language_of_the_page(fragment):
    alone = {code: in_language(code, Fragment(fragment.template, explanation)) for code in ("nb", "nn", "en")}

    after_each_other = [in_language(code, fragment) for code in ("nb", "en", "nn", "en", "nb")]

    assert after_each_other == [alone[code] for code in ("nb", "en", "nn", "en", "nb")]
    assert len(set(alone.values())) == 3


def test_fragment_is_made_once_for_each_language(fragment):
    assert in_language("nn", fragment) is in_language("nn", fragment)


def test_fragment_is_made_anew_when_what_it_is_made_of_is_another():
    address = [ADDRESS]
    fragment = Fragment(
        "reservations/explanation.html", lambda: explanation(registration_objection_url=address[0])
    )
    before = str(fragment)
    address[0] = "https://example.no/b"

    assert str(fragment) == before.replace(ADDRESS, "https://example.no/b") != before


@pytest.mark.ignore_template_errors
def test_fragment_sees_nothing_of_the_page_around_it():
    values = {name: value for name, value in explanation().items() if name != "registration_objection_url"}
    fragment = Fragment("reservations/explanation.html", lambda: values)
    page = Context({"fragment": fragment, "registration_objection_url": "https://example.no/of-a-person"})

    html = Template("{{ fragment }}").render(page)

    assert ("of-a-person" in html, str(catalogue.ENTRIES[0].title) in html) == (False, True)


def test_fragment_is_written_as_it_is(fragment):
    assert Template("{{ fragment }}").render(Context({"fragment": fragment})) == str(fragment)
