"""Claims of the synthetic people, about as many and of the kind that people of each age have.

Rates are means per person and year by age, from public statistics for 2023; diagnoses follow the shares of
consultations by diagnosis group. No claim is anyone's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from kpr_portal.people.population_register import RegisterPerson, Sex

# Youngest age, consultations with a general practitioner a year, and with an emergency clinic.
RATES = (
    (0, 1.9, 0.45),
    (6, 1.4, 0.20),
    (16, 2.4, 0.26),
    (20, 2.6, 0.26),
    (30, 3.2, 0.20),
    (50, 3.5, 0.18),
    (67, 3.9, 0.22),
    (80, 4.8, 0.34),
    (90, 3.5, 0.38),
)
SIMPLE_CONTACTS = 0.9  # for each consultation
# Share of consultations, and codes to choose from (ICPC-2).
DIAGNOSES = (
    (8.6, ("R74", "R78", "R80", "R72")),
    (7.8, ("L15", "L17", "L08", "L11")),
    (3.6, ("L03", "L84", "L86")),
    (1.3, ("L18", "A01")),
    (1.6, ("L88", "L90", "L91")),
    (12.2, ("P76", "P03", "P01", "P06", "P02", "P74")),
    (3.1, ("R96", "R97", "S87")),
    (3.4, ("K86", "K87")),
    (2.1, ("K78", "K74", "K77")),
    (2.7, ("T90", "T89")),
    (1.5, ("A79", "X76", "Y77")),
    (4.1, ("D01", "D08", "D93")),
    (1.8, ("S74", "S76", "S10")),
    (2.9, ("L77", "L81", "S18")),
    (2.6, ("A62", "A97")),
    (3.3, ("A98",)),
    (31.8, ("A04", "U71", "H71", "F70", "N01", "T82", "B80", "U99", "S93", "F92")),
)
OF_WOMEN = (4.8, ("X11", "W11", "W78", "X87"))
_SPREAD = tuple(accumulate(share for share, _codes in DIAGNOSES))
_SPREAD_OF_WOMEN = tuple(accumulate(share for share, _codes in (*DIAGNOSES, OF_WOMEN)))


@dataclass(frozen=True)
class Claim:
    """One claim before it is written down."""

    person: RegisterPerson
    day: date
    clock: str
    practice: str
    diagnosis: str
    system: str
    tariffs: str
    copayment: str
    refund: str


def claims_of(person: RegisterPerson, *, since: date, until: date, much: int = 1) -> Iterator[Claim]:
    """The claims of one person, in order of time; `much` multiplies how often they are ill."""
    rng = Random(f"claims-{person.number.digits}")
    last = min(filter(None, (until, person.death_date, person.emigrated)))
    frailty = rng.gammavariate(2, 0.5) * much
    own = rng.choices(
        (*DIAGNOSES, OF_WOMEN), weights=[share for share, _codes in (*DIAGNOSES, OF_WOMEN)], k=3
    )
    standing = [
        rng.choice(codes) for _share, codes in own if person.sex is Sex.FEMALE or codes != OF_WOMEN[1]
    ]
    year_begins = max(since, person.birth_date)
    while year_begins < last:
        year_ends = min(last, date(year_begins.year + 1, 1, 1))
        share = (year_ends - year_begins).days / 365
        made = list(
            _year(person, rng, begins=year_begins, ends=year_ends, amount=frailty * share, standing=standing)
        )
        made.sort(key=lambda claim: (claim.day, claim.clock))
        yield from made
        year_begins = year_ends


def _year(
    person: RegisterPerson, rng: Random, *, begins: date, ends: date, amount: float, standing: list[str]
) -> Iterator[Claim]:
    age = begins.year - person.birth_date.year
    _age, gp, emergency = next(rate for rate in reversed(RATES) if age >= rate[0] or rate[0] == 0)
    if person.sex is Sex.FEMALE and age >= 16:
        gp *= 1.2
    days = max(1, (ends - begins).days)
    for practice, mean in (("FALE", gp), ("simple", gp * SIMPLE_CONTACTS), ("LEGV", emergency)):
        for _each in range(_count(rng, mean * amount)):
            yield _visit(person, rng, begins + timedelta(days=rng.randrange(days)), practice, standing)
    if age >= 16 and rng.random() < 0.08 * min(amount, 3):
        yield from _course(
            person, rng, begins, days, practice="FYSI", diagnosis=rng.choice(("L03", "L08", "L15", "L92"))
        )
    if age >= 20 and rng.random() < 0.02:
        yield from _course(person, rng, begins, days, practice="KIRO", diagnosis="L03")
    if age < 20 and rng.random() < 0.02:
        yield from _course(person, rng, begins, days, practice="LOGO", diagnosis="N19")
    if age >= 16 and rng.random() < 0.04:
        yield _dentist(person, rng, begins + timedelta(days=rng.randrange(days)))


def _visit(person: RegisterPerson, rng: Random, day: date, practice: str, standing: list[str]) -> Claim:
    simple = practice == "simple"
    practice = "FALE" if simple else practice
    while practice == "FALE" and day.weekday() > 4:
        day -= timedelta(days=2)
    day = max(day, person.birth_date)
    if standing and rng.random() < 0.4:
        diagnosis = rng.choice(standing)
    else:
        women = person.sex is Sex.FEMALE
        groups = (*DIAGNOSES, OF_WOMEN) if women else DIAGNOSES
        spread = _SPREAD_OF_WOMEN if women else _SPREAD
        (group,) = rng.choices(groups, cum_weights=spread)
        diagnosis = rng.choice(group[1])
    chance = rng.random()
    if simple:
        tariffs = "1bd" if chance < 0.5 else "1ad" if chance < 0.8 else "1g"
        copayment, refund = "0,00", "55,00"
    elif practice == "LEGV":
        tariffs, copayment, refund = ("2ak" if chance < 0.9 else "11ak"), "319,00", "310,00"
    elif chance < 0.21 and day.year >= 2020:
        tariffs, copayment, refund = "2ae", "179,00", "120,00"
    elif chance > 0.994:
        tariffs, copayment, refund = "11ad 2cd", "250,00", "400,00"
    else:
        tariffs, copayment, refund = ("2ad 2cd" if chance < 0.6 else "2ad"), "179,00", "190,00"
    if (day - person.birth_date).days < 16 * 365:
        copayment = "0,00"
    hours = (8, 15) if practice == "FALE" else (0, 23)
    clock = f"{rng.randint(*hours):02}:{rng.randrange(0, 60, 5):02}"
    return Claim(person, day, clock, practice, diagnosis, "H", tariffs, copayment, refund)


def _course(
    person: RegisterPerson, rng: Random, begins: date, days: int, *, practice: str, diagnosis: str
) -> Iterator[Claim]:
    day = begins + timedelta(days=rng.randrange(days))
    tariffs = {"FYSI": "A1a", "KIRO": "K1", "LOGO": "A2a"}[practice]
    for _each in range(rng.randint(3, 14)):
        if (day - begins).days >= days:
            return
        yield Claim(
            person, day, f"{rng.randint(8, 15):02}:00", practice, diagnosis, "H", tariffs, "162,00", "175,00"
        )
        day += timedelta(days=rng.choice((3, 4, 7, 7, 14)))


def _dentist(person: RegisterPerson, rng: Random, day: date) -> Claim:
    diagnosis = rng.choice(("K05.3", "K02.1", "K08.1"))
    return Claim(person, day, "12:00", "TANN", diagnosis, "D", "501", "900,00", "640,00")


def _count(rng: Random, mean: float) -> int:
    """A whole number with about this mean, by Knuth's way of drawing from Poisson's distribution."""
    limit, drawn, count = 2.718281828 ** -min(mean, 60), rng.random(), 0
    while drawn > limit:
        drawn *= rng.random()
        count += 1
    return count
