"""What one takes away: the data, the PDF, and how they are ordered and fetched."""

import json
import subprocess
from datetime import date, timedelta
from uuid import UUID, uuid4

import jsonschema
import outloud
import pdfua
import pytest
from django.conf import settings as project
from django.utils import translation

from insight.downloads import TASK, issue_report, latest_order, order_report
from insight.operations import withhold
from insight.report import SCHEMA as REPORT_SCHEMA
from insight.report import as_json, gather
from insight.sources import sources
from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.documents.models import StoredDocument
from kpr_portal.ground import clock
from kpr_portal.notices.models import OwedAttempt, OwedWork
from kpr_portal.people.acting import Acting
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.operations import person_for
from kpr_portal.people.population_register import RegisterPerson, Sex
from reservations.catalogue import WITHHOLD_NATIONAL_ID, Action
from reservations.operations import place
from reservations.rules import Will
from reservations.texts import confirmation
from tests.insight.browsing import release, text_of
from tests.insight.files import claim, claims_file, event_message, guid, notification
from tests.support.numbers import synthetic_numbers
from tests.support.sign_in import carried, sign_in

pytestmark = pytest.mark.django_db
ME, OTHER = synthetic_numbers(2)
PAGE = "/innsyn/last-ned/"
DATA = "/innsyn/last-ned/kpr-portalen.json"
SCHEMA = json.loads((project.BASE_DIR / "static" / REPORT_SCHEMA).read_text())
GATHER_QUERIES = 13 + sum(len(source.sections) for source in sources())  # one list for each section


@pytest.fixture
def me(client, db):
    EmbeddedPopulationRegister().put_many(
        [RegisterPerson(number=ME, name="Rolig Fjell", birth_date=date(1980, 5, 17), sex=Sex.FEMALE)]
    )
    return sign_in(client, ME)


@pytest.fixture
def much(me, taken_in):
    """Something of everything, and something of another's that could leak."""
    other = person_for(OTHER)
    taken_in(
        claims_file(
            *(claim(n, ME, dato=f"2024-01-{1 + n % 28:02}") for n in range(1, 31)),
            claim(40, ME, diagnoser="T90", behandler_navn="Skjult legekontor"),
            claim(50, OTHER, behandler_navn="Fjordgata legekontor"),
        )
    )
    taken_in(event_message(notification(60, ME)))
    withhold(
        UUID(guid(40)), acting=Acting.for_oneself(me), provision="popplyl § 16 c", sentence="Spør legen din."
    )
    release("2025/1", me, linked_with=["Dødsårsaksregisteret"])
    release("2025/2", other, recipient="Noen andre AS")
    entry = WITHHOLD_NATIONAL_ID
    will = Will.online(shown=confirmation(entry, Action.PLACED).sha256)
    place(entry.kind, acting=Acting.for_oneself(me), will=will)
    return me


def made(client):
    """Order by the page, and do what is owed."""
    client.post(PAGE, carried(client))
    issue_report(OwedWork.objects.filter(task=TASK).latest("pk").pk)
    return latest_order(acting=Acting.for_oneself(person_for(ME)))


def test_data_fits_its_schema(client, much):
    answer = client.get(DATA)

    jsonschema.Draft202012Validator(SCHEMA).validate(answer.json())
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/json", "private, no-store")
    assert answer["Content-Disposition"].startswith('attachment; filename="kpr-portalen-')


def test_data_has_every_field_the_schema_tells_of():
    assert set(SCHEMA["properties"]) == set(SCHEMA["required"])
    assert {key for key, part in SCHEMA["properties"].items() if not part.get("description")} == set()


def test_data_holds_what_the_portal_shows(client, much):
    report = client.get(DATA).json()

    assert (report["title"], report["subject"]) == (
        "Det KPR-portalen viser om deg",
        {"name": "Rolig Fjell", "national_ids": [ME.digits]},
    )
    assert len(report["records"]) == 32
    assert {
        section["code"]: section["count"]
        for s in report["sources"]
        for section in s["sections"]
        if section["count"]
    } == {
        "fastlege-og-legevakt": 31,
        "hendelser-i-kommunale-tjenester": 1,
    }
    assert [one["recipient"] for one in report["releases"]["received"]] == ["Statistisk sentralbyrå"]
    assert [one["in_force"] for one in report["reservations"]["now"]] == [True, False]
    assert [one["action"] for one in report["reservations"]["history"]] == ["placed"]


