"""National identity numbers where people write them although nobody asked."""

from datetime import date

import pytest

from reservations.import_lines import BadLine, read_line
from tests.support.numbers import synthetic_numbers

ME, OTHER = synthetic_numbers(2)
FIRST, LAST = OTHER.digits[:6], OTHER.digits[6:]
TODAY = date(2026, 1, 1)


def line(*, channel="post", reference="A-1"):
    return [ME.digits, "withhold_national_id", "2019-05-01", channel, reference]


@pytest.mark.parametrize("parting", ["", " ", "-", "\u00a0", "."])
@pytest.mark.parametrize("column", ["channel", "reference"])
@pytest.mark.parametrize("beside", ["{}", "2019-{}", "sak {}/7"])
def test_number_in_an_old_reference_is_refused(column, beside, parting):
    with pytest.raises(BadLine):
        read_line(line(**{column: beside.format(f"{FIRST}{parting}{LAST}")}), today=TODAY)


@pytest.mark.parametrize(
    "reference", ["2019/1234-5", "202401-00012/7", "20190501-000123456", "sak 7 av 2019"]
)
def test_reference_with_digits_of_its_own_is_kept(reference):
    assert read_line(line(reference=reference), today=TODAY).reference == reference
