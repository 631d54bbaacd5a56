"""Code systems of municipal health and care services (IPLOS), as in XPR(ipl) 53.1.3 and 56.0.0."""

from django.utils.translation import gettext_lazy as _

from insight.catalogue import CodeSystem

# Coercion: code system 9157, and the same numbers in 9151 while they stood there.
COERCION_TYPES = frozenset({"14", "23", "24"})

COERCION = CodeSystem(
    "9157",
    _("Type tvang"),
    {
        "14": _("planlagte tiltak med tvang og makt (helse- og omsorgstjenesteloven kapittel 9)"),
        "23": _("skadeavvergende tiltak i nødssituasjoner (helse- og omsorgstjenesteloven kapittel 9)"),
        "24": _("helsehjelp med tvang (pasient- og brukerrettighetsloven kapittel 4 A)"),
    },
)
SERVICE_TYPE = CodeSystem(
    "9151",
    _("IPLOS-tjenestetype"),
    {
        "1": _("praktisk bistand: daglige gjøremål"),
        "2": _("praktisk bistand: opplæring i daglige gjøremål"),
        "3": _("brukerstyrt personlig assistanse (BPA)"),
        "4": _("dagaktivitetstilbud"),
        "5": _("matombringing"),
        "6": _("trygghetsalarm"),
        "7": _("avlastning utenfor institusjon"),
        "8": _("avlastning i institusjon"),
        "9": _("støttekontakt"),
        "11": _("omsorgsstønad"),
        "12": _("omsorgsbolig"),
        "13": _("annen bolig"),
        "15": _("helsetjenester i hjemmet"),
        "16": _("re-/habilitering utenfor institusjon"),
        "17": _("dagopphold i institusjon"),
        "18": _("tidsbegrenset opphold: utredning eller behandling"),
        "19": _("tidsbegrenset opphold: habilitering eller rehabilitering"),
        "20": _("tidsbegrenset opphold: annet"),
        "21": _("langtidsopphold i institusjon"),
        "22": _("nattopphold i institusjon"),
        "25": _("kommunal øyeblikkelig hjelp: døgnopphold"),
        "26": _("lokaliseringsteknologi (GPS)"),
        "27": _("elektronisk medisineringsstøtte"),
        "28": _("digitalt tilsyn"),
        "29": _("bolig som kommunen disponerer for helse- og omsorgsformål"),
        **COERCION.labels,
    },
)
FUNCTION = CodeSystem(
    "9111",
    _("IPLOS-funksjonsvariabel"),
    {
        "1": _("sosial deltakelse"),
        "2": _("skaffe seg varer og tjenester"),
        "3": _("beslutninger i dagliglivet"),
        "4": _("ivareta egen helse"),
        "5": _("bevege seg innendørs"),
        "6": _("alminnelig husarbeid"),
        "7": _("personlig hygiene"),
        "8": _("på- og avkledning"),
        "9": _("lage mat"),
        "10": _("spise"),
        "11": _("toalett"),
        "12": _("bevege seg utendørs"),
        "13": _("syn"),
        "14": _("hørsel"),
        "15": _("hukommelse"),
        "16": _("kommunikasjon"),
        "17": _("styre atferd"),
        "18": _("ivareta egen økonomi"),
    },
)
FUNCTION_VALUE = CodeSystem(
    "9165",
    _("Funksjonsverdi"),
    {
        "1": _("ingen problem eller utfordring"),
        "2": _("ikke behov for hjelp"),
        "3": _("middels behov for hjelp"),
        "4": _("store behov for hjelp"),
        "5": _("fullt behov for hjelp"),
        "9": _("ikke relevant"),
    },
)
SIGHT_VALUE = CodeSystem(
    "9166",
    _("Funksjonsverdi for syn"),
    {
        "1": _("godt, ingen problemer"),
        "2": _("noe redusert"),
        "3": _("dårlig"),
        "4": _("svært dårlig"),
        "5": _("blind"),
        "9": _("ikke relevant"),
    },
)
HEARING_VALUE = CodeSystem(
    "9167",
    _("Funksjonsverdi for hørsel"),
    {
        "1": _("godt, ingen problemer"),
        "2": _("noe redusert"),
        "3": _("dårlig"),
        "4": _("svært dårlig"),
        "5": _("døv"),
        "9": _("ikke relevant"),
    },
)
HOUSEHOLD = CodeSystem(
    "3104",
    _("Bosituasjon"),
    {
        "1": _("bor alene"),
        "2": _("samboende med barn"),
        "3": _("samboende uten barn"),
        "4": _("alene med barn"),
        "5": _("sammen med foreldre eller foresatte"),
        "6": _("sammen med annen familie"),
        "7": _("bofellesskap"),
        "8": _("institusjon"),
        "9": _("annet"),
    },
)
PRIVATE_HELP = CodeSystem(
    "9168",
    _("Grad av mottatt privat hjelp"),
    {
        "1": _("ja, inntil 3 timer i uken"),
        "2": _("ja, 3 inntil 9 timer i uken"),
        "3": _("ja, 9 inntil 15 timer i uken"),
        "4": _("ja, 15 timer i uken eller mer"),
        "5": _("ja, ukjent omfang"),
        "6": _("nei"),
    },
)
ASSISTANCE_STATUS = CodeSystem(
    "9164",
    _("Status for gitt bistand"),
    {
        "1": _("har ikke behov for bistand"),
        "2": _("har behov, men mottar ikke bistand"),
        "3": _("mottar bistand, men har udekkede behov"),
        "4": _("har dekket behovet for bistand"),
        "5": _("ikke relevant"),
    },
)
ASSISTANCE_TYPE = CodeSystem(
    "9163",
    _("Type bistand"),
    {
        "1": _("bistand til arbeid eller utdanning"),
        "2": _("transport til arbeid eller utdanning"),
        "3": _("bistand til organisasjons-, kultur- og fritidsaktiviteter"),
        "4": _("transport til organisasjons-, kultur- og fritidsaktiviteter"),
    },
)
NUTRITION = CodeSystem(
    "9162",
    _("Kartlegging av ernæring"),
    {
        "1": _("kartlegging av risiko for underernæring"),
        "2": _("er personen i risiko for underernæring"),
        "3": _("er det utarbeidet ernæringsplan"),
    },
)
MEDICATION_REVIEW = CodeSystem("9159", _("Legemiddelgjennomgang gjennomført"), {"1": _("ja"), "2": _("nei")})
DECISION = CodeSystem("9171", _("Vedtak"), {"1": _("avslag"), "2": _("innvilget")})
INDIVIDUAL_PLAN = CodeSystem(
    "8705",
    _("Individuell plan"),
    {
        "101": _("ja, virksom plan"),
        "102": _("nei, ikke utarbeidet eller igangsatt"),
        "103": _("nei, ønsker ikke individuell plan"),
        "104": _("nei, oppfyller ikke retten til individuell plan"),
        "105": _("melding om behov er sendt kommunen"),
        "106": _("ukjent"),
    },
)
COORDINATOR = CodeSystem(
    "9188",
    _("Koordinator for individuell plan"),
    {
        "1": _("ja, oppnevnt koordinator"),
        "2": _("nei, ikke oppnevnt"),
        "3": _("nei, ønsker ikke koordinator"),
        "4": _("nei, oppfyller ikke retten til koordinator"),
    },
)
# Our own: which element of the event message it was.
EVENT = CodeSystem(
    "ipl-56.0.0",
    _("Hendelse"),
    {
        "start": _("tjenesten startet"),
        "pause": _("tjenesten ble midlertidig stoppet"),
        "resume": _("tjenesten ble tatt opp igjen"),
        "provider": _("ny utfører av tjenesten"),
        "end": _("tjenesten ble avsluttet"),
    },
)


def function_values(function: str) -> CodeSystem:
    """The system in which this function's value is given: sight and hearing have their own."""
    return {"13": SIGHT_VALUE, "14": HEARING_VALUE}.get(function, FUNCTION_VALUE)
