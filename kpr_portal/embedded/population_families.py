"""Synthetic people in their families: who is whose parent, spouse, guardian, and where they live.

Everything follows from the random numbers given, so that one seed makes the same people every time.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from kpr_portal.embedded.population_lists import (
    ADJECTIVES,
    AGES,
    LANGUAGES,
    MUNICIPALITIES,
    NOUNS,
    STREETS,
)
from kpr_portal.people.population_register import Address, Area, Protection, ResponsibilityKind, Sex

ADULT = 18
OLDEST_WITH_KNOWN_PARENTS = 60


@dataclass(eq=False, slots=True)
class Draft:
    """A synthetic person in the making: families are joined by reference, numbers come last."""

    name: str
    sex: Sex
    born: date
    age: int
    home: "Home | None" = None
    language: str = "nb"
    mother: "Draft | None" = None
    father: "Draft | None" = None
    children: list["Draft"] = field(default_factory=list)
    partner: "Draft | None" = None
    spouses: list[tuple["Draft", date, date | None]] = field(default_factory=list)
    responsibility: list[tuple["Draft", "Draft", ResponsibilityKind]] = field(default_factory=list)
    guardianships: list[tuple["Draft", "Draft", frozenset[Area], date, date | None]] = field(
        default_factory=list
    )
    future_powers: list[tuple["Draft", "Draft", frozenset[Area], date]] = field(default_factory=list)
    capacity_limit: date | None = None
    protection: Protection = Protection.NONE
    died: date | None = None
    emigrated: date | None = None
    has_d_number: bool = False
    number_changed: date | None = None

    @property
    def lives_here(self) -> bool:
        return self.died is None and self.emigrated is None


@dataclass(eq=False, slots=True)
class Home:
    """A dwelling."""

    municipality: str
    district: str
    address: Address


def draft_people(rng: Random, *, size: int, today: date) -> list[Draft]:
    """`size` people of all ages, in families, with everything that can befall them."""
    people = [_someone(rng, today=today) for _ in range(size)]
    _pair(people, rng, today=today)
    _give_parents(people, rng)
    _give_responsibility(people, rng)
    _house(people, rng)
    _befall(people, rng, today=today)
    _give_guardians(people, rng, today=today)
    return people


def siblings_of(person: Draft) -> list[Draft]:
    """Those who share a parent with the person, eldest first."""
    shared = {
        id(child): child for parent in parents_of(person) for child in parent.children if child is not person
    }
    return sorted(shared.values(), key=lambda sibling: (sibling.born, sibling.name))


def parents_of(person: Draft) -> list[Draft]:
    """The mother and the father, as far as known."""
    return [parent for parent in (person.mother, person.father) if parent]


def make_home(rng: Random) -> Home:
    """A dwelling somewhere in Norway, more often where more people live."""
    (place,) = rng.choices(MUNICIPALITIES, weights=[place[4] for place in MUNICIPALITIES])
    code, _name, postcode, city, _weight, districts = place
    return Home(
        municipality=code,
        district=f"{rng.randint(1, districts):02}" if districts else "",
        address=Address(
            lines=(f"{rng.choice(STREETS)} {rng.randint(1, 120)}",), postcode=postcode, city=city
        ),
    )


def _someone(rng: Random, *, today: date) -> Draft:
    ((youngest, _weight),) = rng.choices(AGES, weights=[weight for _youngest, weight in AGES])
    age = youngest + rng.randrange(5)
    women = 0.49 if age < 60 else 0.52 if age < 80 else 0.62
    (language, _share) = rng.choices(LANGUAGES, weights=[share for _language, share in LANGUAGES])[0]
    return Draft(
        name=f"{rng.choice(ADJECTIVES)} {rng.choice(NOUNS)}",
        sex=Sex.FEMALE if rng.random() < women else Sex.MALE,
        born=years_before(today, age) - timedelta(days=rng.randrange(365)),
        age=age,
        language=language,
    )


def years_before(day: date, years: int) -> date:
    """The same day that many years earlier; 28 February for a leap day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _pair(people: list[Draft], rng: Random, *, today: date) -> None:
    """Couples, married or not, and couples who were."""
    men: dict[int, list[Draft]] = defaultdict(list)
    for person in people:
        if person.sex is Sex.MALE and person.age >= ADULT + 2:
            men[person.age].append(person)
    for woman in people:
        if woman.sex is Sex.MALE or woman.age < ADULT + 2:
            continue
        fate = rng.random()
        man = _nearest(men, woman.age + round(rng.gauss(2, 3)), rng) if fate < 0.72 else None
        if man is None:
            continue
        since = years_before(today, rng.randint(0, max(0, min(woman.age, man.age) - ADULT - 1)))
        if fate < 0.60:
            woman.partner, man.partner = man, woman
            if fate < 0.44:
                woman.spouses.append((man, since, None))
                man.spouses.append((woman, since, None))
        else:
            until = since + timedelta(days=rng.randrange(1, max(2, (today - since).days)))
            woman.spouses.append((man, since, min(until, today)))
            man.spouses.append((woman, since, min(until, today)))