def test_data_holds_nothing_withheld_and_nothing_of_another(client, much):
    text = client.get(DATA).content.decode()
    withheld = [record for record in json.loads(text)["records"] if record["withheld"]]

    assert [(w["text"], w["provider"], w["variables"], w["withheld"]["sentence"]) for w in withheld] == [
        ("", "", [], "Spør legen din.")
    ]
    there = [
        w in text for w in ("T90", "Skjult legekontor", "Fjordgata", "Noen andre AS", OTHER.digits, guid(50))
    ]
    assert there == [False] * 6


def test_data_says_what_article_15_asks_for(client, me):
    report = client.get(DATA).json()

    assert report["controller"]["name"] == project.OWNER_NAME
    assert [purpose["code"] for purpose in report["purposes"]] == [1, 2]
    facts = (
        "data_protection_officer",
        "retention",
        "rights",
        "complaint",
        "legal_basis",
        "automated_decisions",
    )
    assert [bool(report[fact]) for fact in facts] == [True] * 6


def test_data_reads_in_the_readers_language_under_the_same_names(client, much):
    bokmal, english = client.get(DATA).json(), client.get("/en" + DATA).json()

    assert (bokmal["language"], english["language"]) == ("nb", "en")
    assert english["releases"]["received"][0]["about"] == "Official statistics."
    assert [set(bokmal), set(bokmal["records"][0])] == [set(english), set(english["records"][0])]


def test_data_is_logged(client, me):
    client.get(DATA)

    logged = AccessLogEntry.objects.filter(subject=me.key).values_list("action", "details")
    assert list(logged) == [("insight.report", {"format": "json"})]


@pytest.mark.parametrize("count", [1, 3, 300])
def test_report_takes_a_fixed_number_of_queries(me, taken_in, django_assert_num_queries, count):
    taken_in(claims_file(*(claim(n, ME) for n in range(1, count + 1))))

    with django_assert_num_queries(GATHER_QUERIES):
        report = gather(Acting.for_oneself(me))

    assert len(report["records"]) == count


def test_report_of_five_thousand_records_is_gathered(me, taken_in):
    taken_in(claims_file(*(claim(n, ME, dato=f"20{16 + n % 10}-11-{1 + n % 28:02}") for n in range(5_000))))

    assert len(json.loads(as_json(gather(Acting.for_oneself(me))))["records"]) == 5_000


@pytest.fixture
def pdf(client, much, tmp_path):
    """The PDF somebody fetched, as a file."""
    order = made(client)
    path = tmp_path / "report.pdf"
    path.write_bytes(client.get(f"{PAGE}{order.key}/").content)
    return path


def test_pdf_is_found_accessible_by_both_checkers(pdf):
    found = outloud.check(str(pdf))

    assert pdfua.validate(str(pdf)).findings == ()
    assert [(f.rule, f.severity, f.message) for f in found.findings if f.severity == "error"] == []
    assert found.error is None


def test_pdf_is_sound_and_reads_in_order(pdf):
    checked = subprocess.run(["qpdf", "--check", pdf], capture_output=True, text=True, check=False)
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True
    ).stdout

    assert checked.returncode == 0, checked.stdout
    order = (
        "Det KPR-portalen viser om deg",
        "Rolig Fjell",
        "Statistisk sentralbyrå",
        "Reservasjonene dine",
        "Fastlege og legevakt (31)",
        "høyt blodtrykk (K86)",
        "Dataansvarlig",
        "Du kan klage",
    )
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert set(text) >= set("æøåÅ")
    assert [word in text for word in ("T90", "Skjult legekontor", "Fjordgata", OTHER.digits)] == [False] * 4


