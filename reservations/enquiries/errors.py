"""What is refused of enquiries, each with its sentence."""

from django.utils.translation import gettext_lazy as _

from reservations.errors import ReservationRefused


class EnquiryRefused(ReservationRefused):
    """Nothing was sent; `message` says why."""


class NotOneself(EnquiryRefused):
    """Enquiries are the person's own; a representative asks for themselves, or on paper."""

    message = _("Dette kan du bare gjøre for deg selv. Du kan bruke papirskjema, eller ringe oss.")


class EnoughForToday(EnquiryRefused):
    """So many in a day that something is wrong."""

    message = _("Du har sendt mange henvendelser det siste døgnet. Vent til i morgen, eller ring oss.")


class AlreadyStanding(EnquiryRefused):
    """The instruction is in force."""

    message = _("Dette gjelder allerede. Ingenting ble endret.")


class NotStanding(EnquiryRefused):
    """There is no instruction to lift."""

    message = _("Dette er allerede opphevet. Ingenting ble endret.")
