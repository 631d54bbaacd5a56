import pytest
from django.test import RequestFactory

from kpr_portal.ground import pressure
from kpr_portal.ground.choices import is_choice_page


class Hand:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def hand():
    return Hand()


@pytest.fixture
def gauge(hand):
    return pressure.Gauge(clock=hand)


@pytest.fixture
def pressed(monkeypatch, settings):
    """The portal has more requests under way than it should."""
    settings.PRESSURE_REQUESTS = 0


def test_gauge_presses_beyond_so_many_at_once_and_no_longer_when_they_are_done(gauge):
    with gauge.one_more(), gauge.one_more():
        at_the_limit = gauge.pressed(requests=2, database_seconds=1)
        with gauge.one_more():
            beyond = gauge.pressed(requests=2, database_seconds=1)
    after = gauge.pressed(requests=2, database_seconds=1)

    assert (at_the_limit, beyond, after) == (False, True, False)


def test_request_that_fails_is_no_longer_counted(gauge):
    with pytest.raises(ValueError, match="wrong"), gauge.one_more():
        raise ValueError("wrong")

    assert not gauge.pressed(requests=0, database_seconds=1)


def test_one_slow_query_is_no_slow_database_and_many_are(gauge):
    gauge.took(5.0)
    one = gauge.pressed(requests=9, database_seconds=1)
    for _ in range(5):
        gauge.took(5.0)
    many = gauge.pressed(requests=9, database_seconds=1)

    assert (one, many) == (False, True)


def test_slowness_is_forgotten_when_nothing_more_is_heard(gauge, hand):
    for _ in range(50):
        gauge.took(3.0)
    before = gauge.pressed(requests=9, database_seconds=1)
    hand.seconds = 2 * pressure.HALF_LIFE_SECONDS
    after = gauge.pressed(requests=9, database_seconds=1)

    assert (before, after) == (True, False)


@pytest.mark.parametrize(
    ("path", "choice"),
    [
        ("/reservasjon/", True),
        ("/nn/reservasjon/purpose_2/reserver/", True),
        ("/en/reservasjon/kvittering/0/", True),
        ("/logg-inn/idporten/retur/", True),
        ("/nn/logg-inn/ut/", True),
        ("/static/portal.css", True),
        ("/", False),
        ("/nn/", False),
        ("/innsyn/", False),
        ("/en/innsyn/last-ned/", False),
        ("/reservasjoner-vi-ikke-har/", False),
    ],
)
def test_choice_pages_are_known_in_every_language(path, choice):
    assert is_choice_page(RequestFactory().get(path)) is choice


@pytest.mark.django_db
def test_under_pressure_a_page_that_can_wait_says_so_and_tries_again(client, pressed):
    response = client.get("/innsyn/hva-kpr-inneholder/")

    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert "Du kan fortsatt reservere deg" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/reservasjon/", "/en/reservasjon/", "/logg-inn/"])
def test_under_pressure_the_choice_pages_answer_as_ever(client, pressed, path):
    assert client.get(path).status_code < 500


@pytest.mark.django_db
def test_page_that_waits_asks_the_database_nothing(client, pressed, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/innsyn/")
