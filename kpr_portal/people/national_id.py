"""National identity numbers as a value that checks itself and never prints itself.

Pure: no Django, no database. A `NationalId` that exists has passed its format checks; whether anybody
holds the number is a question for the population register.

Rules: folkeregisterforskriften §§ 2-2-1, 2-2-2 (structure, control digits of today), Skatteetaten
"Nytt fødselsnummer fra 2032" (the first control digit's remainder may then be 0 to 3; the second is as
before), HIS 1001 and Norsk helsenett for the help numbers. The two rules stand side by side because numbers
issued under either stay valid. Sex, age and century are never read from a number: from 2032 they are not
in it, and for D-numbers they never were where people think.
"""

from enum import Enum, StrEnum
from typing import Final, NoReturn, Self

MASK: Final = "NationalId(******)"

_K1_WEIGHTS: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_K2_WEIGHTS: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_LENGTH: Final = 11
_DAYS_IN_MONTH: Final = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY: Final = 2


class Kind(StrEnum):
    """What kind of number it is; the value is its code in code system 9032."""

    FNR = "1"  # fødselsnummer
    DNR = "2"  # D-number: day + 40
    H = "3"  # help number of one health institution: month + 40
    FH = "12"  # common help number: first digit 8 or 9, no date


class Series(Enum):
    """What was added to the month, which tells who issued the number and whether for a real person."""

    ORDINARY = 0
    PLUS_40 = 40  # a help number, or Nav's Dolly: the number alone does not tell
    PLUS_65 = 65  # Nav's synthetic people
    PLUS_80 = 80  # Skatteetaten's synthetic people (Tenor)


_SERIES_BY_MONTH: Final = {month + series.value: series for series in Series for month in range(1, 13)}


class ControlRule(Enum):
    """Which remainders of the first control digit pass; the value is the set of them."""

    OF_1964 = frozenset({0})
    FROM_2032 = frozenset({0, 1, 2, 3})


class SyntheticPolicy(StrEnum):
    """What an installation thinks of synthetic numbers."""

    REFUSE = "refuse"  # production
    REQUIRE = "require"  # demo: nothing but numbers that cannot belong to a real person
    ALLOW = "allow"


class Reason(StrEnum):
    """Why a text is not accepted as a national identity number; the first that applies."""

    LENGTH = "length"
    LETTERS = "letters"
    DATE = "date"
    K1 = "k1"
    K2 = "k2"
    SYNTHETIC = "synthetic"
    NOT_SYNTHETIC = "not_synthetic"


class InvalidNationalId(ValueError):
    """The text is no acceptable number. Carries the reason, never the text."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class NationalId:
    """A fødselsnummer, D-number, H-number or FH-number whose format is right; the synthetic ones too.

    Compares and hashes by its digits. `digits` is the only way to the clear text: every other way of
    turning it into text gives a mask, and it refuses to be pickled, since a pickle is how a value gets into
    queues, caches and sessions. Raises InvalidNationalId.
    """

    __slots__ = ("_digits", "_kind", "_series")

    _digits: str
    _kind: Kind
    _series: Series

    def __init__(self, value: str, *, rule: ControlRule = ControlRule.FROM_2032) -> None:
        kind, series = _check(value, rule=rule)
        object.__setattr__(self, "_digits", value)
        object.__setattr__(self, "_kind", kind)
        object.__setattr__(self, "_series", series)

    @classmethod
    def parse(cls, text: str, *, rule: ControlRule = ControlRule.FROM_2032) -> Self:
        """Read a number as people write it: spaces anywhere are ignored. Raises InvalidNationalId."""
        return cls("".join(text.split()), rule=rule)

    @property
    def digits(self) -> str:
        """The number in clear. Only for sealing, looking up and the person's own papers."""
        return self._digits

    @property
    def kind(self) -> Kind:
        """Fødselsnummer, D-number, H-number or FH-number."""
        return self._kind

    @property
    def code(self) -> str:
        """The kind's code in code system 9032 (type personidentifikasjon)."""
        return self._kind.value

    @property
    def series(self) -> Series:
        """Whose series it is from, as far as the month tells."""
        return self._series

    @property
    def is_synthetic(self) -> bool:
        """Whether it certainly belongs to nobody: month + 80 or + 65, or a D-number with month + 40.

        A number with month + 40 that is no D-number may be a real patient's help number, so it is not.
        """
        return self._series in {Series.PLUS_80, Series.PLUS_65} or (
            self._series is Series.PLUS_40 and self._kind is Kind.DNR
        )

    def __eq__(self, other: object) -> bool:
        return self._digits == other._digits if isinstance(other, NationalId) else NotImplemented

    def __hash__(self) -> int:
        return hash((NationalId, self._digits))

    def __repr__(self) -> str:
        return MASK

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        message = "A national identity number is never pickled."
        raise TypeError(message)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        message = "A national identity number never changes."
        raise AttributeError(message)

    def __delattr__(self, name: str) -> NoReturn:
        message = "A national identity number never changes."
        raise AttributeError(message)


