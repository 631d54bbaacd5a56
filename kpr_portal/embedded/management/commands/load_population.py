"""`manage.py load_population`: the synthetic people of a demo."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kpr_portal.embedded.population import load, write_sign_in_list
from kpr_portal.ground import clock


class Command(BaseCommand):
    help = (
        "Fills the embedded population register with synthetic people, once: where it holds people already it"
        " leaves them as they are. Also gives the synthetic staff their roles."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", type=int, default=settings.POPULATION, help="how many people")
        parser.add_argument("--seed", type=int, default=1, help="another seed makes other people")
        parser.add_argument(
            "--citizens", type=Path, help="write whom to sign in as here, for the local ID-porten"
        )
        parser.add_argument("--staff", type=Path, help="the same for the staff's provider")

    def handle(self, *_args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            msg = "Synthetic people are for demos and tests, never for production."
            raise CommandError(msg)
        began = time.monotonic()
        written = load(seed=options["seed"], size=options["size"], today=clock.today())
        if written:
            self.stdout.write(
                f"Entered {written} numbers of synthetic people in {time.monotonic() - began:.1f} s."
            )
        else:
            self.stdout.write("The synthetic people were there already; they are left as they are.")
        if options["citizens"]:
            write_sign_in_list(options["citizens"], staff=False)
        if options["staff"]:
            write_sign_in_list(options["staff"], staff=True)
