"""Seeing for another: what the rights of the moment cover, in words that read right, and never more."""

import json
import re
from html import unescape

import jsonschema
import pytest
from django.conf import settings as project
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from insight.permissions import may_see
from insight.report import SCHEMA
from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.people.acting import Scope
from kpr_portal.people.population_register import Protection
from kpr_portal.people.representation.powers import end_power
from reservations.catalogue import WITHHOLD_NATIONAL_ID, Action
from reservations.operations import place
from reservations.rules import Will
from reservations.texts import confirmation
from tests.insight.acting import (
    DATA,
    DOWNLOAD,
    EVENT,
    EVENTS,
    FILES,
    LIST,
    ORDINARY,
    PAGES,
    WHERE,
    WITHHELD,
    browser_of,
    held_of,
    moves_out,
)
from tests.insight.browsing import text_of
from tests.insight.files import guid
from tests.support.browser import looks
from tests.support.family import enter_family
from tests.support.html import mistakes
from tests.support.sign_in import carried, session_of

pytestmark = pytest.mark.django_db
NOT_THERE = "/innsyn/finnes-ikke/"
OWN = re.compile(r"\b(?:om deg|ditt|dine|deg selv)\b")


@pytest.fixture
def family(db):
    return enter_family()


@pytest.fixture
def child(family, taken_in):
    return held_of(family, taken_in)


@pytest.fixture
def mother(family, child):
    return browser_of(family.acting("parent", for_="child_8"))


@pytest.fixture
def father(family, child):
    """A parent who does not share the child's address."""
    moves_out(family)
    return browser_of(family.acting("other_parent", for_="child_8"))


def attorney_with(family, *scopes):
    power = family.power("attorney_giver", "attorney", *scopes)
    return power, browser_of(family.acting("attorney", for_="attorney_giver"))


def reserve(acting):
    will = Will.online(shown=confirmation(WITHHOLD_NATIONAL_ID, Action.PLACED).sha256)
    return place(WITHHOLD_NATIONAL_ID.kind, acting=acting, will=will)


def body(page):
    """A page without what differs each time: tokens, the reference, and the addresses of this very page."""
    html = page.content.decode()
    html = re.sub(r'(value|href|data-seconds-left)="[^"]*"', "", html)
    return re.sub(r"[0-9A-Z]{4}-[0-9A-Z]{4}", "", html)


def refusals_of(person):
    rows = AccessLogEntry.objects.filter(actor=person.key, outcome="refused").order_by("occurred_at")
    return list(rows.values_list("action", flat=True))


def test_parent_of_a_child_sees_it_all_under_the_childs_name(mother):
    said = {path: text_of(mother.get(path)) for path in PAGES}

    assert (
        "Dette har KPR om Glad Kvist KPR har 4 opplysninger om Glad Kvist, fra februar 2026."
        in said["/innsyn/"]
    )
    assert (
        "2 mottakere har fått opplysninger sammen med navnet eller fødselsnummeret til Glad Kvist: "
        "Bergen kommune og Statistisk sentralbyrå." in said["/innsyn/"]
    )
    assert "Konsultasjon hos fastlege, Solsiden legesenter: høyt blodtrykk (K86)." in said[LIST]
    assert "Hvem har fått opplysninger om Glad Kvist?" in said["/innsyn/utleveringer/"]
    assert "Last ned det KPR-portalen viser om Glad Kvist" in said[DOWNLOAD]
    assert "Der forklaringene sier «du» eller «din», er det Glad Kvist som menes." in said[ORDINARY]


@pytest.mark.parametrize("path", ["/innsyn/", "/innsyn/utleveringer/", DOWNLOAD])
def test_page_for_another_never_speaks_to_the_reader_as_the_one_it_is_about(mother, path):
    said = re.sub(r"<details.*?</details>", "", mother.get(path).content.decode(), flags=re.DOTALL)
    main = unescape(said.partition("<main")[2].partition("</main>")[0])

    assert OWN.findall(re.sub(r"<[^>]+>", " ", main)) == []


