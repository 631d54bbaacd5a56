"""The form for printing, filled in by those it is for: each alone at a browser, with a real worker behind.

Every page on the way is looked at (journey_looks.py): axe, 320 and 1280 pixels.
"""

import re
from contextlib import contextmanager
from datetime import timedelta

import pypdfium2
import pytest
from django.conf import settings

from kpr_portal.embedded.population_named import number_of
from kpr_portal.ground import clock
from reservations.postal import kept
from reservations.postal.order import AGAIN_SECONDS
from tests.support.journey_people import known_to_the_register
from tests.support.journey_servers import wait_for
from tests.support.numbers import synthetic_number

FIRST, SECOND = synthetic_number(21), synthetic_number(22)
R1 = "Ikke utlever fødselsnummeret mitt"
R2 = "Ikke utlever opplysningene mine til forskning eller annet i formål 2"
RESERVATION = "Reservere meg, eller oppheve en reservasjon"
NUMBER = "Fødselsnummer eller D-nummer"
NAME = "Fornavn og etternavn"
TITLE = "Reservere seg, eller oppheve en reservasjon"


def begins(journey, what, whom):
    journey.when_i_open("/skjema/")
    journey.then_the_page_is("Gjør det på papir")
    journey.when_i_mark(what)
    journey.when_i_mark(whom)
    journey.when_i_press("Fyll ut på skjermen")


def chooses(journey, title, option):
    journey.ask(
        lambda page: (
            page.get_by_role("group", name=title).get_by_role("radio", name=option, exact=True).check()
        )
    )


def ticks(journey, name):
    journey.ask(lambda page: page.get_by_role("checkbox", name=name).first.check())


def names(journey, name, number):
    journey.when_i_write(name, into=NAME)
    journey.when_i_write(number.digits, into=NUMBER)


def waits_for_the_form(journey, worker):
    """With a script the page looks again by itself, and without it there is a link that does the same."""
    journey.when_i_press("Lag skjemaet")
    if journey.scripts:
        journey.ask(lambda page: page.get_by_role("button", name="Slett og lukk").wait_for(timeout=90_000))
    else:
        wait_for(lambda: is_made(journey), worker=worker)
        journey.when_i_open("/skjema/ferdig/")
    journey.then_the_page_is("Skjemaet er ferdig")


def is_made(journey):
    journey.when_i_open("/skjema/ferdig/")
    return journey.ask(lambda page: page.get_by_role("button", name="Slett og lukk").count()) == 1


def the_form(journey):
    """What the finished PDF says, and how many pages it has."""
    with pypdfium2.PdfDocument(journey.when_i_fetch("Åpne skjemaet (PDF, ny fane)")) as pdf:
        pages = [page.get_textpage().get_text_range() for page in pdf]
    return " ".join(" ".join(pages).split()), len(pages)


def leaves(journey):
    journey.when_i_press("Slett og lukk")
    journey.then_the_page_is("Skjemaet er slettet")
    journey.then_i_read("Ta med deg alle arkene fra skriveren.")


def test_a_mother_reserves_for_her_child(journey, worker):
    begins(journey, RESERVATION, "Et barn jeg har foreldreansvar for")
    journey.then_the_page_is(TITLE)
    journey.then_i_read("Her betyr «du» og «meg» den personen.")
    chooses(journey, R1, "Reservere")
    chooses(journey, R2, "Oppheve")
    journey.when_i_press("Neste")

    journey.then_the_page_is("Barnet skjemaet gjelder")
    names(journey, "Lita Måltrost", FIRST)
    journey.when_i_write("17.05.1999", into="Når er barnet født?")
    journey.when_i_press("Neste")
    journey.then_i_read("Den som har fylt 16 år, bestemmer selv")
    journey.when_i_write(f"{clock.today() - timedelta(days=13 * 366):%d.%m.%Y}", into="Når er barnet født?")
    journey.when_i_press("Neste")

    journey.then_the_page_is("Forelder som skriver under")
    journey.then_i_read("Barnet har fylt 12 år", "Det barnet mener, skal veie tungt.")
    names(journey, "Stor Måltrost", SECOND)
    journey.when_i_press("Neste")
    journey.then_i_read("Snakk med den det gjelder først")
    ticks(journey, re.compile("^Barnet har fått si"))
    journey.when_i_press("Neste")

    journey.then_the_page_is("Språk og størrelse")
    journey.when_i_press("Neste")
    journey.then_the_page_is("Se over før vi lager skjemaet")
    journey.then_i_read("Lita Måltrost", "Stor Måltrost")
    journey.when_i_follow(f"Endre: {R2}")
    chooses(journey, R2, "La det være som det er")
    journey.when_i_press("Neste")
    journey.then_the_page_is("Se over før vi lager skjemaet")

    waits_for_the_form(journey, worker)
    journey.then_i_read(
        "Bare hvis det ikke står i Folkeregisteret at du har foreldreansvar",
        "Folkehelseinstituttet (FHI)",
        "Sender du det i dag",
    )
    said, _pages = the_form(journey)
    assert ("Lita Måltrost" in said, "Stor Måltrost" in said) == (True, True)
    leaves(journey)
    journey.when_i_go_back()
    journey.then_i_do_not_read("Måltrost")


