"""`manage.py staff_roles`: the owner of the installation gives, reviews, ends and lists staff roles.

The number of who gets a role is asked for, never given on the command line, where shells and process lists
would keep it.
"""

from argparse import ArgumentParser
from datetime import datetime, time, timedelta
from getpass import getpass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils.dateparse import parse_date

from kpr_portal.ground import clock
from kpr_portal.ground.clock import OSLO
from kpr_portal.people.errors import NUMBER_MESSAGES, PeopleRefused
from kpr_portal.people.models import Person, Role, StaffRole
from kpr_portal.people.national_id import InvalidNationalId, NationalId
from kpr_portal.people.operations import end_role, grant_role, person_for, review_role
from kpr_portal.people.queries import granted_roles, ids_of, last_reviewed, person_by_key

# So long before a role stops counting, the list begins to say so.
WARNED_BEFORE = timedelta(days=30)


class Command(BaseCommand):
    help = (
        "Gives, reviews or ends a staff role, or lists who has one and which must be reviewed. Asks for the"
        " number of a person without --key."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["grant", "review", "end", "list"])
        parser.add_argument("role", nargs="?", choices=Role.values)
        parser.add_argument("--key", type=UUID, help="the person's key, where the portal has met them")
        parser.add_argument("--until", help="the first day on which the role no longer holds (grant)")
        parser.add_argument("--reason", default="", help="why the role ends (end)")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["what"] == "list":
            for row in granted_roles():
                told = (row.person.key, row.role, row.until, _must_be_reviewed(row))
                self.stdout.write(" ".join(str(part) for part in told if part))
            return
        if not options["role"]:
            msg = "Which role?"
            raise CommandError(msg)
        person = self._person(options["key"])
        try:
            if options["what"] == "grant":
                until = _midnight(options["until"])
                grant_role(person, Role(options["role"]), granted_by=None, until=until)
            else:
                for row in self._held(person, options["role"]):
                    if options["what"] == "review":
                        review_role(row, reviewed_by=None)
                    else:
                        end_role(row, ended_by=None, reason=options["reason"])
        except PeopleRefused as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self.stdout.write(f"{options['what']} {options['role']}: {person.key}")

    @staticmethod
    def _held(person: Person, role: str) -> QuerySet[StaffRole]:
        """The rows that give it, also those that do not count because nobody has reviewed them."""
        held = granted_roles().filter(person__in=ids_of(person), role=role)
        if not held:
            msg = "The person does not have this role."
            raise CommandError(msg)
        return held

    @staticmethod
    def _person(key: UUID | None) -> Person:
        if key is not None:
            person = person_by_key(key)
            if person is None:
                msg = "Nobody has this key."
                raise CommandError(msg)
            return person
        try:
            return person_for(NationalId.parse(getpass("National identity number: ")))
        except InvalidNationalId as refused:
            raise CommandError(str(NUMBER_MESSAGES[refused.reason])) from None


def _must_be_reviewed(role: StaffRole) -> str:
    """By when, where that is soon; or that the role does not count."""
    by = last_reviewed(role) + timedelta(days=settings.STAFF_ROLE_REVIEW_DAYS)
    if by <= clock.now():
        return "DOES NOT COUNT: not reviewed"
    return f"REVIEW before {by.astimezone(OSLO).date()}" if by - clock.now() <= WARNED_BEFORE else ""


def _midnight(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        msg = "--until is a date: 2027-12-31."
        raise CommandError(msg)
    return datetime.combine(day, time.min, tzinfo=OSLO)