def test_pdf_is_kept_encrypted_and_its_row_names_nobody(client, much):
    made(client)

    row = StoredDocument.objects.latest("pk")
    owed = OwedWork.objects.filter(task=TASK).latest("pk")
    assert b"%PDF" not in bytes(row.ciphertext)
    assert ME.digits not in json.dumps(owed.payload)


def test_order_says_how_far_it_has_come(client, me):
    first = text_of(client.get(PAGE))
    client.post(PAGE, carried(client))
    waiting = text_of(client.get(PAGE))
    issue_report(OwedWork.objects.latest("pk").pk)
    ready = text_of(client.get(PAGE))
    with clock.shift(timedelta(hours=25)):
        sign_in(client, ME)
        gone = text_of(client.get(PAGE))

    said = ("Lag PDF", "PDF-en blir laget nå", "PDF-en er ferdig Hent PDF-en (", "er slettet. Lag en ny")
    assert [[at for at in said if at in page] for page in (first, waiting, ready, gone)] == [
        [at] for at in said
    ]


def test_failed_order_is_told_and_tried_again(client, me):
    client.post(PAGE, carried(client))
    owed = OwedWork.objects.latest("pk")
    OwedAttempt.objects.create(owed=owed, done=False, error="OSError")

    assert "Det tar lengre tid enn vanlig. Vi prøver igjen av oss selv" in text_of(client.get(PAGE))
    issue_report(owed.pk)
    assert "PDF-en er ferdig" in text_of(client.get(PAGE))


def test_order_on_its_way_is_not_made_twice(client, me):
    client.post(PAGE, carried(client))
    client.post(PAGE, carried(client))

    assert OwedWork.objects.filter(task=TASK).count() == 1


def test_orders_have_a_limit_in_a_day_and_the_data_none(client, me, settings):
    settings.REPORTS_A_DAY = 1
    made(client)

    refused = client.post(PAGE, carried(client))
    with clock.shift(timedelta(hours=25)):
        sign_in(client, ME)
        tomorrow = client.post(PAGE, carried(client))

    assert (refused.status_code, tomorrow.status_code, client.get(DATA).status_code) == (429, 302, 200)
    assert "Du har bestilt mange PDF-er det siste døgnet." in text_of(refused)


def test_order_made_twice_by_workers_is_one_document(client, me):
    client.post(PAGE, carried(client))
    for _ in range(2):
        issue_report(OwedWork.objects.latest("pk").pk)

    assert StoredDocument.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_order_holds_while_the_queue_is_away(client, me, queue_gone):
    answer = client.post(PAGE, carried(client))

    assert (answer.status_code, OwedWork.objects.filter(task=TASK).count()) == (302, 1)
    assert "PDF-en blir laget nå" in text_of(client.get(PAGE))


def test_pdf_is_in_the_language_it_was_ordered_in(client, me):
    client.post("/en" + PAGE, carried(client))

    assert OwedWork.objects.latest("pk").payload["language"] == "en"


def test_pdf_of_another_is_never_handed_out(client, me):
    other = Acting.for_oneself(person_for(OTHER))
    key = order_report(acting=other)
    issue_report(OwedWork.objects.latest("pk").pk)

    answers = [client.get(f"{PAGE}{wanted}/") for wanted in (key, uuid4())]

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, PAGE), (302, PAGE)]
    assert latest_order(acting=other).pages > 0


def test_fetching_is_logged_and_so_is_the_making(client, me):
    order = made(client)
    client.get(f"{PAGE}{order.key}/")

    logged = AccessLogEntry.objects.filter(subject=me.key).order_by("occurred_at")
    assert [(row.action, row.actor) for row in logged] == [
        ("insight.order", me.key),
        ("insight.make_report", None),
        ("insight.report", me.key),
    ]


def test_report_is_made_with_the_rights_of_the_web_role(me, as_web):
    order_report(acting=Acting.for_oneself(me))
    issue_report(OwedWork.objects.latest("pk").pk)

    assert latest_order(acting=Acting.for_oneself(me)).pages > 0


def test_text_of_the_report_follows_the_language(me):
    with translation.override("nb"):
        assert gather(Acting.for_oneself(me))["title"] == "Det KPR-portalen viser om deg"
