"""Things of other apps as the pages and the reports of insight show them, in the reader's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_language, gettext

from insight.sources import section_of, source_of
from kpr_portal.people.acting import Acting
from reservations.catalogue import PURPOSES, PurposeEntry, recipient_of
from reservations.releases.models import DirectIdentifier, LegalBasis, Release
from reservations.releases.queries import Received

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Recipients of these kinds are somewhere: to say who they are is to say where the person may be.
OF_A_PLACE = frozenset({"municipality", "health_service", "other"})


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
    def tells_where(self) -> bool:
        """Whether its recipient is of a place."""
        return self.codes["recipient_kind"] in OF_A_PLACE

    @property
    def organisation_number_spaced(self) -> str:
        """`971 526 920`, as organisation numbers are read."""
        number = self.organisation_number
        return " ".join(number[at : at + 3] for at in range(0, len(number), 3))


def name_of_another(acting: Acting) -> str:
    """What the one acted for is called in a sentence; empty for who acts for themselves."""
    return "" if acting.is_self else acting.name or gettext("den du handler for")


def shown_releases(releases: Iterable[Release], *, acting: Acting) -> list[ReleaseShown]:
    """The releases in the reader's words, in the order they came.

    Of one to somebody in a municipality, a reader who may not know where a child is sees neither who nor what for.
    """
    shown = map(_shown, releases)
    return [_without_place(one) if one.tells_where and acting.rights.hides_places else one for one in shown]


def recipients_of(received: Received, *, acting: Acting) -> list[str]:
    """Who received, each once, the latest first."""
    if not acting.rights.hides_places:
        return received.recipients
    shown = shown_releases(received.releases, acting=acting)
    return list(dict.fromkeys(release.recipient for release in shown))


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


def _without_place(release: ReleaseShown) -> ReleaseShown:
    kind = str(release.recipient_kind)
    return replace(
        release,
        recipient=kind[:1].upper() + kind[1:],
        organisation_number="",
        project="",
        about="",
        provision="",
        decision_reference="",
        linked_with=[],
    )


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
