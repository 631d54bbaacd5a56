"""Browsers of those who act for another, and something to see of a child."""

from uuid import UUID

from django.test import Client

from insight.operations import withhold
from kpr_portal.people.population_register import Address
from tests.insight.browsing import release
from tests.insight.files import claim, claims_file, event_message, guid, notification
from tests.support.family import number_of
from tests.support.sign_in import sign_in

LIST = "/innsyn/kilde/fastlege-og-legevakt/"
EVENTS = "/innsyn/kilde/hendelser-i-kommunale-tjenester/"
DOWNLOAD, DATA = "/innsyn/last-ned/", "/innsyn/last-ned/kpr-portalen.json"
ORDINARY, WITHHELD, SENSITIVE, EVENT = (f"/innsyn/opplysning/{guid(n)}/" for n in (1, 2, 3, 4_000_004))
PAGES = ("/innsyn/", LIST, EVENTS, ORDINARY, WITHHELD, SENSITIVE, EVENT, "/innsyn/utleveringer/", DOWNLOAD)
FILES = (DATA, f"{DOWNLOAD}{guid(9)}/")
# Where the child was helped, in every way it can be told.
WHERE = (
    "Solsiden legesenter",
    "999999998",
    "999999999",
    "Bergen",
    "4601",
    "Fjordgata",
    "REGNING-1",
    "T4000004",
)


def browser_of(acting):
    """A browser in which somebody acts, for themselves or for another."""
    client = Client()
    sign_in(client, acting.actor)
    if not acting.is_self:
        session = client.session
        session["representing"] = str(acting.representation)
        session.save()
    return client


def held_of(family, taken_in, slug="child_8"):
    """Something of every sort of one person, and another's that could leak."""
    number, person = number_of(slug), family.person(slug)
    taken_in(
        claims_file(
            claim(1, number, regning_id="REGNING-1"),
            claim(2, number, dato="2026-02-19", diagnoser="T90"),
            claim(3, number, dato="2026-02-18", diagnoser="P76"),
            claim(50, number_of("much_data"), diagnoser="R74", behandler_navn="Et annet legesenter"),
        )
    )
    taken_in(event_message(notification(4_000_004, number)))
    withhold(
        UUID(guid(2)),
        acting=family.oneself(slug),
        provision="popplyl § 16 c",
        sentence="Spør Fjordgata legesenter.",
    )
    release("2025/1", person)
    release(
        "2025/2",
        person,
        recipient="Bergen kommune",
        recipient_kind="municipality",
        about={"nb": "Planlegging i Bergen."},
        project="Bergen 2030",
        provision="Bergens vedtekt",
        decision_reference="Bergen 7",
        linked_with=["Bergens register"],
    )
    return person


def moves_out(family, slug="other_parent"):
    """Let someone not share the family's address any more."""
    family.change(slug, address=Address(lines=("Bortevegen 1",), postcode="5003", city="Bergen"))
