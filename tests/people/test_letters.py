"""To whom a letter goes. What follows from it is tested with the letters."""

import pytest

from kpr_portal.ground import clock
from kpr_portal.people.letters import Addressee, NoLetter, addressee_of, why_not_sent_now
from tests.support.family import enter_family

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(db):
    return enter_family()


def test_addressee_never_prints_itself(family):
    assert repr(addressee_of(family.person("much_data"))) == "Addressee(******)"


@pytest.mark.parametrize("values", [{}, {"lines": ("Rolig Fjell",), "why": NoLetter.DEAD}])
def test_addressee_has_an_address_or_a_reason(values):
    with pytest.raises(ValueError, match="or a reason"):
        Addressee(language="nb", **values)


@pytest.mark.parametrize(
    ("slug", "why"),
    [
        ("much_data", None),
        ("dead", NoLetter.DEAD),
        ("unknown", None),
        ("emigrated", None),
        ("confidential", None),
        ("strictly_protected", None),
    ],
)
def test_letter_that_is_made_is_sent_but_to_the_dead(family, slug, why):
    assert why_not_sent_now(family.person(slug)) is why


def test_letter_that_is_made_is_not_sent_to_whom_the_register_hides(family):
    family.change("strictly_protected", address=None)

    assert why_not_sent_now(family.person("strictly_protected")) is NoLetter.STRICTLY_CONFIDENTIAL


def test_where_the_register_is_away_nobody_is_known_to_be_dead(family, settings):
    settings.POPULATION_REGISTER = "tests.people.test_letters.Away"

    assert why_not_sent_now(family.person("dead")) is None


def test_who_died_today_is_not_written_to(family):
    family.change("much_data", death_date=clock.today())

    assert addressee_of(family.person("much_data")).why is NoLetter.DEAD


class Away:
    """A register that does not answer."""

    def person(self, _number):
        raise TimeoutError

    def people(self, _numbers):
        raise TimeoutError

    def histories(self, _numbers):
        raise TimeoutError
