"""The field for a number: what it takes, and what it says of what it does not take."""

import pytest
from django.forms import ValidationError

from kpr_portal.people.fields import NumberField
from reservations.casework.form_orders import OrderForm
from reservations.casework.forms import BlockForm
from reservations.postal.bases import PARENT
from reservations.postal.forms import PersonForm, SignerForm
from reservations.postal.kinds import RESERVATION
from tests.support.numbers import synthetic_number

NUMBER = synthetic_number(11)


@pytest.mark.parametrize("written", ["{0}", " {0} ", "{1} {2}"])
def test_number_is_read_as_people_write_it(written):
    typed = written.format(NUMBER.digits, NUMBER.digits[:6], NUMBER.digits[6:])

    assert NumberField().clean(typed) == NUMBER


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Skriv nummeret."),
        ("123", "Nummeret skal ha 11 siffer."),
        ("1" * 10_000, "Nummeret skal ha 11 siffer."),
        ("0181000917x", "Nummeret skal bare ha siffer."),
        ("٠١٨١٠٠٠٩١٧٥", "Nummeret skal bare ha siffer."),
        ("31828100000", "De seks første sifrene er ikke en gyldig dato. Se om noe er tastet feil."),
    ],
)
def test_number_that_cannot_be_is_said_in_words(typed, says):
    with pytest.raises(ValidationError) as refused:
        NumberField().clean(typed)

    assert refused.value.messages[0] == says


def test_number_that_may_be_left_out_is_none():
    assert NumberField(required=False).clean(" ") is None


@pytest.mark.parametrize(
    ("policy", "says"), [("require", []), ("refuse", ["Nummeret er et testnummer og kan ikke brukes her."])]
)
def test_synthetic_number_is_taken_where_the_installation_takes_it(settings, policy, says):
    settings.NATIONAL_ID_SYNTHETIC = policy

    form = BlockForm({"person": NUMBER.digits, "channel": "phone"})

    assert form.errors.get("person", []) == says


def test_every_number_that_is_asked_for_is_this_field():
    forms = (BlockForm(), OrderForm(form=RESERVATION, basis=PARENT))
    fields = [
        form.fields[name]
        for form in forms
        for name in ("person", "representative", "signer")
        if name in form.fields
    ]
    fields += [PersonForm.base_fields["number"], SignerForm.base_fields["number"]]

    assert {type(field) for field in fields} == {NumberField}
