"""KUHR: claims to Helfo from general practice, emergency clinics, physiotherapy and others.

The file is CSV or Parquet, one line a claim (docs/messages.md). What a claim holds is the Directorate of
Health's description of KUHR; the names of the columns and the correction columns are this portal's own.
"""

from datetime import date

from django.utils.translation import gettext_lazy as _

from insight.catalogue import MessageType, Source
from insight.sources.kuhr import rows
from insight.sources.kuhr.sections import SECTIONS, is_sensitive, section_of
from insight.sources.kuhr.sentences import sentence
from insight.sources.kuhr.variables import VARIABLES

SOURCE = Source(
    slug="kuhr",
    order=10,
    title=_("Regninger fra behandlere (KUHR)"),
    about=_(
        "Når du er hos fastlegen, på legevakt eller hos fysioterapeut, sender behandleren en regning til "
        "Helfo. KPR får en kopi av det som står på regningen. Én regning er omtrent én kontakt."
    ),
    reported_by=_("Helfo, som får regningene fra behandlerne"),
    complete_from=date(2016, 7, 1),
    complete_note=_("Regninger fra juli 2016 og senere."),
    lag=_("Behandleren har seks måneder på å sende regningen. De nyeste kontaktene kan derfor mangle."),
    not_included=(
        _("Regninger fra før juli 2016."),
        _("Besøk der du betalte alt selv."),
        _("Journalen din, prøvesvar og resepter."),
        _("Sykehus og spesialister."),
        _("Noen kontakter der fødselsnummeret manglet på regningen, oftest fra legevakt."),
    ),
    sections=SECTIONS,
    variables=VARIABLES,
    messages=(
        MessageType(
            code="kuhr",
            title=_("KUHR-fil (CSV eller Parquet)"),
            recognises=rows.recognises,
            prepare=rows.prepare,
            read=rows.read,
        ),
    ),
    sentence=sentence,
    is_sensitive=is_sensitive,
    section_of=section_of,
)
