"""Why a file or a line is refused, each with one sentence. None ever repeats what stood in the line."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FILE_REASONS: dict[str, Promise] = {
    "empty": _("Filen er tom."),
    "missing": _("Filen finnes ikke eller kan ikke leses."),
    "unknown": _(
        "Filen er ikke en melding vi kjenner (IPLOS-melding, IPLOS-årsfil, identmelding eller KUHR-fil)."
    ),
    "doctype": _("XML-filen har en DOCTYPE. Meldinger skal ikke ha det, og filen er ikke lest."),
    "encoding": _("Filen har et tegnsett vi ikke tar imot. Bruk UTF-8, UTF-16 eller ISO-8859-1."),
    "wrong_encoding": _("Filen er ikke i det tegnsettet den sier at den er."),
    "not_well_formed": _("XML-filen er ikke velformet. Ingenting er tatt inn."),
    "structure": _("XML-filen har elementer som ikke hører hjemme i meldingen. Ingenting er tatt inn."),
    "version": _("Meldingen har en versjon vi ikke tar imot."),
    "header": _("CSV-filen mangler kolonner. Se docs/messages.md for kolonnene."),
    "parquet": _("Parquet-filen kan ikke leses."),
    "delivery": _("Årsfilens innledning (INNHINFO) mangler noe eller er ugyldig. Ingenting er tatt inn."),
    "identities": _(
        "Identmeldingens periode eller institusjonID mangler eller er ugyldig. Ingenting er tatt inn."
    ),
}

LINE_REASONS: dict[str, Promise] = {
    "columns": _("linjen har feil antall kolonner"),
    "unreadable": _("linjen kan ikke leses"),
    "too_long": _("en verdi er for lang"),
    "guid": _("meldingens GUID mangler eller er ugyldig"),
    "status": _("ukjent status for meldingen"),
    "reference": _("en rettelse mangler henvisning til det den retter"),
    "reported_at": _("tidspunktet for meldingen mangler eller er ugyldig"),
    "sequence": _("løpenummeret mangler eller er for langt"),
    "event": _("notifikasjonen har ingen hendelse"),
    "events": _("notifikasjonen har flere enn én hendelse"),
    "date": _("datoen mangler eller er ugyldig"),
    "value": _("en verdi er ugyldig"),
    "required": _("en påkrevd verdi mangler"),
    "id_missing": _("fødselsnummer mangler"),
    "id_type": _("typen personidentifikasjon kan ikke knyttes til en person i KPR"),
    "id_length": _("fødselsnummeret har feil lengde"),
    "id_letters": _("fødselsnummeret har andre tegn enn sifre"),
    "id_date": _("fødselsnummeret har en umulig dato"),
    "id_k1": _("fødselsnummeret har feil kontrollsiffer"),
    "id_k2": _("fødselsnummeret har feil kontrollsiffer"),
    "id_synthetic": _("syntetiske numre tas ikke imot her"),
    "id_not_synthetic": _("bare syntetiske numre tas imot her"),
    "no_identity": _("personen står ikke i noen identmelding for samme kommune og år"),
    "another": _("en annen melding med samme GUID er allerede mottatt, med annet innhold"),
}


class FileRefused(Exception):
    """The file is not taken in at all; `code` is one of FILE_REASONS. Carries nothing of the file."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def message(self) -> str:
        """The reason as one sentence in the reader's language."""
        return str(FILE_REASONS[self.code])


class LineRefused(Exception):
    """A line cannot be taken in; `code` is one of LINE_REASONS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def line_sentence(code: str) -> str:
    """The reason for refusing a line, in the reader's language."""
    return str(LINE_REASONS[code])
