"""Every page of /innsyn/ in real Chromium, with much to show and with nothing."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from insight.downloads import issue_report
from insight.operations import withhold
from insight.sources import sources
from kpr_portal.audit.operations import log_access
from kpr_portal.ground import clock
from kpr_portal.notices.models import OwedWork
from kpr_portal.people.acting import Acting
from kpr_portal.people.models import Person
from reservations.releases.operations import tell_of_gap
from tests.insight.browsing import release
from tests.insight.files import claim, claims_file, event_message, guid, notification
from tests.support.browser import looks, violations
from tests.support.html import mistakes
from tests.support.numbers import synthetic_numbers
from tests.support.pages import LANGUAGES
from tests.support.sign_in import carried, sign_in

pytestmark = pytest.mark.django_db
(ME,) = synthetic_numbers(1)
LIST = "/innsyn/kilde/fastlege-og-legevakt/"
PAGES = (
    "/innsyn/",
    LIST,
    f"{LIST}?words=flodhest&year=x",
    "/innsyn/utleveringer/",
    "/innsyn/oppslag/",
    "/innsyn/last-ned/",
)
RECORDS = (f"/innsyn/opplysning/{guid(1)}/", f"/innsyn/opplysning/{guid(2)}/")
TITLES = {
    "/innsyn/": "Dette har KPR om deg",
    LIST: "Fastlege og legevakt",
    "/innsyn/utleveringer/": "Hvem har fått opplysninger om deg?",
    "/innsyn/oppslag/": "Hvem har sett på opplysningene?",
    "/innsyn/last-ned/": "Last ned",
    RECORDS[0]: "Fastlege og legevakt, 20. februar 2026",
}


@pytest.fixture
def me(client, db):
    return sign_in(client, ME)


@pytest.fixture
def much(client, me, taken_in):
    """Something in every state a page can show."""
    taken_in(
        claims_file(
            claim(1, ME),
            claim(2, ME, dato="2026-02-19"),
            claim(3, ME, diagnoser="P76", dato="2026-02-18"),
            *(
                claim(n, ME, dato=f"2024-01-{1 + n % 28:02}", behandler_navn=f"Sted {n}")
                for n in range(10, 60)
            ),
        )
    )
    taken_in(event_message(notification(100, ME)))
    withhold(
        UUID(guid(2)), acting=Acting.for_oneself(me), provision="popplyl § 16 c", sentence="Spør legen din."
    )
    release("2025/1", me, linked_with=["Dødsårsaksregisteret"])
    release("2024/1", me, released_on=date(2024, 2, 1))
    release("2024/2", me, withheld_until=date(2099, 1, 1), withheld_provision="helseregisterloven § 24")
    tell_of_gap(missing_from=date(2023, 3, 1), missing_to=None, told={"nb": "Mars 2023 mangler."})
    for month in range(1, 10):
        others = [(Person.objects.create().key, basis) for basis in ("staff", "parent")]
        with clock.moved_to(datetime(2026, month, 2, 12, tzinfo=UTC)):
            for actor, basis in (*others, (me.key, "self"), (None, "system")):
                log_access(
                    actor=actor,
                    subject=me.key,
                    action="insight.overview",
                    basis=basis,
                    role="caseworker" if basis == "staff" else "citizen",
                    organisation="Folkehelseinstituttet",
                    reason="Behandlet skjema",
                )
    client.post("/innsyn/last-ned/", carried(client))
    return me


@pytest.mark.parametrize("path", [*PAGES, *RECORDS])
def test_page_with_much_is_accessible_and_fits(look_at, much, path):
    assert look_at(path, looks) == ([], 0)


@pytest.mark.parametrize("path", PAGES)
def test_page_with_nothing_is_accessible_and_fits(look_at, me, path):
    assert look_at(path, looks) == ([], 0)


@pytest.mark.parametrize("path", ["/innsyn/", LIST, "/innsyn/utleveringer/"])
def test_page_is_accessible_in_the_dark(look_at, much, path):
    assert look_at(path, violations, color_scheme="dark") == []


def test_finished_download_is_accessible_and_fits(look_at, much):
    issue_report(OwedWork.objects.latest("pk").pk)

    assert look_at("/innsyn/last-ned/", looks) == ([], 0)


def test_every_page_is_valid_html(client, much, tmp_path):
    for language in LANGUAGES:
        prefix = "" if language == "nb" else f"/{language}"
        for at, path in enumerate([*PAGES, *RECORDS, "/innsyn/hva-kpr-inneholder/"]):
            (tmp_path / f"{at}-{language}.html").write_bytes(client.get(prefix + path).content)

    assert mistakes(tmp_path) == []


@pytest.mark.parametrize(("path", "title"), TITLES.items())
def test_page_is_titled_and_has_one_first_heading(client, much, path, title):
    html = client.get(path).content.decode()

    assert f"<title>{title} – KPR</title>" in html
    assert (html.count("<h1"), 'class="ds-breadcrumbs"' in html) == (1, True)


def test_no_page_asks_for_anything_inline(client, much):
    for path in [*PAGES, *RECORDS]:
        html = client.get(path).content.decode()

        assert [mark for mark in (" style=", "<style", " onclick=", "javascript:") if mark in html] == []
        assert html.count("<script") == html.count("<script src=")


def test_holdings_tell_of_every_source_without_signing_in(client):
    html = client.get("/innsyn/hva-kpr-inneholder/").content.decode()

    assert [source.slug for source in sources() if f'id="{source.slug}"' not in html] == []
    assert [str(v.label) for source in sources() for v in source.variables if str(v.label) not in html] == []
