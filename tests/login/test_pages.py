"""Every page of signing in and out: read by everybody, at any width, and well-formed."""

import pytest

from kpr_portal.login.errors import REFUSALS
from tests.support.browser import looks
from tests.support.html import mistakes
from tests.support.numbers import synthetic_number
from tests.support.sign_in import sign_in

WELL = ([], 0)
# One template: these three show every part of it, and all are read for their HTML.
REFUSED = [f"/logg-inn/avvist/{slug}/?next=/kontakt/" for slug in REFUSALS]
OPEN = [
    *(f"/logg-inn/avvist/{slug}/" for slug in ("avbrutt", "uten-nummer", "dod")),
    "/logg-inn/ansatt/avvist/uten-rolle/",
    "/logg-inn/svarer-ikke/",
    "/logg-inn/ansatt/svarer-ikke/",
    "/logg-inn/utlopt/",
    "/logg-inn/utlopt/?ansatt=1",
]
FOR_CITIZENS = ["/pa-vegne-av/", "/logg-inn/ut/", "/logg-inn/bli/", "/saksbehandling/"]
FOR_STAFF = ["/saksbehandling/", "/utlevering/", "/pa-vegne-av/"]


@pytest.fixture
def as_citizen(client, idporten):
    sign_in(client, synthetic_number())


@pytest.fixture
def as_caseworker(client, staff_issuer):
    sign_in(client, synthetic_number(), staff=True, roles=["caseworker"])


@pytest.mark.parametrize("address", OPEN)
def test_what_anybody_meets_is_well(address, look_at, idporten, staff_issuer):
    assert look_at(address, looks) == WELL


@pytest.mark.parametrize("address", FOR_CITIZENS)
def test_what_a_citizen_meets_is_well(address, look_at, as_citizen):
    assert look_at(address, looks) == WELL


@pytest.mark.parametrize("address", FOR_STAFF)
def test_what_staff_meet_is_well(address, look_at, as_caseworker):
    assert look_at(address, looks) == WELL


def test_all_of_it_is_well_formed(client, idporten, staff_issuer, tmp_path):
    pages = {address: client.get(address) for address in [*OPEN, *REFUSED]}
    sign_in(client, synthetic_number())
    pages |= {f"citizen{address}": client.get(address, HTTP_ACCEPT="text/html") for address in FOR_CITIZENS}
    pages["leaving"] = client.post("/logg-inn/ut/")
    sign_in(client, synthetic_number(), staff=True, roles=["caseworker"])
    pages |= {f"staff{address}": client.get(address) for address in FOR_STAFF}
    for number, response in enumerate(pages.values()):
        (tmp_path / f"{number}.html").write_bytes(response.content)

    assert mistakes(tmp_path) == []


@pytest.mark.parametrize("address", ["/logg-inn/avvist/oppdiktet/", "/logg-inn/avvist/"])
def test_a_refusal_that_does_not_exist_has_no_page(address, client, idporten):
    assert client.get(address).status_code == 404


def test_a_refusal_leads_nowhere_but_here(client, idporten):
    page = client.get("/logg-inn/avvist/avbrutt/?next=https://example.com/").content.decode()

    assert 'href="/logg-inn/"' in page
    assert 'href="https://example.com/"' not in page
