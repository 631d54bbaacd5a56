"""How the synthetic people may be told: every way there is, and the same for one seed."""

from collections import Counter
from datetime import date

import pytest

from kpr_portal.embedded.population import load, people
from kpr_portal.embedded.population_contacts import YOUNGEST, contacts_of
from kpr_portal.embedded.population_named import number_of
from kpr_portal.people.contact_register import ContactStatus
from kpr_portal.people.embedded_contacts import EmbeddedContactRegister
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister

TODAY = date(2026, 11, 21)
SIZE = 2_000


@pytest.fixture(scope="module")
def crowd():
    return {person.number: person for person in people(seed=1, size=SIZE, today=TODAY)}


@pytest.fixture(scope="module")
def contacts(crowd):
    return {contact.number: contact for contact in contacts_of(crowd.values(), seed=1, today=TODAY)}


def told_by(contact):
    if contact is None:
        return "nothing"
    if contact.digital_reserved:
        return "letter"
    return "mail" if contact.has_email and contact.email_is_fresh(TODAY) else "stale"


def test_one_seed_and_day_give_the_same(crowd, contacts):
    again = contacts_of(crowd.values(), seed=1, today=TODAY)

    assert {contact.number: contact for contact in again} == contacts


def test_most_are_told_by_mail_and_some_in_each_other_way(crowd, contacts):
    grown = [p for p in crowd.values() if p.age_on(TODAY) >= YOUNGEST and not p.is_dead]
    ways = Counter(told_by(contacts.get(person.number)) for person in grown)

    assert ways["mail"] > 0.8 * len(grown)
    assert [way for way in ("stale", "letter", "nothing") if ways[way] < 0.02 * len(grown)] == []


def test_children_have_no_entry_and_the_dead_none_that_counts(crowd, contacts):
    young = [person for person in crowd.values() if person.age_on(TODAY) < YOUNGEST]
    dead = [contacts[p.number] for p in crowd.values() if p.is_dead and p.number in contacts]

    assert (len(young) > 100, [p for p in young if p.number in contacts]) == (True, [])
    assert {contact.status for contact in dead} == {ContactStatus.DELETED}


def test_no_address_reaches_anybody(contacts):
    assert {contact.email.partition("@")[2] for contact in contacts.values()} == {"example.com"}
    assert {contact.mobile[:6] for contact in contacts.values()} == {"+47000"}


@pytest.mark.parametrize(
    ("slug", "way"),
    [
        ("parent", "mail"),
        ("much_data", "mail"),
        ("other_parent", "stale"),
        ("attorney_giver", "letter"),
        ("ward_economic", "nothing"),
        ("child_13", "nothing"),
    ],
)
def test_those_one_signs_in_as_are_told_in_every_way(contacts, slug, way):
    assert told_by(contacts.get(number_of(slug))) == way


@pytest.mark.django_db
def test_register_of_contacts_is_filled_beside_people_who_were_there_already():
    EmbeddedPopulationRegister().put_many(people(seed=1, size=40, today=TODAY))

    load(seed=1, size=40, today=TODAY)
    first = EmbeddedContactRegister().count()
    load(seed=1, size=40, today=TODAY)

    assert (first > 20, EmbeddedContactRegister().count()) == (True, first)
