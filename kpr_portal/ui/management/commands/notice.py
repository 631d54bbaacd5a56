"""Operations notices: `manage.py notice add|list|remove`."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpr_portal.ui.formats import OSLO
from kpr_portal.ui.models import OperationsNotice
from kpr_portal.ui.operations import put_up_notice, take_down_notice


def oslo_time(text: str) -> datetime:
    """`2027-06-03 14:05`, as the clock shows in Oslo."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=OSLO)


def as_typed(value: datetime) -> str:
    return f"{value.astimezone(OSLO):%Y-%m-%d %H:%M}"


class Command(BaseCommand):
    help = "Show, list or remove a notice on top of every page, in three languages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        add = actions.add_parser("add")
        for language in ("nb", "nn", "en"):
            add.add_argument(f"--{language}", required=True, metavar="TEXT")
        add.add_argument("--from", dest="starts_at", type=oslo_time, metavar='"2027-06-03 14:05"')
        add.add_argument("--to", dest="ends_at", type=oslo_time, metavar='"2027-06-03 16:00"')
        actions.add_parser("list")
        remove = actions.add_parser("remove")
        remove.add_argument("id", type=int)

    def handle(self, *_: Any, action: str, **options: Any) -> None:
        if action == "add":
            if options["ends_at"] and options["starts_at"] and options["ends_at"] <= options["starts_at"]:
                msg = "The notice ends before it starts."
                raise CommandError(msg)
            notice = put_up_notice(
                **{name: options[name] for name in ("nb", "nn", "en", "starts_at", "ends_at")}
            )
            self.stdout.write(f"Notice {notice.id} is up.")
        elif action == "list":
            for notice in OperationsNotice.objects.order_by("id"):
                until = as_typed(notice.ends_at) if notice.ends_at else "-"
                self.stdout.write(f"{notice.id}: {as_typed(notice.starts_at)} / {until}: {notice.text_nb}")
        elif not take_down_notice(options["id"]):
            msg = f"There is no notice {options['id']}."
            raise CommandError(msg)
