"""Thousands of orders from one address: as many are let in as may be, and nobody else is hurt."""

import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from math import ceil

import pytest
from django.test import Client

from kpr_portal.ground import clock
from reservations.postal.kept import name_of, server
from reservations.postal.order import LINE, MOVED, TAKES
from reservations.postal.tasks import make_form
from tests.reservations.postal.filling import LANGUAGE, NAME, PERSON, RESERVE, Visitor, ordered, text, work

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


def try_all(visitors, *, at):
    """What each of them met. The clock stands meanwhile, so that the window is the same however long it takes."""
    met = []
    for visitor in visitors:
        with clock.moved_to(at):
            met.append(try_to_order(visitor))
    return met


def goes_all_the_way(visitor):
    visitor.fills_in().orders()
    visitor.waits()
    work()
    visitor.deletes()


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
    goes_all_the_way(earlier)  # so that the server has met every script, and it is known how long one takes
    other.fills_in()
    empty = server().info("memory")["used_memory"]
    window = clock.now().timestamp() // WINDOW * WINDOW + WINDOW
    opens = datetime.fromtimestamp(window + 1, tz=UTC)
    visitors = [at("198.51.100.7") for _ in range(orders)]
    met = try_all(visitors[: orders // 2], at=opens)
    half_way = server().info("memory")["used_memory"]
    with clock.moved_to(opens + timedelta(minutes=1)):
        server().set(MOVED, clock.now().timestamp())  # somebody works, and gets on with the line
        assert other.orders()["Location"] == "/skjema/ferdig/"
        told = text(other.waits())
    met += try_all(visitors[orders // 2 :], at=opens + timedelta(minutes=2))
    with clock.moved_to(opens + timedelta(minutes=3)):
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
        assert held.pop("kpr:forms:working", 0) <= 1  # for thirty
        for view in ("begin", "order"):  # the other's and the earlier one's last for a window of real time
            assert 1 <= held.pop(f"kpr:limit:postal:{view}:*:*") <= 3
        assert held == {
            "kpr:form:*": begin + 1,
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
        for queued in server().scan_iter(f"{name_of(visitors[0].key.id)}:queued:*"):  # ten seconds later
            server().delete(queued)
        assert visitors[0].waits().status_code == HTTPStatus.OK

        # The other waits for those who were let in, and for none of the rest.
        assert server().zrank(LINE, other.key.id) == let_in
        seconds = ceil((let_in + 1) * float(server().get(TAKES)))
        assert f"Det er {let_in} personer foran deg i køen." in told
        assert re.findall(r"Det tar omtrent (\d+) (sekund|minutt)", told) == [
            (str(ceil(seconds / 60)), "minutt") if seconds > 50 else (str(seconds), "sekund")
        ]
    with clock.moved_to(opens + timedelta(seconds=WINDOW)):
        assert kept.orders()["Location"] == "/skjema/ferdig/"
        assert server().zcard(LINE) == let_in + 2
        # One lies there twice: the waiting page of the first had it sent again, since nobody works at it.
        made = [make_form.apply(kwargs=order, throw=True).result for order in ordered()]
        assert made.count(True) == let_in + 2
        assert other.fetches().content.startswith(b"%PDF-")
        assert kept.fetches().content.startswith(b"%PDF-")
