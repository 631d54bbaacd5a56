"""What a parent can find out of what a child of 12 to 15 chose alone: nothing.

Each page, each answer and each receipt is the same to the letter, whether the child has chosen something or not.
"""

import pytest
from django.db import transaction
from django.test import Client

from kpr_portal.documents.queries import read_document
from kpr_portal.notices.models import OwedWork
from kpr_portal.people.models import Representation
from reservations import operations
from reservations.catalogue import entry_of
from reservations.models import Receipt, ReservationEntry
from reservations.operations import issue_receipt
from reservations.rules import Action
from tests.reservations.conftest import R1, R2, confirmed
from tests.reservations.test_receipts import text_of
from tests.support.alike import lasting
from tests.support.family import enter_family
from tests.support.sign_in import carried, sign_in

pytestmark = pytest.mark.django_db

PAGES = (
    "/reservasjon/",
    "/reservasjon/historikk/",
    f"/reservasjon/{R1}/reserver/",
    f"/reservasjon/{R1}/opphev/",
    f"/reservasjon/{R1}/oppheve-sammen/",
    f"/reservasjon/{R2}/opphev/",
    "/reservasjon/versjoner/",
    "/meldinger/",
)
OWN_CHOICES = {
    "placed": [(R1, Action.PLACED)],
    "placed both": [(R1, Action.PLACED), (R2, Action.PLACED)],
    "placed and lifted": [(R1, Action.PLACED), (R1, Action.LIFTED)],
}


def choose(acting, code, action):
    do = operations.place if action is Action.PLACED else operations.lift
    return do(entry_of(code).kind, acting=acting, will=confirmed(code, action))


class Parent:
    """A parent who tries every page and every button, and writes down what came of it."""

    def __init__(self, family, slug):
        self.client = Client()
        person = family.signs_in(slug)
        sign_in(self.client, person, proven=True)
        row = Representation.objects.get(representative=person, represented=family.person("child_13"))
        self.client.post("/pa-vegne-av/", {"hvem": str(row.key)})
        self.met = []

    def looks(self):
        for path in PAGES:
            page = self.client.get(path)
            self.met.append((path, page.status_code, lasting(page.content.decode())))

    def does(self, code, action):
        asked = "reserver" if action is Action.PLACED else "opphev"
        form = {"shown": confirmed(code, action).shown, **carried(self.client)}
        answer = self.client.post(f"/reservasjon/{code}/{asked}/", form)
        self.met.append((asked, answer.status_code, lasting(answer.content.decode())))
        if answer.status_code == 302:
            page = self.client.get(answer.url)
            self.met.append((lasting(answer.url), page.status_code, lasting(page.content.decode())))

    def reads_receipts(self):
        """Each of their own, as PDF, once it is made."""
        for line in ReservationEntry.objects.filter(voice="parents").order_by("id"):
            issue_receipt(OwedWork.objects.get(cause=line.key, task="reservations.make_receipt").pk)
            page = self.client.get(f"/reservasjon/kvittering/{line.key}/pdf/")
            assert page.content == read_document(Receipt.objects.get(entry=line).document).content
            self.met.append(("pdf", page.status_code, lasting(text_of(page.content))))


def everything_met(family, own_choices):
    """What both parents meet, in a world that is undone afterwards."""
    with transaction.atomic():
        operations.keep_texts()
        for code, action in own_choices:
            choose(family.oneself("child_13"), code, action)
        mother, father = Parent(family, "parent"), Parent(family, "other_parent")
        mother.looks()
        mother.does(R1, Action.LIFTED)  # what nobody has placed, as far as she knows
        mother.does(R1, Action.PLACED)
        mother.does(R1, Action.PLACED)
        father.looks()
        father.does(R1, Action.LIFTED)  # leads to the page where one says that one wants to
        mother.does(R1, Action.LIFTED)
        mother.does(R1, Action.LIFTED)
        mother.looks()
        mother.reads_receipts()
        transaction.set_rollback(True)
    return mother.met + father.met


@pytest.mark.parametrize("own_choices", OWN_CHOICES.values(), ids=OWN_CHOICES)
def test_parents_meet_the_same_whatever_the_child_has_chosen(own_choices):
    family = enter_family()

    met, without = everything_met(family, own_choices), everything_met(family, [])

    assert len(met) == 3 * len(PAGES) + 11
    assert [this for this, other in zip(met, without, strict=True) if this != other] == []
    assert {status for _what, status, _text in met} == {200, 302, 404, 409}


def test_key_of_what_the_child_placed_opens_nothing_to_a_parent():
    family = enter_family()
    own = choose(family.oneself("child_13"), R1, Action.PLACED)
    issue_receipt(OwedWork.objects.get(cause=own.key).pk)
    mother = Parent(family, "parent").client
    unknown = "7f0c2f1e-3f5b-4b44-9a52-0d8c1c1e9a11"

    for path in ("/reservasjon/kvittering/{}/", "/reservasjon/kvittering/{}/pdf/"):
        there, not_there = mother.get(path.format(own.key)), mother.get(path.format(unknown))
        assert (there.status_code, not_there.status_code) == (404, 404)
        assert lasting(there.content.decode()) == lasting(not_there.content.decode())


def test_child_reads_on_the_receipt_of_a_parents_lift_what_the_parent_did():
    """The parent's receipt is the parent's; what is in force stands on the child's own page."""
    family = enter_family()
    choose(family.oneself("child_13"), R1, Action.PLACED)
    for action in (Action.PLACED, Action.LIFTED):
        lifted = choose(family.acting("parent", for_="child_13"), R1, action)
    issue_receipt(OwedWork.objects.get(cause=lifted.key, task="reservations.make_receipt").pk)

    pdf = text_of(read_document(Receipt.objects.get(entry=lifted).document).content)

    assert ("Opphevet fra" in pdf, "Et annet valg går foran dette" in pdf) == (True, False)
