"""What one may ask for on paper: each form with its words, its choices, and for whom it can be signed.

To add one, write an entry and name it in `FORMS`: the start page, the questions on screen, the blank forms and the
filled ones follow. The choices of a reservation are the catalogue's own, in the words of the web page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from reservations import catalogue
from reservations.enquiries.kinds import ERASE_OR_BLOCK as ERASE_OR_BLOCK_ONLINE
from reservations.enquiries.kinds import RETENTION_LIMIT as RETENTION_LIMIT_ONLINE
from reservations.postal.bases import (
    ATTORNEY,
    BASES,
    CHILD_WELFARE,
    DEAD,
    FOSTER_CARE,
    GUARDIAN,
    NEXT_OF_KIN,
    PARENT,
    SELF,
    PaperBasis,
)
from reservations.postal.code import FormKind
from reservations.postal.law import guardian_may_reserve, insight_is_assessed, with_ages
from reservations.rules import Action

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PLACE, LIFT = "+", "-"


class UnknownForm(KeyError):
    """No form asks for this."""


@dataclass(frozen=True)
class Option:
    """One box to tick: its code as it stands in the form's 2D code, what it is called, and what it means."""

    code: str
    label: StrOrPromise
    sentence: StrOrPromise = ""


@dataclass(frozen=True)
class Choice:
    """One thing to choose about, with its options.

    At most one option of a choice is ticked: none leaves it as it is.
    """

    title: StrOrPromise
    options: tuple[Option, ...]
    sentence: StrOrPromise = ""


@dataclass(frozen=True)
class PostalForm:
    """A form. `title` heads it, `ask` is the answer to "what do you want to do?", `lead` says what it gives.

    `several`: whether more than one of its choices may be made. `details` asks for a text in one's own words,
    `helper` for whom the answer may go to. `legal_basis` is the provision that gives the living their right, and
    `for_whom` are those whom it can be signed for as far as the law is settled.
    """

    kind: FormKind
    slug: str
    title: StrOrPromise
    ask: StrOrPromise
    lead: StrOrPromise
    choose: StrOrPromise
    choices: Callable[[], tuple[Choice, ...]]
    for_whom: tuple[PaperBasis, ...]
    to_know: tuple[StrOrPromise, ...]
    legal_basis: StrOrPromise
    details: StrOrPromise = ""
    helper: bool = False

    def to_know_of(self, basis: PaperBasis) -> tuple[StrOrPromise, ...]:
        """What whoever signs on this basis should know of this form."""
        if self.is_reservation:
            return (*basis.to_know, *basis.of_reservations)
        return (*basis.to_know, INSIGHT_ASSESSED) if self.is_assessed(basis) else basis.to_know

    def right_of(self, basis: PaperBasis) -> str:
        """What gives the right to what is asked for: one or two sentences, in the language that is active.

        The provision gives it to the registered person. No law of ours gives it to the relatives of the dead.
        """
        if basis is DEAD:
            return gettext(RIGHT_AFTER_DEATH)
        right = gettext("Retten står i %(provision)s.") % {"provision": self.legal_basis}
        return f"{right} {gettext(RIGHT_OF_CHILD)}" if self.is_assessed(basis) else right

    @property
    def bases(self) -> tuple[PaperBasis, ...]:
        """For whom it can be signed, by what the register's owner has decided of the law."""
        closed = {GUARDIAN} if self.is_reservation and not guardian_may_reserve() else set()
        return tuple(basis for basis in self.for_whom if basis not in closed)

    def is_assessed(self, basis: PaperBasis) -> bool:
        """Whether it asks for insight into a child who may be so old that it is assessed (pbrl § 3-4)."""
        is_insight = self.kind in {FormKind.INSIGHT, FormKind.HELPER_INSIGHT}
        return is_insight and basis.for_a_child and insight_is_assessed()

    @property
    def is_reservation(self) -> bool:
        """Whether it is entered in the register of reservations."""
        return self.kind is FormKind.RESERVATION

    def signed_by(self, basis: PaperBasis) -> PostalForm:
        """The form as it speaks to whoever signs on this basis: of the dead it speaks to nobody else."""
        return replace(self, **OF_THE_DEAD) if basis is DEAD and self.kind is FormKind.INSIGHT else self

    @property
    def meanings(self) -> tuple[tuple[str, str], ...]:
        """What an option means, with its name: once where it means the same in every choice."""
        said = ((str(o.label), str(o.sentence)) for c in self.choices() for o in c.options if o.sentence)
        return tuple(dict.fromkeys(said))

    @property
    def codes(self) -> frozenset[str]:
        """The code of every option."""
        return frozenset(option.code for choice in self.choices() for option in choice.options)


