"""A copy for another is ordered, made and fetched by one right, as open as it was, and by its own orderer alone."""

import subprocess

import pytest

from insight.downloads import TASK, RegisterAway, issue_report, latest_order
from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.documents.models import StoredDocument
from kpr_portal.notices.models import OwedAttempt, OwedWork
from kpr_portal.people import population_register as registers
from kpr_portal.people.acting import Scope
from kpr_portal.people.representation.blocks import block
from kpr_portal.people.representation.powers import end_power
from tests.insight.acting import DOWNLOAD, WHERE, browser_of, held_of, moves_out
from tests.insight.browsing import text_of
from tests.support.family import enter_family, number_of
from tests.support.sign_in import carried

pytestmark = pytest.mark.django_db


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


def order(client):
    """Order by the page; gives the row of owed work."""
    assert client.post(DOWNLOAD, carried(client)).status_code == 302
    return OwedWork.objects.filter(task=TASK).latest("pk")


def address(owed):
    return f"{DOWNLOAD}{owed.payload['document']}/"


def text_in(pdf, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf)
    said = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return " ".join(said.stdout.split())


def made(acting, *, family, taken_in, tmp_path, slug="child_8"):
    held_of(family, taken_in, slug)
    client = browser_of(acting)
    owed = order(client)
    issue_report(owed.pk)
    return text_in(client.get(address(owed)).content, tmp_path)


def test_copy_for_a_child_is_under_the_childs_name_and_tells_not_who_looked(family, taken_in, tmp_path):
    mother = family.acting("parent", for_="child_8")
    browser_of(family.oneself("child_8")).get("/innsyn/")

    said = made(mother, family=family, taken_in=taken_in, tmp_path=tmp_path)

    assert "Det KPR-portalen viser om Glad Kvist" in said
    assert "KPR har 4 opplysninger om Glad Kvist som vi viser her." in said
    assert "Reservasjonene til Glad Kvist" in said
    assert "Hvem som har sett på opplysningene, vises bare for personen selv." in said
    assert "Solsiden legesenter" in said
    assert [words in said for words in ("Dine egne besøk", "Oversikten viser oppslag i", "T90")] == [
        False
    ] * 3
    assert number_of("child_8").digits not in said


def test_copy_for_a_parent_elsewhere_tells_not_where(family, taken_in, tmp_path):
    moves_out(family)
    father = family.acting("other_parent", for_="child_8")

    said = made(father, family=family, taken_in=taken_in, tmp_path=tmp_path)

    assert [where for where in WHERE if where in said] == []
    assert "Konsultasjon hos fastlege: høyt blodtrykk (K86)." in said
    assert "Hvor hjelpen ble gitt, vises ikke her." in said


def test_copy_with_insight_alone_tells_nothing_of_reservations(family, taken_in, tmp_path):
    family.power("attorney_giver", "attorney", Scope.INSIGHT)
    attorney = family.acting("attorney", for_="attorney_giver")

    said = made(attorney, family=family, taken_in=taken_in, tmp_path=tmp_path, slug="attorney_giver")

    assert [words in said for words in ("Reservasjonene til", "Ikke utlever fødselsnummeret")] == [False] * 2


def test_copy_ordered_under_a_power_that_ended_is_never_made(family):
    power = family.power("attorney_giver", "attorney")
    attorney = family.acting("attorney", for_="attorney_giver")
    owed = order(browser_of(attorney))
    end_power(power.key, acting=family.oneself("attorney_giver"))

    issue_report(owed.pk)

    assert (StoredDocument.objects.count(), OwedAttempt.objects.get(owed=owed).done) == (0, True)
    rows = AccessLogEntry.objects.filter(actor=attorney.actor.key, action=TASK)
    assert list(rows.values_list("outcome", "basis")) == [("refused", "attorney")]