@pytest.mark.parametrize("slug", ["parent", "other_parent", "attorney"])
def test_page_for_another_with_nothing_held_reads_right(family, slug):
    scopes = {"for_": "attorney_giver"} if slug == "attorney" else {"for_": "child_8"}
    if slug == "attorney":
        family.power("attorney_giver", "attorney")
    acting = family.acting(slug, **scopes)
    client = browser_of(acting)

    overview, listed = text_of(client.get("/innsyn/")), text_of(client.get(LIST))

    assert f"KPR har ingen opplysninger om {acting.name} som vi kan vise her." in overview
    assert f"KPR har ingen opplysninger om {acting.name} av denne typen." in listed
    assert (
        f"Ingen har fått opplysninger sammen med navnet eller fødselsnummeret til {acting.name}." in overview
    )


def test_every_page_for_another_is_valid_html(mother, father, tmp_path):
    for name, client in {"mother": mother, "father": father}.items():
        for at, path in enumerate(PAGES):
            (tmp_path / f"{name}-{at}.html").write_bytes(client.get(path).content)

    assert mistakes(tmp_path) == []


def test_every_page_for_another_is_logged_with_who_and_by_what_right(family, mother, child):
    for path in PAGES:
        assert mother.get(path).status_code == 200

    rows = AccessLogEntry.objects.filter(subject=child.key, outcome="seen")
    assert rows.count() == len(PAGES)
    assert set(rows.values_list("actor", "basis", "role")) == {
        (family.person("parent").key, "parent", "citizen")
    }


# --- Who is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [*PAGES, *FILES, "/innsyn/kilde/finnes-ikke/", f"/innsyn/opplysning/{guid(77)}/"]
)
def test_one_without_the_scope_gets_the_page_of_an_address_that_does_not_exist(family, taken_in, path):
    held_of(family, taken_in, "attorney_giver")
    _power, client = attorney_with(family, Scope.RESERVATION)

    refused, nothing = client.get(path), client.get(NOT_THERE)

    assert (refused.status_code, nothing.status_code) == (404, 404)
    assert body(refused) == body(nothing)
    assert len(refusals_of(family.person("attorney"))) == 1


def test_one_without_the_scope_orders_nothing(family):
    _power, client = attorney_with(family, Scope.RESERVATION)

    refused = client.post(DOWNLOAD, carried(client))

    assert (refused.status_code, body(refused)) == (404, body(client.get(NOT_THERE)))
    assert refusals_of(family.person("attorney")) == ["insight.download"]


@pytest.mark.parametrize("path", [ORDINARY, WITHHELD])
@pytest.mark.parametrize("who", ["parent_of_newly_16", "much_data", "parent"])
def test_record_of_whom_one_does_not_act_for_is_as_one_that_does_not_exist(family, child, who, path):
    """Another citizen, a parent of another child, and the child's own parent acting for herself."""
    client = browser_of(family.oneself(who))

    theirs, nobodys = client.get(path), client.get(f"/innsyn/opplysning/{guid(77)}/")

    assert (theirs.status_code, body(theirs)) == (404, body(nobodys))
    assert body(theirs) == body(client.get(NOT_THERE))


def test_one_who_acts_for_a_child_meets_nothing_of_the_childs_sister(family, mother, taken_in):
    family.aged("child_13", 9)
    sisters = browser_of(family.acting("parent", for_="child_13"))
    for path in (ORDINARY, WITHHELD):
        page = sisters.get(path)

        assert (page.status_code, body(page)) == (404, body(sisters.get(NOT_THERE)))


def test_parent_sees_nothing_of_anybody_else(mother):
    everything = "".join(mother.get(path).content.decode() for path in (*PAGES, DATA))

    assert "Et annet legesenter" not in everything
    assert mother.get(f"/innsyn/opplysning/{guid(50)}/").status_code == 404


