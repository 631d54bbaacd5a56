"""Who acts for another and is told no gets the form that fits their right, from the very page that said it."""

import re
from html import unescape
from http import HTTPStatus
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kpr_portal.login.choosing import paper_takes
from kpr_portal.login.errors import REFUSALS
from kpr_portal.login.operations import REPRESENTING
from kpr_portal.people import population_register as registers
from kpr_portal.people.basis import FOR_A_CHILD, FOR_ANOTHER, Basis, Scope
from kpr_portal.people.population_register import Protection
from reservations.postal.bases import BASES, DEAD, ON_PAPER, SELF
from tests.support.family import Family, enter_family
from tests.support.sign_in import session_of, sign_in

pytestmark = pytest.mark.django_db
TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
RIGHTS = pytest.mark.parametrize("right", sorted(FOR_ANOTHER))
# Of letters that come by post, and of what a browser keeps.
SPEAKS_OF_ELSE = {"login/messages.html", "ui/cookies.html"}


@pytest.fixture
def family(db):
    return enter_family()


@pytest.fixture
def away(settings):
    """Let the population register not answer from now on."""

    def go():
        settings.POPULATION_REGISTER = f"{__name__}.Away"

    yield go
    settings.POPULATION_REGISTER = "kpr_portal.people.embedded_register.EmbeddedPopulationRegister"
    registers._register.cache_clear()


class Away:
    """A population register that does not answer."""

    def person(self, number):
        raise TimeoutError

    def people(self, numbers):
        raise TimeoutError

    def histories(self, numbers):
        raise TimeoutError


def represented_by(right: Basis) -> str:
    return "child_8" if right in FOR_A_CHILD else "attorney_giver"


def acts(client: Client, family: Family, right: Basis, *scopes: Scope) -> str:
    """Sign in and act by this right, for whoever it gives; who that is."""
    row = family.checked("attorney", represented_by(right), right, *scopes)
    sign_in(client, family.person("attorney"), proven=True)
    session = session_of(client)
    session[REPRESENTING] = str(row.key)
    session.save()
    return represented_by(right)


def main(page: HttpResponse) -> str:
    return page.content.decode().partition("<main")[2].partition("</main>")[0]


def ways(page: HttpResponse) -> list[str]:
    """Every link to the paper forms that the page itself has, beside those of every page."""
    return [
        unescape(address) for address in re.findall(r'href="([^"]*)"', main(page)) if "/skjema/" in address
    ]


def chosen(client: Client, address: str) -> list[str]:
    return re.findall(r'name="hvem" value="([\w-]+)"[^>]* checked', client.get(address).content.decode())


def leads_to(client: Client, page: HttpResponse, right: Basis) -> bool:
    """Whether the page has a way to the paper forms, and every such way has chosen what fits."""
    found = [chosen(client, address) for address in ways(page)]
    return bool(found) and all(slugs == [ON_PAPER[right].slug] for slugs in found)


def test_every_right_to_act_has_its_form():
    assert set(ON_PAPER) == FOR_ANOTHER | {Basis.SELF}
    assert [basis.code for basis in BASES if basis not in ON_PAPER.values()] == [DEAD.code]
    assert ON_PAPER[Basis.SELF] is SELF


@RIGHTS
def test_what_is_over_leads_to_the_form_and_says_what_the_form_takes(client, family, right):
    family.change(acts(client, family, right), protection=Protection.CONFIDENTIAL)

    page = client.get("/reservasjon/historikk/")

    assert (page.status_code, leads_to(client, page, right)) == (HTTPStatus.NOT_FOUND, True)
    assert paper_takes(right) in main(page)


@pytest.mark.parametrize("right", sorted(FOR_A_CHILD))
def test_sixteen_is_told_as_whatever_else_is_over(client, family, right):
    child = acts(client, family, right)
    family.change(child, protection=Protection.CONFIDENTIAL)
    protected = main(client.get("/reservasjon/historikk/"))
    family.change(child, protection=Protection.NONE)
    acts(client, family, right)
    family.aged(child, 16)

    page = client.get("/reservasjon/historikk/")

    assert main(page) == protected
    assert "til barnet fyller 16 år. Etter det må den unge selv logge inn" in main(page)


