"""Why something cannot be posted, or not as it is, in words for caseworkers: what it is, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kpr_portal.people.letters import NoLetter
from reservations.postal.letters.errors import (
    AddressChanged,
    AddressHidden,
    AddressLost,
    AddressNotKept,
    AddressUnknown,
    NotToBeSent,
    RecipientDead,
)
from reservations.postal.models import Posting

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Hindrance:
    """Why something cannot be posted, and what to do about it."""

    why: "StrOrPromise"
    to_do: "StrOrPromise"


HINDRANCES: dict[str, Hindrance] = {
    NoLetter.NO_ADDRESS: Hindrance(
        _("Folkeregisteret har ingen adresse."),
        _(
            "Personen kan ha flyttet til utlandet eller mangle fast bosted. Prøv igjen hvis adressen er kommet. "
            "Tar personen kontakt, kan dere avtale noe annet. Da trekker du brevet tilbake."
        ),
    ),
    NoLetter.STRICTLY_CONFIDENTIAL: Hindrance(
        _("Adressen er strengt fortrolig, og Folkeregisteret har ingen postadresse."),
        _(
            "Ikke let etter adressen, og ikke spør andre om den. Snakk med lederen din. Tar personen kontakt selv, "
            "kan dere avtale noe annet. Da trekker du brevet tilbake."
        ),
    ),
    NoLetter.UNKNOWN: Hindrance(
        _("Folkeregisteret kjenner ikke nummeret."),
        _("Prøv igjen hvis det er rettet. Ellers trekker du brevet tilbake."),
    ),
    NoLetter.DEAD: Hindrance(
        _("Mottakeren er registrert som død."),
        _("Vi sender ikke brev til den som er død. Trekk brevet tilbake."),
    ),
}

ANEW = _(
    "Brevet kan ikke skrives ut eller merkes som postlagt slik det er. Lag det på nytt. Innholdet og referansen blir "
    "de samme, og adressen hentes fra Folkeregisteret nå."
)
GONE = _("Innholdet i brevet er slettet, så det kan ikke lages på nytt. Trekk det tilbake.")
# Of those that have their letter: by what the queue refuses.
SINCE_MADE: Mapping[type[NotToBeSent], Hindrance] = {
    RecipientDead: HINDRANCES[NoLetter.DEAD],
    AddressHidden: HINDRANCES[NoLetter.STRICTLY_CONFIDENTIAL],
    AddressUnknown: Hindrance(
        _("Folkeregisteret svarer ikke akkurat nå."),
        _("Derfor vet vi ikke om adressen på brevet fortsatt er riktig. Prøv igjen om litt."),
    ),
    AddressChanged: Hindrance(
        _("Mottakeren har fått ny adresse eller nytt navn etter at brevet ble laget."), ANEW
    ),
    AddressNotKept: Hindrance(_("Vi kan ikke se om adressen på brevet fortsatt er riktig."), ANEW),
    AddressLost: Hindrance(
        _("Folkeregisteret har ikke lenger noen adresse til mottakeren."),
        _(
            "Brevet kan ikke skrives ut eller merkes som postlagt slik det er. Lag det på nytt. Da venter det blant "
            "brevene som ikke kan sendes, til det kommer en adresse eller du trekker det tilbake."
        ),
    ),
}


def hindrance_of(posting: Posting) -> Hindrance | None:
    """Why it cannot be posted, if it cannot."""
    return HINDRANCES.get(posting.why)
