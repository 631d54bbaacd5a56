"""Which reservations, purposes and recipients there are: the rules' instances, with their texts.

To add a reservation that acts on releases, write one :class:`CatalogueEntry` and name it in ``ENTRIES``:
the page, the confirmation, the register, the history, the receipt and the gate follow, with no migration.
This list is the law's, so it is changed by a reviewed change of this file and by no setting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from reservations import rules
from reservations.rules import Action, Channel, Effect, ForbiddenUse, Purpose, ReservationKind, Voice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise


class UnknownKind(KeyError):
    """No kind of this code is in the catalogue."""


# What is said of every kind, unless its entry says it otherwise.
_IN_FORCE = _("Du har reservert deg")
_NOT_IN_FORCE = _("Du har ikke reservert deg")
_RECEIPT_PLACED = _("Kvittering: Du har reservert deg")
_RECEIPT_LIFTED = _("Kvittering: Du har opphevet reservasjonen")
_LIFT = _("Reservasjonen slutter å gjelde nå. Senere utleveringer kan igjen inneholde opplysningene dine.")
_LIFTED = _("Reservasjonen er opphevet. Senere utleveringer kan igjen inneholde opplysningene dine.")


@dataclass(frozen=True)
class CatalogueEntry:
    """A kind of reservation with everything that is said about it.

    ``when_reserved`` and ``when_not_reserved`` weigh the choice in sentences of equal number and length:
    the page informs and does not persuade.
    """

    kind: ReservationKind
    title: StrOrPromise
    sentence: StrOrPromise
    does: tuple[StrOrPromise, ...]
    to_know: tuple[StrOrPromise, ...]
    when_reserved: StrOrPromise
    when_not_reserved: StrOrPromise
    in_force: StrOrPromise = _IN_FORCE
    not_in_force: StrOrPromise = _NOT_IN_FORCE
    receipt_placed: StrOrPromise = _RECEIPT_PLACED
    receipt_lifted: StrOrPromise = _RECEIPT_LIFTED
    lift: StrOrPromise = _LIFT
    lifted: StrOrPromise = _LIFTED

    @property
    def code(self) -> str:
        """The code that stands in the register."""
        return self.kind.code

    @property
    def legal_basis(self) -> str:
        """The provision that gives the right, in the reader's language."""
        return gettext(self.kind.legal_basis)


_ALWAYS_SO = (
    _("Ingenting blir slettet når du reserverer deg."),
    _("Opplysninger om deg blir fortsatt registrert i KPR."),
    _("Det som allerede er utlevert, hentes ikke tilbake."),
    _("Statistikk som ikke kan spores tilbake til noen, blir laget som før."),
    _("Retten din til helsehjelp er den samme. Kjernejournal kan få færre opplysninger fra KPR."),
)

WITHHOLD_NATIONAL_ID = CatalogueEntry(
    kind=ReservationKind(
        code="withhold_national_id",
        legal_basis=gettext_noop("KPR-forskriften § 2-2 andre ledd andre punktum"),
        effect=Effect.WITHHOLD_IDENTIFIERS,
        applies=lambda terms: bool(terms.identifiers),
        yields_to_linkage=True,
    ),
    title=_("Ikke utlever fødselsnummeret mitt"),
    sentence=_(
        "Helseopplysningene dine kan fortsatt utleveres fra KPR, "
        "men uten fødselsnummer, D-nummer, navn og adresse."
    ),
    does=(
        _(
            "Den som får opplysninger fra KPR, får ikke fødselsnummeret, D-nummeret, "
            "navnet eller adressen din."
        ),
        _("Det gjelder både formål 1 og formål 2."),
        _("Det gjelder alle utleveringer fra nå av."),
    ),
    to_know=(_("Helseopplysninger uten fødselsnummer kan fortsatt utleveres."), *_ALWAYS_SO),
    when_reserved=_("De som får opplysningene, ser ikke hvem opplysningene gjelder."),
    when_not_reserved=_("Det er lettere å sette dem riktig sammen med andre registre."),
)

