"""What the register refuses, each with its sentence for whoever is refused."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _with_age(sentence: "StrOrPromise") -> str:
    return str(sentence) % {"age": settings.LAW_DECIDES_ALONE_FROM_AGE}


class ReservationRefused(Exception):
    """Nothing was changed in the register; ``message`` says why, in the user's language."""

    message: ClassVar["StrOrPromise"] = _("Reservasjonen ble ikke endret.")

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(ReservationRefused):
    """The actor may not do this for this person."""

    message = _("Du kan ikke gjøre dette for en annen her. Du kan bruke papirskjemaet.")


class AlreadyReserved(ReservationRefused):
    """The actor's own voice already says placed."""

    message = _("Reservasjonen er allerede i kraft. Ingenting ble endret.")


class NotReserved(ReservationRefused):
    """There is nothing in the actor's own voice to lift."""

    message = _("Reservasjonen er allerede opphevet. Ingenting ble endret.")


class HeldByParents(ReservationRefused):
    """Those who decide for the child placed it, and the child's own lift does not end that yet."""

    message = lazy(_with_age, str)(
        _(
            "De som har foreldreansvar for deg, har reservert deg. Det kan du ikke oppheve selv før du er "
            "%(age)s år. Ring oss hvis du vil snakke om det."
        )
    )


class NeedsTheOther(ReservationRefused):
    """Another who decides for the child placed it: both must want to lift it, or a caseworker looks at it."""

    message = _(
        "En annen med foreldreansvar har reservert barnet. Dere må begge ville oppheve reservasjonen. "
        "Du kan si fra her at du vil det, eller sende papirskjemaet med underskrift fra begge."
    )


class NotHeard(ReservationRefused):
    """A guardian decides after hearing the person (vergemålsloven § 33), and says so."""

    message = _("Kryss av for at du har hørt hva personen selv mener.")


class TextChanged(ReservationRefused):
    """The text that was confirmed is not the text as it stands."""

    message = _("Teksten er endret siden du åpnet siden. Les den nye teksten før du bekrefter.")


class WrongDates(ReservationRefused):
    """Declared after it was received, or received after now."""

    message = _("Datoene stemmer ikke: et valg kan ikke være underskrevet etter at vi fikk det.")


class SignOffRefused(ReservationRefused):
    """An import is signed off once, by someone else of the staff than the one who made it."""

    message = _("En annen ansatt enn den som overførte, må godkjenne overføringen, og bare én gang.")