@pytest.mark.parametrize("path", [*PAGES, *FILES, "/innsyn/oppslag/"])
def test_ended_power_shows_one_and_the_same_page_whatever_is_asked_for(family, taken_in, path):
    held_of(family, taken_in, "attorney_giver")
    power, client = attorney_with(family)
    end_power(power.key, acting=family.oneself("attorney_giver"))
    other = browser_of(family.oneself("attorney"))
    session = other.session
    session["representing"] = str(power.key)
    session.save()

    ended, nothing = client.get(path), other.get("/innsyn/kilde/finnes-ikke/")

    assert (ended.status_code, body(ended)) == (404, body(nothing))
    assert "representing" not in session_of(client)


def test_insight_into_a_child_closes_on_the_twelfth_birthday_in_the_middle_of_a_session(family, mother):
    assert mother.get("/innsyn/").status_code == 200
    family.aged("child_8", 12)

    closed = mother.get(ORDINARY)

    assert (closed.status_code, body(closed)) == (404, body(mother.get(NOT_THERE)))
    assert not may_see(acting=family.acting("parent", for_="child_8"))


# --- What no representative sees ------------------------------------------------------------------


def test_who_looked_is_never_shown_to_a_representative(family, mother):
    refused = mother.get("/innsyn/oppslag/")
    pages = "".join(mother.get(path).content.decode() for path in PAGES)

    assert (refused.status_code, body(refused)) == (404, body(mother.get(NOT_THERE)))
    assert refusals_of(family.person("parent")) == ["insight.accesses"]
    assert ["/innsyn/oppslag/" in pages, "Hvem har sett" in pages] == [False, False]


def test_one_with_insight_alone_sees_nothing_of_reservations(family, taken_in):
    held_of(family, taken_in, "attorney_giver")
    reserve(family.oneself("attorney_giver"))
    _power, client = attorney_with(family, Scope.INSIGHT)

    main = " ".join(text_of(client.get(path)) for path in ("/innsyn/", "/innsyn/utleveringer/", DOWNLOAD))
    report = client.get(DATA).json()

    assert re.findall(r"(?i)reserv", re.sub(r"Hva mangler.*?Vanskelig", "", main)) == []
    assert report["reservations"] is None
    assert "Det du har rett til her for en annen, gjelder ikke reservasjon." in report["left_out"]


def test_one_with_both_scopes_sees_the_reservations_under_the_name(family, taken_in):
    held_of(family, taken_in, "attorney_giver")
    reserve(family.oneself("attorney_giver"))
    _power, client = attorney_with(family)
    name = family.acting("attorney", for_="attorney_giver").name

    overview, report = text_of(client.get("/innsyn/")), client.get(DATA).json()

    assert f"Reservasjonene til {name}" in overview
    assert f"Ikke utlever fødselsnummeret mitt {name} er reservert" in overview
    assert [one["status"] for one in report["reservations"]["now"]] == [
        f"{name} er reservert",
        f"{name} er ikke reservert",
    ]
    assert len(report["reservations"]["history"]) == 1


def test_what_a_child_placed_alone_is_not_told_to_a_parent(family, mother):
    reserve(family.oneself("child_8"))

    overview, report = text_of(mother.get("/innsyn/")), mother.get(DATA).json()

    assert "Ikke utlever fødselsnummeret mitt Glad Kvist er ikke reservert" in overview
    assert [one["in_force"] for one in report["reservations"]["now"]] == [False, False]
    assert report["reservations"]["history"] == []


def test_withheld_and_sensitive_are_for_another_as_for_oneself(mother):
    page = mother.get(LIST).content.decode()
    folded = page.partition('<details class="fold">')[2].partition("</details>")[0]

    assert ("P76" in folded, "P76" in page.replace(folded, ""), "T90" in page) == (True, False, False)
    assert "Vises ikke Spør Fjordgata legesenter. (popplyl § 16 c)" in text_of(mother.get(LIST))
    assert "Én av dem kan vi ikke vise deg her." in text_of(mother.get("/innsyn/"))
    assert "T90" not in mother.get(DATA).content.decode()


