"""What is refused where a form is made for somebody, each with its sentence for the caseworker."""

from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class FormRefused(Exception):
    """No form is made; ``message`` says why, in the user's language, and ``field`` whom it is about."""

    message: ClassVar["StrOrPromise"] = _("Skjemaet ble ikke laget.")

    def __init__(self, field: str = "person") -> None:
        super().__init__(field)
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotInRegister(FormRefused):
    """The population register knows nobody by this number, or does not answer."""

    message = _(
        "Vi finner ikke nummeret i Folkeregisteret nå. Se om det er riktig. Er det riktig, kan personen bruke et tomt "
        "skjema."
    )


class CannotBeReached(FormRefused):
    """There is nowhere to send it. Why, is not said: it may be a protected address."""

    message = _(
        "Vi har ingen adresse å sende skjemaet til. Personen kan skrive det ut selv, eller hente det."
    )


class OldEnough(FormRefused):
    """The form is for a child, and this is none."""

    message = _(
        "Den det gjelder, er gammel nok til å skrive under selv. Velg «Meg selv», eller et annet grunnlag."
    )


class IsDead(FormRefused):
    """The person is dead, and the form is for the living."""

    message = _("Personen er registrert som død. Velg skjemaet for pårørende til en som er død.")


class IsAlive(FormRefused):
    """The form is for the dead, and the register knows of no death."""

    message = _("Personen er ikke registrert som død. Velg et annet grunnlag.")


class SamePerson(FormRefused):
    """Who signs for another is another."""

    message = _(
        "Dette er den samme personen som skjemaet gjelder. Velg «Meg selv», eller skriv et annet nummer."
    )
