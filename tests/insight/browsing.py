"""Being signed in, and releases to look at."""

import re
from datetime import date
from html import unescape

from reservations.releases.members import Members
from reservations.releases.operations import record_release


def text_of(response):
    """What a page says, as one line."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    bare = re.sub(r"<[^>]+>", " ", main)
    return re.sub(r"\s+([.,:;])", r"\1", " ".join(unescape(bare).split()))


def release(reference, *people, **facts):
    """A release with the number of these people in it."""
    return record_release(
        members=facts.pop("members", None) or Members.of(in_file=[person.pk for person in people]),
        **{
            "reference": reference,
            "recipient": "Statistisk sentralbyrå",
            "organisation_number": "971526920",
            "recipient_kind": "statistics",
            "project": "Kommunale helse- og omsorgstjenester",
            "about": {"nb": "Offisiell statistikk.", "en": "Official statistics."},
            "purpose": 1,
            "legal_basis": "statute",
            "provision": "statistikkloven § 10",
            "decision_reference": "A-1",
            "decision_date": date(2025, 1, 7),
            "released_on": date(2025, 2, 3),
            "sources": ["kuhr"],
            "period_from": date(2024, 1, 1),
            "period_to": date(2024, 12, 31),
            "identifier": "national_id",
            **facts,
        },
    )
