"""Every variable a claim may have, in the order it is shown."""

from django.utils.translation import gettext_lazy as _

from insight.catalogue import Variable, VariableKind
from insight.codes import claims, common, diagnoses

VARIABLES = (
    Variable(
        "practice_type",
        "praksistype",
        _("Type praksis"),
        _("Hva slags behandler regningen kom fra."),
        VariableKind.CODE,
        claims.PRACTICE_TYPE,
    ),
    Variable(
        "specialty",
        "spesialitet",
        _("Spesialitet"),
        _("Behandlerens spesialitet."),
        VariableKind.CODE,
        claims.SPECIALTY,
    ),
    Variable(
        "clock", "klokkeslett", _("Klokkeslett"), _("Når på dagen kontakten begynte."), VariableKind.CLOCK
    ),
    Variable(
        "diagnoses",
        "diagnoser",
        _("Diagnose eller grunn for kontakten"),
        _("Det behandleren førte opp som grunn. Det kan være et symptom og trenger ikke være en sykdom."),
        VariableKind.CODES,
        diagnoses.DIAGNOSIS,
    ),
    Variable(
        "tariffs",
        "takster",
        _("Takster"),
        _("Kodene behandleren fikk betalt etter. De forteller hva som ble gjort."),
        VariableKind.CODES,
        claims.TARIFF,
    ),
    Variable(
        "exemption",
        "fritaksgrunn",
        _("Fritak for egenandel"),
        _("Hvorfor du ikke betalte egenandel, hvis du slapp det."),
        VariableKind.CODE,
        claims.EXEMPTION,
    ),
    Variable(
        "copayment",
        "egenandel",
        _("Egenandel"),
        _("Det du betalte selv."),
        VariableKind.AMOUNT,
        unit=_("kroner"),
    ),
    Variable(
        "refund",
        "refusjon",
        _("Refusjon"),
        _("Det staten betalte behandleren."),
        VariableKind.AMOUNT,
        unit=_("kroner"),
    ),
    Variable(
        "result",
        "resultat",
        _("Resultat hos Helfo"),
        _("Om Helfo godkjente regningen."),
        VariableKind.CODE,
        claims.RESULT,
    ),
    Variable(
        "practice_municipality",
        "praksis_kommune",
        _("Kommunen til praksisen"),
        _("Der behandleren holder til."),
        VariableKind.CODE,
        common.MUNICIPALITY,
        place=True,
    ),
    Variable(
        "home_municipality",
        "bostedskommune",
        _("Bostedskommunen din da"),
        _("Kommunen du bodde i da kontakten skjedde."),
        VariableKind.CODE,
        common.MUNICIPALITY,
        place=True,
    ),
    Variable(
        "sex", "kjonn", _("Kjønn"), _("Slik det sto da kontakten skjedde."), VariableKind.CODE, common.SEX
    ),
    Variable(
        "age", "alder", _("Alder"), _("Alderen din da kontakten skjedde."), VariableKind.WHOLE, unit=_("år")
    ),
    Variable(
        "claim", "regning_id", _("Regningens nummer"), _("Behandlerens nummer på regningen."), place=True
    ),
)