def _nearest(by_age: dict[int, list[Draft]], age: int, rng: Random, *, keep: bool = False) -> Draft | None:
    """Someone of about this age; taken out of the list unless kept."""
    for step in (0, 1, -1, 2, -2, 3, -3, 4, -4):
        if candidates := by_age.get(age + step):
            place = rng.randrange(len(candidates))
            if keep:
                return candidates[place]
            candidates[place], candidates[-1] = candidates[-1], candidates[place]
            return candidates.pop()
    return None


def _give_parents(people: list[Draft], rng: Random) -> None:
    women: dict[int, list[Draft]] = defaultdict(list)
    for woman in people:
        if woman.sex is Sex.FEMALE and woman.age >= ADULT:
            women[woman.age].append(woman)
    for child in people:
        if child.age > OLDEST_WITH_KNOWN_PARENTS or (child.age >= ADULT and rng.random() < 0.4):
            continue
        mother = _mother_for(child, women, rng)
        if mother is None:
            continue
        child.mother = mother
        mother.children.append(child)
        father = mother.partner or next((spouse for spouse, _since, _until in mother.spouses), None)
        if father is not None and father.age >= child.age + ADULT:
            child.father = father
            father.children.append(child)


def _mother_for(child: Draft, women: dict[int, list[Draft]], rng: Random) -> Draft | None:
    for _attempt in range(4):
        age = child.age + min(44, max(ADULT + 4, round(rng.gauss(30, 5))))
        mother = _nearest(women, age, rng, keep=True)
        if mother is not None and len(mother.children) < 3:
            return mother
    return None


def _give_responsibility(people: list[Draft], rng: Random) -> None:
    adults = [person for person in people if 30 <= person.age <= 65]
    for child in people:
        if child.age >= ADULT:
            continue
        for holder, kind in _holders(child, rng, adults):
            child.responsibility.append((holder, child, kind))
            holder.responsibility.append((holder, child, kind))


def _holders(child: Draft, rng: Random, adults: list[Draft]) -> Iterator[tuple[Draft, ResponsibilityKind]]:
    mother, father = child.mother, child.father
    apart = father is not None and mother is not None and father.partner is not mother
    fate = rng.random()
    if mother is None or fate < 0.005:
        if adults:
            yield rng.choice(adults), ResponsibilityKind.OTHERS
    elif father is None or (apart and fate > 0.90):
        yield mother, ResponsibilityKind.MOTHER
    elif apart and fate > 0.85:
        yield father, ResponsibilityKind.FATHER
    else:
        yield mother, ResponsibilityKind.SHARED
        yield father, ResponsibilityKind.SHARED


def _house(people: list[Draft], rng: Random) -> None:
    """Couples share a home; children live with their mother, now and then with a father apart from her."""
    for person in people:
        if person.age >= ADULT and person.home is None:
            person.home = make_home(rng)
            if person.partner is not None:
                person.partner.home = person.home
    for child in people:
        if child.age < ADULT:
            with_father = child.father is not None and rng.random() < 0.2
            parent = child.father if with_father else child.mother
            holder = parent or next((holder for holder, _child, _kind in child.responsibility), None)
            child.home = holder.home if holder else make_home(rng)


def _befall(people: list[Draft], rng: Random, *, today: date) -> None:
    """Death, emigration, protected addresses, D-numbers and changed numbers."""
    for person in people:
        fate = rng.random()
        recently = today - timedelta(days=rng.randrange(30, 5 * 365))
        if person.age >= 60 and fate < 0.06:
            person.died = recently
        elif ADULT <= person.age < 60 and fate < 0.015:
            person.emigrated = recently
        elif ADULT <= person.age < 67 and 0.02 < fate < 0.045:
            person.has_d_number = True
        elif 0.05 < fate < 0.065 and person.age > 5:
            person.number_changed = recently
        elif 0.070 < fate < 0.073:
            _protect(person, Protection.CONFIDENTIAL)
        elif 0.080 < fate < 0.0815:
            _protect(person, Protection.STRICTLY_CONFIDENTIAL)


def _protect(person: Draft, protection: Protection) -> None:
    """Protect the person and the children who live with them."""
    household = [child for child in person.children if child.age < ADULT and child.home is person.home]
    for member in (person, *household):
        member.protection = protection


def _give_guardians(people: list[Draft], rng: Random, *, today: date) -> None:
    able = [person for person in people if 30 <= person.age <= 75 and person.lives_here]
    for ward in people:
        fate = rng.random()
        if ward.age < ADULT or ward.died or not able:
            continue
        since = today - timedelta(days=rng.randrange(30, 8 * 365))
        if fate < 0.014:
            guardian = rng.choice(able)
            if guardian is ward:
                continue
            areas = (
                frozenset(Area)
                if fate < 0.005
                else frozenset({Area.ECONOMIC if fate < 0.012 else Area.PERSONAL})
            )
            until = since + timedelta(days=rng.randrange(100, 12 * 365)) if rng.random() < 0.3 else None
            ward.guardianships.append((guardian, ward, areas, since, until))
            guardian.guardianships.append((guardian, ward, areas, since, until))
            if rng.random() < 0.08:
                ward.capacity_limit = since
        elif (
            fate < 0.05
            and ward.age >= 65
            and (grown := [child for child in ward.children if child.lives_here])
        ):
            holder = rng.choice(grown)
            areas = frozenset(Area) if rng.random() < 0.6 else frozenset({Area.ECONOMIC})
            ward.future_powers.append((holder, ward, areas, since))
            holder.future_powers.append((holder, ward, areas, since))
