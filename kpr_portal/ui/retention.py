"""How long each kind of data is kept: the one table of /personvern/, and of the reports.

The times are settings, so that the page cannot promise another time than retention keeps.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpr_portal.ui.formats import hours, minutes


@dataclass(frozen=True)
class Kept:
    """One kind of data: what it is, for how long, and by what rule or for what reason."""

    what: str
    how_long: str
    why: str


def _years(number: int) -> str:
    return ngettext("%(number)d år", "%(number)d år", number) % {"number": number}


def _days(number: int) -> str:
    return ngettext("%(number)d dag", "%(number)d dager", number) % {"number": number}


def retention_table() -> list[Kept]:
    """Every kind of data the portal keeps, in the language of the page."""
    return [
        Kept(
            _("Helseopplysninger i KPR"),
            _(
                "Uten tidsgrense. Du kan kreve at de slettes 30 år etter at de ble registrert, "
                "og senest 10 år etter at du er død."
            ),
            _("KPR-forskriften § 4-3"),
        ),
        Kept(
            _("Fødselsnummer, D-nummer og tidligere nummer"),
            _("Så lenge KPR har opplysninger om deg, eller du har reservert deg"),
            _("Uten nummeret kan vi ikke finne opplysningene dine eller følge reservasjonen din."),
        ),
        Kept(
            _("Reservasjoner: når, hvordan og av hvem de ble gjort og opphevet"),
            _("Så lenge KPR finnes"),
            _("Vi må kunne vise hva som gjaldt da opplysninger ble utlevert."),
        ),
        Kept(
            _("Hvem som kan handle for deg: på hvilket grunnlag, fra når, til når og hvorfor det sluttet"),
            _("Så lenge KPR finnes"),
            _("Vi må kunne vise hvem som handlet for deg, og med hvilken rett."),
        ),
        Kept(
            _("At du har stengt for noen som kunne handle for deg, og at du har åpnet igjen"),
            _("Så lenge KPR finnes"),
            _("Stengingen skal gjelde helt til du selv åpner igjen."),
        ),
        Kept(
            _("At en ansatt er holdt utenfor det som gjelder deg"),
            _("Så lenge KPR finnes"),
            _("Forvaltningsloven § 6. Vi lagrer ikke hvorfor."),
        ),
        Kept(
            _("Kvitteringer"),
            _("Så lenge KPR finnes, kryptert"),
            _("Du skal alltid kunne hente kvitteringen din."),
        ),
        Kept(
            _("Oversikten over utleveringer og hvem som var med i dem"),
            _("Minst %(time)s") % {"time": _years(settings.RELEASE_LOG_KEPT_YEARS)},
            _("Helseregisterloven § 19 h"),
        ),
        Kept(
            _("Oppslagsloggen: hvem som har sett på opplysninger"),
            _years(settings.ACCESS_LOG_KEPT_YEARS),
            _("Du skal kunne se hvem som har hatt tilgang, og misbruk skal kunne oppdages."),
        ),
        Kept(
            _("Skjemaer i posten og henvendelser"),
            _("%(time)s etter at saken er avsluttet") % {"time": _years(settings.CASES_KEPT_YEARS)},
            _("Arkivforskrifta § 3, og for å kunne behandle en klage."),
        ),
        Kept(
            _("Brev til deg: hva som sto i dem, og når de ble sendt"),
            _("%(time)s etter at de ble laget. Kryptert") % {"time": _years(settings.LETTERS_KEPT_YEARS)},
            _("Vi må kunne vise hva du har fått vite, og når."),
        ),
        Kept(
            _("Skjemaer vi har laget for deg, og som skal i posten"),
            _("Til de er postlagt. Kryptert"),
            _("Du skal få skjemaet du ba om."),
        ),
        Kept(
            _("Det du skriver i skjemaet for utskrift"),
            _(
                "%(time)s etter at du sist åpnet en side, %(fetched)s etter at du åpnet det ferdige skjemaet, og "
                "uansett %(most)s etter at du begynte. Kryptert"
            )
            % {
                "time": minutes(settings.POSTAL_FORM_MINUTES),
                "fetched": minutes(settings.POSTAL_FETCHED_MINUTES),
                "most": hours(settings.POSTAL_FORM_MOST_HOURS),
            },
            _("Bare nettleseren din kan åpne det. Du kan slette det selv når du vil."),
        ),
        Kept(
            _("Filer du har bestilt for nedlasting"),
            _days(settings.DOWNLOADS_KEPT_DAYS),
            _("Du skal rekke å hente dem. De er kryptert."),
        ),
        Kept(
            _("Innlogging (økten din)"),
            _("Til du logger ut, og høyst %(time)s") % {"time": minutes(settings.SESSION_MAX_MINUTES)},
            _("Ingen skal kunne overta en gammel innlogging."),
        ),
        Kept(
            _("Det du hadde skrevet på en side da du ble logget ut"),
            _("Til du logger inn igjen, og høyst %(time)s. Kryptert")
            % {"time": minutes(settings.KEPT_FORMS_MINUTES)},
            _("Du skal slippe å skrive det på nytt. Logger du ut selv, blir det slettet med en gang."),
        ),
        Kept(
            _("Tekniske logger, uten fødselsnummer"),
            _days(settings.SERVER_LOGS_KEPT_DAYS),
            _("For å finne feil og oppdage angrep."),
        ),
        Kept(
            _("Liste over brev og kvitteringer som skal lages"),
            _("%(time)s etter at de er laget") % {"time": _days(settings.OWED_WORK_KEPT_DAYS)},
            _("Ingenting du har krav på, skal bli borte."),
        ),
        Kept(
            _("Meldinger til deg, når de ble åpnet, og hvordan vi varslet om dem"),
            _years(settings.MESSAGES_KEPT_YEARS),
            _("Vi må kunne vise hva du har fått vite, og når. Innholdet er kryptert."),
        ),
        Kept(
            _("Sikkerhetskopier"),
            _days(settings.BACKUPS_KEPT_DAYS),
            _("For å kunne gjenopprette tjenesten. Det som er slettet, blir også borte herfra."),
        ),
    ]
