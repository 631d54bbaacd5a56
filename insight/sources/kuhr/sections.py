"""The groups that claims are shown in, and which claim belongs where."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from insight.catalogue import Section
from insight.codes import claims, diagnoses

_CLAIMS_UNIT = ngettext_lazy("%(number)s kontakt", "%(number)s kontakter", "number")
_TREATMENTS_UNIT = ngettext_lazy("%(number)s behandling", "%(number)s behandlinger", "number")

SECTIONS = (
    Section(
        "fastlege-og-legevakt",
        _("Fastlege og legevakt"),
        _("Konsultasjoner og annen kontakt, fra regninger til Helfo."),
        _CLAIMS_UNIT,
    ),
    Section(
        "fysioterapi",
        _("Fysioterapi"),
        _("Behandlinger hos fysioterapeut og manuellterapeut, fra regninger til Helfo."),
        _TREATMENTS_UNIT,
    ),
    Section("kiropraktor", _("Kiropraktor"), _("Behandlinger, fra regninger til Helfo."), _TREATMENTS_UNIT),
    Section(
        "jordmor",
        _("Jordmor på helsestasjon"),
        _("Konsultasjoner i svangerskapet, fra regninger til Helfo."),
        _CLAIMS_UNIT,
    ),
    Section(
        "logoped-og-audiopedagog",
        _("Logoped og audiopedagog"),
        _("Behandlinger, fra regninger til Helfo."),
        _TREATMENTS_UNIT,
    ),
    Section("ortoptist", _("Ortoptist"), _("Behandlinger, fra regninger til Helfo."), _TREATMENTS_UNIT),
    Section(
        "tannlege-og-tannpleier",
        _("Tannlege og tannpleier"),
        _("Behandlinger med støtte fra folketrygden, fra regninger til Helfo."),
        _TREATMENTS_UNIT,
    ),
    Section(
        claims.OTHER_SECTION,
        _("Andre regninger"),
        _("Andre behandlere, fra regninger til Helfo."),
        _CLAIMS_UNIT,
    ),
)


def is_sensitive(variables: Mapping[str, Any]) -> bool:
    return any(map(diagnoses.is_psychiatric, variables.get("diagnoses", [])))


def section_of(variables: Mapping[str, Any]) -> str:
    return claims.SECTION_OF_PRACTICE.get(variables.get("practice_type", ""), claims.OTHER_SECTION)
