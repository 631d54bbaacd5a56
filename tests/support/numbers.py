"""Synthetic numbers for tests (month + 80, as Skatteetaten's own), the same every time."""

from collections.abc import Iterator
from datetime import date
from itertools import islice

from kpr_portal.people.national_id import NationalId, control_digits


def synthetic_numbers(count: int, *, start: int = 0) -> list[NationalId]:
    """`count` different synthetic fødselsnummer."""
    return list(islice(_all(start), count))


def synthetic_number(place: int = 0) -> NationalId:
    """The synthetic fødselsnummer at this place in the row."""
    return synthetic_numbers(1, start=place)[0]


def numbers_born(born: date) -> Iterator[NationalId]:
    """Synthetic fødselsnummer that begin with this day, month and two digits of the year, one after the other."""
    yield from _made(f"{born.day:02}{born.month + 80:02}{born.year % 100:02}", range(500, 1000))


def _all(start: int) -> Iterator[NationalId]:
    days = (
        f"{day:02}{month:02}{year:02}"
        for year in range(100)
        for month in range(81, 93)
        for day in range(1, 29)
    )
    return islice((number for day in days for number in _made(day, range(0, 1000, 7))), start, None)


def _made(six: str, individuals: range) -> Iterator[NationalId]:
    for individual in individuals:
        nine = f"{six}{individual:03}"
        if end := control_digits(nine):
            yield NationalId(nine + end)
