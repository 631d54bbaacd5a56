"""What GDPR article 15(1) asks for beside the data: the same for everyone, but for a name."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from insight.shown import name_of_another
from kpr_portal.people.acting import Acting
from kpr_portal.ui.retention import retention_table
from reservations.catalogue import PURPOSES


def article_15(acting: Acting) -> dict[str, Any]:
    """The facts of the report's fields of the same names, in the reader's language."""
    return {
        "controller": {
            "name": settings.OWNER_NAME,
            "organisation_number": settings.OWNER_ORGANISATION_NUMBER,
            "address": settings.OWNER_ADDRESS,
            "phone": settings.OWNER_PHONE,
            "email": settings.OWNER_EMAIL,
        },
        "data_protection_officer": {
            "name": str(settings.OWNER_DPO_NAME),
            "contact": settings.OWNER_DPO_CONTACT,
        },
        "legal_basis": _(
            "Helseregisterloven § 11 og KPR-forskriften. I personvernforordningen: artikkel 6 nr. "
            "1 bokstav c "
            "og e, og artikkel 9 nr. 2 bokstav h, i og j."
        ),
        "purposes": [
            {
                "code": entry.purpose.value,
                "title": str(entry.title),
                "meaning": str(entry.sentence),
                "legal_basis": str(entry.legal_basis),
            }
            for entry in PURPOSES
        ],
        "retention": [vars(kept) for kept in retention_table()],
        "rights": [
            _("Innsyn: se hva som er registrert, hvem som har fått det, og hvem som har sett på det."),
            _("Reservasjon: mot at fødselsnummeret utleveres, og mot at opplysningene brukes til formål 2."),
            _("Retting: er noe feil, kan du kreve at det blir rettet."),
            _(
                "Sletting eller sperring: når det føles sterkt belastende at opplysningene finnes "
                "her, og ikke "
                "viktige hensyn taler imot (helseregisterloven § 25)."
            ),
            _(
                "Begrenset lagringstid: du kan kreve at opplysninger slettes 30 år etter at de ble "
                "registrert, "
                "og senest 10 år etter at du er død (KPR-forskriften § 4-3)."
            ),
        ],
        "automated_decisions": (
            _("Ingen avgjørelser om deg blir tatt av en maskin alene.")
            if acting.is_self
            else _("Ingen avgjørelser om %(name)s blir tatt av en maskin alene.")
            % {"name": name_of_another(acting)}
        ),
        "complaint": {"text": str(settings.OWNER_COMPLAINT), "url": settings.SUPERVISOR_URL},
    }
