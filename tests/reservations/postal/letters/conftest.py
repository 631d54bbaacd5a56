"""People to write to, and letters made for them."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from kpr_portal.documents.operations import store_document
from kpr_portal.documents.rendering import render_pdf
from kpr_portal.notices.models import OwedWork
from kpr_portal.people.models import Person
from reservations.postal.letters.kinds import (
    CONFIRMATION,
    COVER,
    MESSAGE_WAITING,
    MORE_NEEDED,
    OWN_DECISIONS,
    RECEIVED,
    REFUSAL,
    LetterKind,
)
from reservations.postal.letters.operations import owe_letter
from reservations.postal.letters.tasks import make_letter
from reservations.postal.models import Letter, LetterOrder
from tests.support.family import Family, enter_family

FORM = render_pdf(
    '<!doctype html><html lang="nb"><title>Skjema</title><h1>Skjemaet som ble bestilt</h1></html>'
)
REASONS = [
    "Du er ikke registrert med foreldreansvar for barnet. Åse Ødegård er det.",
    "Vi har sett på vedlegget du sendte oss den 3. juni 2027, og det viser ikke noe annet.",
]
# What each kind can be made with; the confirmation of lines of the register has a test of its own.
VALUES: dict[str, dict[str, Any]] = {
    CONFIRMATION.code: {"decided": ["Opplysningene fra Ås kommune er sperret.", "Resten står som før."]},
    RECEIVED.code: {
        "received_on": date(2027, 6, 3),
        "answer_by": date(2027, 7, 3),
        "provisional": True,
    },
    MORE_NEEDED.code: {
        "missing": ["Kopi av vergefullmakten.", "Underskrift på side 1."],
        "reply_by": date(2027, 6, 24),
        "answer_by": date(2027, 7, 3),
        "provisional": True,
    },
    REFUSAL.code: {
        "asked": "Å oppheve reservasjonen for Glad Kvist.",
        "reasons": REASONS,
        "provision": [
            "Pasient- og brukerrettighetsloven § 4-4 første ledd.",
            "«Foreldrene eller andre som har foreldreansvaret, har rett til å samtykke til helsehjelp.»",
        ],
    },
    OWN_DECISIONS.code: {"sixteen": True},
    COVER.code: {"form_title": "Reservere seg, eller oppheve en reservasjon"},
    MESSAGE_WAITING.code: {},
}


@pytest.fixture
def family(db: None) -> Family:
    """The named people of the demo, in the register."""
    return enter_family()


def make_all() -> None:
    """As a worker does with all that is owed."""
    for owed in OwedWork.objects.filter(task="postal.make_letter").exclude(attempts__done=True):
        make_letter(owed_id=owed.pk)


def made(kind: LetterKind, recipient: Person, **options: Any) -> Letter:
    """A letter of this kind, owed and made."""
    order = owe_letter(kind, recipient=recipient, by=None, **{"values": VALUES[kind.code], **options})
    make_all()
    return Letter.objects.get(order=order)


def a_form() -> UUID:
    """The key of a form somebody ordered, kept until it is posted."""
    return store_document(FORM, media_type="application/pdf", title="Skjema").key


def owed_letter(order: LetterOrder) -> OwedWork:
    """The latest work owed for this letter."""
    return OwedWork.objects.filter(cause=order.key).latest("pk")
