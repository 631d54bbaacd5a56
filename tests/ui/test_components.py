import pytest
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from kpr_portal.ui.context import SignedIn, Site


def render(source, **values):
    return Template(source).render(Context(values))


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ('{% card "T" colour="red" %}{% endcard %}', "{% card %} has no attribute colour."),
        ("{% card %}{% endcard %}", "{% card %} lacks title."),
        ('{% card "T" "U" %}{% endcard %}', "{% card %} has no place for"),
        ('{% card "T" title="U" %}{% endcard %}', "{% card %} is given title twice."),
        ('{% card "T" edge="gone" %}{% endcard %}', "{% card %}: edge is 'gone'."),
        ('{% tag "T" color="pink" %}', "{% tag %}: color is 'pink'."),
        ('{% crumb "front" %}', "{% crumb %} takes a route and a text"),
    ],
)
def test_component_with_a_mistake_never_compiles(source, says):
    with pytest.raises(TemplateSyntaxError) as refused:
        Template(source)

    assert says in str(refused.value)


def test_component_refuses_a_value_outside_its_choices_when_rendered():
    with pytest.raises(TemplateSyntaxError):
        render('{% tag "T" color=colour %}', colour="pink")


def test_component_escapes_what_it_is_given():
    assert render("{% tag text %}", text="<b>") == (
        '<span class="ds-tag" data-color="neutral">&lt;b&gt;</span>'
    )


def test_component_sees_nothing_but_its_attributes():
    assert "secret" not in render('{% card "T" %}innhold{% endcard %}', url="secret", id="secret")


def test_button_tells_a_screen_reader_what_it_is_about():
    html = render('{% button "Reserver meg" context="Ikke utlever" %}')

    assert html.endswith(' aria-label="Reserver meg: Ikke utlever">Reserver meg</button>')


def test_steps_mark_the_one_we_are_at():
    html = render("{% steps labels current=2 %}", labels=["Velg", "Les", "Bekreft"])

    assert html.count('aria-current="step"') == 1
    assert html.count("data-done") == 1


def test_pagination_keeps_the_rest_of_the_address():
    request = RequestFactory().get("/?kilde=kuhr&page=2")
    page = Paginator(range(30), 10).get_page(2)

    html = render("{% pagination page %}", request=request, page=page)

    assert 'href="?kilde=kuhr&amp;page=1" rel="prev"' in html
    assert 'href="?kilde=kuhr&amp;page=3" rel="next"' in html


def test_pagination_of_one_page_is_nothing():
    page = Paginator(range(3), 10).get_page(1)

    assert render("{% pagination page %}", request=RequestFactory().get("/"), page=page) == ""


def signed_in(acting_for):
    return Site(
        owner={},
        languages=(),
        signed_in=SignedIn(
            name="Rolig Fjell",
            is_staff=False,
            acting_for=acting_for,
            idle_minutes=30,
            max_minutes=120,
            seconds_left=7200,
        ),
        notices=(),
        section="",
    )


def test_acting_for_another_says_so_in_the_words_agreed():
    html = render("{% acting_for %}", site=signed_in("Stille Vann"))

    assert "Du handler på vegne av Stille Vann." in html
    assert "Alt du gjør her, gjelder Stille Vann. Stille Vann kan se at det var du som gjorde det." in html


def test_acting_for_oneself_says_nothing():
    assert render("{% acting_for %}", site=signed_in(None)) == ""


def test_phone_link_dials():
    assert render("{{ a|phone_link }} {{ b|phone_link }}", a="21 07 70 00", b="116 117") == (
        "tel:+4721077000 tel:116117"
    )