def check_policy(number: NationalId, *, policy: SyntheticPolicy | str) -> None:
    """Raise InvalidNationalId where the installation does not take this number (see SyntheticPolicy)."""
    policy = SyntheticPolicy(policy)
    if policy is SyntheticPolicy.REFUSE and number.is_synthetic:
        raise InvalidNationalId(Reason.SYNTHETIC)
    if policy is SyntheticPolicy.REQUIRE and not number.is_synthetic:
        raise InvalidNationalId(Reason.NOT_SYNTHETIC)


def control_digits(first_nine: str, *, remainder: int = 0) -> str | None:
    """The two control digits that complete nine digits, or None where no number can be made of them.

    `remainder` is that of the first digit: 0 today, 0 to 3 from 2032.
    """
    k1 = (remainder - _weighted(first_nine, _K1_WEIGHTS)) % 11
    if k1 == 10:  # noqa: PLR2004 -- two digits long, so no control digit
        return None
    k2 = -_weighted(f"{first_nine}{k1}", _K2_WEIGHTS) % 11
    return None if k2 == 10 else f"{k1}{k2}"  # noqa: PLR2004 -- as above


def _check(value: str, *, rule: ControlRule) -> tuple[Kind, Series]:
    """The kind and series of eleven digits; raises with the first thing wrong."""
    if not (value.isascii() and value.isdigit()) and value:
        raise InvalidNationalId(Reason.LETTERS)
    if len(value) != _LENGTH:
        raise InvalidNationalId(Reason.LENGTH)
    kind, series = _classify(value)
    if _weighted(value, _K1_WEIGHTS) % 11 not in rule.value:
        raise InvalidNationalId(Reason.K1)
    if _weighted(value, _K2_WEIGHTS) % 11:
        raise InvalidNationalId(Reason.K2)
    return kind, series


def _classify(value: str) -> tuple[Kind, Series]:
    day, month, year = int(value[:2]), int(value[2:4]), int(value[4:6])
    if day >= 80:  # noqa: PLR2004 -- FH-numbers begin with 8 or 9 and hold no date
        return Kind.FH, Series.ORDINARY
    kind = Kind.FNR
    if day > 40:  # noqa: PLR2004 -- D-numbers have 40 added to the day
        kind, day = Kind.DNR, day - 40
    series = _series_of(month)
    if series is None or not _is_date(day, month - series.value, year):
        raise InvalidNationalId(Reason.DATE)
    if kind is Kind.FNR and series is Series.PLUS_40:
        kind = Kind.H
    return kind, series


def _series_of(month: int) -> Series | None:
    return _SERIES_BY_MONTH.get(month)


def _is_date(day: int, month: int, year: int) -> bool:
    """Whether the day exists in that year of some century; 1900 was no leap year but 2000 was."""
    leap_day_missing = month == _FEBRUARY and day == _DAYS_IN_MONTH[_FEBRUARY] and year % 4 != 0
    return 1 <= day <= _DAYS_IN_MONTH[month] and not leap_day_missing


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False))
