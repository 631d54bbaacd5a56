"""`manage.py staff_roles`: the owner of the installation gives, ends and lists staff roles.

The number of who gets a role is asked for, never given on the command line, where shells and process lists
would keep it.
"""

from argparse import ArgumentParser
from datetime import datetime, time
from getpass import getpass
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date

from kpr_portal.ground.clock import OSLO
from kpr_portal.people.errors import NUMBER_MESSAGES, PeopleRefused
from kpr_portal.people.models import Person, Role
from kpr_portal.people.national_id import InvalidNationalId, NationalId
from kpr_portal.people.operations import end_role, grant_role, person_for
from kpr_portal.people.queries import current_roles, everyone_with_a_role, person_by_key


class Command(BaseCommand):
    help = "Gives or ends a staff role, or lists who has one. Asks for the number of a person without --key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["grant", "end", "list"])
        parser.add_argument("role", nargs="?", choices=Role.values)
        parser.add_argument("--key", type=UUID, help="the person's key, where the portal has met them")
        parser.add_argument("--until", help="the first day on which the role no longer holds (grant)")
        parser.add_argument("--reason", default="", help="why the role ends (end)")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["what"] == "list":
            for row in everyone_with_a_role():
                self.stdout.write(f"{row.person.key} {row.role} {row.until or ''}".rstrip())
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
                self._end(person, options["role"], reason=options["reason"])
        except PeopleRefused as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self.stdout.write(f"{options['what']} {options['role']}: {person.key}")

    @staticmethod
    def _end(person: Person, role: str, *, reason: str) -> None:
        held = list(current_roles(person).filter(role=role))
        if not held:
            msg = "The person does not have this role."
            raise CommandError(msg)
        for row in held:
            end_role(row, ended_by=None, reason=reason)

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
