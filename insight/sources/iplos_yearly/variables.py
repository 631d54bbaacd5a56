"""Every variable a record from the yearly file may have, in the order it is shown."""

from django.utils.translation import gettext_lazy as _

from insight.catalogue import Variable, VariableKind
from insight.codes import common, diagnoses, iplos
from insight.sources.iplos_yearly.situation import SITUATION_VARIABLES

VARIABLES = (
    Variable(
        "service_type",
        "tjTjenType",
        _("Tjeneste"),
        _("Hva slags tjeneste det gjelder."),
        VariableKind.CODE,
        iplos.SERVICE_TYPE,
    ),
    Variable("applied_on", "tjSoknadDato", _("Søknad"), _("Når du eller andre søkte."), VariableKind.DAY),
    Variable("decided_on", "tjVedtDato", _("Vedtaksdato"), _("Når kommunen bestemte seg."), VariableKind.DAY),
    Variable(
        "decision",
        "tjVedtak",
        _("Vedtak"),
        _("Om kommunen sa ja eller nei."),
        VariableKind.CODE,
        iplos.DECISION,
    ),
    Variable(
        "hours",
        "tjTimerUke",
        _("Timer i uken"),
        _("Hvor mange timer du har fått tildelt."),
        VariableKind.AMOUNT,
    ),
    Variable(
        "resource_hours",
        "tjResTimerUke",
        _("Ressurstimer i uken"),
        _("Hvor mange timer kommunen bruker på tjenesten, når det er et annet tall."),
        VariableKind.AMOUNT,
    ),
    Variable(
        "rolling",
        "tjRullerende",
        _("Rullerende opphold"),
        _("Om oppholdet er faste perioder som kommer igjen."),
        VariableKind.CODE,
        common.YES_NO_UNKNOWN,
    ),
    Variable(
        "complaint_on",
        "tjKlageMottatt",
        _("Klage mottatt"),
        _("Når kommunen fikk en klage."),
        VariableKind.DAY,
    ),
    Variable(
        "answered_on", "tjKlageBesvart", _("Klage besvart"), _("Når kommunen svarte."), VariableKind.DAY
    ),
    Variable(
        "function",
        "fnFunkType",
        _("Område"),
        _("Det området vurderingen gjelder."),
        VariableKind.CODE,
        iplos.FUNCTION,
    ),
    Variable(
        "function_value",
        "",
        _("Vurdering"),
        _("Hvor mye hjelp kommunen mener at du trenger på området."),
        VariableKind.CODE,
        iplos.FUNCTION_VALUE,
    ),
    Variable(
        "sight", "", _("Vurdering av syn"), _("Hvor godt du ser."), VariableKind.CODE, iplos.SIGHT_VALUE
    ),
    Variable(
        "hearing",
        "",
        _("Vurdering av hørsel"),
        _("Hvor godt du hører."),
        VariableKind.CODE,
        iplos.HEARING_VALUE,
    ),
    *SITUATION_VARIABLES,
    Variable(
        "diagnoses",
        "",
        _("Diagnose"),
        _("En diagnose som kommunen har ført opp."),
        VariableKind.CODES,
        diagnoses.DIAGNOSIS,
    ),
    Variable(
        "municipality",
        "iiKomnr",
        _("Kommune"),
        _("Kommunen som har sendt opplysningen."),
        VariableKind.CODE,
        common.MUNICIPALITY,
        place=True,
    ),
    Variable(
        "district", "iiBydelsnr", _("Bydel"), _("Bydelen, i byer med bydeler."), VariableKind.CODE, place=True
    ),
    Variable("year", "", _("År"), _("Året filen fra kommunen gjelder."), VariableKind.WHOLE),
)
BY_NAME = {variable.name: variable for variable in VARIABLES}
