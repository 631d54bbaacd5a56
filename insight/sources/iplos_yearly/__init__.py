"""The yearly IPLOS file (revision 3.7) and the identity message that says whom it is about (XPR(ide) 53.1.3).

The yearly file names persons by `pePeID` only; numbers come apart from it. It stands for all a municipality
has for a year, so that a later file for the same municipality and year replaces the one before.
"""

from datetime import date

from django.utils.translation import gettext_lazy as _

from insight.catalogue import MessageType, Source
from insight.sources.iplos_yearly import delivery, identities, rows
from insight.sources.iplos_yearly.sections import (
    ASSESSMENTS,
    DIAGNOSES,
    SERVICES,
    SITUATION,
    STAYS,
    is_sensitive,
    section_of,
)
from insight.sources.iplos_yearly.sentences import sentence
from insight.sources.iplos_yearly.variables import VARIABLES

SOURCE = Source(
    slug="iplos-aarlig",
    order=20,
    title=_("Helse- og omsorgstjenester (IPLOS, årlig)"),
    about=_(
        "Hvert år sender kommunen opplysninger om alle som har søkt om eller fått helse- og "
        "omsorgstjenester: tjenester og vedtak, hva du trenger hjelp til, bosituasjon og diagnoser som har "
        "betydning for hjelpen."
    ),
    reported_by=_("kommunene"),
    complete_from=date(2017, 1, 1),
    complete_note=_(
        "Fra 2017. Opplysninger fra før det er lagret uten navn og nummer, og kan ikke vises her."
    ),
    lag=_("Kommunen sender filen i februar året etter, og KPR er ferdig med den om våren."),
    not_included=(
        _("IPLOS-opplysninger fra 2006 til 2017. Spør kommunen din om dem."),
        _("Journalen din i kommunen."),
        _("Helsestasjon og skolehelsetjeneste."),
        _("Personer kommunen ikke har oppgitt fødselsnummer eller D-nummer for."),
    ),
    sections=(SERVICES, ASSESSMENTS, SITUATION, DIAGNOSES, STAYS),
    variables=VARIABLES,
    messages=(
        MessageType(
            code="iplos-ident-53.1.3",
            title=_("Identmelding til den årlige IPLOS-filen"),
            recognises=identities.recognises,
            prepare=identities.prepare,
            read=identities.read,
            identities=lambda prepared: prepared,
        ),
        MessageType(
            code="iplos-2019",
            title=_("Årlig IPLOS-fil"),
            recognises=delivery.recognises,
            prepare=delivery.prepare,
            read=rows.read,
            delivery=lambda prepared: prepared.facts,
        ),
    ),
    sentence=sentence,
    is_sensitive=is_sensitive,
    section_of=section_of,
)
