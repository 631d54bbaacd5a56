"""`manage.py rotate_keys`: seal every number under the newest keys, and drop the seals of retired ones."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpr_portal.ground.keyring import keyring
from kpr_portal.people import rotation


class Command(BaseCommand):
    help = (
        "Seals every number under the newest generation of the key ring, then removes the seals of"
        " generations that are no longer in it. Run it as keeper. Safe to run twice, and while the"
        " portal is open."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        waiting = rotation.numbers_to_seal()
        self.stdout.write(f"Newest generation: {keyring().current}. Numbers to seal: {waiting}.")
        sealed = self._progress("sealed", rotation.seal_anew())
        documents = rotation.seal_register_anew()
        removed = self._progress("removed", rotation.remove_retired_seals())
        self.stdout.write(
            f"Sealed {sealed} numbers and {documents} register rows. Removed {removed} retired seals."
        )
        if lost := rotation.numbers_lost():
            msg = (
                f"{lost} numbers open under no key in the ring: put their generation back into it"
                " (docs/operations.md, Keys). Their seals are kept."
            )
            raise CommandError(msg)

    def _progress(self, verb: str, steps: Iterator[int]) -> int:
        done = 0
        for step in steps:
            done += step
            self.stdout.write(f"  {verb} {done}")
        return done
