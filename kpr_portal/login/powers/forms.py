"""What is asked of one who gives a power of attorney, and how it is carried to the summary."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kpr_portal.ground import clock
from kpr_portal.ground.keyring import CannotOpen, keyring
from kpr_portal.people.basis import Scope
from kpr_portal.people.fields import NumberField
from kpr_portal.people.models import Person
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.representation.powers import months_from
from kpr_portal.ui.formats import day

CONTEXT = "login.power"
LENGTHS = (1, 6, 12, 36, 60)  # months
SUMMARY_LIVES = timedelta(minutes=30)
SCOPES = (
    (Scope.INSIGHT.value, _("Innsyn: se hva KPR har om meg, og hvem som har fått det")),
    (Scope.RESERVATION.value, _("Reservasjon: se, gjøre og oppheve reservasjonene mine")),
)


@dataclass(frozen=True, repr=False)
class Power:
    """A power of attorney as it is about to be given."""

    receiver: NationalId
    name: str
    scopes: tuple[Scope, ...]
    until: date


class PowerForm(forms.Form):
    """Who, what, and how long. The smallest scope and twelve months unless chosen otherwise."""

    number = NumberField(
        label=_("Fødselsnummer eller D-nummer til den som skal få fullmakten"),
        help_text=_("11 siffer. Personen må være 18 år eller eldre."),
        error_messages={"required": _("Skriv nummeret til den som skal få fullmakten.")},
    )
    surname = forms.CharField(
        label=_("Etternavn"),
        help_text=_(
            "Navn og nummer må høre sammen. Slik hindrer vi at en tastefeil gir fullmakten til en annen."
        ),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Skriv etternavnet til den som skal få fullmakten.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("Hva gjelder fullmakten?"),
        choices=SCOPES,
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.INSIGHT.value],
        error_messages={"required": _("Velg minst én ting.")},
    )
    months = forms.TypedChoiceField(
        label=_("Hvor lenge?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hvor lenge fullmakten skal vare.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        offered = sorted({settings.POWER_MONTHS, *LENGTHS})
        self.fields["months"].choices = [  # type: ignore[attr-defined]  # ChoiceField's
            (months, _length(months, until=months_from(today, months)))
            for months in offered
            if months <= settings.POWER_MOST_MONTHS
        ]
        self.fields["months"].initial = settings.POWER_MONTHS

    @property
    def until(self) -> date:
        """The last day, once the form is valid."""
        return months_from(clock.today(), self.cleaned_data["months"])

    @property
    def chosen(self) -> tuple[Scope, ...]:
        """The scopes, once the form is valid."""
        return tuple(Scope(scope) for scope in self.cleaned_data["scopes"])


def seal(power: Power, *, giver: Person) -> str:
    """A power in a form of its own, readable by nobody, for this giver, for half an hour."""
    content = {
        "number": power.receiver.digits,
        "name": power.name,
        "scopes": list(power.scopes),
        "until": power.until.isoformat(),
        "at": clock.now().isoformat(),
    }
    sealed = keyring().seal(json.dumps(content).encode(), context=f"{CONTEXT}:{giver.key}")
    return urlsafe_b64encode(sealed).decode()


def unseal(sealed: str, *, giver: Person) -> Power | None:
    """What was sealed; None where it is not ours, not this giver's, or too old."""
    try:
        content = json.loads(keyring().open(urlsafe_b64decode(sealed), context=f"{CONTEXT}:{giver.key}"))
    except (CannotOpen, NotBase64, ValueError):
        return None
    if clock.now() - datetime.fromisoformat(content["at"]) > SUMMARY_LIVES:
        return None
    return Power(
        receiver=NationalId(content["number"]),
        name=content["name"],
        scopes=tuple(Scope(scope) for scope in content["scopes"]),
        until=date.fromisoformat(content["until"]),
    )


def _length(months: int, *, until: date) -> str:
    years, rest = divmod(months, 12)
    if rest or not years:
        how_long = ngettext("{months} måned", "{months} måneder", months).format(months=months)
    else:
        how_long = ngettext("{years} år", "{years} år", years).format(years=years)
    return gettext("{how_long}, til og med {day}").format(how_long=how_long, day=day(until))
