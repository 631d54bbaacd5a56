"""Somebody who fills in a form for printing, step by step, and the worker that makes it."""

import base64
import json
import re
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from lxml import html

from reservations.postal.kept import FormKey, server
from reservations.postal.order import LINE, MOVED, TAKES, WORKING
from reservations.postal.tasks import make_form
from tests.support.numbers import synthetic_number

CHILD, MOTHER, OTHER = (synthetic_number(place) for place in (11, 12, 13))
NAME = "Åse-Marit Nebbdyr D’Arc"
SIGNER = "Øyvind Nebbdyr"
MARK = re.compile(r'name="skjema" value="([0-9a-f]+)"')
PERSON = {"name": NAME, "number": CHILD.digits}
RESERVE = {"choice_1": "withhold_national_id+", "choice_2": "leave"}
LANGUAGE = {"language": "nb", "answer_language": "nb"}


class Visitor:
    """One browser. What is answered is sent from the page that asks it."""

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client()

    def begins(self, hva: str = "reservasjon", hvem: str = "meg-selv", **more: Any) -> HttpResponse:
        return self.client.post("/skjema/begynn/", {"hva": hva, "hvem": hvem, **more})

    def opens(self, step: str) -> HttpResponse:
        return self.client.get(f"/skjema/utfylling/{step}/")

    def answers(self, step: str, **typed: Any) -> HttpResponse:
        path = f"/skjema/utfylling/{step}/"
        return self.client.post(path, {"skjema": self.key.mark, **typed})

    def fills_in(self, hva: str = "reservasjon", hvem: str = "meg-selv") -> "Visitor":
        """Everything of a reservation, up to the summary."""
        self.begins(hva, hvem)
        self.answers("valg", **RESERVE)
        self.answers("hvem", **PERSON)
        self.answers("sprak", **LANGUAGE)
        return self

    def orders(self) -> HttpResponse:
        return self.client.post("/skjema/lag/", {"skjema": self.key.mark})

    def waits(self) -> HttpResponse:
        return self.client.get("/skjema/ferdig/")

    def fetches(self) -> HttpResponse:
        return self.client.get("/skjema/ferdig/skjema.pdf")

    def deletes(self, **sent: Any) -> HttpResponse:
        """From the page of the form that is open, or of none."""
        mark = {"skjema": self.key.mark} if self.cookie else {}
        return self.client.post("/skjema/slett/", {**mark, **sent})

    @property
    def cookie(self) -> str:
        return self.client.cookies[settings.FORM_COOKIE_NAME].value

    @property
    def key(self) -> FormKey:
        key = FormKey.read(self.cookie)
        assert key is not None
        return key


def clear_the_line() -> None:
    """Nobody waits, nothing is measured, and no order is under way."""
    server().delete(LINE, WORKING, TAKES, MOVED, "forms")


def ordered() -> list[dict[str, Any]]:
    """The arguments of the orders in the queue, oldest first; the queue is empty afterwards."""
    found = []
    while (message := server().rpop("forms")) is not None:
        _arguments, named, _options = json.loads(base64.b64decode(json.loads(message)["body"]))
        found.append(named)
    return found


def work() -> int:
    """Do as the worker does with every order in the queue; how many there were."""
    orders = ordered()
    for order in orders:
        make_form.apply(kwargs=order, throw=True)
    return len(orders)


def text(response: HttpResponse) -> str:
    """A page as it was sent."""
    return response.content.decode()


def typed_on(page: HttpResponse) -> dict[str, list[str]]:
    """What a browser sends from the question on this page when nothing is touched."""
    (question,) = html.fromstring(page.content).xpath('//main//form[contains(@class, "questions")]')
    typed: dict[str, list[str]] = {}
    for name, value in question.form_values():
        typed.setdefault(name, []).append(
            (value or "").lstrip("\r\n")
        )  # a textarea's first line break is none
    return typed


def faults_on(page: HttpResponse) -> list[str]:
    """The fields that the page leads to as wrong."""
    links = html.fromstring(page.content).xpath('//*[@id="error-summary"]//a/@href')
    return [str(link).removeprefix("#id_") for link in links]