def test_data_for_another_fits_its_schema_and_says_what_it_leaves_out(mother, father):
    schema = json.loads((project.BASE_DIR / "static" / SCHEMA).read_text())
    for client in (mother, father):
        jsonschema.Draft202012Validator(schema).validate(client.get(DATA).json())
    report = mother.get(DATA).json()

    assert (report["title"], report["subject"]) == (
        "Det KPR-portalen viser om Glad Kvist",
        {"name": "Glad Kvist", "national_ids": []},
    )
    assert (report["accesses"], len(report["records"])) == (None, 4)
    assert report["left_out"] == ["Hvem som har sett på opplysningene, vises bare for personen selv."]


# --- Where the child is ---------------------------------------------------------------------------


def test_parent_elsewhere_sees_what_was_done_and_never_where(father):
    pages = {path: father.get(path) for path in (*PAGES, DATA)}
    everything = "".join(unescape(page.content.decode()) for page in pages.values())

    assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(pages, 200)
    assert [where for where in WHERE if where in everything] == []
    assert "Konsultasjon hos fastlege: høyt blodtrykk (K86)." in text_of(pages[LIST])
    assert "Helsetjenester i hjemmet: tjenesten startet." in text_of(pages[EVENTS])
    assert "Brukernummer" not in text_of(pages[EVENT])
    assert "Kommune eller fylkeskommune" in text_of(pages["/innsyn/utleveringer/"])


def test_the_same_places_are_shown_to_a_parent_who_lives_there(mother):
    everything = "".join(mother.get(path).content.decode() for path in (*PAGES, DATA))

    assert [where for where in WHERE if where not in everything] == ["999999998"]  # it has a name


@pytest.mark.parametrize("path", ["/innsyn/", LIST, ORDINARY, DOWNLOAD])
def test_parent_elsewhere_is_told_calmly_that_places_are_left_out(father, path):
    said = text_of(father.get(path))

    assert (
        "Hvor hjelpen ble gitt, vises ikke her. Det vises bare for den som har samme adresse som barnet."
        in said
    )


@pytest.mark.parametrize(
    "words", ["solsiden", "legesenter", "bergen", "4601", "kommune nr", "REGNING-1", "fjordgata", "999999998"]
)
def test_search_answers_no_question_about_a_place(father, mother, words):
    found = father.get(LIST, {"words": words}).context["page"]

    assert (found.lines, found.total) == ((), 0)
    if words in {"solsiden", "bergen"}:
        assert mother.get(LIST, {"words": words}).context["page"].total > 0


def test_search_by_what_was_done_works_without_places(father):
    assert father.get(LIST, {"words": "blodtrykk"}).context["page"].total == 1


@pytest.mark.parametrize("provider", ["1", "2", "3", "99999", "x"])
def test_filter_made_by_hand_is_not_heard(father, mother, provider):
    listed = father.get(LIST, {"provider": provider})
    known = mother.get(LIST).context["page"].providers

    assert listed.context["page"] == father.get(LIST).context["page"]
    assert ("provider" in listed.context["filters"].fields, listed.context["page"].providers) == (False, ())
    assert [choice.name for choice in known] == ["Solsiden legesenter"]
    assert father.get(LIST, {"provider": str(known[0].id)}).context["page"] == listed.context["page"]
    assert "provider" not in listed.content.decode().partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("path", ["/innsyn/", LIST, ORDINARY, "/innsyn/utleveringer/", DOWNLOAD])
def test_page_without_places_is_accessible_and_fits(look_at, client, family, child, path):
    moves_out(family)
    client.cookies = browser_of(family.acting("other_parent", for_="child_8")).cookies

    assert look_at(path, looks) == ([], 0)


