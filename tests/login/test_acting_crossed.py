"""A form opened for one and sent after choosing another is refused without harm."""

import re

import pytest
from django.utils.html import strip_tags

from kpr_portal.login.crossed import value_for
from kpr_portal.login.operations import REPRESENTING
from kpr_portal.people.models import Representation
from kpr_portal.people.population_register import Protection
from kpr_portal.people.representation.from_register import refresh_from_register
from reservations.models import ReservationEntry
from tests.support.family import enter_family, number_of
from tests.support.sign_in import carried, session_of, sign_in

CHOOSE, PLACE = "/pa-vegne-av/", "/reservasjon/withhold_national_id/reserver/"
CROSSED = "Skjemaet ble åpnet for en annen enn den du handler for nå. Ingenting er endret. Nå gjelder det {}."
TYPED = {"words": "Dette er galt", "kind": "b", "several": ["1", "3"]}


@pytest.fixture
def family(db):
    return enter_family()


@pytest.fixture
def mother(client, family):
    person = sign_in(client, number_of("parent"), proven=True)
    refresh_from_register(person)
    return person


@pytest.fixture
def own_pages(settings):
    settings.ROOT_URLCONF = "tests.login.urls"


@pytest.fixture
def act_for(client, family, mother):
    """Choose a child by the same click as anybody does, or nobody: oneself."""

    def choose(slug=None):
        key = ""
        if slug is not None:
            rows = Representation.objects.filter(representative=mother, represented=family.person(slug))
            key = str(rows.get().key)
        assert client.post(CHOOSE, {"hvem": key}).status_code == 302

    return choose


def opened(client, path=PLACE):
    """What the form on a page would send, as the browser reads it there."""
    html = client.get(path).content.decode().split("<main")[1].split("</main>")[0]
    return dict(re.findall(r'<input type="hidden" name="(acting_for|shown)" value="([^"]+)"', html))


def words(response):
    return " ".join(strip_tags(response.content.decode()).split())


def test_two_windows_for_two_children_the_first_form_is_crossed_by_the_second_choice(client, family, act_for):
    act_for("child_8")
    first = opened(client)
    act_for("child_13")

    crossed = client.post(PLACE, first)

    assert (crossed.status_code, ReservationEntry.objects.count()) == (409, 0)
    assert CROSSED.format("Kvikk Spire") + " Se over, og send på nytt hvis det stemmer." in words(crossed)
    assert "Du handler på vegne av Kvikk Spire." in words(crossed)


def test_the_page_shown_anew_is_sent_for_the_present_person(client, family, act_for):
    act_for("child_8")
    first = opened(client)
    act_for("child_13")
    html = client.post(PLACE, first).content.decode()
    anew = dict(re.findall(r'<input type="hidden" name="(acting_for|shown)" value="([^"]+)"', html))

    sent = client.post(PLACE, anew)

    assert sent.status_code == 302
    assert [entry.person for entry in ReservationEntry.objects.all()] == [family.person("child_13")]


@pytest.mark.parametrize(("opened_for", "sent_for"), [("child_8", None), (None, "child_8")])
def test_between_oneself_and_another_it_is_crossed_both_ways(client, act_for, opened_for, sent_for):
    act_for(opened_for)
    form = opened(client)
    act_for(sent_for)

    crossed = client.post(PLACE, form)

    assert (crossed.status_code, ReservationEntry.objects.count()) == (409, 0)
    assert CROSSED.format("Glad Kvist" if sent_for else "deg selv") in words(crossed)


@pytest.mark.parametrize("sent", [{}, {"acting_for": ""}, {"acting_for": "0" * 64}, {"acting_for": "æ" * 70}])
def test_a_form_that_does_not_say_for_whom_is_refused(client, mother, sent):
    response = client.post(PLACE, {"shown": opened(client)["shown"], **sent})

    assert (response.status_code, ReservationEntry.objects.count()) == (409, 0)


def test_what_was_typed_is_kept_and_shown_for_the_present_person(client, act_for, own_pages):
    act_for("child_8")
    form = {**TYPED, **carried(client)}
    act_for("child_13")

    crossed = client.post("/prove/henvendelse/", form)

    html = crossed.content.decode()
    assert crossed.status_code == 409
    assert "Dette er galt</textarea>" in html
    assert '<option value="b" selected>' in html
    assert [html.count(f'value="{n}"') for n in ("1", "3")] == [1, 1]
    assert len(re.findall(r'type="checkbox"[^>]*checked', html)) == 2
    assert "errorlist" not in html


def test_what_one_said_yes_to_for_one_is_not_said_for_another(client, act_for, own_pages):
    act_for("child_8")
    form = {"words": "Dette er galt", "agreed": "on", **carried(client)}
    act_for("child_13")

    html = client.post("/prove/henvendelse/", form).content.decode()

    assert "Dette er galt</textarea>" in html
    assert re.search(r'name="agreed"[^>]*checked', html) is None


def test_a_page_that_is_only_a_button_says_it_on_a_page_of_its_own(client, act_for, own_pages):
    act_for("child_8")
    form = carried(client)
    act_for()

    crossed = client.post("/prove/knapp/", form)

    assert (crossed.status_code, client.post("/prove/knapp/", carried(client)).status_code) == (409, 200)
    assert CROSSED.format("deg selv") in words(crossed)


def test_ordering_a_copy_shows_the_page_anew_and_orders_nothing(client, mother):
    crossed = client.post("/innsyn/last-ned/", {"acting_for": "0" * 64})

    assert crossed.status_code == 409
    assert "PDF-en blir laget nå" not in words(crossed)


def test_a_page_the_present_person_may_not_see_is_not_shown_by_crossing(client, family, act_for):
    """Shown anew is opened anew: whatever refuses opening it, refuses here too."""
    act_for()
    form = opened(client)
    act_for("child_13")
    family.change("child_13", protection=Protection.STRICTLY_CONFIDENTIAL)

    assert client.post(PLACE, form).status_code == 404


def test_what_a_form_carries_tells_nothing_and_is_worth_nothing_elsewhere(client, family, mother, act_for):
    own, session = carried(client)["acting_for"], session_of(client)
    act_for("child_8")
    childs = carried(client)["acting_for"]
    sign_in(client, number_of("parent"), proven=True)

    assert len({own, childs, carried(client)["acting_for"]}) == 3
    assert re.fullmatch(r"[0-9a-f]{64}", own)
    assert own == value_for(mother, session_key=session.session_key)
    assert client.post(PLACE, {"acting_for": own}).status_code == 409


def test_get_and_head_need_nothing(client, mother):
    assert [client.get(PLACE).status_code, client.head(PLACE).status_code] == [200, 200]


def test_what_takes_no_post_says_so(client, mother):
    assert client.post("/reservasjon/historikk/").status_code == 405


def test_choosing_itself_needs_no_such_field(client, act_for):
    act_for("child_8")
    act_for("child_13")

    assert REPRESENTING in session_of(client)
