"""Writing the log of releases."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from reservations.catalogue import recipient_of
from reservations.releases.members import Members, chunks
from reservations.releases.models import LogGap, Release, ReleaseChunk


class ForbiddenRecipient(Exception):
    """Nothing is released to this kind of recipient (helseregisterloven § 19 d)."""


@transaction.atomic
def record_release(*, members: Members, **facts: Any) -> Release:
    """Enter a release that was made, and who was in it. `facts` are the fields of Release.

    Raises ForbiddenRecipient where the law lets nothing go to such a recipient, whoever consents.
    """
    if recipient_of(facts["recipient_kind"]).kind.forbidden_use is not None:
        raise ForbiddenRecipient
    release = Release.objects.create(**facts)
    ReleaseChunk.objects.bulk_create(
        ReleaseChunk(release=release, chunk=chunk, **bitmaps) for chunk, bitmaps in chunks(members)
    )
    return release


def tell_of_gap(*, missing_from: date, missing_to: date | None, told: Mapping[str, str]) -> LogGap:
    """Say that the log misses something in this time. `told` has a sentence for each language."""
    return LogGap.objects.create(missing_from=missing_from, missing_to=missing_to, told=dict(told))


def close_gap(gap: LogGap, *, told: Mapping[str, str]) -> LogGap:
    """Say that what was missing has been entered; the notice goes away."""
    return LogGap.objects.create(
        missing_from=gap.missing_from, missing_to=gap.missing_to, told=dict(told), closes=gap
    )