PURPOSE_2 = CatalogueEntry(
    kind=ReservationKind(
        code="purpose_2",
        legal_basis=gettext_noop("KPR-forskriften § 2-2 andre ledd første punktum"),
        effect=Effect.WITHHOLD_PERSON,
        applies=lambda terms: terms.purpose is Purpose.TWO,
        yields_to_linkage=True,
    ),
    title=_("Ikke utlever opplysningene mine til forskning eller annet i formål 2"),
    sentence=_(
        "Ingen helseopplysninger om deg utleveres til formål 2, verken med eller uten fødselsnummer. "
        "Utlevering til formål 1 fortsetter som før."
    ),
    does=(
        _(
            "Helseopplysninger om deg utleveres ikke til kvalitetsforbedring, forebygging, "
            "beredskap eller analyser."
        ),
        _("De utleveres heller ikke til forskning eller til Nasjonal kjernejournal."),
        _("Det gjelder alle utleveringer fra nå av."),
    ),
    to_know=(_("Utlevering til formål 1 fortsetter, også med fødselsnummer."), *_ALWAYS_SO),
    when_reserved=_("Ingen får opplysninger om deg til forskning eller annet i formål 2."),
    when_not_reserved=_("Kunnskapen om behandling og sykdom hos folk som deg kan bli riktigere."),
)

ENTRIES: tuple[CatalogueEntry, ...] = (WITHHOLD_NATIONAL_ID, PURPOSE_2)


def entries() -> tuple[CatalogueEntry, ...]:
    """Every kind with its texts, in the order in which pages show them."""
    return ENTRIES


def kinds() -> tuple[ReservationKind, ...]:
    """Every kind, for the rules."""
    return tuple(entry.kind for entry in entries())


def entry_of(code: str) -> CatalogueEntry:
    """The entry of a code. Raises UnknownKind."""
    for entry in entries():
        if entry.code == code:
            return entry
    raise UnknownKind(code)


def choices() -> list[tuple[str, StrOrPromise]]:
    """The kinds for a model field: given as a callable, so that a new kind makes no migration."""
    return [(entry.code, entry.title) for entry in entries()]


ACTIONS: Mapping[Action, StrOrPromise] = {Action.PLACED: _("Reservert"), Action.LIFTED: _("Opphevet")}
ACTIONS_ASKED: Mapping[Action, StrOrPromise] = {Action.PLACED: _("Reservere"), Action.LIFTED: _("Oppheve")}
VOICES: Mapping[Voice, StrOrPromise] = {Voice.OWN: _("den registrerte"), Voice.PARENTS: _("foreldre")}
CHANNELS: Mapping[Channel, StrOrPromise] = {
    Channel.ONLINE: _("i nettportalen"),
    Channel.POST: _("i posten"),
    Channel.PHONE: _("på telefon"),
    Channel.CARRIED_OVER: _("overført fra den tidligere løsningen"),
}


def action_choices() -> list[tuple[str, StrOrPromise]]:
    """The actions for a model field."""
    return [(action.value, text) for action, text in ACTIONS.items()]


def voice_choices() -> list[tuple[str, StrOrPromise]]:
    """The voices for a model field."""
    return [(voice.value, text) for voice, text in VOICES.items()]


def channel_choices() -> list[tuple[str, StrOrPromise]]:
    """The channels for a model field."""
    return [(channel.value, text) for channel, text in CHANNELS.items()]


# Who made a line, as said to the person it is about.
PERFORMERS: Mapping[str, StrOrPromise] = {
    "self": _("deg selv"),
    "parent": _("en forelder"),
    "guardian": _("vergen din"),
    "attorney": _("den du har gitt fullmakt"),
    "future_power": _("fremtidsfullmektigen din"),
    "next_of_kin": _("nærmeste pårørende"),
    "child_welfare": _("barnevernet"),
    "foster_care": _("fosterforeldre"),
    "staff": _("en ansatt"),
    "system": _("automatisk"),
}


