"""What the yearly file tells of someone's situation (element PERSONOPPL): housing, help, plans and needs."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from insight.catalogue import Variable, VariableKind
from insight.codes import common, iplos


def _situation(name: str, field: str, label: Any, meaning: Any, system: Any) -> Variable:
    return Variable(name, field, label, meaning, VariableKind.CODE, system)


_ASSISTANCE = _("Om du trenger og får slik hjelp.")
SITUATION_VARIABLES = (
    _situation("household", "poHusstand", _("Bosituasjon"), _("Hvem du bor sammen med."), iplos.HOUSEHOLD),
    _situation(
        "cares_for_children",
        "poOmsorgBarn",
        _("Omsorg for barn"),
        _("Om du har omsorg for barn under 18 år."),
        common.YES_NO_UNKNOWN,
    ),
    _situation(
        "private_help",
        "poPrivHjelp",
        _("Hjelp fra familie og andre"),
        _("Hvor mye hjelp du får av familie, venner og naboer."),
        iplos.PRIVATE_HELP,
    ),
    _situation(
        "adapted_home",
        "poBoligTilr",
        _("Tilrettelagt bolig"),
        _("Om boligen passer for behovene dine."),
        common.YES_NO_UNKNOWN,
    ),
    _situation(
        "seen_by_dentist",
        "poVurdTann",
        _("Vurdert av tannlege"),
        _("Om tannlege eller tannpleier har vurdert deg de siste tolv månedene."),
        common.YES_NO_UNKNOWN,
    ),
    _situation(
        "seen_by_doctor",
        "poVurdLege",
        _("Vurdert av lege"),
        _("Om en lege har vurdert deg de siste tolv månedene."),
        common.YES_NO_UNKNOWN,
    ),
    _situation(
        "individual_plan",
        "poIndPlan",
        _("Individuell plan"),
        _("Om du har en individuell plan."),
        iplos.INDIVIDUAL_PLAN,
    ),
    _situation(
        "coordinator", "poHarKoordinator", _("Koordinator"), _("Om du har en koordinator."), iplos.COORDINATOR
    ),
    _situation(
        "work_need", "poArbBistBehov", _("Arbeid eller utdanning: behov"), _ASSISTANCE, common.YES_NO_UNKNOWN
    ),
    _situation(
        "work_help",
        "poArbBistMottar",
        _("Arbeid eller utdanning: får hjelp"),
        _ASSISTANCE,
        common.YES_NO_UNKNOWN,
    ),
    _situation(
        "work_transport_need",
        "poArbTranspBehov",
        _("Transport til arbeid eller utdanning: behov"),
        _ASSISTANCE,
        common.YES_NO_UNKNOWN,
    ),
    _situation(
        "work_transport_help",
        "poArbTranspMottar",
        _("Transport til arbeid eller utdanning: får hjelp"),
        _ASSISTANCE,
        common.YES_NO_UNKNOWN,
    ),
    _situation("leisure_need", "poFriBistBehov", _("Fritid: behov"), _ASSISTANCE, common.YES_NO_UNKNOWN),
    _situation("leisure_help", "poFriBistMottar", _("Fritid: får hjelp"), _ASSISTANCE, common.YES_NO_UNKNOWN),
    _situation(
        "leisure_transport_need",
        "poFriTranspBehov",
        _("Transport til fritid: behov"),
        _ASSISTANCE,
        common.YES_NO_UNKNOWN,
    ),
    _situation(
        "leisure_transport_help",
        "poFriTranspMottar",
        _("Transport til fritid: får hjelp"),
        _ASSISTANCE,
        common.YES_NO_UNKNOWN,
    ),
    _situation(
        "medication_review",
        "poLegeMiddGj",
        _("Legemiddelgjennomgang"),
        _("Om legemidlene dine er gått gjennom."),
        iplos.MEDICATION_REVIEW,
    ),
    Variable(
        "medication_review_on",
        "poLegeMiddGjDato",
        _("Legemiddelgjennomgang, dato"),
        _("Når det ble gjort."),
        VariableKind.DAY,
    ),
    _situation(
        "nutrition_assessed",
        "poErnKartlagt",
        _("Ernæring kartlagt"),
        _("Om risikoen for underernæring er vurdert."),
        common.YES_NO,
    ),
    Variable(
        "nutrition_assessed_on",
        "poErnKartlagtDato",
        _("Ernæring kartlagt, dato"),
        _("Når det ble gjort."),
        VariableKind.DAY,
    ),
    _situation(
        "nutrition_risk",
        "poErnRisiko",
        _("Risiko for underernæring"),
        _("Om kommunen mener at du er i risiko."),
        common.YES_NO,
    ),
    Variable(
        "nutrition_risk_on",
        "poErnRisikoDato",
        _("Risiko for underernæring, dato"),
        _("Når det ble vurdert."),
        VariableKind.DAY,
    ),
    _situation(
        "nutrition_plan",
        "poErnPlan",
        _("Ernæringsplan"),
        _("Om det er laget en ernæringsplan."),
        common.YES_NO,
    ),
    Variable(
        "nutrition_plan_on",
        "poErnPlanDato",
        _("Ernæringsplan, dato"),
        _("Når den ble laget."),
        VariableKind.DAY,
    ),
    _situation(
        "waiting_list",
        "poVenteliste",
        _("Venteliste"),
        _("Om du står på venteliste for heldøgns omsorg."),
        common.YES_NO,
    ),
    Variable(
        "waiting_list_on",
        "poVentelisteDato",
        _("Venteliste, dato"),
        _("Fra når du sto på listen."),
        VariableKind.DAY,
    ),
    _situation(
        "round_the_clock",
        "poHeldg",
        _("Heldøgns omsorg i bolig"),
        _("Om du bor i en bolig med omsorg hele døgnet."),
        common.YES_NO,
    ),
    _situation(
        "rehabilitation",
        "poHab",
        _("Habilitering eller rehabilitering"),
        _("Om tjenesten er habilitering eller rehabilitering."),
        common.YES_NO,
    ),
    Variable(
        "rehabilitation_on",
        "poHabDato",
        _("Habilitering eller rehabilitering, dato"),
        _("Fra når."),
        VariableKind.DAY,
    ),
)
