"""What is refused about letters, each with its sentence for whoever is refused."""

from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class LetterRefused(Exception):
    """Nothing was changed; ``message`` says why, in the user's language."""

    message: ClassVar["StrOrPromise"] = _("Brevet ble ikke laget.")

    def __str__(self) -> str:
        return str(self.message)


class NumberInLetter(LetterRefused):
    """What was typed holds a national identity number: no letter shows one."""

    message = _("Teksten inneholder et fødselsnummer eller D-nummer. Det skal ikke stå i brev. Ta det bort.")


class SaysTooLittle(LetterRefused):
    """What the kind cannot be made without is missing or blank: `names` are the names of it."""

    message = _("Brevet mangler noe som må stå i det. Fyll ut alt før du lager det.")

    def __init__(self, *names: str) -> None:
        super().__init__(*names)
        self.names = names


class NotThere(LetterRefused):
    """Nothing lies in the queue under this key."""

    message = _("Dette ligger ikke i køen.")


class AlreadyEnded(LetterRefused):
    """It was posted or withdrawn already."""

    message = _("Dette er allerede postlagt eller trukket tilbake.")


class AlreadyMade(LetterRefused):
    """There is a letter already: a letter is made once."""

    message = _("Brevet er allerede laget.")


class CannotBePosted(LetterRefused):
    """There is no letter to post: it lacks an address."""

    message = _("Dette brevet er ikke laget, og kan ikke postlegges.")


class NotPrinted(LetterRefused):
    """Nobody has printed it: it cannot lie in a letter box."""

    message = _("Dette er ikke skrevet ut ennå. Skriv det ut først, og merk det som postlagt etterpå.")


class NothingPrinted(LetterRefused):
    """None of several may be printed, each for its own reason."""

    message = _("Ingenting ble skrevet ut. Åpne brevene ett for ett for å se hvorfor.")


class NotToBeSent(LetterRefused):
    """What the register tells now: the letter is not sent."""


class RecipientDead(NotToBeSent):
    """The recipient has died since the letter was made."""

    message = _("Mottakeren er registrert som død. Brevet skal ikke sendes. Trekk det tilbake.")


class AddressHidden(NotToBeSent):
    """The address has become strictly confidential since the letter was made, and stands on it as it was before."""

    message = _(
        "Adressen er blitt strengt fortrolig etter at brevet ble laget. Brevet skal ikke sendes. Trekk det tilbake."
    )


class AddressNotShown(LetterRefused):
    """The address has become strictly confidential since the letter was made: whoever reads it may see where it was."""

    message = _(
        "Adressen er strengt fortrolig nå. Brevet kan fortelle hvor mottakeren bor, og vises derfor ikke her."
    )


class AddressUnknown(NotToBeSent):
    """The register does not answer: where the letter goes now is not known."""

    message = _("Vi får ikke spurt Folkeregisteret om adressen akkurat nå. Prøv igjen om litt.")


class AddressChanged(NotToBeSent):
    """What stands on the letter is not what the register tells now: it is made anew before it is sent."""

    message = _("Brevet må lages på nytt før det kan sendes.")


class AddressLost(AddressChanged):
    """The register has no address at all any more."""


class AddressNotKept(AddressChanged):
    """Nobody can tell what stands on the letter: it is older than its fingerprint, or the key is gone."""


class AddressTheSame(LetterRefused):
    """What stands on the letter is what the register tells now: there is no need to make it anew."""

    message = _("Adressen på brevet er den som står i Folkeregisteret nå. Brevet trenger ikke lages på nytt.")


class ContentGone(LetterRefused):
    """What the letter was made from is erased, or the form that goes with it: it cannot be made anew."""

    message = _("Innholdet i brevet er slettet, så det kan ikke lages på nytt. Trekk det tilbake.")
