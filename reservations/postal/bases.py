"""For whom a form can be signed, and what is enclosed: each basis on paper, with its words.

Wider than what the portal lets anyone do online (`people.basis`): paper goes to a caseworker, who reads what is
enclosed. The codes are those of `people.basis.Basis`, and one more: the relative of a dead person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kpr_portal.people.basis import Basis
from reservations.postal.law import lifted_by, with_ages

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RELATIVE_OF_DEAD = "relative_of_dead"


class UnknownBasis(KeyError):
    """No form is signed on a basis of this code."""


@dataclass(frozen=True)
class PaperBasis:
    """One answer to "whom is it for?".

    `title` is the answer, `person` heads the part about whom it concerns, `signer` the part about who signs.
    `enclose` is what must come along; where it is empty, `nothing_enclosed` says why. `of_reservations` is to know
    beside `to_know` where the form is about reservations. `hears` asks for the tick that the person has been heard
    (pbrl §§ 3-1, 4-4; vergemålsloven § 33), `heard` says it shortly, and `not_heard` when it is left open.
    `for_a_child` asks when the child was born: the form is for those under the age of deciding alone.
    `for_an_office` is signed at work: then the office and its address are asked, never the number of who signs, and
    nothing is sent to where they live.
    """

    code: str
    slug: str
    title: StrOrPromise
    person: StrOrPromise
    signer: StrOrPromise
    enclose: tuple[StrOrPromise, ...] = ()
    nothing_enclosed: StrOrPromise = ""
    to_know: tuple[StrOrPromise, ...] = ()
    of_reservations: tuple[StrOrPromise, ...] = ()
    hears: StrOrPromise = ""
    heard: StrOrPromise = ""
    not_heard: StrOrPromise = ""
    for_a_child: bool = False
    for_an_office: bool = False

    @property
    def is_of_the_dead(self) -> bool:
        """Whether the one it concerns is dead, and nothing is written to them."""
        return self.code == RELATIVE_OF_DEAD

    @property
    def is_self(self) -> bool:
        """Whether whoever signs is the one it concerns."""
        return self.code == Basis.SELF.value


CHILD = _("Barnet skjemaet gjelder")
PERSON = _("Den skjemaet gjelder")
CHILD_HEARD = _("Barnet har fått si hva det mener. Det skal barnet få fra det er 7 år, og før hvis det kan.")
CHILD_WAS_HEARD = _("Barnet har fått si hva det mener.")
CHILD_NOT_HEARD = _("Kan et barn under 7 år ikke si hva det mener om dette, lar du ruten stå tom.")
PERSON_HEARD = _("Personen har fått si sin mening.")
FOR_CHILDREN = with_ages(_("Skjemaet gjelder for barn under %(alone)s år."))
PERSON_NOT_HEARD = _("Kan personen ikke si sin mening om dette, lar du ruten stå tom.")

SELF = PaperBasis(
    code=Basis.SELF.value,
    slug="meg-selv",
    title=_("Meg selv"),
    person=_("Deg som skjemaet gjelder"),
    signer=_("Deg som skriver under"),
    nothing_enclosed=_("Du trenger ikke legge ved noe."),
    to_know=(_("Kan du ikke skrive under selv, finner vi ut sammen hva vi gjør. Ring oss."),),
    of_reservations=(
        with_ages(
            _(
                "Fra du er %(alone)s år, bestemmer du selv. Er du mellom %(young)s og %(last)s år, kan du reservere "
                "deg alene."
            )
        ),
    ),
)
PARENT = PaperBasis(
    code=Basis.PARENT.value,
    slug="barn",
    title=_("Et barn jeg har foreldreansvar for"),
    person=CHILD,
    signer=_("Forelder som skriver under"),
    enclose=(
        _(
            "Bare hvis det ikke står i Folkeregisteret at du har foreldreansvar: kopi av avtalen om foreldreansvar, "
            "eller av det retten har bestemt."
        ),
    ),
    to_know=(FOR_CHILDREN,),
    of_reservations=(
        lifted_by(
            _(
                "Én forelder kan reservere barnet. Skal en reservasjon fra den andre forelderen oppheves, skriver "
                "begge under."
            ),
            _("Én forelder kan reservere barnet, og oppheve det den andre forelderen har reservert."),
        ),
    ),
    hears=CHILD_HEARD,
    heard=CHILD_WAS_HEARD,
    not_heard=CHILD_NOT_HEARD,
    for_a_child=True,
)
GUARDIAN = PaperBasis(
    code=Basis.GUARDIAN.value,
    slug="verge",
    title=_("En jeg er verge for"),
    person=PERSON,
    signer=_("Verge som skriver under"),
    enclose=(_("Kopi av vergefullmakten eller vedtaket. Oppdraget må gjelde personlige forhold."),),
    to_know=(_("Du kan ikke velge noe som personen er imot."),),
    hears=PERSON_HEARD,
    heard=PERSON_HEARD,
)
ATTORNEY = PaperBasis(
    code=Basis.ATTORNEY.value,
    slug="fullmakt",
    title=_("En som har gitt meg fullmakt"),
    person=PERSON,
    signer=_("Den som skriver under med fullmakt"),
    enclose=(
        _("Kopi av fullmakten, med underskriften til den som har gitt den."),
        _("Er det en fremtidsfullmakt: kopi av den, og bekreftelsen på at den gjelder."),
    ),
    to_know=(_("Det må stå i fullmakten at du kan gjøre dette i KPR eller i helseregistre."),),
)
NEXT_OF_KIN = PaperBasis(
    code=Basis.NEXT_OF_KIN.value,
    slug="parorende",
    title=_("En jeg er nærmeste pårørende til, og som ikke kan ta valget selv"),
    person=PERSON,
    signer=_("Nærmeste pårørende som skriver under"),
    enclose=(
        _("Erklæring fra lege om at personen mangler beslutningskompetanse."),
        _("Noe som viser at du er nærmeste pårørende."),
    ),
    of_reservations=(
        _("En reservasjon på dette grunnlaget gjelder bare for en tid. Vi skriver i svaret hvor lenge."),
    ),
    hears=PERSON_HEARD,
    heard=PERSON_HEARD,
    not_heard=PERSON_NOT_HEARD,
)
CHILD_WELFARE = PaperBasis(
    code=Basis.CHILD_WELFARE.value,
    slug="barnevernet",
    title=_("Et barn barnevernet har omsorgen for"),
    person=CHILD,
    signer=_("Den som skriver under for barnevernet"),
    enclose=(
        _("Kopi av vedtaket om at barnevernet har overtatt omsorgen."),
        _("Noe som viser at du kan skrive under for barnevernet."),
    ),
    to_know=(FOR_CHILDREN,),
    hears=CHILD_HEARD,
    heard=CHILD_WAS_HEARD,
    not_heard=CHILD_NOT_HEARD,
    for_a_child=True,
    for_an_office=True,
)
FOSTER_CARE = PaperBasis(
    code=Basis.FOSTER_CARE.value,
    slug="fosterbarn",
    title=_("Et barn jeg er fosterforelder for"),
    person=CHILD,
    signer=_("Fosterforelder som skriver under"),
    enclose=(_("Kopi av brev eller vedtak fra barnevernet som viser at du kan gjøre dette for barnet."),),
    to_know=(FOR_CHILDREN,),
    hears=CHILD_HEARD,
    heard=CHILD_WAS_HEARD,
    not_heard=CHILD_NOT_HEARD,
    for_a_child=True,
)
DEAD = PaperBasis(
    code=RELATIVE_OF_DEAD,
    slug="avdod",
    title=_("En som er død, og som jeg er pårørende til"),
    person=_("Den avdøde"),
    signer=_("Pårørende som skriver under"),
    enclose=(
        _("Noe som viser at du er pårørende til den avdøde, for eksempel skifteattest eller vigselsattest."),
    ),
    to_know=(
        _("Reservasjonene til den som er død, gjelder fortsatt."),
        _("Vi vurderer om du kan få innsyn, og svarer med begrunnelse. Du kan klage på svaret."),
    ),
)

BASES: tuple[PaperBasis, ...] = (
    SELF,
    PARENT,
    GUARDIAN,
    ATTORNEY,
    NEXT_OF_KIN,
    CHILD_WELFARE,
    FOSTER_CARE,
    DEAD,
)
# By which of them one signs who may act by this right online. A power for the future is a power on paper too:
# what tells the two apart is what is enclosed.
ON_PAPER: Mapping[Basis, PaperBasis] = {
    Basis.SELF: SELF,
    Basis.PARENT: PARENT,
    Basis.GUARDIAN: GUARDIAN,
    Basis.ATTORNEY: ATTORNEY,
    Basis.FUTURE_POWER: ATTORNEY,
    Basis.NEXT_OF_KIN: NEXT_OF_KIN,
    Basis.CHILD_WELFARE: CHILD_WELFARE,
    Basis.FOSTER_CARE: FOSTER_CARE,
}


def basis_of(code: str) -> PaperBasis:
    """The basis of a code. Raises UnknownBasis."""
    for basis in BASES:
        if basis.code == code:
            return basis
    raise UnknownBasis(code)
