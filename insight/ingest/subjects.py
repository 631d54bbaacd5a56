"""Whom the lines are about: numbers to persons, and senders' own ids to persons. No number leaves memory."""

from collections.abc import Iterable

from django.conf import settings
from django.db import connection

from kpr_portal.people.national_id import InvalidNationalId, NationalId, check_policy
from kpr_portal.people.operations import ids_for

REMEMBERED = 200_000
# Code system 9032: those that are persons here. H- and FH-numbers become persons that no sign-in reaches.
TAKEN_IN = frozenset({"", "1", "2", "3", "12"})

Subject = tuple[str, str]


class Subjects:
    """Finds the persons of lines, and remembers them: between files too, where they are named by number."""

    def __init__(self, scope: str | None = None) -> None:
        self._known: dict[Subject, int | str] = {}
        if scope is not None:
            self._known |= {("pid", sender_id): person for sender_id, person in identities(scope).items()}
        self._kept = frozenset(self._known)

    def resolve(self, subjects: Iterable[Subject]) -> None:
        """Make every one of these known: as a person's id, or as the reason why it is none."""
        wanted = set(subjects)
        new = wanted - self._known.keys()
        if len(self._known) + len(new) > REMEMBERED + len(self._kept):
            self._known = {subject: self._known[subject] for subject in self._kept}
            new = wanted - self._kept
        numbers: dict[Subject, NationalId] = {}
        for subject in new:
            found = _number(*subject)
            if isinstance(found, str):
                self._known[subject] = found
            else:
                numbers[subject] = found
        if not numbers:
            return
        ids = ids_for(numbers.values())
        self._known |= {subject: ids[number] for subject, number in numbers.items()}

    def __getitem__(self, subject: Subject) -> int | str:
        """The person's id, or a reason (`insight.reading.reasons`)."""
        return self._known[subject]


def _number(id_type: str, digits: str) -> NationalId | str:
    if id_type == "pid":
        return "no_identity"
    if id_type not in TAKEN_IN:
        return "id_type"
    if not digits:
        return "id_missing"
    try:
        number = NationalId.parse(digits)
        check_policy(number, policy=settings.NATIONAL_ID_SYNTHETIC)
    except InvalidNationalId as invalid:
        return f"id_{invalid.reason.value}"
    return number


def identities(scope: str) -> dict[str, int]:
    """Whom each of a sender's own ids stands for, as said last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (sender_id) sender_id, person_id FROM insight_senderidentity"
            " WHERE scope = %s ORDER BY sender_id, id DESC",
            [scope],
        )
        return dict(cursor.fetchall())
