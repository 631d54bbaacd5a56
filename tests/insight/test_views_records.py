"""The overview, the lists and the records, as a person meets them."""

from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse

from insight.models import Provider
from insight.operations import withhold
from insight.shown import sort_norwegian
from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.people.acting import Acting
from kpr_portal.people.operations import person_for
from tests.insight.browsing import release, text_of
from tests.insight.files import claim, claims_file, event_message, guid, notification
from tests.support.numbers import synthetic_numbers
from tests.support.sign_in import sign_in

pytestmark = pytest.mark.django_db
ME, OTHER = synthetic_numbers(2)
SECTION = "fastlege-og-legevakt"
LIST = f"/innsyn/kilde/{SECTION}/"
# session, person ids, what the page reads, unread messages, the log row, and the transaction around it
OVERVIEW_QUERIES = 12
LIST_QUERIES = 8
RECORD_QUERIES = 6


@pytest.fixture
def me(client, db):
    return sign_in(client, ME)


def some(count, person=ME, **columns):
    return [claim(n, person, dato=f"2024-01-{1 + n % 28:02}", **columns) for n in range(1, count + 1)]


def test_overview_answers_in_two_sentences(client, me, taken_in):
    taken_in(claims_file(claim(1, ME, dato="2017-03-01"), claim(2, ME, dato="2026-01-05"), claim(3, OTHER)))
    release("2025/1", me)

    page = client.get("/innsyn/")

    assert (
        "KPR har 2 opplysninger om deg, fra mars 2017 til januar 2026. Én mottaker har fått "
        "opplysninger om deg "
        "sammen med navnet eller fødselsnummeret ditt: Statistisk sentralbyrå." in text_of(page)
    )
    assert (
        "Fastlege og legevakt Konsultasjoner og annen kontakt, fra regninger til Helfo. Mars "
        "2017 – januar 2026. 2 kontakter" in text_of(page)
    )
    assert f'href="{LIST}"' in page.content.decode()


def test_overview_of_nothing_says_so(client, me, taken_in):
    taken_in(claims_file(claim(1, OTHER)))
    release("2025/1", person_for(OTHER))

    page = client.get("/innsyn/")

    assert (
        "KPR har ingen opplysninger om deg som vi kan vise her. Ingen har fått opplysninger "
        "om deg sammen med "
        "navnet eller fødselsnummeret ditt." in text_of(page)
    )
    assert LIST not in page.content.decode()


def test_overview_shows_the_reservations(client, me):
    assert "Ikke utlever fødselsnummeret mitt Du har ikke reservert deg" in text_of(client.get("/innsyn/"))


@pytest.mark.parametrize("count", [1, 3, 300])
def test_overview_takes_a_fixed_number_of_queries(client, me, taken_in, django_assert_num_queries, count):
    taken_in(claims_file(*some(count)))
    for number in range(min(count, 3)):
        release(f"2025/{number}", me)
    client.get("/innsyn/")

    with django_assert_num_queries(OVERVIEW_QUERIES):
        client.get("/innsyn/")


@pytest.mark.parametrize("count", [1, 3, 300])
def test_list_takes_a_fixed_number_of_queries(client, me, taken_in, django_assert_num_queries, count):
    taken_in(claims_file(*some(count)))

    with django_assert_num_queries(LIST_QUERIES):
        client.get(LIST)


@pytest.mark.parametrize("count", [1, 3, 300])
def test_record_takes_a_fixed_number_of_queries(client, me, taken_in, django_assert_num_queries, count):
    taken_in(claims_file(*some(count)))

    with django_assert_num_queries(RECORD_QUERIES):
        client.get(f"/innsyn/opplysning/{guid(1)}/")


@pytest.mark.parametrize(
    ("path", "action", "details"),
    [
        ("/innsyn/", "insight.overview", {}),
        (LIST, "insight.source", {"section": SECTION}),
        (f"/innsyn/opplysning/{guid(1)}/", "insight.record", {"record": guid(1)}),
    ],
)
def test_page_is_logged_and_not_kept(client, me, taken_in, path, action, details):  # noqa: PLR0917
    taken_in(claims_file(claim(1, ME)))

    page = client.get(path)

    logged = AccessLogEntry.objects.filter(subject=me.key).values_list("action", "actor", "basis", "details")
    assert (page.status_code, list(logged)) == (200, [(action, me.key, "self", details)])
    assert "no-store" in page["Cache-Control"]


