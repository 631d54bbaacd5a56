"""What the app refuses, each with a sentence for the reader."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class InsightRefused(Exception):
    """Something asked for is not given."""

    message: str | Promise = ""


class RecordNotFound(InsightRefused):
    """No such record, or none of this person's: the two look alike from outside."""

    message = _("Opplysningen finnes ikke, eller den gjelder ikke deg.")


class BadPosition(InsightRefused):
    """The place in a list is not one that a page gave out."""

    message = _("Siden finnes ikke. Begynn øverst i listen.")