def test_a_guardian_is_told_what_to_enclose(journey_with_scripts, worker):
    journey = journey_with_scripts
    begins(journey, "Se hva KPR har om meg, og hvem som har fått det", "En jeg er verge for")
    ticks(journey, "Det KPR har om meg")
    journey.when_i_press("Neste")
    journey.then_i_read("Hva skal du legge ved?", "Kopi av vergefullmakten")
    names(journey, "Rolig Strandsnipe", FIRST)
    journey.when_i_press("Neste")
    names(journey, "Rask Strandsnipe", FIRST)
    ticks(journey, "Personen har fått si sin mening.")
    journey.when_i_press("Neste")
    journey.then_i_read("kan ikke ha samme nummer")
    journey.when_i_write(SECOND.digits, into=NUMBER)
    journey.when_i_press("Neste")
    journey.when_i_press("Neste")
    waits_for_the_form(journey, worker)
    journey.then_i_read("Legg ved:", "Kopi av vergefullmakten eller vedtaket.")
    leaves(journey)


def test_a_man_of_ninety_reads_large_print(journey, worker):
    begins(journey, "Begrense hvor lenge opplysningene blir lagret", "Meg selv")
    journey.when_i_mark("Begrens lagringstiden")
    journey.when_i_press("Neste")
    names(journey, "Gammel Havørn", FIRST)
    journey.when_i_press("Neste")
    ticks(journey, "Skriv ut skjemaet med stor skrift")
    journey.when_i_press("Neste")
    journey.then_i_read("Stor skrift")
    waits_for_the_form(journey, worker)
    said, pages = the_form(journey)
    assert ("Gammel Havørn" in said, pages >= 2) == (True, True)
    leaves(journey)


def test_a_person_with_a_protected_address_is_asked_for_none(journey_with_scripts, worker):
    journey = journey_with_scripts
    journey.when_i_open("/skjema/")
    journey.then_i_read("Vi spør ikke om adressen din, og du skal ikke skrive den.")
    begins(journey, RESERVATION, "Meg selv")
    chooses(journey, R1, "Reservere")
    journey.when_i_press("Neste")
    assert journey.ask(lambda page: page.get_by_label("adresse").count()) == 0
    names(journey, "Skjult Rugde", FIRST)
    journey.when_i_press("Neste")
    journey.when_i_press("Neste")
    waits_for_the_form(journey, worker)
    said, _pages = the_form(journey)
    assert "Ikke skriv adressen" in said or "ikke skriv adressen" in said
    leaves(journey)


def test_a_young_person_keeps_it_from_the_parents(journey_with_scripts, queue):
    journey = journey_with_scripts
    begins(journey, RESERVATION, "Meg selv")
    chooses(journey, R2, "Reservere")
    journey.when_i_press("Neste")
    names(journey, "Ung Sisik", FIRST)
    journey.when_i_unfold("Er du mellom 12 og 15 år?")
    ticks(journey, re.compile("vil ikke at foreldrene mine"))
    journey.when_i_press("Neste")
    journey.when_i_press("Neste")
    journey.then_i_read("Vil ikke at foreldrene skal få vite om dette")
    journey.when_i_press("Slett og avslutt")
    journey.then_the_page_is("Skjemaet er slettet")


def test_everything_is_done_with_the_keyboard(journey_with_scripts, queue):
    journey = journey_with_scripts
    journey.when_i_open("/skjema/?hva=innsyn&for=meg-selv")
    journey.when_i_tab_to("Se hva KPR har om meg, og hvem som har fått det")
    journey.when_i_tab_to("Meg selv")
    journey.when_i_tab_to("Fyll ut på skjermen")
    journey.when_i_press_the_key("Enter")
    journey.then_the_page_is("Be om innsyn")
    journey.when_i_tab_to("Det KPR har om meg")
    journey.when_i_press_the_key("Space")
    journey.when_i_tab_to("Neste")
    journey.when_i_press_the_key("Enter")
    journey.then_the_page_is("Deg som skjemaet gjelder")
    journey.when_i_press_the_key("Tab")
    journey.when_i_tab_to("Neste")
    journey.when_i_press_the_key("Enter")
    journey.then_i_read("Skriv navnet.", "Skriv nummeret.")
    focused = journey.ask(lambda page: page.evaluate("document.activeElement.id"))
    assert focused == "error-summary"


