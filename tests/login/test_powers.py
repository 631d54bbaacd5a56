"""Who may act for me: giving a power of attorney, ending it, and closing somebody out, on their pages."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse

from kpr_portal.audit.models import AccessLogEntry
from kpr_portal.ground import clock
from kpr_portal.login.operations import REPRESENTING
from kpr_portal.notices.queries import messages_for
from kpr_portal.people.basis import Scope
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.models import ReceiverTry, Representation, RepresentationBlock
from kpr_portal.people.population_register import Area, CapacityLimit, Protection
from kpr_portal.people.queries import keys_of
from kpr_portal.people.representation.powers import forget_tries
from kpr_portal.people.representation.queries import choices_for
from tests.conftest import database_role
from tests.support.family import enter_family, number_of
from tests.support.sign_in import carried, session_of, sign_in

pytestmark = pytest.mark.django_db

UNUSABLE = "Vi kan ikke bruke det du skrev."
REGISTER_AWAY = "Vi får ikke slått opp i Folkeregisteret nå."
GIVE, CONFIRM, MINE = "login:give_power", "login:confirm_power", "login:representatives"


@pytest.fixture
def family(db):
    return enter_family()


@pytest.fixture
def giver(client, family):
    return sign_in(client, family.person("attorney_giver"), proven=True)


def away(*_):
    raise TimeoutError


def fill_in(client, *, slug="attorney", **changes):
    values = {
        "number": number_of(slug).digits,
        "surname": "Måke",
        "scopes": ["insight"],
        "months": "12",
        **changes,
    }
    return client.post(reverse(GIVE), {**values, **carried(client)})


def confirm(client, page):
    sealed = re.search(r'name="power" value="([^"]+)"', page.content.decode())[1]
    return client.post(reverse(CONFIRM), {"power": sealed, **carried(client)})


def open_to(family, slug):
    return [(choice.name, sorted(choice.rights.scopes)) for choice in choices_for(family.person(slug))]


@pytest.mark.speaks_numbers
def test_power_is_named_summed_up_and_given(client, family, giver):
    summary = fill_in(client)
    assert "Hjelpsom Måke" in summary.content.decode()
    assert not Representation.objects.exists()

    done = confirm(client, summary)

    assert (done.status_code, open_to(family, "attorney")) == (
        HTTPStatus.FOUND,
        [("Rolig Sang", [Scope.INSIGHT])],
    )


@pytest.mark.speaks_numbers
def test_summary_holds_no_number(client, family, giver):
    assert number_of("attorney").digits not in fill_in(client).content.decode()


@pytest.mark.speaks_numbers
def test_register_that_is_away_is_said_and_counts_no_try(client, family, giver, monkeypatch):
    summary = fill_in(client)
    monkeypatch.setattr(EmbeddedPopulationRegister, "people", away)

    pages = [client.get(reverse(GIVE)), fill_in(client), client.get(confirm(client, summary).url)]

    assert [REGISTER_AWAY in page.content.decode() for page in pages] == [True] * 3
    assert (ReceiverTry.objects.count(), Representation.objects.count()) == (0, 0)


@pytest.mark.speaks_numbers
def test_both_sides_are_told(client, family, giver):
    confirm(client, fill_in(client))

    assert [m.kind for m in messages_for(keys_of(giver))] == ["representation.given"]
    assert [m.kind for m in messages_for(keys_of(family.person("attorney")))] == ["representation.received"]


def test_smallest_scope_and_twelve_months_are_chosen_from_the_start(client, giver):
    html = client.get(reverse(GIVE)).content.decode()

    checked = re.findall(r'name="(\w+)" value="(\w+)"[^>]* checked', html)
    assert checked == [("scopes", "insight"), ("months", "12")]


@pytest.mark.speaks_numbers
@pytest.mark.parametrize(
    "case",
    ["wrong_surname", "unknown", "dead", "protected", "child", "oneself", "limited"],
)
def test_every_receiver_who_cannot_be_used_gets_the_same_answer(client, family, giver, case):
    changes = {
        "wrong_surname": {"surname": "Fjell"},
        "unknown": {"slug": "unknown", "surname": "Sti"},
        "dead": {"slug": "dead", "surname": "Rose"},
        "protected": {},
        "child": {"slug": "child_16", "surname": "Gnist"},
        "oneself": {"slug": "attorney_giver", "surname": "Sang"},
        "limited": {},
    }[case]
    if case == "protected":
        family.change("attorney", protection=Protection.STRICTLY_CONFIDENTIAL)
    if case == "limited":
        limit = CapacityLimit(Area.PERSONAL, since=clock.today())
        family.change("attorney", capacity_limits=(limit,))

    page = fill_in(client, **changes)

    html = page.content.decode()
    assert (page.status_code, UNUSABLE in html) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    assert ReceiverTry.objects.count() == 1
    assert AccessLogEntry.objects.filter(
        action="representation.give", outcome="refused", actor=giver.key
    ).exists()


@pytest.mark.speaks_numbers
def test_what_was_typed_is_kept_when_the_receiver_cannot_be_used(client, family, giver):
    html = fill_in(client, surname="Fjell", months="6").content.decode()

    assert (number_of("attorney").digits in html, 'value="Fjell"' in html) == (True, True)
    assert re.search(r'name="months" value="6"[^>]* checked', html)


@pytest.mark.speaks_numbers
def test_tries_are_limited_for_a_day(client, family, giver, settings):
    settings.POWER_TRIES_A_DAY = 3
    for _try in range(3):
        fill_in(client, surname="Fjell")

    page = fill_in(client)
    assert (page.status_code, "Du har prøvd mange ganger" in page.content.decode()) == (
        HTTPStatus.TOO_MANY_REQUESTS,
        True,
    )
    with clock.shift(timedelta(days=1, minutes=1)):
        sign_in(client, giver, proven=True)
        assert fill_in(client).status_code == HTTPStatus.OK


def test_keeper_forgets_the_tries_that_count_no_more(family):
    person = family.person("attorney_giver")
    for hours in (25, 23):
        ReceiverTry.objects.create(person=person, tried_at=clock.now() - timedelta(hours=hours))

    with database_role("keeper"):
        assert forget_tries() == 1

    assert ReceiverTry.objects.count() == 1


@pytest.mark.speaks_numbers
def test_mistyped_number_is_told_without_costing_a_try(client, family, giver):
    page = fill_in(client, number=number_of("attorney").digits[:-1] + "0")

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert UNUSABLE not in page.content.decode()
    assert not ReceiverTry.objects.exists()


def test_fresh_proof_is_asked_for_first(client, family):
    sign_in(client, family.person("attorney_giver"))

    response = client.get(reverse(GIVE))

    assert response.status_code == HTTPStatus.FOUND
    assert "paa_nytt=1" in response.url


def test_one_who_cannot_give_is_shown_the_way_that_is_open(client, family):
    sign_in(client, family.person("strictly_protected"), proven=True)

    html = client.get(reverse(GIVE)).content.decode()

    assert ("Du kan ikke gi fullmakt her på nettet." in html, "Bruk papirskjema" in html) == (True, True)
    assert 'name="number"' not in html


@pytest.mark.speaks_numbers
def test_summary_is_the_givers_alone_and_grows_old(client, family, giver):
    summary = fill_in(client)
    sign_in(client, family.person("much_data"), proven=True)
    confirm(client, summary)
    assert not Representation.objects.exists()

    with clock.shift(timedelta(minutes=31)):
        sign_in(client, giver, proven=True)
        confirm(client, summary)
        assert not Representation.objects.exists()


@pytest.mark.parametrize("sealed", ["", "x", "AAAA", "æøå", "A" * 10_000])
def test_malformed_summary_gives_nothing(client, giver, sealed):
    response = client.post(reverse(CONFIRM), {"power": sealed, **carried(client)})

    assert response.status_code == HTTPStatus.FOUND
    assert not Representation.objects.exists()


def test_giver_ends_it_with_one_click(client, family, giver):
    row = family.power("attorney_giver", "attorney")

    client.post(reverse("login:end_power", args=[row.key]), carried(client))

    assert open_to(family, "attorney") == []


def test_receiver_gives_it_up(client, family):
    row = family.power("attorney_giver", "attorney")
    sign_in(client, family.person("attorney"))

    client.post(reverse("login:end_power", args=[row.key]), carried(client))

    assert open_to(family, "attorney") == []


def test_nobody_else_ends_it(client, family):
    row = family.power("attorney_giver", "attorney")
    sign_in(client, family.person("much_data"))

    client.post(reverse("login:end_power", args=[row.key]), carried(client))

    assert open_to(family, "attorney") == [("Rolig Sang", sorted(Scope))]


def test_child_of_13_closes_out_a_parent_and_opens_again(client, family):
    family.signs_in("parent")
    child = sign_in(client, family.signs_in("child_13"))
    key = Representation.objects.get(representative=family.person("parent"), represented=child).key

    client.post(reverse("login:block", args=[key]), carried(client))
    closed = [name for name, _scopes in open_to(family, "parent")]
    html = client.get(reverse(MINE)).content.decode()
    block = RepresentationBlock.objects.get()
    client.post(reverse("login:lift_block", args=[block.key]), carried(client))

    assert closed == ["Glad Kvist"]
    assert "Åpne igjen" in html
    assert [name for name, _scopes in open_to(family, "parent")] == ["Glad Kvist", "Kvikk Spire"]


def test_child_of_8_is_told_to_ring(client, family):
    sign_in(client, family.signs_in("child_8"))

    response = client.post(reverse("login:block_all"), carried(client), follow=True)

    assert "Du kan ikke stenge dette alene." in response.content.decode()
    assert not RepresentationBlock.objects.exists()


def test_closed_to_all_is_closed_to_a_power_given_later(client, family, giver):
    client.post(reverse("login:block_all"), carried(client))
    family.power("attorney_giver", "attorney")

    assert open_to(family, "attorney") == []


def test_what_is_closed_to_all_is_not_offered_to_be_closed_to_all(client, giver):
    before = client.get(reverse(MINE)).content.decode()
    after = client.post(reverse("login:block_all"), carried(client), follow=True).content.decode()

    assert ("Steng for alle" in before, "Steng for alle" in after) == (True, False)


def test_ward_closes_out_a_guardian(client, family):
    family.signs_in("guardian_personal")
    ward = sign_in(client, family.person("ward_personal"))
    key = Representation.objects.get(represented=ward).key

    client.post(reverse("login:block", args=[key]), carried(client))

    assert open_to(family, "guardian_personal") == []


def test_blocking_twice_changes_nothing_and_says_so(client, giver):
    client.post(reverse("login:block_all"), carried(client))

    response = client.post(reverse("login:block_all"), carried(client), follow=True)

    assert "Dette er allerede gjort." in response.content.decode()
    assert RepresentationBlock.objects.count() == 1


@pytest.mark.parametrize("name", [MINE, GIVE])
def test_representative_meets_no_such_page(client, family, name):
    row = family.power("attorney_giver", "attorney")
    sign_in(client, family.person("attorney"), proven=True)
    session = session_of(client)
    session[REPRESENTING] = str(row.key)
    session.save()

    assert client.get(reverse(name)).status_code == HTTPStatus.NOT_FOUND
