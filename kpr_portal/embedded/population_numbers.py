"""Synthetic numbers for a birth date: month + 80, from the series in use for that year, each given once."""

from datetime import date
from random import Random

from kpr_portal.people.national_id import Kind, NationalId, control_digits
from kpr_portal.people.population_register import Sex

SYNTHETIC_MONTH = 80
D_NUMBER_DAY = 40


class NumberMaker:
    """Gives numbers that it has not given before, nor were taken from the start."""

    def __init__(self, rng: Random, *, taken: set[NationalId]) -> None:
        self._rng = rng
        self._taken = set(taken)

    def number(self, born: date, sex: Sex, *, kind: Kind = Kind.FNR) -> NationalId:
        """A new number for someone born that day. Its third individual digit is even for women."""
        day = born.day + (D_NUMBER_DAY if kind is Kind.DNR else 0)
        head = f"{day:02}{born.month + SYNTHETIC_MONTH:02}{born.year % 100:02}"
        while True:
            individual = self._individual(born.year)
            individual -= (individual + (sex is Sex.MALE)) % 2
            end = control_digits(f"{head}{individual:03}")
            if end is None:
                continue
            number = NationalId(f"{head}{individual:03}{end}")
            if number not in self._taken:
                self._taken.add(number)
                return number

    def _individual(self, year: int) -> int:
        return self._rng.randrange(501, 1000) if year >= 2000 else self._rng.randrange(1, 500)
