"""What one may ask for: each kind with its words. To add one, write an entry and name it in `KINDS`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class UnknownKind(KeyError):
    """No kind of enquiry has this code."""


class Asks(StrEnum):
    """Whether a text must, may or can not be written."""

    MUST = "must"
    MAY = "may"
    NOTHING = "nothing"


@dataclass(frozen=True)
class EnquiryKind:
    """A kind of enquiry. No reason is asked: a text is there to say what it is about.

    `standing` is an instruction that is in force until it is lifted; nobody needs to assess it.
    `needs_about` is a kind that is always about one thing, and is reached from its page.
    """

    code: str
    title: StrOrPromise
    lead: StrOrPromise
    to_know: tuple[StrOrPromise, ...]
    button: StrOrPromise
    received: StrOrPromise
    asks: Asks
    label: StrOrPromise = ""
    choices: tuple[tuple[str, StrOrPromise], ...] = ()
    choice_label: StrOrPromise = ""
    legal_basis: StrOrPromise = ""
    standing: bool = False
    needs_about: bool = False
    listed: bool = True


ASSESSED = _("Vi vurderer det du ber om, og svarer med begrunnelse. Du kan klage på svaret.")

NOT_RIGHT = EnquiryKind(
    code="not_right",
    title=_("Dette var ikke riktig"),
    lead=_("En annen har gjort noe med reservasjonene dine. Var det ikke riktig, kan du si fra her."),
    to_know=(
        _("En saksbehandler får vite det, og ser på det."),
        _("Det du velger selv, gjelder uansett hva vi kommer fram til."),
    ),
    button=_("Si fra til en saksbehandler"),
    received=_("Vi har fått vite at dette ikke var riktig."),
    asks=Asks.MAY,
    label=_("Vil du fortelle mer?"),
    needs_about=True,
    listed=False,
)
ASK = EnquiryKind(
    code="ask",
    title=_("Spør en saksbehandler"),
    lead=_("Lurer du på noe, kan du skrive til oss her. Svaret kommer i en melding eller i et brev."),
    to_know=(_("Haster det, er det raskere å ringe."),),
    button=_("Send spørsmålet"),
    received=_("Vi har fått spørsmålet ditt."),
    asks=Asks.MUST,
    label=_("Hva lurer du på?"),
)
ERROR = EnquiryKind(
    code="error",
    title=_("Meld fra om feil"),
    lead=_("Er noe av det KPR har om deg, feil eller ufullstendig, kan du be om at det blir rettet."),
    to_know=(
        _("Opplysningene kommer fra dem som ga deg hjelp. Ofte må de rette hos seg først."),
        ASSESSED,
    ),
    button=_("Meld fra"),
    received=_("Vi har fått meldingen om feil."),
    asks=Asks.MUST,
    label=_("Hva er feil, og hva er riktig?"),
    legal_basis=_("personvernforordningen artikkel 16"),
)
WHO_WAS_THIS = EnquiryKind(
    code="who_was_this",
    title=_("Hvem var dette?"),
    lead=_("Kjenner du ikke igjen et oppslag om deg, kan du spørre hvem det var."),
    to_know=(
        _("Du får vite navnet, med mindre den ansatte kan være utsatt for trusler."),
        _("Er oppslaget ikke i orden, følger vi det opp."),
    ),
    button=_("Spør hvem det var"),
    received=_("Vi har fått spørsmålet om hvem det var."),
    asks=Asks.MUST,
    label=_("Hvilket oppslag gjelder det? Skriv når det var, og hvilken virksomhet som sto der."),
    legal_basis=_("helseregisterloven § 24 andre ledd"),
)
RETENTION_LIMIT = EnquiryKind(
    code="retention_limit",
    title=_("Begrens hvor lenge opplysningene blir lagret"),
    lead=_(
        "Uten dette kan KPR lagre opplysninger uten tidsgrense. Med dette blir de slettet 30 år etter at de ble "
        "registrert, og senest 10 år etter at du er død."
    ),
    to_know=(
        _("Det gjelder alt KPR har om deg, også det som kommer senere."),
        _("Bare det som er eldre enn 30 år, blir slettet nå."),
        _("Du kan oppheve det når som helst. Det som er slettet, kommer ikke tilbake."),
    ),
    button=_("Begrens lagringstiden"),
    received=_("Lagringstiden for opplysningene dine er begrenset."),
    asks=Asks.NOTHING,
    legal_basis=_("KPR-forskriften § 4-3"),
    standing=True,
)
ERASE_OR_BLOCK = EnquiryKind(
    code="erase_or_block",
    title=_("Be om sletting eller sperring"),
    lead=_(
        "Kjennes det sterkt belastende at KPR har noe om deg, kan du be om at det blir slettet, eller sperret "
        "så det ikke blir brukt."
    ),
    to_know=(
        ASSESSED,
        _("Vi kan si nei når sterke hensyn til samfunnet taler for at opplysningene blir brukt."),
        _("Vil du bare at de ikke skal utleveres til forskning og annet i formål 2, kan du reservere deg."),
    ),
    button=_("Send"),
    received=_("Vi har fått det du ber om."),
    asks=Asks.MUST,
    label=_("Hvilke opplysninger gjelder det?"),
    choices=(("erase", _("Slett opplysningene")), ("block", _("Sperr opplysningene"))),
    choice_label=_("Hva vil du?"),
    legal_basis=_("helseregisterloven § 25"),
)

EMPLOYEE_OUT = EnquiryKind(
    code="employee_out",
    title=_("Be om at en ansatt ikke ser saken din"),
    lead=_(
        "Er det en ansatt her som du ikke vil skal se noe om deg, kan du si fra. Du trenger ikke si hvorfor."
    ),
    to_know=(
        _("En leder ser på det, og stenger den ansatte ute."),
        _("Den ansatte får ikke vite at det var du som ba om det."),
    ),
    button=_("Send"),
    received=_("Vi har fått det du ber om."),
    asks=Asks.MUST,
    label=_("Hva heter den ansatte?"),
    legal_basis=_("forvaltningsloven § 6"),
)

KINDS: tuple[EnquiryKind, ...] = (
    ASK,
    ERROR,
    WHO_WAS_THIS,
    RETENTION_LIMIT,
    ERASE_OR_BLOCK,
    EMPLOYEE_OUT,
    NOT_RIGHT,
)


def kind_of(code: str) -> EnquiryKind:
    """The kind of a code. Raises UnknownKind."""
    for kind in KINDS:
        if kind.code == code:
            return kind
    raise UnknownKind(code)


def kind_choices() -> list[tuple[str, StrOrPromise]]:
    """The kinds for a model field: given as a callable, so that a new kind makes no migration."""
    return [(kind.code, kind.title) for kind in KINDS]
