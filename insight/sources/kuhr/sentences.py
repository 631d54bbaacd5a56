"""A claim in one sentence."""

from django.utils.translation import gettext

from insight.catalogue import ReadableRecord
from insight.codes import claims, diagnoses


def sentence(record: ReadableRecord) -> str:
    """Read as `Konsultasjon hos fastlege, Solsiden legesenter: høyt blodtrykk (K86).`."""
    variables = record.variables
    kind = claims.contact_kind(variables.get("tariffs", [])) or gettext("kontakt")
    if record.section in {"fysioterapi", "logoped-og-audiopedagog"} and "tariffs" in variables:
        kind = gettext("behandling")
    practice = variables.get("practice_type")
    where = claims.PRACTICE_TYPE.label(practice) if practice else gettext("behandler")
    if record.provider_name:
        where = f"{where}, {record.provider_name}"
    found = variables.get("diagnoses", [])
    facts = {"kind": kind[:1].upper() + kind[1:], "where": where}
    if not found:
        return gettext("%(kind)s hos %(where)s.") % facts
    facts["why"] = ", ".join(map(diagnoses.DIAGNOSIS.label, found))
    return gettext("%(kind)s hos %(where)s: %(why)s.") % facts