# Online it is now; on paper somebody must have read it.
LIFTED_ON_PAPER = _(
    "Reservasjonen slutter å gjelde når vi har behandlet skjemaet. Senere utleveringer kan igjen inneholde "
    "opplysningene dine."
)


INSIGHT_ASSESSED = with_ages(
    _(
        "Er barnet mellom %(assessed)s og %(last)s år, vurderer vi om vi kan gi innsyn, og svarer med begrunnelse."
    )
)
RIGHT_OF_CHILD = gettext_noop("For et barn ser vi også til pasient- og brukerrettighetsloven § 3-4.")
RIGHT_AFTER_DEATH = gettext_noop(
    "Helseregisterloven gjelder også for opplysninger om døde, så langt den passer (§ 3). Om den gir deg rett til "
    "innsyn, må vi vurdere."
)


def _reservations() -> Iterator[Choice]:
    for entry in catalogue.entries():
        yield Choice(
            title=entry.title,
            sentence=entry.sentence,
            options=(
                Option(entry.code + PLACE, catalogue.ACTIONS_ASKED[Action.PLACED]),
                Option(entry.code + LIFT, catalogue.ACTIONS_ASKED[Action.LIFTED], LIFTED_ON_PAPER),
            ),
        )


def _one(*options: Option, title: StrOrPromise) -> Callable[[], tuple[Choice, ...]]:
    return lambda: (Choice(title=title, options=options),)


def _each(*options: Option) -> Callable[[], tuple[Choice, ...]]:
    """Options of which any number may be ticked: each is a choice of its own."""
    return lambda: tuple(Choice(title=option.label, options=(option,)) for option in options)


ALL_LIVING = tuple(basis for basis in BASES if basis is not DEAD)
INSIGHT_OF = (
    Option("records+", _("Det KPR har om meg")),
    Option("releases+", _("Hvem som har fått opplysninger knyttet til navnet eller fødselsnummeret mitt")),
    Option("accesses+", _("Hvem som har sett på opplysninger om meg")),
)
OF_THE_DEAD: dict[str, Any] = {
    "lead": _(
        "Du kan be om å få se hva KPR har om den som er død, og hvem som har fått opplysningene. Det er gratis."
    ),
    "choices": _each(
        Option("records+", _("Det KPR har om den avdøde")),
        Option(
            "releases+",
            _("Hvem som har fått opplysninger knyttet til navnet eller fødselsnummeret til den avdøde"),
        ),
        Option("accesses+", _("Hvem som har sett på opplysninger om den avdøde")),
    ),
}

