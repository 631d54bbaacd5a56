"""Register people as documents and back: what the embedded register seals.

The documents hold numbers in clear. They exist only between sealing and opening.
"""

from datetime import date
from typing import Any

from kpr_portal.people.national_id import NationalId
from kpr_portal.people.population_register import (
    Address,
    Area,
    CapacityLimit,
    FuturePower,
    Guardianship,
    Marriage,
    NumberPeriod,
    ParentalResponsibility,
    Protection,
    RegisterPerson,
    ResponsibilityKind,
    Sex,
)

Document = dict[str, Any]


def person_to_document(person: RegisterPerson) -> Document:
    """What `person_from_document` reads. Only what is not the default is written."""
    document: Document = {
        "number": person.number.digits,
        "name": person.name,
        "birth_date": person.birth_date.isoformat(),
        "sex": person.sex.value,
        "municipality": person.municipality,
        "district": person.district,
        "address": person.address
        and [list(person.address.lines), person.address.postcode, person.address.city],
        "protection": None if person.protection is Protection.NONE else person.protection.value,
        "death_date": _text(person.death_date),
        "emigrated": _text(person.emigrated),
        "numbers": history_to_document(person.numbers),
        "language": person.language,
        "parents": [number.digits for number in person.parents],
        "children": [number.digits for number in person.children],
        "siblings": [number.digits for number in person.siblings],
        "spouses": [[m.spouse.digits, _text(m.since), _text(m.until)] for m in person.spouses],
        "parental_responsibility": [
            [r.holder.digits, r.child.digits, r.kind.value] for r in person.parental_responsibility
        ],
        "guardianships": [
            [g.guardian.digits, g.ward.digits, sorted(g.areas), _text(g.since), _text(g.until)]
            for g in person.guardianships
        ],
        "future_powers": [
            [p.holder.digits, p.giver.digits, sorted(p.areas), _text(p.since), _text(p.until)]
            for p in person.future_powers
        ],
        "capacity_limits": [[c.area.value, _text(c.since), _text(c.until)] for c in person.capacity_limits],
    }
    return {name: value for name, value in document.items() if value}


def person_from_document(document: Document) -> RegisterPerson:
    """The person in a document."""
    address = document.get("address")
    return RegisterPerson(
        number=NationalId(document["number"]),
        name=document["name"],
        birth_date=date.fromisoformat(document["birth_date"]),
        sex=Sex(document["sex"]),
        municipality=document.get("municipality", ""),
        district=document.get("district", ""),
        address=Address(lines=tuple(address[0]), postcode=address[1], city=address[2]) if address else None,
        protection=Protection(document.get("protection", Protection.NONE)),
        death_date=_date(document.get("death_date")),
        emigrated=_date(document.get("emigrated")),
        numbers=history_from_document(document.get("numbers", [])),
        language=document.get("language", "nb"),
        parents=_numbers(document, "parents"),
        children=_numbers(document, "children"),
        siblings=_numbers(document, "siblings"),
        spouses=tuple(
            Marriage(NationalId(spouse), _date(since), _date(until))
            for spouse, since, until in document.get("spouses", [])
        ),
        parental_responsibility=tuple(
            ParentalResponsibility(NationalId(holder), NationalId(child), ResponsibilityKind(kind))
            for holder, child, kind in document.get("parental_responsibility", [])
        ),
        guardianships=tuple(
            Guardianship(NationalId(guardian), NationalId(ward), *_mandate(mandate))
            for guardian, ward, *mandate in document.get("guardianships", [])
        ),
        future_powers=tuple(
            FuturePower(NationalId(holder), NationalId(giver), *_mandate(mandate))
            for holder, giver, *mandate in document.get("future_powers", [])
        ),
        capacity_limits=tuple(
            CapacityLimit(Area(area), date.fromisoformat(since), _date(until))
            for area, since, until in document.get("capacity_limits", [])
        ),
    )


def history_to_document(periods: tuple[NumberPeriod, ...]) -> list[list[str | None]]:
    """What `history_from_document` reads."""
    return [[period.number.digits, _text(period.since), _text(period.until)] for period in periods]


def history_from_document(document: list[list[str]]) -> tuple[NumberPeriod, ...]:
    """The number history in a document."""
    return tuple(
        NumberPeriod(NationalId(number), _date(since), _date(until)) for number, since, until in document
    )


def _numbers(document: Document, name: str) -> tuple[NationalId, ...]:
    return tuple(NationalId(digits) for digits in document.get(name, []))


def _mandate(mandate: list[Any]) -> tuple[frozenset[Area], date, date | None]:
    areas, since, until = mandate
    return frozenset(Area(area) for area in areas), date.fromisoformat(since), _date(until)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