def test_copy_made_in_time_is_not_fetched_after_a_block(family):
    mother = family.acting("parent", for_="child_8")
    client = browser_of(mother)
    owed = order(client)
    issue_report(owed.pk)
    assert client.get(address(owed)).status_code == 200

    family.aged("child_8", 12)
    block(mother.representation, acting=family.oneself("child_8"))

    assert client.get(address(owed)).status_code == 404


def test_copy_with_places_is_not_made_for_a_parent_who_moved_out_meanwhile(family):
    owed = order(browser_of(family.acting("other_parent", for_="child_8")))
    moves_out(family)

    issue_report(owed.pk)

    assert StoredDocument.objects.count() == 0


def test_copy_with_places_is_not_fetched_by_a_parent_who_moved_out_meanwhile(family):
    client = browser_of(family.acting("other_parent", for_="child_8"))
    owed = order(client)
    issue_report(owed.pk)
    assert client.get(address(owed)).status_code == 200

    moves_out(family)

    assert (client.get(address(owed)).status_code, client.get(address(owed)).url) == (302, DOWNLOAD)
    assert "Lag PDF" in text_of(client.get(DOWNLOAD))


def test_copy_is_fetched_by_its_orderer_alone(family):
    owed = order(browser_of(family.acting("parent", for_="child_8")))
    issue_report(owed.pk)
    others = [
        browser_of(family.acting("other_parent", for_="child_8")),
        browser_of(family.oneself("child_8")),
        browser_of(family.oneself("parent")),
    ]

    for client in others:
        answer = client.get(address(owed))
        assert (answer.status_code, answer.url) == (302, DOWNLOAD)
        assert "PDF-en er ferdig" not in text_of(client.get(DOWNLOAD))


def test_ones_own_copy_is_not_fetched_by_a_representative(family):
    owed = order(browser_of(family.oneself("child_8")))
    issue_report(owed.pk)
    mother = browser_of(family.acting("parent", for_="child_8"))

    assert mother.get(address(owed)).status_code == 302
    assert latest_order(acting=family.acting("parent", for_="child_8")) is None


def test_two_parents_order_apart(family):
    first = order(browser_of(family.acting("parent", for_="child_8")))
    second = order(browser_of(family.acting("other_parent", for_="child_8")))

    assert first.payload["document"] != second.payload["document"]


def test_orders_have_a_limit_whatever_right_they_are_made_by(family, settings):
    settings.REPORTS_A_DAY = 1
    client = browser_of(family.acting("other_parent", for_="child_8"))
    issue_report(order(client).pk)
    moves_out(family)

    assert client.post(DOWNLOAD, carried(client)).status_code == 429


def test_order_waits_while_the_register_is_away(family, settings):
    acting = family.acting("parent", for_="child_8")
    owed = order(browser_of(acting))
    settings.POPULATION_REGISTER = f"{__name__}.Away"
    registers._register.cache_clear()

    with pytest.raises(RegisterAway):
        issue_report(owed.pk)

    settings.POPULATION_REGISTER = "kpr_portal.people.embedded_register.EmbeddedPopulationRegister"
    registers._register.cache_clear()
    issue_report(owed.pk)
    assert latest_order(acting=acting).pages > 0


def test_copy_for_another_is_made_with_the_rights_of_the_web_role(family, as_web):
    acting = family.acting("parent", for_="child_8")
    issue_report(order(browser_of(acting)).pk)

    assert latest_order(acting=acting).pages > 0


def test_person_sees_that_a_copy_was_made_and_by_whom(family):
    client = browser_of(family.acting("parent", for_="child_8"))
    owed = order(client)
    issue_report(owed.pk)
    client.get(address(owed))

    page = browser_of(family.oneself("child_8")).get("/innsyn/oppslag/")

    assert [str(seen.what) for seen in page.context["seen_by_representatives"]] == [
        "en kopi av det portalen viser",
        "bestilling av en kopi",
    ]
    assert [list(map(str, day.what)) for day in page.context["automatic"]] == [
        ["alt portalen viser, for å lage kopien som ble bestilt"]
    ]
