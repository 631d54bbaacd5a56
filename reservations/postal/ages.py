"""What a child's age means for a form (pbrl §§ 3-4, 4-4). Pure. The age is asked, and never read from a number."""

from datetime import date

HEARD_FROM = 7
HAS_A_SAY_FROM = 12


def age_at(born: date, day: date) -> int:
    """Whole years on that day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def must_be_heard(born: date, *, on: date) -> bool:
    """Whether the child is old enough that nobody decides before it has been heard (pbrl § 4-4)."""
    return age_at(born, on) >= HEARD_FROM


def has_a_say(born: date, *, on: date) -> bool:
    """Whether what the child wants weighs heavily, and may be kept from parents (pbrl §§ 3-4, 4-4)."""
    return age_at(born, on) >= HAS_A_SAY_FROM