# The same, said to somebody else who may read it.
_PERFORMERS_TO_OTHERS: Mapping[str, StrOrPromise] = {
    "self": _("personen selv"),
    "guardian": _("vergen"),
    "attorney": _("en med fullmakt"),
    "future_power": _("fremtidsfullmektigen"),
}


def performer(basis: str, *, reader_is_subject: bool) -> StrOrPromise:
    """Who made a line, from the basis they acted on."""
    if not reader_is_subject and basis in _PERFORMERS_TO_OTHERS:
        return _PERFORMERS_TO_OTHERS[basis]
    return PERFORMERS[basis]


@dataclass(frozen=True)
class PurposeEntry:
    """A purpose with its texts."""

    purpose: Purpose
    title: StrOrPromise
    sentence: StrOrPromise
    legal_basis: StrOrPromise


PURPOSES: tuple[PurposeEntry, ...] = (
    PurposeEntry(
        purpose=Purpose.ONE,
        title=_("Formål 1"),
        sentence=_(
            "Planlegge og styre tjenestene: stat og kommune planlegger, styrer, finansierer og evaluerer "
            "kommunale helse- og omsorgstjenester."
        ),
        legal_basis=_("KPR-forskriften § 1-1 andre ledd"),
    ),
    PurposeEntry(
        purpose=Purpose.TWO,
        title=_("Formål 2"),
        sentence=_(
            "Forske, forbedre og forebygge: kvalitetsforbedring, forebygging, beredskap, analyser, forskning "
            "og Nasjonal kjernejournal."
        ),
        legal_basis=_("KPR-forskriften § 1-1 tredje ledd"),
    ),
)


def purpose_choices() -> list[tuple[int, StrOrPromise]]:
    """The purposes for a model field."""
    return [(entry.purpose.value, entry.title) for entry in PURPOSES]


@dataclass(frozen=True)
class RecipientEntry:
    """A kind of recipient with its text."""

    kind: rules.RecipientKind
    title: StrOrPromise


RECIPIENTS: tuple[RecipientEntry, ...] = (
    RecipientEntry(rules.RecipientKind("research"), _("forskningsprosjekt")),
    RecipientEntry(rules.RecipientKind("state"), _("statlig myndighet")),
    RecipientEntry(rules.RecipientKind("municipality"), _("kommune eller fylkeskommune")),
    RecipientEntry(rules.RecipientKind("health_service"), _("virksomhet i helse- og omsorgstjenesten")),
    RecipientEntry(rules.RecipientKind("statistics"), _("statistikkmyndighet")),
    RecipientEntry(rules.RecipientKind("other"), _("annen virksomhet")),
    RecipientEntry(rules.RecipientKind("other_register", is_other_register=True), _("annet helseregister")),
    RecipientEntry(rules.RecipientKind("kjernejournal", is_kjernejournal=True), _("Nasjonal kjernejournal")),
    RecipientEntry(
        rules.RecipientKind("prosecution", forbidden_use=ForbiddenUse.PROSECUTION), _("påtalemyndigheten")
    ),
    RecipientEntry(
        rules.RecipientKind("insurer", forbidden_use=ForbiddenUse.INSURANCE), _("forsikringsselskap")
    ),
    RecipientEntry(
        rules.RecipientKind("employer", forbidden_use=ForbiddenUse.EMPLOYER),
        _("arbeidsgiver, som arbeidsgiver"),
    ),
)


def recipient_of(code: str) -> RecipientEntry:
    """The recipient kind of a code. Raises UnknownKind."""
    for entry in RECIPIENTS:
        if entry.kind.code == code:
            return entry
    raise UnknownKind(code)


def recipient_choices() -> list[tuple[str, StrOrPromise]]:
    """The recipient kinds for a model field."""
    return [(entry.kind.code, entry.title) for entry in RECIPIENTS]


def permitted_recipients() -> tuple[RecipientEntry, ...]:
    """The recipients that exist for no forbidden use (hregl § 19 d)."""
    return tuple(entry for entry in RECIPIENTS if entry.kind.forbidden_use is None)
