"""Things of other apps as the pages and the reports of insight show them, in the reader's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_language

from insight.sources import section_of, source_of
from reservations.catalogue import PURPOSES, PurposeEntry, recipient_of
from reservations.releases.models import DirectIdentifier, LegalBasis, Release

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class ReleaseShown:
    """A release as the person in it reads it. Codes stand beside for those who read by machine."""

    reference: str
    recipient: str
    organisation_number: str
    recipient_kind: "StrOrPromise"
    project: str
    about: str
    purpose: PurposeEntry
    legal_basis: "StrOrPromise"
    provision: str
    decision_reference: str
    decision_date: date | None
    released_on: date
    sources: list[str]
    period_from: date
    period_to: date
    identifier: "StrOrPromise"
    linked_with: list[str]
    codes: Mapping[str, object]

    @property
    def organisation_number_spaced(self) -> str:
        """`971 526 920`, as organisation numbers are read."""
        number = self.organisation_number
        return " ".join(number[at : at + 3] for at in range(0, len(number), 3))


def shown_releases(releases: Iterable[Release]) -> list[ReleaseShown]:
    """The releases in the reader's words, in the order they came."""
    return [_shown(release) for release in releases]


def told(texts: Mapping[str, str]) -> str:
    """A text given in several languages, in the reader's, or the nearest there is."""
    for language in (get_language() or settings.LANGUAGE_CODE, settings.LANGUAGE_CODE, "nn", "en"):
        if texts.get(language):
            return texts[language]
    return next(iter(texts.values()), "")


def log_complete_since() -> date:
    """From this day on every release is in the log."""
    return date.fromisoformat(settings.RELEASE_LOG_COMPLETE_SINCE)


def sort_norwegian(texts: Iterable[str]) -> list[str]:
    """Texts in the order of the Norwegian alphabet: æ, ø and å last, whatever the server's locale."""
    return sorted(texts, key=_norwegian)


def data_set_title(slug: str) -> str:
    """What a data set of a release is called: a source, a section of one, or its own name."""
    for find in (source_of, section_of):
        try:
            return str(find(slug).title)
        except KeyError:
            continue
    return slug


def _norwegian(text: str) -> list[tuple[int, int]]:
    folded = text.casefold().replace("aa", "å").replace("ä", "æ").replace("ö", "ø")
    return [(1, "æøå".index(sign)) if sign in "æøå" else (0, ord(sign)) for sign in folded]


def _shown(release: Release) -> ReleaseShown:
    purpose = next(entry for entry in PURPOSES if entry.purpose.value == release.purpose)
    return ReleaseShown(
        reference=release.reference,
        recipient=release.recipient,
        organisation_number=release.organisation_number,
        recipient_kind=recipient_of(release.recipient_kind).title,
        project=release.project,
        about=told(release.about),
        purpose=purpose,
        legal_basis=LegalBasis(release.legal_basis).label,
        provision=release.provision,
        decision_reference=release.decision_reference,
        decision_date=release.decision_date,
        released_on=release.released_on,
        sources=[data_set_title(slug) for slug in release.sources],
        period_from=release.period_from,
        period_to=release.period_to,
        identifier=DirectIdentifier(release.identifier).label,
        linked_with=release.linked_with,
        codes={
            "recipient_kind": release.recipient_kind,
            "purpose": release.purpose,
            "legal_basis": release.legal_basis,
            "sources": release.sources,
            "identifier": release.identifier,
        },
    )