RESERVATION = PostalForm(
    kind=FormKind.RESERVATION,
    slug="reservasjon",
    title=_("Reservere seg, eller oppheve en reservasjon"),
    ask=_("Reservere meg, eller oppheve en reservasjon"),
    lead=_("Du kan bestemme at opplysninger ikke skal utleveres fra KPR. Du kan oppheve det når som helst."),
    choose=_("Hva vil du? Velg ett eller begge."),
    choices=lambda: tuple(_reservations()),
    for_whom=(SELF, PARENT, GUARDIAN, ATTORNEY, NEXT_OF_KIN, CHILD_WELFARE, FOSTER_CARE),
    to_know=(
        _("Unntak kan følge av lov."),
        _("Ingenting blir slettet når du reserverer deg. Opplysninger blir fortsatt registrert i KPR."),
        _("Det som allerede er utlevert, hentes ikke tilbake."),
        _("Retten din til helsehjelp er den samme. Kjernejournal kan få færre opplysninger fra KPR."),
    ),
    legal_basis=_("KPR-forskriften § 2-2"),
)
INSIGHT = PostalForm(
    kind=FormKind.INSIGHT,
    slug="innsyn",
    title=_("Be om innsyn"),
    ask=_("Se hva KPR har om meg, og hvem som har fått det"),
    lead=_("Du kan få se hva KPR har om deg, og hvem som har fått opplysninger om deg. Det er gratis."),
    choose=_("Hva vil du se? Velg ett eller flere."),
    choices=_each(*INSIGHT_OF),
    for_whom=BASES,
    to_know=(
        _(
            "Svaret inneholder helseopplysninger. Vi sender det slik at bare den som skal ha det, kan hente det."
        ),
    ),
    legal_basis=_("helseregisterloven § 24"),
)
HELPER_INSIGHT = PostalForm(
    kind=FormKind.HELPER_INSIGHT,
    slug="innsyn-hjelper",
    title=_("La en hjelper få innsyn én gang"),
    ask=_("La en hjelper få innsyn for meg, én gang"),
    lead=_(
        "En du stoler på, for eksempel i helsetjenesten, kan få innsyn for deg. Det gjelder én gang, og bare den "
        "du skriver opp."
    ),
    choose=_("Hva skal hjelperen få se? Velg ett eller flere."),
    choices=_each(*INSIGHT_OF),
    for_whom=(SELF, PARENT, GUARDIAN),
    to_know=(
        _("Hjelperen får helseopplysninger om deg. Vi sender dem til adressen du skriver opp for hjelperen."),
        _("Du kan trekke dette tilbake fram til svaret er sendt. Ring oss."),
    ),
    legal_basis=_("helseregisterloven § 24"),
    helper=True,
)
RETENTION_LIMIT = PostalForm(
    kind=FormKind.RETENTION_LIMIT,
    slug="lagringstid",
    title=RETENTION_LIMIT_ONLINE.title,
    ask=_("Begrense hvor lenge opplysningene blir lagret"),
    lead=RETENTION_LIMIT_ONLINE.lead,
    choose=_("Hva vil du? Velg ett."),
    choices=_one(
        Option("retention_limit+", _("Begrens lagringstiden")),
        Option("retention_limit-", _("Opphev begrensningen")),
        title=RETENTION_LIMIT_ONLINE.title,
    ),
    for_whom=ALL_LIVING,
    to_know=RETENTION_LIMIT_ONLINE.to_know,
    legal_basis=RETENTION_LIMIT_ONLINE.legal_basis,
)
ERASE_OR_BLOCK = PostalForm(
    kind=FormKind.ERASE_OR_BLOCK,
    slug="sletting",
    title=ERASE_OR_BLOCK_ONLINE.title,
    ask=_("Be om at opplysninger blir slettet eller sperret"),
    lead=ERASE_OR_BLOCK_ONLINE.lead,
    choose=_("Hva vil du? Velg ett."),
    choices=_one(
        *(Option(code + PLACE, label) for code, label in ERASE_OR_BLOCK_ONLINE.choices),
        title=ERASE_OR_BLOCK_ONLINE.title,
    ),
    for_whom=ALL_LIVING,
    to_know=ERASE_OR_BLOCK_ONLINE.to_know,
    legal_basis=ERASE_OR_BLOCK_ONLINE.legal_basis,
    details=ERASE_OR_BLOCK_ONLINE.label,
)

FORMS: tuple[PostalForm, ...] = (RESERVATION, INSIGHT, HELPER_INSIGHT, RETENTION_LIMIT, ERASE_OR_BLOCK)


def form_of(kind: FormKind) -> PostalForm:
    """The form of a kind."""
    return next(form for form in FORMS if form.kind is kind)


def form_at(slug: str) -> PostalForm:
    """The form whose address this is. Raises UnknownForm."""
    for form in FORMS:
        if form.slug == slug:
            return form
    raise UnknownForm(slug)


def all_forms() -> Iterator[tuple[PostalForm, PaperBasis]]:
    """Every form for everyone whom it can be signed for."""
    for form in FORMS:
        for basis in form.bases:
            yield form, basis
