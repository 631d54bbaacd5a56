"""Why somebody is not signed in, in words for the person concerned.

A refusal's `code` goes to the log, its texts to the screen. Neither ever holds anything about a person.
"""

from dataclasses import dataclass
from http import HTTPStatus

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Refusal:
    """One way a sign-in ends: what happened, what to do, and which ways on are offered.

    `slug` names its page; the next try asks for proof anew where `afresh`; `paper` offers the paper form, with
    `paper_for` chosen; `end_idporten_session` offers to sign out there, and asks for it too.
    """

    slug: str
    status: HTTPStatus
    title: str | Promise
    happened: str | Promise
    advice: str | Promise
    try_again: bool = True
    paper: bool = False
    paper_for: str = ""
    afresh: bool = False
    end_idporten_session: bool = False


CANCELLED = Refusal(
    slug="avbrutt",
    status=HTTPStatus.FORBIDDEN,
    title=_("Du avbrøt innloggingen"),
    happened=_("Du er ikke logget inn, og ingenting er endret."),
    advice=_("Du kan logge inn når du vil. Vil du ikke logge inn, kan du bruke papirskjema eller ringe oss."),
    paper=True,
)
STATE_UNKNOWN = Refusal(
    slug="ukjent",
    status=HTTPStatus.BAD_REQUEST,
    title=_("Vi kjenner ikke igjen innloggingen"),
    happened=_(
        "Innloggingen ble startet i en annen nettleser, er allerede brukt, eller har stått åpen for lenge. "
        "Derfor er du ikke logget inn."
    ),
    advice=_(
        "Logg inn på nytt i denne nettleseren. Nettleseren må godta informasjonskapsler fra denne siden."
    ),
)
CODE_USED = Refusal(
    slug="brukt",
    status=HTTPStatus.BAD_REQUEST,
    title=_("Innloggingen er allerede brukt"),
    happened=_("En innlogging kan bare brukes én gang, og må brukes straks. Derfor er du ikke logget inn."),
    advice=_("Logg inn på nytt."),
)
UNTRUSTED = Refusal(
    slug="feil-svar",
    status=HTTPStatus.BAD_REQUEST,
    title=_("Vi kunne ikke stole på svaret fra innloggingen"),
    happened=_(
        "Svaret vi fikk da du logget inn, stemte ikke med det vi ba om. For sikkerhets skyld er du ikke "
        "logget inn."
    ),
    advice=_("Logg inn på nytt. Skjer det igjen, kan du ringe oss."),
)
TOO_LATE = Refusal(
    slug="for-sent",
    status=HTTPStatus.BAD_REQUEST,
    title=_("Innloggingen har gått ut på tid"),
    happened=_("Det gikk for lang tid før svaret fra innloggingen kom hit. Derfor er du ikke logget inn."),
    advice=_("Logg inn på nytt."),
)
LEVEL_TOO_LOW = Refusal(
    slug="for-lavt-niva",
    end_idporten_session=True,
    status=HTTPStatus.FORBIDDEN,
    title=_("Du må logge inn med høyere sikkerhet"),
    happened=_(
        "Her vises helseopplysninger. Derfor må du logge inn på det høyeste sikkerhetsnivået, og det gjorde "
        "du ikke."
    ),
    advice=_(
        "Logg inn på nytt med BankID, Buypass ID eller Commfides. MinID er ikke nok. Har du ingen av disse, "
        "kan du bruke papirskjema eller ringe oss."
    ),
    paper=True,
)
NOT_PROVEN = Refusal(
    slug="ikke-bekreftet",
    status=HTTPStatus.FORBIDDEN,
    title=_("Du må bekrefte på nytt hvem du er"),
    happened=_(
        "Det du ville gjøre, krever at du nettopp har logget inn. Vi fikk ikke bekreftet at du gjorde det. "
        "Ingenting er endret."
    ),
    advice=_("Prøv igjen, og logg inn med den elektroniske ID-en din når du blir spurt."),
    afresh=True,
)
NO_NUMBER = Refusal(
    slug="uten-nummer",
    status=HTTPStatus.FORBIDDEN,
    title=_("Innloggingen ga oss ikke fødselsnummer eller D-nummer"),
    happened=_(
        "Du er logget inn hos ID-porten, kanskje med elektronisk ID fra et annet land, men vi fikk ikke noe "
        "norsk fødselsnummer eller D-nummer. Uten det kan vi ikke finne ut hva registeret har om deg."
    ),
    advice=_(
        "Har du en norsk elektronisk ID, kan du logge inn med den. Ellers kan du bruke papirskjema eller "
        "ringe oss. Du har de samme rettighetene."
    ),
    paper=True,
    end_idporten_session=True,
)
NUMBER_NOT_VALID = Refusal(
    slug="ugyldig-nummer",
    end_idporten_session=True,
    status=HTTPStatus.FORBIDDEN,
    title=_("Vi kunne ikke lese fødselsnummeret fra innloggingen"),
    happened=_("Nummeret vi fikk fra innloggingen, er ikke et gyldig fødselsnummer eller D-nummer."),
    advice=_("Logg inn på nytt. Skjer det igjen, kan du bruke papirskjema eller ringe oss."),
    paper=True,
)
SYNTHETIC = Refusal(
    slug="testperson",
    end_idporten_session=True,
    status=HTTPStatus.FORBIDDEN,
    title=_("Testpersoner kan ikke logge inn her"),
    happened=_(
        "Nummeret fra innloggingen tilhører en oppdiktet testperson, og denne tjenesten er for virkelige "
        "personer."
    ),
    advice=_("Logg inn med din egen elektroniske ID."),
)
NOT_SYNTHETIC = Refusal(
    slug="ikke-testperson",
    end_idporten_session=True,
    status=HTTPStatus.FORBIDDEN,
    title=_("Bare testpersoner kan logge inn her"),
    happened=_(
        "Dette er en prøveversjon. Den tar bare imot oppdiktede testpersoner, og har ikke lagret noe om deg."
    ),
    advice=_("Logg inn med en testperson."),
)
DEAD = Refusal(
    slug="dod",
    status=HTTPStatus.FORBIDDEN,
    title=_("Du kan ikke logge inn som denne personen"),
    happened=_("Ifølge Folkeregisteret er personen død. Derfor er innloggingen stengt."),
    advice=_(
        "Er du pårørende, kan du bruke papirskjema eller ringe oss. Er opplysningen feil, må Folkeregisteret "
        "rette den. Imens hjelper vi deg på papir og telefon."
    ),
    try_again=False,
    paper=True,
    paper_for="avdod",
    end_idporten_session=True,
)
NO_ROLE = Refusal(
    slug="uten-rolle",
    end_idporten_session=True,
    status=HTTPStatus.FORBIDDEN,
    title=_("Du har ikke tilgang som ansatt"),
    happened=_("Du er logget inn som ansatt, men har ingen rolle her nå."),
    advice=_("Be lederen din om å få rollen registrert. Gjelder det deg selv, logger du inn med ID-porten."),
    try_again=False,
)


REFUSALS = {
    refusal.slug: refusal
    for refusal in (
        CANCELLED,
        STATE_UNKNOWN,
        CODE_USED,
        UNTRUSTED,
        TOO_LATE,
        LEVEL_TOO_LOW,
        NOT_PROVEN,
        NO_NUMBER,
        NUMBER_NOT_VALID,
        SYNTHETIC,
        NOT_SYNTHETIC,
        DEAD,
        NO_ROLE,
    )
}


class SignInRefused(Exception):
    """Somebody is not let in. `code` is for the log: short, and about nobody."""

    def __init__(self, refusal: Refusal, *, code: str) -> None:
        super().__init__(code)
        self.refusal = refusal
        self.code = code


class ProviderUnavailable(Exception):
    """The sign-in service is away, slow, or does not answer as it should. `code` is for the log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
