"""A record from the yearly file in one sentence."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext

from insight.catalogue import ReadableRecord
from insight.codes import diagnoses, iplos
from insight.sources.iplos_yearly.sections import ASSESSMENTS, DIAGNOSES, SERVICES, SITUATION, STAYS
from insight.sources.iplos_yearly.variables import BY_NAME


def sentence(record: ReadableRecord) -> str:
    """Read as `Helsetjenester i hjemmet, 7,5 timer i uken.`, `Personlig hygiene: store behov for hjelp.`."""
    variables = record.variables
    text: str = _SENTENCES[record.section](variables)
    return text[:1].upper() + text[1:]


def _service(variables: Mapping[str, Any]) -> str:
    facts = {"service": iplos.SERVICE_TYPE.label(variables.get("service_type", ""))}
    if variables.get("decision") == "1":
        return gettext("%(service)s: søknaden ble avslått.") % facts
    if "hours" in variables:
        facts["hours"] = variables["hours"].removesuffix(".00").replace(".", ",")
        if facts["hours"] == "1":
            return gettext("%(service)s, 1 time i uken.") % facts
        return gettext("%(service)s, %(hours)s timer i uken.") % facts
    return gettext("%(service)s.") % facts


def _assessment(variables: Mapping[str, Any]) -> str:
    found = next((name for name in ("sight", "hearing", "function_value") if name in variables), None)
    facts = {
        "function": iplos.FUNCTION.label(variables.get("function", "")),
        "value": BY_NAME[found].shown(variables[found]) if found else gettext("ikke oppgitt"),
    }
    return gettext("%(function)s: %(value)s.") % facts


def _state(variables: Mapping[str, Any]) -> str:
    if "household" in variables:
        return gettext("Bosituasjon: %(household)s, og annet kommunen har ført opp.") % {
            "household": iplos.HOUSEHOLD.label(variables["household"])
        }
    return gettext("Opplysninger kommunen har ført opp om situasjonen din.")


def _diagnosis(variables: Mapping[str, Any]) -> str:
    return ", ".join(map(diagnoses.DIAGNOSIS.label, variables.get("diagnoses", []))) + "."


_SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    SERVICES.slug: _service,
    ASSESSMENTS.slug: _assessment,
    SITUATION.slug: _state,
    DIAGNOSES.slug: _diagnosis,
    STAYS.slug: lambda variables: gettext("Døgnopphold i institusjon."),  # noqa: ARG005 -- nothing more is told
}