# --- What it costs ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PAGES, DATA])
def test_reading_for_another_costs_at_most_three_queries_more(family, mother, path):
    own = browser_of(family.oneself("child_8"))
    counts = []
    for client in (own, mother):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))

    assert counts[1] - counts[0] <= 3


# --- What the person sees of it ---------------------------------------------------------------------


def test_person_sees_every_time_a_representative_looked_apart_from_staff(family, mother):
    for path in ("/innsyn/", ORDINARY):
        mother.get(path)

    page = browser_of(family.oneself("child_8")).get("/innsyn/oppslag/")

    assert [(str(seen.who), str(seen.what)) for seen in page.context["seen_by_representatives"]] == [
        ("Trygg Furu (foreldreansvar)", "én opplysning med alle detaljer"),
        ("Trygg Furu (foreldreansvar)", "oversikten over hva KPR har"),
    ]
    assert (page.context["accesses"], page.context["summary"].count) == ([], 2)
    assert "Andre enn deg har sett på opplysninger om deg 2 ganger." in text_of(page)
    assert (
        'href="/reservasjon/henvendelser/ny/who_was_this/">Dette var ikke riktig</a>' in page.content.decode()
    )


def test_representative_with_a_protected_address_is_told_by_right_and_not_by_name(family, mother):
    mother.get(ORDINARY)
    family.change("parent", protection=Protection.CONFIDENTIAL)

    page = browser_of(family.oneself("child_8")).get("/innsyn/oppslag/")

    assert [str(seen.who) for seen in page.context["seen_by_representatives"]] == ["en forelder"]
    assert "Trygg Furu" not in page.content.decode()


def test_person_is_shown_no_accesses_of_representatives_to_another(family, mother):
    mother.get(ORDINARY)

    page = browser_of(family.oneself("child_16")).get("/innsyn/oppslag/")

    assert (page.context["seen_by_representatives"], page.context["summary"].count) == ([], 0)


def test_persons_own_copy_tells_of_representatives_too(family, mother):
    mother.get(ORDINARY)

    accesses = browser_of(family.oneself("child_8")).get(DATA).json()["accesses"]

    assert [(one["who"], one["what"]) for one in accesses["by_representatives"]] == [
        ("Trygg Furu (foreldreansvar)", "én opplysning med alle detaljer")
    ]
    assert accesses["by_others"] == []


@pytest.mark.parametrize("count", [1, 3, 60])
def test_representatives_accesses_take_a_fixed_number_of_queries(family, mother, count):
    for _ in range(count):
        mother.get("/innsyn/utleveringer/")
    client = browser_of(family.oneself("child_8"))
    client.get("/innsyn/oppslag/")

    with CaptureQueriesContext(connection) as queries:
        page = client.get("/innsyn/oppslag/")

    assert len(page.context["seen_by_representatives"]) == min(count, 20)
    assert len(queries) == 12


def test_ways_on_are_offered_to_the_person_and_not_to_a_representative(family, mother):
    own = browser_of(family.oneself("child_8"))
    asks = ("ny/erase_or_block/", "ny/retention_limit/", "ny/error/")

    for path in ("/innsyn/", "/innsyn/hva-kpr-inneholder/"):
        html, for_another = own.get(path).content.decode(), mother.get(path).content.decode()
        assert [ask in html for ask in asks] == [True] * 3
        assert [ask in for_another for ask in asks] == [False] * 3
    assert f"ny/error/{guid(1)}/" in own.get(ORDINARY).content.decode()
    assert "ny/error/" not in mother.get(ORDINARY).content.decode()
    assert "ny/error/" not in Client().get("/innsyn/hva-kpr-inneholder/").content.decode()


def test_what_one_may_do_now_stands_in_the_words_agreed(family, child):
    said = text_of(browser_of(family.oneself("child_8")).get("/innsyn/"))

    assert "Dette kan du gjøre nå: reservere deg · be om sletting eller sperring · snakke med oss." in said
