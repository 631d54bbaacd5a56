"""What the two sides of a power of attorney are told. The one who ended it is never named to the other."""

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpr_portal.notices.operations import tell
from kpr_portal.people.models import Representation
from kpr_portal.ui.formats import day

GIVEN, RECEIVED, ENDED = "representation.given", "representation.received", "representation.ended"


def tell_of_power(row: Representation, *, receiver: str, giver: str, until: date) -> None:
    """Tell the giver, so that nobody gives one in another's name unseen, and the receiver."""

    def to_giver() -> str:
        said = gettext("Du har gitt {name} fullmakt til og med {day}.").format(name=receiver, day=day(until))
        return (
            said + "\n\n" + gettext("Var det ikke du som gjorde det, kan du avslutte den nå, og ringe oss.")
        )

    def to_receiver() -> str:
        said = gettext("{name} har gitt deg fullmakt til og med {day}.").format(name=giver, day=day(until))
        return said + "\n\n" + gettext("Vil du ikke ha den, kan du si den fra deg.")

    link = "login:representatives"
    tell(row.represented.key, kind=GIVEN, title=_("Du har gitt en fullmakt"), body=to_giver, link=link)
    tell(
        row.representative.key, kind=RECEIVED, title=_("Du har fått en fullmakt"), body=to_receiver, link=link
    )


def tell_of_end(row: Representation) -> None:
    """Tell the giver that the power has ended; the receiver only sees that it is not available."""
    tell(
        row.represented.key,
        kind=ENDED,
        title=_("En fullmakt er avsluttet"),
        body=_("En fullmakt du har gitt, er avsluttet, og gjelder ikke lenger."),
        link="login:representatives",
    )