def test_page_without_its_log_row_is_never_shown(client, me, taken_in):
    taken_in(claims_file(claim(1, ME)))
    with connection.cursor() as cursor:
        table = AccessLogEntry._meta.db_table
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT log_is_full CHECK (false) NOT VALID")

    with pytest.raises(IntegrityError, match="log_is_full"):
        client.get(LIST)


def test_record_of_another_is_not_there(client, me, taken_in):
    taken_in(claims_file(claim(1, ME), claim(2, OTHER)))

    page = client.get(f"/innsyn/opplysning/{guid(2)}/")

    assert page.status_code == 404
    assert AccessLogEntry.objects.filter(subject=me.key).count() == 0


def test_list_holds_nothing_of_another(client, me, taken_in):
    taken_in(
        claims_file(claim(1, ME), claim(2, OTHER, behandler_navn="Fjordgata legekontor", diagnoser="T90"))
    )

    page = client.get(LIST).content.decode()

    assert ("Solsiden legesenter" in page, "Fjordgata" in page, guid(2) in page) == (True, False, False)


def test_list_keeps_filters_and_place_in_the_address(client, me, taken_in):
    taken_in(claims_file(*some(50), claim(90, ME, dato="2020-01-01")))

    first = client.get(LIST, {"year": "2024"})
    second = client.get(LIST + first.context["older"])
    third = client.get(LIST + second.context["older"])
    back = client.get(LIST + second.context["newer"])

    counts = [len(page.context["page"].lines) for page in (first, second, third)]
    assert (counts, third.context["older"]) == ([20, 20, 10], "")
    assert back.context["page"].lines == first.context["page"].lines
    assert "year=2024" in first.context["older"]
    assert first.context["page"].total == 50


def test_record_leads_back_to_the_place_in_the_list(client, me, taken_in):
    taken_in(claims_file(*some(50)))
    first = client.get(LIST, {"year": "2024"})
    second = client.get(LIST + first.context["older"])
    line, link = second.context["lines"][1]
    assert link.partition("?")[0] == reverse("insight:record", args=[line.key])

    opened = client.get(link)

    assert link.replace("&", "&amp;") in second.content.decode()
    assert LIST + opened.context["back"] == LIST + first.context["older"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"year": "toogtyve"}, "Vi forsto ikke året. Velg et år fra listen."),
        ({"year": "99999999999999999999"}, "Vi forsto ikke året. Velg et år fra listen."),
        ({"provider": "x"}, "Vi forsto ikke stedet. Velg et sted fra listen."),
        ({"provider": "99999999999"}, "Vi forsto ikke stedet. Velg et sted fra listen."),
        ({"words": "a" * 201}, "Søket er for langt. Skriv færre ord."),
        ({"at": "midt i"}, "Siden finnes ikke. Begynn øverst i listen."),
        (
            {"at": "e2024-13-45_00000000-0000-0000-0000-000000000001"},
            "Siden finnes ikke. Begynn øverst i listen.",
        ),
    ],
)
def test_wrong_address_is_told_kindly_and_everything_shown(client, me, taken_in, asked, sentence):
    taken_in(claims_file(*some(3)))

    page = client.get(LIST, asked)

    assert (page.status_code, len(page.context["page"].lines)) == (200, 3)
    assert sentence in text_of(page)


@pytest.mark.parametrize("asked", [{"year": "1999"}, {"provider": "123456"}, {"words": "flodhest"}])
def test_no_hit_is_said_with_a_way_out(client, me, taken_in, asked):
    taken_in(claims_file(*some(3)))

    page = client.get(LIST, asked)

    assert "Ingen opplysninger passer med det du har valgt." in text_of(page)
    assert f'<a class="ds-link" href="{LIST}">Vis alle</a>' in page.content.decode()


def test_empty_section_is_said_with_why(client, me, taken_in):
    taken_in(claims_file(claim(1, OTHER)))

    said = text_of(client.get(LIST))

    assert "KPR har ingen opplysninger om deg av denne typen. Regninger fra juli 2016 og senere." in said


