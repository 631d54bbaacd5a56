"""Synthetic numbers for tests: month + 80, as many as wanted, the same every time."""

from itertools import islice

from kpr_portal.people.national_id import NationalId, control_digits


def synthetic_numbers(count, *, start=0):
    """`count` different synthetic fødselsnummer."""
    return list(islice(_all(start), count))


def synthetic_number(place=0):
    """The synthetic fødselsnummer at this place in the row."""
    return synthetic_numbers(1, start=place)[0]


def _all(start):
    made = 0
    for year in range(100):
        for month in range(81, 93):
            for day in range(1, 29):
                for individual in range(0, 1000, 7):
                    nine = f"{day:02}{month:02}{year:02}{individual:03}"
                    if end := control_digits(nine):
                        if made >= start:
                            yield NationalId(nine + end)
                        made += 1
