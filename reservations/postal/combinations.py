"""What can be asked for whom: where the two do not go together, the sentences that say why and what one can do.

By `kinds` and `bases`: a test walks every combination.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from reservations.postal.bases import ATTORNEY, BASES, DEAD, GUARDIAN, ON_PAPER, PaperBasis, UnknownBasis
from reservations.postal.kinds import (
    ERASE_OR_BLOCK,
    FORMS,
    HELPER_INSIGHT,
    RESERVATION,
    RETENTION_LIMIT,
    PostalForm,
    UnknownForm,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_OF_THE_DEAD: dict[str, StrOrPromise] = {
    RESERVATION.slug: _(
        "Ingen kan reservere eller oppheve noe for en som er død. Reservasjonene personen hadde, gjelder fortsatt. "
        "Du kan be om innsyn, eller ringe oss."
    ),
    HELPER_INSIGHT.slug: _(
        "For en som er død, må en pårørende be om innsyn selv. Velg «Se hva KPR har om meg, og hvem som har fått det»."
    ),
    RETENTION_LIMIT.slug: _(
        "Lagringstiden kan ikke begrenses for en som er død. Hadde personen gjort det selv, gjelder det fortsatt. "
        "Ring oss hvis du lurer på noe."
    ),
    ERASE_OR_BLOCK.slug: _(
        "Det finnes ikke noe skjema for sletting eller sperring for en som er død. Ring oss, så ser vi på det sammen."
    ),
}
_HELPER_BY_ATTORNEY = _(
    "Har du fullmakt, kan du be om innsyn selv. Velg «Se hva KPR har om meg, og hvem som har fått det»."
)
_HELPER_BY_OTHERS = _(
    "Bare personen selv, foreldre og verger kan la en hjelper få innsyn. Du kan be om innsyn selv. Velg «Se hva KPR "
    "har om meg, og hvem som har fått det»."
)
_RESERVATION_BY_GUARDIAN = _(
    "En verge kan ikke reservere eller oppheve noe for den vergen hjelper. Du kan be om innsyn, eller ringe oss."
)
_BASIS_AT = {
    **{right.value: basis for right, basis in ON_PAPER.items()},
    **{called: basis for basis in BASES for called in (basis.slug, basis.code)},
}
_NO_SUCH_FORM = _("Det finnes ikke noe skjema for dette. Ring oss, så finner vi ut sammen hva du kan gjøre.")


def goes_together(form: PostalForm, basis: PaperBasis) -> bool:
    """Whether there is such a form for such a person."""
    return basis in form.bases


def why_not(form: PostalForm, basis: PaperBasis) -> StrOrPromise:
    """Why there is no such form, and what one can do instead; empty where there is one."""
    if goes_together(form, basis):
        return ""
    if basis is DEAD:
        return _OF_THE_DEAD[form.slug]
    if form is RESERVATION and basis is GUARDIAN:
        return _RESERVATION_BY_GUARDIAN
    if form is HELPER_INSIGHT:
        return _HELPER_BY_ATTORNEY if basis is ATTORNEY else _HELPER_BY_OTHERS
    return _NO_SUCH_FORM


def basis_at(slug: str) -> PaperBasis:
    """The basis whose address this is; its code will do too, and that of a right to act online. Raises UnknownBasis."""
    if slug not in _BASIS_AT:
        raise UnknownBasis(slug)
    return _BASIS_AT[slug]


def chosen(form: str | None, basis: str | None) -> tuple[str, str]:
    """What another page says that one wants, as values of the start page; empty for what is not known here."""
    try:
        of = basis_at(basis or "").slug
    except UnknownBasis:
        of = ""
    slugs = {each.slug for each in FORMS}
    return (form if form in slugs else ""), of


__all__ = ["UnknownBasis", "UnknownForm", "basis_at", "chosen", "goes_together", "why_not"]
