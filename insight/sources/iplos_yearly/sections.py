"""The groups a yearly file's records are shown in, and which record belongs where."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from insight.catalogue import Section
from insight.codes import diagnoses, iplos

SERVICES = Section(
    "tjenester-fra-kommunen",
    _("Helse- og omsorgstjenester fra kommunen"),
    _("Hjelp hjemme, opphold i institusjon og vedtak, fra kommunen (IPLOS)."),
    ngettext_lazy("%(number)s tjeneste", "%(number)s tjenester", "number"),
)
ASSESSMENTS = Section(
    "vurderinger-i-kommunen",
    _("Vurderinger av hva du trenger hjelp til"),
    _("Hvor mye hjelp kommunen mener at du trenger på ulike områder (IPLOS)."),
    ngettext_lazy("%(number)s vurdering", "%(number)s vurderinger", "number"),
)
SITUATION = Section(
    "situasjonen-din",
    _("Situasjonen din"),
    _("Bosituasjon, privat hjelp, individuell plan og annet kommunen har ført opp (IPLOS)."),
    ngettext_lazy("%(number)s opplysning", "%(number)s opplysninger", "number"),
)
DIAGNOSES = Section(
    "diagnoser-hos-kommunen",
    _("Diagnoser hos kommunen"),
    _("Diagnoser som har betydning for hjelpen fra kommunen (IPLOS)."),
    ngettext_lazy("%(number)s diagnose", "%(number)s diagnoser", "number"),
)
STAYS = Section(
    "dognopphold",
    _("Døgnopphold"),
    _("Opphold i institusjon i kommunen (IPLOS)."),
    ngettext_lazy("%(number)s opphold", "%(number)s opphold", "number"),
)


def is_sensitive(variables: Mapping[str, Any]) -> bool:
    return variables.get("service_type") in iplos.COERCION_TYPES or any(
        map(diagnoses.is_psychiatric, variables.get("diagnoses", []))
    )


def section_of(variables: Mapping[str, Any]) -> str:
    if "service_type" in variables:
        return SERVICES.slug
    if "function" in variables:
        return ASSESSMENTS.slug
    return DIAGNOSES.slug if "diagnoses" in variables else SITUATION.slug