def test_section_there_is_not_is_not_found(client, me):
    assert client.get("/innsyn/kilde/finnes-ikke/").status_code == 404


def test_sensitive_row_is_folded_until_asked_for(client, me, taken_in):
    taken_in(claims_file(claim(1, ME, diagnoser="P76"), claim(2, ME)))

    page = client.get(LIST).content.decode()
    folded = page.partition('<details class="fold">')[2].partition("</details>")[0]
    outside = page.replace(folded, "")

    assert ("P76" in folded, "P76" in outside, "K86" in outside) == (True, False, True)


def test_withheld_row_shows_the_provision_and_a_sentence_instead(client, me, taken_in):
    taken_in(claims_file(claim(1, ME, diagnoser="T90", behandler_navn="Fjordgata legekontor")))
    acting = Acting.for_oneself(me)
    withhold(UUID(guid(1)), acting=acting, provision="popplyl § 16 c", sentence="Legen din kan forklare.")

    listed, opened = client.get(LIST), client.get(f"/innsyn/opplysning/{guid(1)}/")

    assert "Vises ikke Legen din kan forklare. (popplyl § 16 c)" in text_of(listed)
    assert "Legen din kan forklare. Det følger av popplyl § 16 c." in text_of(opened)
    assert f'href="{reverse("ui:privacy")}#klage"' in opened.content.decode()
    assert ["T90" in page.content.decode() for page in (listed, opened)] == [False, False]
    assert "Én av dem kan vi ikke vise deg her." in text_of(client.get("/innsyn/"))


@pytest.mark.parametrize("asked", [{}, {"words": "fjordgata"}, {"words": "diabetes"}, {"provider": "1"}])
def test_withheld_row_is_given_away_by_no_choice_and_no_search(client, me, taken_in, asked):
    taken_in(claims_file(claim(1, ME, diagnoser="T90", behandler_navn="Fjordgata legekontor"), claim(2, ME)))
    withhold(UUID(guid(1)), acting=Acting.for_oneself(me), provision="popplyl § 16 c", sentence="Spør legen.")
    choices = dict(client.get(LIST).context["filters"].fields["provider"].widget.choices)
    hidden = Provider.objects.get(name="Fjordgata legekontor")
    asked = {name: str(hidden.pk) if name == "provider" else value for name, value in asked.items()}

    page = client.get(LIST, asked)

    assert list(choices.values())[1:] == ["Solsiden legesenter (1)"]
    assert [line.withheld for line in page.context["page"].lines if asked and line.withheld] == []
    assert "Fjordgata" not in page.content.decode()


def test_record_tells_every_variable_with_code_and_meaning(client, me, taken_in):
    taken_in(claims_file(claim(1, ME)))

    said = text_of(client.get(f"/innsyn/opplysning/{guid(1)}/"))

    assert (
        "Diagnose eller grunn for kontakten høyt blodtrykk (K86) (kode ICPC-2:K86) Det "
        "behandleren førte opp som grunn." in said
    )
    assert "Egenandel 179 kroner Det du betalte selv." in said
    assert "Meldt av Helfo, som får regningene fra behandlerne, 1. mars 2026 kl. 10.00." in said


def test_every_part_with_something_opens(client, me, taken_in):
    taken_in(
        claims_file(*(claim(n, ME, praksistype=kind) for n, kind in enumerate(("FALE", "FYSI"), start=1)))
    )
    taken_in(event_message(notification(9, ME)))
    page = client.get("/innsyn/")
    links = [
        reverse("insight:source", args=[part.section.slug])
        for part, _unit in page.context["parts"]
        if part.count
    ]

    assert [client.get(link).status_code for link in links] == [200, 200, 200]


@pytest.mark.parametrize("path", ["/innsyn/", LIST, f"/innsyn/opplysning/{guid(1)}/"])
def test_anonymous_is_led_to_sign_in(client, taken_in, path):
    taken_in(claims_file(claim(1, ME)))

    assert urlsplit(client.get(path).url).path == "/logg-inn/"


def test_norwegian_letters_come_last():
    assert sort_norwegian(["Ås", "Øl", "zoo", "Ærlig", "Aas", "bil"]) == [
        "bil",
        "zoo",
        "Ærlig",
        "Øl",
        "Ås",
        "Aas",
    ]
