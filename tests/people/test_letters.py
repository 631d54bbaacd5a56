"""To whom a letter goes. What follows from it is tested with the letters."""

import pytest

from kpr_portal.ground import clock
from kpr_portal.people.letters import Addressee, NoLetter, RegisterSilent, addressee_of, window_now
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
    [("dead", NoLetter.DEAD), ("unknown", NoLetter.UNKNOWN), ("emigrated", NoLetter.NO_ADDRESS)],
)
def test_who_is_not_written_to_has_nothing_in_the_window(family, slug, why):
    assert window_now(family.person(slug)) is why


@pytest.mark.parametrize("slug", ["much_data", "confidential", "strictly_protected"])
def test_window_now_is_what_a_letter_made_now_has(family, slug):
    person = family.person(slug)

    assert window_now(person) == addressee_of(person).lines


def test_whom_the_register_hides_without_an_address_for_post_has_nothing_in_the_window(family):
    family.change("strictly_protected", address=None)

    assert window_now(family.person("strictly_protected")) is NoLetter.STRICTLY_CONFIDENTIAL


def test_where_the_register_is_away_nobody_knows_what_is_in_the_window(family, settings):
    settings.POPULATION_REGISTER = "tests.people.test_letters.Away"

    with pytest.raises(RegisterSilent):
        window_now(family.person("dead"))


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
