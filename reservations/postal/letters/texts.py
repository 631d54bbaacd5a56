"""The versions of the fixed texts of letters, each known by its hash. What is fixed is `kinds.py` and no more."""

from dataclasses import dataclass
from hashlib import sha256

from django.utils import translation

from reservations.postal.letters.kinds import SHARED, LetterKind
from reservations.postal.models import LetterText


@dataclass(frozen=True)
class TextVersion:
    """The fixed texts of a kind in one language, each under its name, as they stand now."""

    kind: str
    language: str
    body: str

    @property
    def sha256(self) -> str:
        """What the version is known by."""
        return sha256(f"{self.language}\n{self.kind}\n{self.body}".encode()).hexdigest()


def version_of(kind: LetterKind, *, language: str) -> TextVersion:
    """The texts of this kind as they stand now, in this language."""
    with translation.override(language):
        said = [f"{name}: {text}" for name, text in {**SHARED, **kind.texts}.items()]
    return TextVersion(kind=kind.code, language=language, body="\n".join(said))


def keep(version: TextVersion) -> LetterText:
    """The row of this version, made where there is none. Nothing is ever kept twice."""
    row = LetterText(sha256=version.sha256, language=version.language, kind=version.kind, body=version.body)
    LetterText.objects.bulk_create([row], ignore_conflicts=True)  # another may keep it in the same moment
    return LetterText.objects.get(sha256=version.sha256)