def test_one_who_is_signed_in_types_neither_name_nor_number(journey, worker):
    known_to_the_register("nothing_held")
    journey.given_i_am_signed_in_as(number_of("nothing_held"))
    begins(journey, RESERVATION, "Meg selv")
    chooses(journey, R1, "Reservere")
    journey.when_i_press("Neste")
    journey.then_the_page_is("Språk og størrelse")
    journey.when_i_press("Neste")
    journey.then_i_read("Lett Fjær", "Nummeret har vi, og det blir skrevet på skjemaet")
    journey.then_i_do_not_read(number_of("nothing_held").digits[6:])
    waits_for_the_form(journey, worker)
    leaves(journey)


def test_a_worker_killed_in_the_middle_is_followed_by_another(journey_with_scripts, worker):
    """The waiting page orders again when the dead worker's time is over, and there is one form."""
    journey = journey_with_scripts
    begins(journey, RESERVATION, "Meg selv")
    chooses(journey, R1, "Reservere")
    journey.when_i_press("Neste")
    names(journey, "Seig Spett", FIRST)
    journey.when_i_press("Neste")
    journey.when_i_press("Neste")
    worker.kill()
    journey.when_i_press("Lag skjemaet")
    journey.then_the_page_is("Vi lager skjemaet ditt")
    form = kept.name_of(key_of(journey).id).encode()
    worker.start()
    wait_for(lambda: kept.server().hexists(form, "begun_at"), worker=worker)
    worker.kill()
    was_in_the_middle = not kept.server().hexists(form, "pdf")

    time_is_over_on_the_server(form)
    worker.start()
    with clock.shift(timedelta(seconds=AGAIN_SECONDS)):
        journey.ask(lambda page: page.get_by_role("button", name="Slett og lukk").wait_for(timeout=90_000))

    assert was_in_the_middle
    said, _pages = the_form(journey)
    assert "Seig Spett" in said
    leaves(journey)
    assert list(kept.server().scan_iter(form)) == []


def key_of(journey):
    """The key in this browser's cookie."""
    cookies = {each["name"]: each["value"] for each in journey.ask(lambda page: page.context.cookies())}
    return kept.FormKey.read(cookies[settings.FORM_COOKIE_NAME])


def time_is_over_on_the_server(form):
    """The dead worker's claim, and the time in which nothing is sent again."""
    kept.server().delete(form + b":claim", *kept.server().scan_iter(form + b":queued:*"))


def test_without_the_queues_server_there_is_the_blank_form(journey_with_scripts, queue):
    journey = journey_with_scripts
    queue.go_away()
    begins(journey, RESERVATION, "Et barn jeg har foreldreansvar for")
    journey.then_the_page_is("Vi kan ikke lage skjemaet akkurat nå")
    journey.when_i_follow("Bruk det tomme skjemaet")
    journey.then_the_page_is(f"Tomt skjema: {TITLE}")


def test_what_was_typed_when_nothing_could_be_kept_stays_and_is_sent_later(journey, queue):
    begins(journey, RESERVATION, "Meg selv")
    chooses(journey, R1, "Reservere")
    journey.when_i_press("Neste")
    names(journey, "Trofast Trane", FIRST)
    with no_room_at_the_queues_server():
        journey.when_i_press("Neste")
        journey.then_the_page_is("Deg som skjemaet gjelder")
        journey.then_i_read(
            "Vi får ikke lagret det du skrev akkurat nå", "Alt du skrev her, står på siden fortsatt."
        )
        journey.then_there_is_a_link("det tomme skjemaet (ny fane)")
        assert journey.ask(lambda page: page.get_by_label(NAME).input_value()) == "Trofast Trane"

    journey.when_i_press("Neste")
    journey.then_the_page_is("Språk og størrelse")


@contextmanager
def no_room_at_the_queues_server():
    kept.server().config_set("maxmemory", 1)
    try:
        yield
    finally:
        kept.server().config_set("maxmemory", 0)


def test_a_child_whose_age_was_wrong_must_have_been_heard_after_all(journey, queue):
    begins(journey, RESERVATION, "Et barn jeg har foreldreansvar for")
    chooses(journey, R1, "Reservere")
    journey.when_i_press("Neste")
    names(journey, "Lita Måltrost", FIRST)
    journey.when_i_write(f"{clock.today() - timedelta(days=4 * 366):%d.%m.%Y}", into="Når er barnet født?")
    journey.when_i_press("Neste")
    names(journey, "Stor Måltrost", SECOND)
    journey.when_i_press("Neste")
    journey.when_i_press("Neste")
    journey.when_i_follow("Endre: Barnet er født")
    journey.when_i_write(f"{clock.today() - timedelta(days=10 * 366):%d.%m.%Y}", into="Når er barnet født?")
    journey.when_i_press("Neste")

    journey.then_the_page_is("Forelder som skriver under")
    journey.then_i_read("Snakk med den det gjelder først")
    assert journey.ask(lambda page: page.evaluate("document.activeElement.id")) == "error-summary"
    assert journey.ask(lambda page: page.get_by_label(NAME).input_value()) == "Stor Måltrost"
    ticks(journey, re.compile("^Barnet har fått si"))
    journey.when_i_press("Neste")
    journey.then_the_page_is("Se over før vi lager skjemaet")


