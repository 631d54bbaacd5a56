"""What people are told when another did something with their reservations. In words that say what to do."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpr_portal.notices.models import Message
from kpr_portal.notices.operations import tell
from kpr_portal.people.basis import Basis
from kpr_portal.people.models import Person
from kpr_portal.people.queries import names_of
from reservations.catalogue import CatalogueEntry, entry_of
from reservations.models import LiftWish, ReservationEntry
from reservations.rules import Action

CHANGED = "reservations.changed"
WISHED = "reservations.lift_wished"
IN_FORCE = "reservations.in_force"


def tell_of_change(entry: ReservationEntry) -> None:
    """Tell the person that another placed or lifted a reservation of theirs: who, by what right, and what now."""
    placed = entry.action == Action.PLACED
    title = _("Noen har reservert deg") if placed else _("Noen har opphevet en reservasjon for deg")
    name = names_of([entry.actor]).get(entry.actor_id, "")

    def body() -> str:
        kind = str(entry_of(entry.kind).title)
        basis = str(Basis(entry.basis).label)
        who = (
            f"{name} ({basis})"
            if name
            else gettext("En som kan handle for deg ({basis})").format(basis=basis)
        )
        what = (
            gettext("{who} har reservert deg: {kind}.")
            if placed
            else gettext("{who} har opphevet denne reservasjonen: {kind}.")
        )
        after = gettext("Var ikke dette riktig, kan du si fra på siden om endringen.")
        return what.format(who=who, kind=kind) + "\n\n" + after

    tell(entry.person.key, kind=CHANGED, title=title, body=body, about=entry.key, link="reservations:receipt")


def tell_of_wish(wish: LiftWish, *, others: Collection[UUID]) -> None:
    """Tell those who placed it that another who decides for the child wants to lift it."""
    name = names_of([wish.person]).get(wish.person_id, "")

    def body() -> str:
        kind = str(entry_of(wish.kind).title)
        about = gettext("Det gjelder {name}: {kind}.") if name else gettext("Det gjelder et barn: {kind}.")
        return (
            about.format(name=name, kind=kind)
            + "\n\n"
            + gettext(
                "En annen med foreldreansvar vil oppheve reservasjonen. Vil du det også, kan du oppheve den. "
                "Vil du ikke, trenger du ikke gjøre noe."
            )
        )

    for key in others:
        tell(key, kind=WISHED, title=_("En annen vil oppheve en reservasjon du har gjort"), body=body)


def tell_what_is_in_force(person: Person, kinds: Sequence[CatalogueEntry]) -> Message:
    """Tell the person, neutrally, what another placed for them that is in force, and how to lift it."""

    def body() -> str:
        listed = "\n".join(f"- {kind.title}" for kind in kinds)
        before = gettext("En annen har tidligere reservert deg. Dette gjelder fortsatt:")
        after = gettext(
            "Nå bestemmer du selv. Du kan la det stå, eller oppheve det på siden om reservasjon. "
            "Du trenger ikke si hvorfor."
        )
        return f"{before}\n\n{listed}\n\n{after}"

    return tell(
        person.key,
        kind=IN_FORCE,
        title=_("Dette gjelder for deg nå"),
        body=body,
        link="reservations:overview",
    )
