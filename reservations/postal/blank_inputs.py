"""What the blank forms are made of, as one fingerprint: while it is the same, none is made anew.

Imports nothing of ours and nothing of Django's: `make run` asks at every start, and is to be quick.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

BEGUN, DONE = "being-made-of", "made-of"
# What is printed follows from these files, and from the settings whose names begin so.
INPUTS = (
    "templates/postal/form/*.html",
    "templates/components/letterhead.html",
    "static/print/*",
    "locale/*/LC_MESSAGES/django.mo",
    "reservations/*.py",
    "reservations/enquiries/kinds.py",
    "reservations/postal/*.py",
    "kpr_portal/settings.py",
    "kpr_portal/documents/*.py",
    "kpr_portal/ui/*.py",
    "kpr_portal/ui/templatetags/*.py",
    "requirements.txt",
    "package-lock.json",
)
VARIABLES = (
    "OWNER_NAME",
    "OWNER_ADDRESS",
    "REPLY_ADDRESS",
    "OWNER_PHONE",
    "OWNER_HOURS",
    "POSTAL_",
    "LAW_",
    "ENQUIRY_ANSWER_DAYS",
)


def fingerprint(environment: Mapping[str, str], *, root: Path) -> str:
    """What the forms are made of, as one short text: our files, and the settings of this environment."""
    digest = hashlib.sha256()
    for file in sorted({file for pattern in INPUTS for file in root.glob(pattern) if file.is_file()}):
        digest.update(f"{file.relative_to(root)}\n".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    for name in sorted(environment):
        if name.startswith(VARIABLES):
            digest.update(f"{name}={environment[name]}\n".encode())
    return digest.hexdigest()


def are_made(folder: Path, *, of: str) -> bool:
    """Whether the forms in this folder are all there, and made of what has this fingerprint."""
    note = folder / DONE
    return note.is_file() and note.read_text() == of
