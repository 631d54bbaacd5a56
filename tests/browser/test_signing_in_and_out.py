"""Signing in with ID-porten and as staff, being refused, and signing out: in Chromium, under the strict policy."""

from datetime import timedelta

import pytest

from kpr_portal.embedded.population_named import number_of
from kpr_portal.ground import clock
from kpr_portal.login.models import Session
from tests.support.journey_people import employed, known_to_the_register

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in_sessions():
    return Session.objects.exclude(account=None).count()


@pytest.mark.usefixtures("idporten")
def test_a_person_signs_in_and_out_and_leaves_nothing_behind(journey):
    known_to_the_register("nothing_held")
    journey.when_i_open("/innsyn/")
    journey.when_i_press("Lett Fjær")
    journey.then_the_page_is("Dette har KPR om deg")

    journey.when_i_press("Logg ut")
    if not journey.scripts:
        journey.when_i_press("Fullfør utloggingen")
    journey.then_the_address_is("/")
    journey.then_i_read("Du er logget ut.")
    assert journey.ask(lambda page: page.get_by_text("Du er logget ut.").count()) == 1

    if journey.scripts:  # without, the way back is a form sent again, which the browser asks about
        journey.when_i_go_back()
        journey.then_i_do_not_read("Dette har KPR om deg")
    journey.when_i_open("/innsyn/")
    journey.then_the_page_is("Velg testperson")  # the session at ID-porten is over too
    assert signed_in_sessions() == 0


@pytest.mark.usefixtures("idporten")
def test_signing_out_in_one_window_ends_the_other_on_the_same_sign_in(begin):
    known_to_the_register("nothing_held")
    journey = begin()
    journey.when_i_open("/innsyn/")
    journey.when_i_press("Lett Fjær")
    journey.then_the_page_is("Dette har KPR om deg")
    kept = journey.ask(lambda page: [one for one in page.context.cookies() if one["name"] == "session"])
    journey.ask(lambda page: page.context.clear_cookies(name="session"))
    journey.when_i_open("/innsyn/")  # signed in at ID-porten already: straight in, another session
    journey.then_the_page_is("Dette har KPR om deg")
    before = signed_in_sessions()

    journey.when_i_press("Logg ut")
    journey.then_the_address_is("/")
    journey.ask(lambda page: (page.context.clear_cookies(), page.context.add_cookies(kept)))
    journey.when_i_open("/innsyn/")

    journey.then_the_page_is("Velg testperson")
    assert (before, signed_in_sessions()) == (2, 0)


@pytest.mark.usefixtures("idporten")
def test_a_dead_persons_sign_in_is_refused_with_the_way_on_paper(journey):
    known_to_the_register("dead")
    journey.when_i_open("/reservasjon/")
    journey.when_i_follow("Logg inn for å reservere deg")
    journey.when_i_press("Falmet Rose")

    journey.then_the_page_is("Du kan ikke logge inn som denne personen")
    journey.when_i_follow("Bruk papirskjema")
    journey.then_the_page_is("Gjør det på papir")
    assert signed_in_sessions() == 0


@pytest.mark.usefixtures("idporten")
def test_whoever_cancels_at_idporten_is_told_and_can_begin_again(journey):
    journey.when_i_open("/innsyn/")
    journey.when_i_press("Avbryt")

    journey.then_the_page_is("Du avbrøt innloggingen")
    journey.when_i_follow("Logg inn på nytt")
    journey.then_the_page_is("Velg testperson")
    assert signed_in_sessions() == 0


@pytest.mark.usefixtures("idporten")
def test_the_lower_level_is_never_on_offer(journey):
    """The portal asks for the high level alone, so that ID-porten lets nobody choose another."""
    journey.when_i_open("/logg-inn/?acr_values=idporten-loa-substantial&auth_params=acr_values%3Dlow")

    journey.then_the_page_is("Velg testperson")
    levels = journey.ask(
        lambda page: page.get_by_role("radio").evaluate_all("all => all.map(one => one.value)")
    )
    assert levels == ["idporten-loa-high"]


