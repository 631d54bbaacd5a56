import os
import subprocess
import sys
import uuid
from datetime import timedelta

import pytest
from django.conf import settings as portal
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from django.urls import reverse
from django.views.generic import View

from kpr_portal.ground import clock, limits
from kpr_portal.ground.addresses import client_address, client_network
from reservations.postal import urls
from reservations.postal.filling import FormPage

PUBLIC = "198.51.100.7"


@pytest.fixture
def two_a_minute(settings):
    settings.LIMITS_BY_PLACE = {"insight:holdings": "2/60"}
    settings.SECRET_KEY = uuid.uuid4().hex  # counters of its own, beside a parallel run's
    now = clock.now()
    with clock.moved_to(now.replace(second=1, microsecond=0)):  # the window does not end meanwhile
        yield


def statuses(client, times, **extra):
    return [client.get("/innsyn/hva-kpr-inneholder/", **extra).status_code for _ in range(times)]


@pytest.mark.django_db
def test_place_that_asks_too_often_waits_for_the_next_window(client, two_a_minute):
    assert statuses(client, 3, REMOTE_ADDR=PUBLIC) == [200, 200, 429]

    with clock.shift(timedelta(seconds=60)):
        assert statuses(client, 1, REMOTE_ADDR=PUBLIC) == [200]


@pytest.mark.django_db
def test_place_that_must_wait_is_told_how_long_by_our_own_page(client, two_a_minute):
    statuses(client, 2, REMOTE_ADDR="198.51.100.8")

    response = client.get("/innsyn/hva-kpr-inneholder/", REMOTE_ADDR="198.51.100.8")

    assert 0 < int(response["Retry-After"]) <= 60
    assert "fra samme sted" in response.content.decode()


@pytest.mark.django_db
def test_other_place_is_not_in_the_way(client, two_a_minute):
    statuses(client, 3, REMOTE_ADDR="198.51.100.9")

    assert statuses(client, 1, REMOTE_ADDR="198.51.100.10") == [200]


@pytest.mark.django_db
def test_nothing_is_limited_while_the_queue_is_away(client, two_a_minute, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert statuses(client, 4, REMOTE_ADDR=PUBLIC) == [200] * 4


def test_server_found_away_is_left_alone_for_a_while(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/1"
    limit = limits.Limit(view="insight:holdings", times=1, seconds=60)

    limits.count(limit, place="address:x")

    assert limits._counter().resting()


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ({"reservations:place": "1/60"}, "a person's own choice is never limited"),
        ({"login:sign_out": "1/60"}, "a person's own choice is never limited"),
        ({"insight:download": "often"}, '"times/seconds"'),
        ({"insight:download": "1/0"}, "a window of no time"),
    ],
)
def test_setting_that_limits_a_choice_or_says_nothing_stops_the_start(settings, setting, sentence):
    settings.LIMITS_BY_PLACE = setting

    with pytest.raises(ImproperlyConfigured, match=sentence):
        limits.LimitsMiddleware(lambda request: None)


def test_counter_does_not_name_the_place():
    key = limits.Limit(view="insight:holdings", times=1, seconds=60).key(f"address:{PUBLIC}", window=1)

    assert PUBLIC not in key


@pytest.mark.parametrize(
    ("trusted", "connects", "forwarded", "address"),
    [
        ([], "192.0.2.1", "203.0.113.9", "192.0.2.1"),  # nobody is trusted: what is claimed is not believed
        (["192.0.2.0/24"], "192.0.2.1", "203.0.113.9", "203.0.113.9"),
        (["192.0.2.0/24"], "192.0.2.1", "10.0.0.1, 203.0.113.9", "203.0.113.9"),  # forged further out
        (["192.0.2.0/24"], "192.0.2.1", "203.0.113.9, 192.0.2.2", "203.0.113.9"),  # two of ours in a row
        (["192.0.2.0/24"], "192.0.2.1", "", "192.0.2.1"),
        (["192.0.2.0/24"], "192.0.2.1", "rubbish", "192.0.2.1"),
        (["2001:db8::/32"], "2001:db8::1", "2001:db8:1::5, 203.0.113.9", "203.0.113.9"),
        (["192.0.2.0/24"], "::ffff:192.0.2.1", "203.0.113.9", "203.0.113.9"),  # of a socket for both kinds
    ],
)
def test_address_is_the_nearest_that_is_none_of_our_proxies(settings, trusted, connects, forwarded, address):
    settings.TRUSTED_PROXIES = trusted
    request = RequestFactory().get("/", REMOTE_ADDR=connects, headers={"X-Forwarded-For": forwarded})

    assert client_address(request) == address


@pytest.mark.parametrize(
    ("connects", "network"),
    [
        (PUBLIC, PUBLIC),
        (f"::ffff:{PUBLIC}", PUBLIC),
        ("::ffff:c633:6407", PUBLIC),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_client_is_known_by_all_that_is_at_its_hand(connects, network):
    assert client_network(RequestFactory().get("/", REMOTE_ADDR=connects)) == network


@pytest.mark.django_db
def test_change_of_address_within_a_network_is_no_way_around(client, two_a_minute):
    asked = [
        statuses(client, 1, REMOTE_ADDR=address)
        for address in ("2001:db8:7::1", "2001:db8:7::2", "2001:db8:7:0:8000::3", "2001:db8:8::1")
    ]

    assert asked == [[200], [200], [429], [200]]


@pytest.mark.django_db
def test_address_in_another_dress_is_the_same_place(client, two_a_minute):
    asked = [
        statuses(client, 1, REMOTE_ADDR=address)
        for address in ("198.51.100.11", "::ffff:198.51.100.11", "::ffff:c633:640b")
    ]

    assert asked == [[200], [200], [429]]


def test_shipped_limits_are_for_pages_that_exist():
    """In tests the setting is empty: it is read as a demo reads it."""
    script = "import django; django.setup(); from kpr_portal.ground import limits; print(*limits.limits())"
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "ENVIRONMENT": "demo", "DJANGO_SETTINGS_MODULE": "kpr_portal.settings"},
        cwd=portal.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    arguments = {"insight:file": [uuid.UUID(int=0)], "casework:order_form": ["innsyn", "verge"]}
    arguments["postal:step"] = ["hvem"]
    limited = ["login:sign_in", "login:staff_sign_in", "insight:data", "insight:file"]
    limited += ["postal:begin", "postal:order", "postal:step", "postal:summary", "postal:made", "postal:pdf"]
    limited += ["postal:delete", "casework:order_form"]

    views = ran.stdout.split()

    assert views == limited, ran.stderr
    assert len({reverse(view, args=arguments.get(view)) for view in views}) == len(limited)
    keys_open = {
        f"postal:{page.name}"
        for page in urls.urlpatterns
        if issubclass(getattr(page.callback, "view_class", View), FormPage)
    }
    assert keys_open - set(views) == set()
