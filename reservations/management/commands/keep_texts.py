from typing import Any

from django.core.management.base import BaseCommand

from reservations.operations import keep_texts


class Command(BaseCommand):
    help = "Keeps the texts of the confirmation pages as they stand now, for the page of their versions."

    def handle(self, **_: Any) -> None:
        keep_texts()