@pytest.mark.usefixtures("careless_idporten")
def test_whoever_comes_in_at_a_lower_level_is_refused_and_told_what_is_enough(journey):
    known_to_the_register("nothing_held")
    journey.when_i_open("/innsyn/")
    journey.when_i_press("Lett Fjær")

    journey.then_the_page_is("Du må logge inn med høyere sikkerhet")
    journey.then_i_read("MinID er ikke nok.")
    journey.then_there_is_a_link("Bruk papirskjema")
    assert signed_in_sessions() == 0


@pytest.mark.usefixtures("idporten")
def test_time_out_is_explained_and_leads_back_to_the_page_one_was_on(journey):
    known_to_the_register("nothing_held")
    journey.when_i_open("/reservasjon/historikk/")
    journey.when_i_press("Lett Fjær")
    journey.then_the_page_is("Alle endringer og kvitteringer")

    with clock.shift(timedelta(minutes=31)):
        journey.when_i_load_the_page_again()
        journey.then_the_page_is("Du er logget ut")
        journey.then_i_read("når du ikke har gjort noe på 30 minutter")
        journey.when_i_follow("Logg inn på nytt")
        journey.then_the_page_is("Alle endringer og kvitteringer")


def test_the_window_warns_offers_to_stay_and_leaves_nothing_on_the_screen(begin):
    known_to_the_register("nothing_held")
    journey = begin()
    journey.given_i_am_signed_in_as(number_of("nothing_held"))
    journey.given_the_window_has_a_clock_of_its_own()
    journey.when_i_open("/innsyn/")
    journey.then_the_page_is("Dette har KPR om deg")

    journey.when_time_passes_in_the_window(minutes=28)
    journey.then_there_is_a_button("Fortsett innlogget")
    journey.when_i_press("Fortsett innlogget")
    journey.ask(lambda page: page.locator("dialog").wait_for(state="hidden"))
    journey.when_time_passes_in_the_window(minutes=26)
    journey.then_the_page_is("Dette har KPR om deg")
    journey.when_time_passes_in_the_window(minutes=5)

    journey.then_the_page_is("Du er logget ut")
    assert journey.path() == "/logg-inn/utlopt/?next=%2Finnsyn%2F"


@pytest.mark.usefixtures("both_providers")
def test_staff_sign_in_at_their_own_provider_and_not_as_citizens(journey):
    known_to_the_register("caseworker")
    employed("caseworker")
    journey.when_i_open("/saksbehandling/")
    journey.then_the_page_is("Velg testansatt")
    journey.when_i_press("Ryddig Perm")
    journey.then_the_page_is("Saksbehandling")
    journey.then_i_read("Du er logget inn som Ryddig Perm", "Ansatt")

    journey.when_i_follow("Utlevering", within="Hovedmeny")
    journey.then_the_page_is("Du har ikke rollen som trengs")
    journey.when_i_open("/innsyn/")
    journey.then_the_page_is("Du er logget inn som ansatt")
    journey.when_i_open("/reservasjon/withhold_national_id/reserver/")
    journey.then_the_page_is("Du er logget inn som ansatt")


@pytest.mark.usefixtures("both_providers")
def test_a_release_officer_sees_the_releases_start_page(begin):
    known_to_the_register("release_officer")
    employed("release_officer")
    journey = begin()
    journey.when_i_open("/utlevering/")
    journey.when_i_press("Presis Linjal")

    journey.then_the_page_is("Utlevering")
    journey.then_i_read("Tidligere reservasjoner er ikke ferdig overført")


def test_a_citizen_is_kept_out_of_the_staff_pages(journey):
    journey.given_i_am_signed_in_as(number_of("nothing_held"))
    for path in ("/saksbehandling/", "/utlevering/"):
        journey.when_i_open(path)
        journey.then_the_page_is("Denne siden er for ansatte")
