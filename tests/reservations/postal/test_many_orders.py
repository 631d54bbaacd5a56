"""Thousands of orders from one address: as many are let in as may be, and nobody else is hurt."""

import re
from datetime import timedelta
from http import HTTPStatus
from math import ceil

import pytest
from django.test import Client

from kpr_portal.ground import clock
from reservations.postal.kept import server
from reservations.postal.order import LINE, TAKES
from tests.reservations.postal.filling import LANGUAGE, NAME, PERSON, RESERVE, Visitor, text, work

pytestmark = pytest.mark.django_db

WINDOW = 600
A_FORM_BYTES = 4096  # in the server's memory: the answers, the order and the place in the line


def at(address):
    return Visitor(Client(REMOTE_ADDR=address))


def try_to_order(visitor):
    """Begin a form, answer everything, and order it; what became of the first and of the last of these."""
    begun = visitor.begins().status_code
    if begun != HTTPStatus.FOUND:
        return begun, visitor.client.post("/skjema/lag/").status_code
    visitor.answers("valg", **RESERVE)
    visitor.answers("hvem", **PERSON)
    visitor.answers("sprak", **LANGUAGE)
    return begun, visitor.orders().status_code


def keys():
    """How many keys of each kind the queue's server holds."""
    counted = {}
    for name in server().scan_iter(count=1000):
        kind = re.sub(r"[0-9a-f]{16,}|\d+", "*", name.decode())
        counted[kind] = counted.get(kind, 0) + 1
    return counted


@pytest.mark.parametrize(
    ("orders", "begin", "let_in"),
    [(150, 20, 8), pytest.param(10_000, 600, 100, marks=pytest.mark.soak)],
    ids=["150", "10000"],
)
def test_orders_from_one_address_are_limited_and_others_are_unhurt(
    own_queue, settings, orders, begin, let_in
):
    settings.LIMITS_BY_PLACE = {"postal:begin": f"{begin}/{WINDOW}", "postal:order": f"{let_in}/{WINDOW}"}
    other, earlier = at("198.51.100.8"), at("198.51.100.9")
    earlier.fills_in().orders()
    earlier.waits()  # so that the server has met every script before it is measured
    work()  # so that it is known how long one takes
    earlier.deletes()
    other.fills_in()
    empty = server().info("memory")["used_memory"]
    window = clock.now().timestamp() // WINDOW * WINDOW
    with clock.moved_to(clock.now() + timedelta(seconds=window + WINDOW + 1 - clock.now().timestamp())):
        visitors = [at("198.51.100.7") for _ in range(orders)]
        met = [try_to_order(visitor) for visitor in visitors[: orders // 2]]
        half_way = server().info("memory")["used_memory"]
        assert other.orders()["Location"] == "/skjema/ferdig/"
        told = text(other.waits())
        met += [try_to_order(visitor) for visitor in visitors[orders // 2 :]]

        # As many as may be, to the one, and the rest is told so.
        found, limited = HTTPStatus.FOUND, HTTPStatus.TOO_MANY_REQUESTS
        assert met == (
            [(found, found)] * let_in
            + [(found, limited)] * (begin - let_in)
            + [(limited, limited)] * (orders - begin)
        )

        # What the server holds is bounded by what was let in.
        held = keys()
        assert held.pop("kpr:form:*:queued:*", 0) <= let_in + 2  # each lasts for ten seconds
        assert held == {
            "kpr:form:*": begin + 1,
            "kpr:limit:postal:begin:*:*": 2 + 1,  # the other and the earlier one, in the window before
            "kpr:limit:postal:order:*:*": 2 + 1,
            "kpr:forms:line": 1,
            "kpr:forms:moved": 1,
            "kpr:forms:seconds": 1,
            "forms": 1,
            "_kombu.binding_permanent.forms": 1,
            "_kombu.binding.forms": 1,
        }
        assert server().llen("forms") == let_in + 1
        memory = server().info("memory")["used_memory"]
        assert memory - empty <= (begin + 1) * A_FORM_BYTES
        assert memory - half_way <= 64 * 1024

        # Who is limited has everything still, is told when to try again, and then may.
        kept = visitors[let_in]
        page = kept.orders()
        left = int(page["Retry-After"])
        assert (page.status_code, 0 < left < WINDOW) == (limited, True)
        assert re.search(rf"Vent {max(1, round(left / 60))} minutt(er)?, og prøv igjen\.", text(page))
        assert "Ingenting du har gjort, er gått tapt." in text(page)
        assert NAME in text(kept.client.get("/skjema/oppsummering/"))
        assert visitors[-1].client.get("/skjema/").status_code == HTTPStatus.OK
        assert visitors[0].waits().status_code == HTTPStatus.OK

        # The other waits for those who were let in, and for none of the rest.
        assert server().zrank(LINE, other.key.id) == let_in
        seconds = ceil((let_in + 1) * float(server().get(TAKES)))
        assert f"Det er {let_in} personer foran deg i køen." in told
        assert re.findall(r"Det tar omtrent (\d+) (sekund|minutt)", told) == [
            (str(ceil(seconds / 60)), "minutt") if seconds > 50 else (str(seconds), "sekund")
        ]
    with clock.moved_to(clock.now() + timedelta(seconds=2 * WINDOW)):
        assert kept.orders()["Location"] == "/skjema/ferdig/"
        assert server().zcard(LINE) == let_in + 2
        assert work() == let_in + 2
        assert other.fetches().content.startswith(b"%PDF-")
        assert kept.fetches().content.startswith(b"%PDF-")
