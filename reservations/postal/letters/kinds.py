"""The kinds of letters, each with its texts. To add one: an entry here, named in `KINDS`, and a template.

A template holds no words of its own: every fixed text of a letter stands here, so that the version of the text
(`texts.py`) tells all of them. `{name}` in a text is filled with a value of the letter, or with one of the facts
that every letter knows (`sheet.facts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Value(StrEnum):
    """What kind of value a letter is given beside its fixed texts."""

    TEXT = "text"
    LINES = "lines"  # several texts: a list, or paragraphs
    DAY = "day"  # a date
    YES = "yes"  # a bool
    KEYS = "keys"  # UUIDs of lines of the register


@dataclass(frozen=True)
class LetterKind:
    """A kind of letter. `title` is what staff call it; `texts` what it says, by name.

    `needs` are the values it cannot be made without, `may` those that it may have, and `one_of` those of these of
    which it cannot lack all. `values.checked` refuses what is needed and says nothing.
    """

    code: str
    template: str
    title: StrOrPromise
    texts: Mapping[str, StrOrPromise]
    needs: Mapping[str, Value] = field(default_factory=dict)
    may: Mapping[str, Value] = field(default_factory=dict)
    one_of: tuple[str, ...] = ()

    @property
    def values(self) -> Mapping[str, Value]:
        """Every value that it takes: `for_name` is the name of the one it is about, where that is another."""
        return {**self.needs, **self.may, "for_name": Value.TEXT}


# Said in every letter.
SHARED: Mapping[str, StrOrPromise] = {
    "reference": _("Vår referanse"),
    "concerns": _("Dette gjelder {for_name}."),
    "questions": _("Spørsmål? Ring {phone}, {hours}. Oppgi referansen {number}."),
    "other_forms": _("Ring oss hvis du vil ha brevet på nynorsk eller engelsk, eller med større skrift."),
    # Where the print is large already.
    "other_languages": _("Ring oss hvis du vil ha brevet på nynorsk eller engelsk."),
    "greeting": _("Vennlig hilsen"),
    "unsigned": _("Brevet er laget elektronisk og er derfor ikke underskrevet."),
}

CONFIRMATION = LetterKind(
    code="confirmation",
    template="postal/letters/confirmation.html",
    title=_("Bekreftelse på det som er bestemt"),
    texts={
        "title": _("Saken din er ferdig behandlet"),
        "lead": _("Dette er bestemt:"),
        "written_to": _("Teksten er skrevet til den det gjelder. Her betyr «du» {for_name}."),
        "done": _("Dette er gjort"),
        "reference_of_it": _("Referanse"),
        "happens": _("Dette skjer"),
        "to_know": _("Dette bør du vite"),
        "past": _("Det som allerede er utlevert, hentes ikke tilbake."),
        "lift_any_time": _("Du kan oppheve reservasjonen når som helst."),
        "place_again": _("Du kan reservere deg igjen når som helst."),
        "wrong": _("Er noe av dette feil? Ring oss så snart du kan."),
    },
    may={"entries": Value.KEYS, "decided": Value.LINES},
    one_of=("entries", "decided"),
)

RECEIVED = LetterKind(
    code="received",
    template="postal/letters/received.html",
    title=_("Vi har fått skjemaet ditt"),
    texts={
        "title": _("Vi har fått skjemaet ditt"),
        "provisional": _(
            "Vi har fått skjemaet ditt. Fra {received_on} gjelder reservasjonen foreløpig, til skjemaet er ferdig "
            "behandlet."
        ),
        "lead": _("Vi har fått skjemaet ditt, og ser på det."),
        "received_on": _("Skjemaet kom til oss"),
        "applies_from": _("Gjelder foreløpig fra"),
        "answer_by": _("Du får svar senest"),
        "next": _("Dette skjer nå"),
        "next_check": _("Vi sjekker opplysningene i skjemaet."),
        "next_more": _("Trenger vi noe mer, skriver vi til deg."),
        "next_answer": _("Du får et nytt brev når vi er ferdige. Du trenger ikke gjøre noe før det."),
        "changed": _("Har du ombestemt deg, eller er noe feil i skjemaet? Ring oss."),
    },
    needs={"received_on": Value.DAY, "answer_by": Value.DAY},
    may={"provisional": Value.YES},
)

MORE_NEEDED = LetterKind(
    code="more_needed",
    template="postal/letters/more_needed.html",
    title=_("Vi trenger noe mer"),
    texts={
        "title": _("Vi trenger noe mer fra deg"),
        "lead": _("Vi har fått skjemaet ditt. For å bli ferdige trenger vi dette:"),
        "provisional": _("Imens gjelder reservasjonen foreløpig."),
        "how": _("Slik gjør du"),
        "send": _("Send det til {reply_address}, gjerne slik at vi har det innen {reply_by}."),
        "write": _("Skriv referansen {number} på det du sender."),
        "hard": _("Har du det ikke, eller er det vanskelig å få tak i? Ring oss, så hjelper vi deg."),
        "answer": _("Du får svar senest {answer_by}, også om vi ikke har fått alt."),
    },
    needs={"missing": Value.LINES, "reply_by": Value.DAY, "answer_by": Value.DAY},
    may={"provisional": Value.YES},
)

REFUSAL = LetterKind(
    code="refusal",
    template="postal/letters/refusal.html",
    title=_("Avslag"),
    texts={
        "title": _("Vi kan ikke gjøre det du ba om"),
        "asked": _("Du ba om dette: {asked}"),
        "why": _("Hvorfor"),
        "rule": _("Regelen vi har brukt"),
        "now": _("Dette kan du gjøre nå"),
        "now_call": _("Ring oss hvis noe er uklart, eller hvis vi har misforstått deg."),
        "now_again": _(
            "Be oss se på saken en gang til hvis du mener at vi tar feil. Skriv til {reply_address}."
        ),
        "now_new": _("Send et nytt skjema hvis noe har endret seg."),
        "complain": _("Slik klager du"),
        "complaint": "{complaint}",  # the owner's own words
        "complain_with": _("Legg ved en kopi av dette brevet hvis du klager."),
        "court": _("Du kan også ta saken til domstolen."),  # GDPR art. 12(4): said with each refusal
    },
    needs={"asked": Value.TEXT, "reasons": Value.LINES, "provision": Value.LINES},
)

# Neutral: others in the house may open it. It says that something is in force, and not what.
OWN_DECISIONS = LetterKind(
    code="own_decisions",
    template="postal/letters/own_decisions.html",
    title=_("Nå bestemmer du selv"),
    texts={
        "title": _("Nå bestemmer du selv"),
        "sixteen": _("Du har fylt {age} år. Da bestemmer du selv over opplysningene dine hos oss."),
        "lead": _("Nå bestemmer du selv over opplysningene dine hos oss."),
        "register": _("Vi har ansvar for Kommunalt pasient- og brukerregister (KPR)."),
        "before": _("En annen har tidligere bestemt noe for deg. Det gjelder fortsatt."),
        "choice": _("Du kan la det stå, eller endre det når som helst. Du trenger ikke si hvorfor."),
        "how": _("Slik ser du hva som gjelder"),
        "sign_in": _("Logg inn på {portal}. Skriv adressen selv i nettleseren."),
        "call": _("Eller ring oss på {phone}, {hours}. Vi kan sende deg et skjema i posten."),
    },
    may={"sixteen": Value.YES},
)

COVER = LetterKind(
    code="cover",
    template="postal/letters/cover.html",
    title=_("Følgebrev til skjema"),
    texts={
        "title": _("Her er skjemaet du ba om"),
        "lead": _("Skjemaet heter «{form_title}»."),
        "how": _("Slik gjør du"),
        "check": _(
            "Se over at det som står på skjemaet, er riktig. Er noe feil, kan du rette det med penn. Kryss av for det "
            "du vil, der det ikke er krysset av."
        ),
        "sign": _("Skriv sted og dato, og skriv under."),
        "enclose": _("Legg ved det skjemaet ber om, hvis det ber om noe."),
        "send_prepaid": _("Send alt til {reply_address}. Du trenger ikke frimerke."),
        "send": _("Send alt til {reply_address}."),
        "after": _("Vi skriver til deg når skjemaet har kommet. {promise}"),
        "not_you": _(
            "Har du ikke bedt om dette? Da kan du rive det i stykker og kaste det. Ring oss gjerne hvis du lurer på "
            "noe."
        ),
    },
    needs={"form_title": Value.TEXT},
)

MESSAGE_WAITING = LetterKind(
    code="message_waiting",
    template="postal/letters/message_waiting.html",
    title=_("En melding venter"),
    texts={
        "title": _("Du har fått en melding fra oss"),
        "lead": _("Det ligger en melding til deg i KPR-portalen."),
        "not_here": _("Av hensyn til personvernet ditt skriver vi ikke her hva den handler om."),
        "how": _("Slik leser du meldingen"),
        "sign_in": _("Logg inn på {portal}. Skriv adressen selv i nettleseren."),
        "call": _("Kan du ikke logge inn? Ring oss på {phone}, {hours}, så hjelper vi deg."),
        "why_letter": _("Hvorfor får du brev?"),
        "no_mail": _("Vi fikk ikke sagt fra med e-post, eller du vil ha post på papir."),
    },
)

KINDS: tuple[LetterKind, ...] = (
    CONFIRMATION,
    RECEIVED,
    MORE_NEEDED,
    REFUSAL,
    OWN_DECISIONS,
    COVER,
    MESSAGE_WAITING,
)


def kind_of(code: str) -> LetterKind:
    """The kind with this code. Raises KeyError."""
    for kind in KINDS:
        if kind.code == code:
            return kind
    raise KeyError(code)


def choices() -> list[tuple[str, StrOrPromise]]:
    """The kinds for a model field."""
    return [(kind.code, kind.title) for kind in KINDS]
