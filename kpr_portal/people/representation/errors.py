"""What is refused of acting for others, each with its sentence and the way that is open."""

from django.utils.translation import gettext_lazy as _

from kpr_portal.people.errors import PeopleRefused


class RepresentationRefused(PeopleRefused):
    """Nothing was changed; `message` says why, and never anything about another person."""


class GiverCannot(RepresentationRefused):
    """The person cannot give a power of attorney here."""

    def __init__(self) -> None:
        super().__init__(
            _("Du kan ikke gi fullmakt her på nettet. Du kan bruke papirskjema, eller ringe oss.")
        )


class RegisterAway(RepresentationRefused):
    """The population register does not answer: nothing is known of anybody, and no try is counted."""

    def __init__(self) -> None:
        super().__init__(
            _("Vi får ikke slått opp i Folkeregisteret nå. Prøv igjen om litt. Ingenting er endret.")
        )


class ReceiverNotUsable(RepresentationRefused):
    """One answer for everyone who cannot be named: wrong, unknown, protected, too young or oneself."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Vi kan ikke bruke det du skrev. Se om fødselsnummeret og etternavnet er riktige. "
                "Er de riktige, kan du bruke papirskjema, eller ringe oss."
            )
        )


class TooManyTries(RepresentationRefused):
    """So many tries with receivers who could not be used that the day is over for it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Du har prøvd mange ganger det siste døgnet. Vent til i morgen, bruk papirskjema, eller ring oss."
            )
        )


class PowerDatesWrong(RepresentationRefused):
    """The power would be over before it begins, or last too long."""

    def __init__(self, *, months: int) -> None:
        super().__init__(
            _("Fullmakten må vare minst én dag, og høyst {months} måneder fra i dag.").format(months=months)
        )


class NothingToEnd(RepresentationRefused):
    """There is no such right that this person may end, or it has ended."""

    def __init__(self) -> None:
        super().__init__(_("Fullmakten er allerede avsluttet. Ingenting ble endret."))


class NothingToBlock(RepresentationRefused):
    """There is nobody by that key whom this person may close out, or it is done."""

    def __init__(self) -> None:
        super().__init__(_("Dette er allerede gjort. Ingenting ble endret."))


class TooYoungToBlock(RepresentationRefused):
    """A child under the age of the setting closes out nobody alone."""

    def __init__(self) -> None:
        super().__init__(_("Du kan ikke stenge dette alene. Ring oss, så hjelper vi deg."))
