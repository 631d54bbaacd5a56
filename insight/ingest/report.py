"""What came of reading a file."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from insight.reading.reasons import FILE_REASONS, line_sentence

SHOWN_LINES = 20
SHOWN_CODES = 20
COUNTED = (
    "read", "new", "known", "replaced", "cancelled", "added_to", "waiting", "from_waiting", "identities",
    "superseded", "older", "refused",
)  # fmt: skip


@dataclass
class Report:
    """Counts, refused lines with their reasons, and codes on none of our lists. Holds no person."""

    file_name: str
    title: str = ""
    file_refused: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    first_refused: list[tuple[int, str]] = field(default_factory=list)
    unsaved: list[tuple[int, str]] = field(default_factory=list)
    unknown_codes: Counter[str] = field(default_factory=Counter)

    def refuse(self, number: int, reason: str) -> None:
        """Note a refused line."""
        self.counts["refused"] += 1
        self.reasons[reason] += 1
        self.unsaved.append((number, reason))
        if len(self.first_refused) < SHOWN_LINES:
            self.first_refused.append((number, reason))

    def lines(self) -> list[str]:
        """The report as lines of text in the reader's language."""
        head = f"{self.file_name}: {self.title}" if self.title else self.file_name
        if self.file_refused:
            found = [f"{head}: {FILE_REASONS[self.file_refused]}"]
            if not self.counts["read"]:
                return found
        else:
            found = [head]
        found += [f"  {label}: {self.counts[name]}" for name, label in _labels().items() if self._tells(name)]
        found += [f"    {count} × {line_sentence(reason)}" for reason, count in self.reasons.most_common()]
        found += [
            "    " + _("nr. %(number)s: %(reason)s") % {"number": number, "reason": line_sentence(reason)}
            for number, reason in self.first_refused
        ]
        if self.unknown_codes:
            codes = ", ".join(
                f"{code} ({count})" for code, count in self.unknown_codes.most_common(SHOWN_CODES)
            )
            found.append("  " + _("Koder som ikke står på listene våre: %(codes)s") % {"codes": codes})
        return found

    def _tells(self, name: str) -> bool:
        return name in {"read", "new", "refused"} or self.counts[name] > 0


def _labels() -> dict[str, str]:
    return {
        "read": _("Lest"),
        "new": _("Nye"),
        "known": _("Mottatt før"),
        "identities": _("Identiteter"),
        "replaced": _("Erstattet"),
        "cancelled": _("Annullert"),
        "added_to": _("Supplert"),
        "from_waiting": _("Rettelser som ventet og nå er brukt"),
        "waiting": _("Rettelser som venter på det de retter"),
        "superseded": _("Avløst av en nyere årsfil"),
        "older": _("Ikke vist, fordi en nyere årsfil gjelder"),
        "refused": _("Avvist"),
    }
