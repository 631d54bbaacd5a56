"""Acting for another against acting for oneself, and the lists of those who may act for many."""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from django.conf import settings

from bench.load import Browser, drive, in_turns, together
from bench.pages import BROWSERS, PAGES, ROUNDS, SECONDS, fill, get, with_csrf
from bench.people import numbers, signed_in
from bench.server import web_server
from bench.table import Row
from kpr_portal.embedded.population_families import years_before
from kpr_portal.ground import clock
from kpr_portal.login.operations import PROVEN_AT, REPRESENTING
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.models import Person
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.operations import people_for, person_for
from kpr_portal.people.population_register import (
    Address,
    Area,
    Guardianship,
    ParentalResponsibility,
    RegisterPerson,
    ResponsibilityKind,
    Sex,
)
from kpr_portal.people.representation.from_register import refresh_from_register
from kpr_portal.people.representation.queries import choices_for

OF_OWN = 0.8
RECORDS = 200
CHILDREN, WARDS = 12, 300
HOME = Address(lines=("Furuveien 3",), postcode="7011", city="Trondheim")
LIST = "/pa-vegne-av/"
VISIT = "choosing, then all three"
One = Callable[[Browser, int], None]


def against_oneself() -> Iterator[Row]:
    """Each page about another against the same page about oneself, and a visit that begins with the choice.

    Parents, each acting for a child that they live with and of whom KPR holds as much as of them.
    """
    parents = [_parent_of(1, seed=100 + number) for number in range(BROWSERS)]
    keys = [str(choices_for(parent)[0].key) for parent, _children in parents]
    fill([person.pk for parent, children in parents for person in (parent, *children)], each=RECORDS)
    with web_server() as base:
        own = [_proven(parent, base=base) for parent, _children in parents]
        acting = [
            _proven(parent, base=base, **{REPRESENTING: key})
            for (parent, _children), key in zip(parents, keys, strict=True)
        ]
        twin = {id(mine): other for mine, other in zip(own, acting, strict=True)}
        chosen = {id(mine): "" for mine in own} | {id(o): key for o, key in zip(acting, keys, strict=True)}
        ones: dict[str, One] = {**{name: get(path) for name, path in PAGES.items()}, VISIT: _visit(chosen)}
        both = {f"own {name}": one for name, one in ones.items()}
        both |= {f"other {name}": _by(twin, one) for name, one in ones.items()}
        parts = list(in_turns(both, own, rounds=ROUNDS, seconds=SECONDS))
    for name in ones:
        mine, other = (together([part[f"{whose} {name}"] for part in parts]) for whose in ("own", "other"))
        yield Row(f"for another: {name}", other.rate / mine.rate, f"{other}, oneself {mine}", at_least=OF_OWN)


def lists() -> Iterator[Row]:
    """The list of those one may act for, whole and searched in: for a parent of 12, and a guardian of 300."""
    parent, _children = _parent_of(CHILDREN, seed=200)
    guardian, _wards = _guardian_of(WARDS, seed=300)
    with web_server() as base:
        for name, person in ((f"a parent of {CHILDREN}", parent), (f"a guardian of {WARDS}", guardian)):
            browser = _proven(person, base=base)
            surname = choices_for(person)[-1].name.split()[-1]
            for label, query in (("", ""), (", searching", "?" + urlencode({"q": surname}))):
                drive(get(LIST), [browser], seconds=SECONDS / 2)  # does not count
                measured = drive(get(LIST + query), [browser], seconds=ROUNDS * SECONDS / 2)
                yield Row(f"the list of {name}{label}", None, str(measured))


def _by(twin: dict[int, Browser], one: One) -> One:
    """The same, by the browser that acts for another."""

    def by(browser: Browser, turn: int) -> None:
        one(twin[id(browser)], turn)

    return by


def _visit(chosen: dict[int, str]) -> One:
    """Choose whom one acts for, by browser, and read the three pages."""
    pages = [get(path) for path in PAGES.values()]

    def visit(browser: Browser, turn: int) -> None:
        body = urlencode(
            {
                "csrfmiddlewaretoken": browser.cookies[settings.CSRF_COOKIE_NAME],
                "hvem": chosen[id(browser)],
                "next": next(iter(PAGES.values())),
            }
        )
        status, _, where = browser.send("POST", LIST, body=body, headers={"Referer": browser.base})
        if status != 302 or "logg-inn" in where:
            msg = f"{LIST} answered {status}"
            raise RuntimeError(msg)
        for page in pages:
            page(browser, turn)

    return visit


def _proven(person: Person, *, base: str, **data: str) -> Browser:
    """A browser of this person's, who has proved anew who they are."""
    return with_csrf(signed_in(person, base=base, **{PROVEN_AT: clock.now().isoformat(), **data}))


def _parent_of(count: int, *, seed: int) -> tuple[Person, list[Person]]:
    """A parent who lives with so many children of 8, taken in from the register."""
    parent, *children = numbers(count + 1, seed=seed)
    held = [ParentalResponsibility(parent, child, ResponsibilityKind.SHARED) for child in children]
    entries = [_entry(parent, years=40, parental_responsibility=tuple(held))]
    entries += [
        _entry(child, years=8, at=at, parental_responsibility=(each,))
        for at, (child, each) in enumerate(zip(children, held, strict=True))
    ]
    return _taken_in(parent, children, entries)


def _guardian_of(count: int, *, seed: int) -> tuple[Person, list[Person]]:
    """A guardian of so many grown-ups for personal matters, taken in from the register."""
    guardian, *wards = numbers(count + 1, seed=seed)
    areas, since = frozenset({Area.PERSONAL}), years_before(clock.today(), 2)
    mandates = [Guardianship(guardian, ward, areas, since) for ward in wards]
    entries = [_entry(guardian, years=50, guardianships=tuple(mandates))]
    entries += [
        _entry(ward, years=70, at=at, guardianships=(mandate,))
        for at, (ward, mandate) in enumerate(zip(wards, mandates, strict=True))
    ]
    return _taken_in(guardian, wards, entries)


def _entry(
    number: NationalId,
    *,
    years: int,
    at: int = 0,
    parental_responsibility: tuple[ParentalResponsibility, ...] = (),
    guardianships: tuple[Guardianship, ...] = (),
) -> RegisterPerson:
    return RegisterPerson(
        number=number,
        name=f"Rolig Fjell{at}",
        birth_date=years_before(clock.today(), years),
        sex=Sex.FEMALE,
        municipality="5001",
        address=HOME,
        parental_responsibility=parental_responsibility,
        guardianships=guardianships,
    )


def _taken_in(
    one: NationalId, others: list[NationalId], entries: list[RegisterPerson]
) -> tuple[Person, list[Person]]:
    EmbeddedPopulationRegister().put_many(entries)
    person = person_for(one)
    refresh_from_register(person)
    return person, list(people_for(others).values())
