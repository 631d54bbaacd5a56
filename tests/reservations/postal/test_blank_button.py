"""The button to the blank form: there for a browser without cookies, at the limit, and when all else is away."""

from http import HTTPStatus

import pytest
from django.conf import settings as portal
from django.test import Client
from lxml import html

from reservations.postal import kept
from reservations.postal.kinds import all_forms
from tests.reservations.postal.filling import Visitor, text

pytestmark = pytest.mark.django_db

EVERY = [(form.slug, basis.slug) for form, basis in all_forms()]


@pytest.fixture
def no_cookies():
    """A browser that takes no cookie, at a portal that asks for its token."""

    class Browser(Client):
        def request(self, **request):
            self.cookies.clear()
            return super().request(**request)

    return Browser(enforce_csrf_checks=True)


def presses(client, button, *, hva, hvem, page="/skjema/"):
    """Choose on the start page, and press the button with this name, as a browser does."""
    document = html.fromstring(client.get(page).content)
    (pressed,) = document.xpath(f'//main//button[normalize-space()="{button}"]')
    form = pressed.iterancestors("form").__next__()
    sent = {**dict(form.form_values()), "hva": hva, "hvem": hvem}
    return client.post(pressed.get("formaction") or form.get("action"), sent)


@pytest.mark.parametrize(("hva", "hvem"), EVERY)
def test_without_cookies_the_button_leads_to_the_blank_form(no_cookies, hva, hvem):
    response = presses(no_cookies, "Tomt skjema", hva=hva, hvem=hvem)

    assert (response.status_code, response["Location"]) == (302, f"/skjema/tomt/{hva}/{hvem}/")
    assert set(response.cookies) == set()
    assert no_cookies.get(response["Location"]).status_code == HTTPStatus.OK


def test_what_is_missing_is_told_at_its_field_without_cookies_too(no_cookies):
    page = presses(no_cookies, "Tomt skjema", hva="innsyn", hvem="")

    document = html.fromstring(page.content)
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert document.xpath('//*[@id="error-summary"]//a/text()') == ["Velg hvem det gjelder."]
    assert document.xpath("//main//input[@checked]/@value") == ["innsyn"]


def test_button_follows_the_language(no_cookies):
    page = html.fromstring(no_cookies.get("/en/skjema/").content)

    assert page.xpath("//main//button/@formaction") == ["/en/skjema/tomt/"]


def test_address_of_the_button_opened_by_itself_leads_to_the_start(client):
    assert client.get("/skjema/tomt/")["Location"] == "/skjema/"


def test_on_screen_without_cookies_is_told_of_the_blank_form_with_what_was_chosen(no_cookies):
    page = presses(no_cookies, "Fyll ut på skjermen", hva="innsyn", hvem="verge")

    assert page.status_code == HTTPStatus.FORBIDDEN
    assert paper_links(page) == ["/skjema/?hva=innsyn&for=verge"]
    again = html.fromstring(no_cookies.get("/skjema/?hva=innsyn&for=verge").content)
    assert again.xpath("//main//input[@checked]/@value") == ["innsyn", "verge"]


def test_only_the_paper_pages_lead_to_paper_where_the_token_is_missing(no_cookies):
    page = no_cookies.post("/logg-inn/ut/")

    assert (page.status_code, paper_links(page)) == (HTTPStatus.FORBIDDEN, [])


def test_what_is_no_choice_of_ours_is_not_in_the_address(no_cookies):
    sent = {"hva": "Nebbdyr 01010012345", "hvem": "01010012345"}
    page = no_cookies.post("/skjema/begynn/", sent)

    assert paper_links(page) == ["/skjema/"]
    assert "Nebbdyr" not in text(page)


def test_at_the_limit_the_button_works_and_the_page_says_where_it_is(line, settings):
    settings.LIMITS_BY_PLACE = {"postal:begin": "1/600"}
    Visitor().begins()
    client = Client()

    limited = presses(client, "Fyll ut på skjermen", hva="innsyn", hvem="barn")
    blank = presses(client, "Tomt skjema", hva="innsyn", hvem="barn")

    assert limited.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert paper_links(limited) == ["/skjema/?hva=innsyn&for=barn"]
    assert blank["Location"] == "/skjema/tomt/innsyn/barn/"


def test_no_limit_is_set_on_the_way_to_the_blank_form():
    limited = {
        "postal:start",
        "postal:choose_blank",
        "postal:blank",
        "postal:blank_pdf",
        "postal:blank_print",
    }

    assert limited & set(portal.LIMITS_BY_PLACE) == set()


def test_button_leaves_the_form_that_is_open_as_it_is(visitor):
    visitor.fills_in()
    before, cookie = kept.read(visitor.key), visitor.cookie

    blank = presses(visitor.client, "Tomt skjema", hva="innsyn", hvem="barn")

    assert blank["Location"] == "/skjema/tomt/innsyn/barn/"
    assert (kept.read(visitor.key), visitor.cookie) == (before, cookie)


def test_page_for_a_browser_without_the_cookie_leads_to_a_button_that_works(no_cookies):
    page = no_cookies.get("/skjema/utfylling/valg/")

    (start,) = html.fromstring(page.content).xpath('//main//a[.="velge et tomt skjema"]/@href')
    blank = presses(no_cookies, "Tomt skjema", hva="innsyn", hvem="barn", page=start)
    assert blank["Location"] == "/skjema/tomt/innsyn/barn/"


def paper_links(page):
    """The ways to the paper forms that the middle of a page shows."""
    return html.fromstring(page.content).xpath('//main//a[starts-with(@href, "/skjema/")]/@href')