def test_a_browser_without_cookies_comes_to_the_blank_form(journey, queue):
    def takes_no_cookies():
        journey.ask(lambda page: page.context.clear_cookies())

    journey.when_i_open("/skjema/")
    journey.when_i_mark(RESERVATION)
    journey.when_i_mark("Et barn jeg har foreldreansvar for")
    takes_no_cookies()
    journey.when_i_press("Fyll ut på skjermen")
    journey.then_i_read("Et tomt skjema får du uansett.")
    journey.when_i_follow("tomt skjema")
    takes_no_cookies()
    journey.when_i_press("Tomt skjema")
    journey.then_the_page_is(f"Tomt skjema: {TITLE}")
    journey.then_the_address_is("/skjema/tomt/reservasjon/barn/")


def test_the_hour_goes_by(journey, queue):
    begins(journey, RESERVATION, "Meg selv")
    chooses(journey, R1, "Reservere")
    journey.when_i_press("Neste")
    names(journey, "Sen Sandlo", FIRST)
    with clock.shift(timedelta(minutes=61)):
        journey.when_i_press("Neste")
        journey.then_the_page_is("Skjemaet er ikke her lenger")
        journey.then_i_do_not_read("Sandlo")
        journey.then_there_is_a_link("Bruk det tomme skjemaet")
        journey.when_i_follow("Begynn på nytt")
        journey.then_the_page_is("Gjør det på papir")


def test_two_browsers_have_a_form_each_and_none_sees_the_others(begin, queue):
    one, other = begin(), begin()
    for journey, name in ((one, "Første Fugl"), (other, "Andre Fugl")):
        begins(journey, RESERVATION, "Meg selv")
        chooses(journey, R1, "Reservere")
        journey.when_i_press("Neste")
        names(journey, name, FIRST)
        journey.when_i_press("Neste")
    one.when_i_open("/skjema/utfylling/hvem/")
    assert one.ask(lambda page: page.get_by_label(NAME).input_value()) == "Første Fugl"

    stranger = begin()
    stranger.when_i_open("/skjema/ferdig/")
    stranger.then_the_page_is("Det er ikke noe skjema her")


@pytest.mark.parametrize(("prefix", "scheme"), [("/nn/", "dark"), ("/en/", "light")], ids=["nn, dark", "en"])
def test_every_page_in_every_language_and_in_the_dark(begin, queue, prefix, scheme):
    journey = begin(color_scheme=scheme)
    journey.when_i_open(prefix + "skjema/?hva=innsyn-hjelper&for=barn")
    press_first(journey)
    ticks(journey, re.compile(".*"))
    press_first(journey)
    fill_in(journey, ["Lita Måltrost", FIRST.digits, f"{clock.today() - timedelta(days=5000):%d.%m.%Y}"])
    press_first(journey)
    fill_in(journey, ["Stor Måltrost", SECOND.digits])
    ticks(journey, re.compile(".*"))
    press_first(journey)
    fill_in(journey, ["Lege Lom", "", "Gata 1"])
    press_first(journey)
    press_first(journey)
    press_first(journey)
    journey.then_the_address_is(prefix + "skjema/ferdig/")
    journey.when_i_open(prefix + "skjema/tomt/innsyn-hjelper/barn/")


def press_first(journey):
    """The main button of the page's form."""

    def press(page):
        journey._look()
        page.locator("main form button[type=submit]").first.click()

    journey.ask(press)


def fill_in(journey, texts):
    def type_in(page):
        boxes = page.locator("main form.questions").get_by_role("textbox").all()
        for box, text in zip(boxes, texts, strict=True):
            box.fill(text)

    journey.ask(type_in)


def test_a_second_mistake_is_shown_as_the_first_was(journey):
    begins(journey, RESERVATION, "Meg selv")
    for _ in range(2):
        journey.when_i_press("Neste")
        assert journey.ask(where_one_is) == ("error-summary", 0)
        journey.when_i_follow("Velg minst én ting du vil reservere eller oppheve.")


def where_one_is(page):
    """Which element has the focus, and how far down the page one is."""
    page.wait_for_function("document.activeElement !== document.body")
    return tuple(page.evaluate("[document.activeElement.id, scrollY]"))
