"""Whether a member of staff may handle what concerns a person. Asked at every such request, and never kept."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpr_portal.audit.operations import log_refusal
from kpr_portal.people.acting import Basis
from kpr_portal.people.errors import NotAllowed
from kpr_portal.people.impartiality.rows import ExclusionReason, Shield, StaffExclusion
from kpr_portal.people.impartiality.rules import Nearness, nearness
from kpr_portal.people.models import Person, Representation
from kpr_portal.people.population_register import ask_register
from kpr_portal.people.queries import ids_of, number_of


class NotImpartial(NotAllowed):
    """The member of staff stays out of this. What is said never tells how the two are near."""

    def __init__(self, why: Nearness) -> None:
        if why is Nearness.UNKNOWN:
            super().__init__(_("Vi får ikke sjekket om du er inhabil akkurat nå. Prøv igjen om litt."))
        else:
            super().__init__(_("Du kan ikke behandle dette. En annen må ta det (forvaltningsloven § 6)."))
        self.why = why


def shut_out(staff: Person, person: Person) -> Nearness | None:
    """Why this member of staff stays out of what concerns the person; None where they may go on.

    A person whom the register does not know has no relations to find; a member of staff it does not know, or
    a register that does not answer, shuts out.
    """
    mine, theirs = ids_of(staff), ids_of(person)
    if mine & theirs:
        return Nearness.ONESELF
    return (
        _by_row(mine, theirs)
        or (Nearness.REPRESENTS if _has_represented(mine, theirs) else None)
        or _by_register(staff, person)
    )


def check_impartial(staff: Person, person: Person, *, role: str, action: str) -> None:
    """Raise NotImpartial, after the attempt has been logged, where the member of staff stays out."""
    why = shut_out(staff, person)
    if why is None:
        return
    log_refusal(
        actor=staff.key,
        subject=person.key,
        action=action,
        basis=Basis.STAFF.value,
        role=role,
        reason=f"impartiality:{why}",
    )
    raise NotImpartial(why)


def _by_row(mine: frozenset[int], theirs: frozenset[int]) -> Nearness | None:
    reasons = set(
        StaffExclusion.objects.filter(staff__in=mine, person__in=theirs, end__isnull=True).values_list(
            "reason", flat=True
        )
    )
    if ExclusionReason.DECLARED in reasons:
        return Nearness.DECLARED
    if ExclusionReason.NAMED in reasons:
        return Nearness.NAMED
    shields = Shield.objects.filter(person__in=theirs, end__isnull=True)
    return Nearness.SHIELDED if shields.exclude(openings__staff__in=mine).exists() else None


def _has_represented(mine: frozenset[int], theirs: frozenset[int]) -> bool:
    return Representation.objects.filter(
        Q(representative__in=mine, represented__in=theirs)
        | Q(representative__in=theirs, represented__in=mine)
    ).exists()


def _by_register(staff: Person, person: Person) -> Nearness | None:
    mine, theirs = number_of(staff), number_of(person)
    known = ask_register([mine, theirs])
    if mine not in known:
        return Nearness.UNKNOWN
    return nearness(known[mine], known[theirs]) if theirs in known else None