def test_whose_right_is_not_known_gets_the_start_page(client, family):
    sign_in(client, family.person("attorney"), proven=True)
    session = session_of(client)
    session[REPRESENTING] = "no key"
    session.save()

    page = client.get("/reservasjon/historikk/")

    assert (page.status_code, ways(page)) == (HTTPStatus.NOT_FOUND, ["/skjema/"])


@RIGHTS
def test_while_the_register_is_away_the_form_is_there(client, family, away, right):
    acts(client, family, right)
    away()

    page = client.get("/reservasjon/historikk/")

    assert (page.status_code, leads_to(client, page, right)) == (HTTPStatus.SERVICE_UNAVAILABLE, True)


@RIGHTS
@pytest.mark.parametrize("path", ["/reservasjon/henvendelser/", "/meldinger/", "/pa-vegne-av/meg/"])
def test_what_is_ones_own_alone_leads_to_the_form(client, family, right, path):
    acts(client, family, right)

    page = client.get(path)

    assert (page.status_code, leads_to(client, page, right)) == (HTTPStatus.NOT_FOUND, True)


@RIGHTS
def test_one_who_may_see_no_reservations_gets_the_form_of_reservations(client, family, right):
    acts(client, family, right, Scope.INSIGHT)

    page, gone = client.get("/reservasjon/"), client.get("/reservasjon/historikk/")

    assert "Du kan ikke reservere for denne personen her." in main(page)
    assert ways(page) == [f"/skjema/?hva=reservasjon&for={right.value}"] * 2
    assert [leads_to(client, each, right) for each in (page, gone)] == [True, True]


@RIGHTS
def test_one_who_may_see_no_records_gets_the_form(client, family, right):
    acts(client, family, right, Scope.RESERVATION)

    page = client.get("/innsyn/")

    assert (page.status_code, leads_to(client, page, right)) == (HTTPStatus.NOT_FOUND, True)


@pytest.mark.parametrize("right", sorted(FOR_A_CHILD))
def test_what_another_placed_leads_to_the_form_of_ones_own_right(client, family, right):
    acts(client, family, right)

    page = client.get("/reservasjon/withhold_national_id/oppheve-sammen/")

    assert (page.status_code, leads_to(client, page, right)) == (HTTPStatus.OK, True)


def test_one_who_finds_nobody_to_act_for_finds_the_form_of_every_right(client, family):
    sign_in(client, family.person("much_data"))

    found = [chosen(client, address) for address in ways(client.get(reverse("login:choose")))]

    assert sorted(found) == sorted(
        {(ON_PAPER[right].slug,): [ON_PAPER[right].slug] for right in FOR_ANOTHER}.values()
    )


def test_who_would_sign_in_as_the_dead_gets_the_form_of_relatives(client):
    page = client.get(reverse("login:refused", kwargs={"name": "citizen", "slug": "dod"}))

    assert [chosen(client, address) for address in ways(page)] == [[DEAD.slug]]


def test_whoever_is_not_let_in_and_reads_of_paper_finds_it():
    read = {slug: f"{refusal.happened} {refusal.advice}" for slug, refusal in REFUSALS.items()}

    assert [slug for slug, text in read.items() if "papir" in text and not REFUSALS[slug].paper] == []


def test_every_page_that_speaks_of_the_paper_form_leads_to_it():
    """But for the pages of the paper forms themselves, and those of staff."""
    written = {
        str(path.relative_to(TEMPLATES)): path.read_text("utf-8")
        for folder in ("components", "errors", "insight", "login", "releases", "reservations", "ui")
        for path in (TEMPLATES / folder).rglob("*.html")
    }

    speaks = {name for name, text in written.items() if re.search(r"[Pp]apirskjema|(på|bruke) papir", text)}

    assert len(speaks) >= 12
    assert {name for name in speaks if "postal:start" not in written[name]} == SPEAKS_OF_ELSE
