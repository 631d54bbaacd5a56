"""What was chosen is asked of the rows and the register at every request, and told kindly when it is over."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.ground import clock
from kpr_portal.login.operations import REPRESENTING
from kpr_portal.people import population_register as registers
from kpr_portal.people.acting import Acting
from kpr_portal.people.basis import Scope
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.models import Representation
from kpr_portal.people.population_register import Protection
from kpr_portal.people.representation.blocks import block
from kpr_portal.people.representation.from_register import refresh_from_register
from kpr_portal.people.representation.powers import end_power
from reservations.models import ReservationEntry
from tests.support.family import enter_family, number_of
from tests.support.sign_in import carried, session_of, sign_in

CHOOSE, MINE, CARDS = "/pa-vegne-av/", "/reservasjon/historikk/", "/reservasjon/"
PLACE = "/reservasjon/withhold_national_id/reserver/"
OSLO = ZoneInfo("Europe/Oslo")


class Away:
    """A population register that does not answer."""

    def person(self, number):
        raise TimeoutError

    def people(self, numbers):
        raise TimeoutError

    def histories(self, numbers):
        raise TimeoutError


@pytest.fixture
def family(db):
    return enter_family()


@pytest.fixture
def register_away(settings):
    def go():
        settings.POPULATION_REGISTER = f"{__name__}.Away"

    yield go
    settings.POPULATION_REGISTER = "kpr_portal.people.embedded_register.EmbeddedPopulationRegister"
    registers._register.cache_clear()


def signed_in_for(client, slug, other):
    """Somebody who has chosen to act for another; gives the key of the row."""
    person = sign_in(client, number_of(slug), proven=True)
    refresh_from_register(person)
    rows = Representation.objects.filter(representative=person).order_by("-id")
    family = enter_family()
    key = str(rows.filter(represented=family.person(other)).first().key)
    assert client.post(CHOOSE, {"hvem": key}).status_code == 302
    return key


def words(response):
    return " ".join(strip_tags(response.content.decode()).split())


def heading(response):
    return re.search(r"<h1[^>]*>([^<]*)</h1>", response.content.decode())[1]


def refusals_of(person):
    return AccessLogEntry.objects.filter(actor=person.key, outcome="refused")


def told_it_is_over(client, person):
    """The page that says so, whatever page was asked for; then one is oneself again, and was told once."""
    first = client.get(MINE)
    after = client.get(MINE)
    assert (first.status_code, heading(first)) == (404, "Ikke tilgjengelig")
    main = first.content.decode().split("<main")[1].split("</main>")[0]
    assert " ".join(strip_tags("<main" + main).split()).startswith(
        "Ikke tilgjengelig Gå videre for deg selv Bruk papirskjema"
    )
    assert "Trenger du hjelp? Ring oss på" in main
    assert (after.status_code, "Du handler på vegne av" in words(after)) == (200, False)
    assert REPRESENTING not in session_of(client)
    return list(refusals_of(person).values_list("action", flat=True)) == ["login.switch"]


def test_every_page_says_first_for_whom_one_acts(client, family):
    signed_in_for(client, "parent", "child_8")

    for page in (CARDS, MINE, PLACE, "/", "/kontakt/", "/finnes-ikke/"):
        html = client.get(page).content.decode()
        body = html.split("<body>")[1]
        assert (
            body.index('class="ds-skip-link"') < body.index('<section class="acting"') < body.index("<header")
        )
        assert (
            "Du handler på vegne av Glad Kvist. Alt du gjør her, gjelder Glad Kvist. "
            "Glad Kvist kan se at det var du som gjorde det."
        ) in " ".join(strip_tags(body).split())
        assert html.count('<section class="acting"') == 1


def test_strip_says_who_is_signed_in_and_for_whom(client, family):
    signed_in_for(client, "parent", "child_8")

    assert "Du er logget inn som Trygg Furu, på vegne av Glad Kvist" in words(client.get(MINE))


def test_messages_are_never_shown_for_another(client, family):
    signed_in_for(client, "parent", "child_8")

    assert client.get("/meldinger/").status_code == 404


def test_acting_for_another_costs_at_most_three_queries_more(client, family):
    sign_in(client, family.person("child_8"))
    client.get(MINE)
    with CaptureQueriesContext(connection) as own:
        client.get(MINE)
    signed_in_for(client, "parent", "child_8")
    client.get(MINE)
    with CaptureQueriesContext(connection) as anothers:
        client.get(MINE)

    assert 0 < len(anothers) - len(own) <= 3


def test_a_parent_apart_costs_at_most_three_queries_more(client, family):
    family.change("parent", address=family.entries["ward_personal"].address)
    sign_in(client, family.person("child_8"))
    client.get(MINE)
    with CaptureQueriesContext(connection) as own:
        client.get(MINE)
    person = sign_in(client, number_of("parent"), proven=True)
    refresh_from_register(person)
    row = Representation.objects.get(representative=person, represented=family.person("child_8"))
    client.post(CHOOSE, {"hvem": str(row.key)})
    with CaptureQueriesContext(connection) as anothers:
        response = client.get(MINE)

    assert response.status_code == 200
    assert len(anothers) - len(own) <= 3


def test_sixteen_at_midnight_ends_it_in_the_middle_of_the_session(client, family):
    today = clock.today()
    midnight = datetime(today.year, today.month, today.day, tzinfo=OSLO) + timedelta(days=1)
    with clock.moved_to(midnight.astimezone(UTC) - timedelta(minutes=5)):
        born = clock.today() + timedelta(days=1)
        family.change("child_13", birth_date=born.replace(year=born.year - 16))
        mother = sign_in(client, number_of("parent"), proven=True)
        refresh_from_register(mother)
        row = Representation.objects.get(representative=mother, represented=family.person("child_13"))
        client.post(CHOOSE, {"hvem": str(row.key)})
        before = client.get(MINE)
    assert (before.status_code, "på vegne av Kvikk Spire" in words(before)) == (200, True)

    with clock.moved_to(midnight.astimezone(UTC) + timedelta(seconds=1)):
        assert told_it_is_over(client, mother)


def test_a_power_ended_between_two_clicks(client, family):
    power = family.power("attorney_giver", "attorney")
    signed_in_for(client, "attorney", "attorney_giver")
    form = {**carried(client), "shown": "0" * 64}
    end_power(power.key, acting=family.oneself("attorney_giver"))

    sent = client.post(PLACE, form)

    assert (sent.status_code, heading(sent)) == (404, "Ikke tilgjengelig")
    assert ReservationEntry.objects.count() == 0
    assert REPRESENTING not in session_of(client)


def test_a_form_sent_again_after_the_end_is_not_taken_for_oneself(client, family):
    power = family.power("attorney_giver", "attorney")
    signed_in_for(client, "attorney", "attorney_giver")
    form = {**carried(client), "shown": shown_on(client.get(PLACE))}
    end_power(power.key, acting=family.oneself("attorney_giver"))
    client.post(PLACE, form)

    again = client.post(PLACE, form)

    assert (again.status_code, ReservationEntry.objects.count()) == (409, 0)
    assert "Nå gjelder det deg selv." in words(again)


def shown_on(page):
    return re.search(r'name="shown" value="([0-9a-f]{64})"', page.content.decode())[1]


WAYS = {
    "blocked": lambda family: block(None, acting=family.oneself("ward_personal")),
    "protected": lambda family: family.change("ward_personal", protection=Protection.STRICTLY_CONFIDENTIAL),
    "dead": lambda family: family.change("ward_personal", death_date=clock.today()),
    "mandate gone": lambda family: family.change("ward_personal", guardianships=()),
}


@pytest.mark.parametrize("end", WAYS.values(), ids=WAYS)
def test_whatever_ends_it_between_reading_and_confirming_nothing_is_written(client, family, end):
    signed_in_for(client, "guardian_personal", "ward_personal")
    read = client.get(PLACE)
    form = {**carried(client), "shown": shown_on(read), "heard": "on"}
    end(family)

    sent = client.post(PLACE, form)

    assert (sent.status_code, heading(sent)) == (404, "Ikke tilgjengelig")
    assert ReservationEntry.objects.count() == 0
    assert list(refusals_of(family.person("guardian_personal")).values_list("action", flat=True)) == [
        "login.switch"
    ]


def test_what_is_open_when_it_is_confirmed_is_written(client, family):
    """So that the test above is not refused for another reason."""
    signed_in_for(client, "guardian_personal", "ward_personal")
    form = {**carried(client), "shown": shown_on(client.get(PLACE)), "heard": "on"}

    assert client.post(PLACE, form).status_code == 302
    assert ReservationEntry.objects.count() == 1


@pytest.mark.parametrize("end", WAYS.values(), ids=WAYS)
def test_whatever_ends_it_is_told_alike(client, family, end):
    guardian = family.person("guardian_personal")
    signed_in_for(client, "guardian_personal", "ward_personal")
    end(family)

    assert told_it_is_over(client, guardian)


def test_the_cards_that_all_may_read_say_it_too(client, family):
    power = family.power("attorney_giver", "attorney")
    signed_in_for(client, "attorney", "attorney_giver")
    end_power(power.key, acting=family.oneself("attorney_giver"))

    page = client.get(CARDS)

    assert (page.status_code, heading(page)) == (404, "Ikke tilgjengelig")


def test_public_pages_go_on_and_leave_it_to_be_told(client, family):
    power = family.power("attorney_giver", "attorney")
    attorney = family.person("attorney")
    signed_in_for(client, "attorney", "attorney_giver")
    end_power(power.key, acting=family.oneself("attorney_giver"))

    assert [client.get(page).status_code for page in ("/", "/kontakt/", "/skjema/")] == [200, 200, 200]
    assert told_it_is_over(client, attorney)


def test_whoever_wants_to_be_oneself_again_is_not_stopped(client, family):
    power = family.power("attorney_giver", "attorney")
    signed_in_for(client, "attorney", "attorney_giver")
    end_power(power.key, acting=family.oneself("attorney_giver"))

    assert client.post(CHOOSE, {"hvem": ""}).status_code == 302
    assert client.get(MINE).status_code == 200


@pytest.mark.parametrize("written", ["theirs", "7f0c2f1e-3f5b-4b44-9a52-0d8c1c1e9a11", "no key", "", 7, None])
def test_a_session_with_a_row_of_somebody_elses_opens_nothing(client, family, written):
    family.signs_in("guardian_personal")
    theirs = Representation.objects.get(represented=family.person("ward_personal"))
    stranger = sign_in(client, number_of("nothing_held"), proven=True)
    session = session_of(client)
    session[REPRESENTING] = str(theirs.key) if written == "theirs" else written
    session.save()

    assert told_it_is_over(client, stranger)
    assert refusals_of(stranger).get().subject is None


def test_a_staff_session_never_acts_as_a_citizen(client, family):
    person = family.signs_in("parent")
    row = Representation.objects.get(representative=person, represented=family.person("child_8"))
    sign_in(client, person, staff=True, roles=["caseworker"])
    session = session_of(client)
    session[REPRESENTING] = str(row.key)
    session.save()

    page = client.get("/saksbehandling/")

    assert (page.wsgi_request.acting, page.wsgi_request.citizen, page.wsgi_request.acting_for) == (
        None,
        None,
        "",
    )
    assert (page.status_code, client.get(MINE).status_code) == (200, 403)
    assert "Du handler på vegne av" not in words(page)


def test_a_citizen_whose_choice_is_over_is_still_no_staff(client, family):
    power = family.power("attorney_giver", "attorney")
    signed_in_for(client, "attorney", "attorney_giver")
    end_power(power.key, acting=family.oneself("attorney_giver"))

    assert client.get("/saksbehandling/").status_code == 403


def test_while_the_register_is_away_it_waits_and_goes_on_when_it_is_back(
    client, family, register_away, settings
):
    key = signed_in_for(client, "parent", "child_8")
    settings_before = settings.POPULATION_REGISTER
    register_away()

    away = client.get(MINE)
    placed = client.post(PLACE, {"shown": "x"})
    session = session_of(client)
    settings.POPULATION_REGISTER = settings_before
    back = client.get(MINE)

    assert [(page.status_code, page["Retry-After"]) for page in (away, placed)] == [(503, "60")] * 2
    assert "Vi får ikke slått opp hvem du kan handle for nå. Prøv igjen om litt." in words(away)
    assert session[REPRESENTING] == key
    assert (back.status_code, "på vegne av Glad Kvist" in words(back)) == (200, True)
    assert refusals_of(family.person("parent")).count() == 0


def test_while_the_register_is_away_one_may_be_oneself(client, family, register_away):
    signed_in_for(client, "parent", "child_8")
    register_away()

    assert client.get(CHOOSE).status_code == 200
    assert client.post(CHOOSE, {"hvem": ""}).status_code == 302
    assert client.get(MINE).status_code == 200


def test_while_the_register_is_away_nobody_is_chosen(client, family, register_away):
    key = signed_in_for(client, "parent", "child_8")
    client.post(CHOOSE, {"hvem": ""})
    register_away()

    assert client.post(CHOOSE, {"hvem": key}).status_code == 503
    assert REPRESENTING not in session_of(client)


def test_insight_alone_tells_nothing_of_reservations(client, family):
    family.power("attorney_giver", "attorney", Scope.INSIGHT)
    signed_in_for(client, "attorney", "attorney_giver")

    page = client.get(MINE)

    assert page.status_code == 404
    assert "Du handler på vegne av Rolig Sang" in words(page)


def test_one_who_acts_for_oneself_is_asked_nothing_of_the_register(client, family):
    sign_in(client, number_of("parent"))
    client.get("/kontakt/")
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/kontakt/")

    assert page.wsgi_request.acting == Acting.for_oneself(family.person("parent"))
    assert [q["sql"] for q in queries if "representation" in q["sql"] or "vault" in q["sql"]] == []
    assert EmbeddedPopulationRegister().count() > 0
