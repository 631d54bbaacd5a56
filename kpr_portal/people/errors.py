"""What this app refuses, with the sentence for whoever is refused."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpr_portal.people.national_id import Reason

NUMBER_MESSAGES: dict[Reason, str | Promise] = {
    Reason.LENGTH: _("Nummeret skal ha 11 siffer."),
    Reason.LETTERS: _("Nummeret skal bare ha siffer."),
    Reason.DATE: _("De seks første sifrene er ikke en gyldig dato. Se om noe er tastet feil."),
    Reason.K1: _("Nummeret er ikke gyldig. Se om noe er tastet feil."),
    Reason.K2: _("Nummeret er ikke gyldig. Se om noe er tastet feil."),
    Reason.SYNTHETIC: _("Nummeret er et testnummer og kan ikke brukes her."),
    Reason.NOT_SYNTHETIC: _("Dette er en prøveversjon. Bruk bare testnumre her."),
}


class PeopleRefused(Exception):
    """Something about persons, numbers or roles is refused. `message` is for the screen."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(PeopleRefused):
    """The one who asks may not."""


class RoleEnded(PeopleRefused):
    """The role has ended already."""
