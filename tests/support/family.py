"""A family, a guardian and a power of attorney in the embedded register, for tests of acting for another.

Everyone has a synthetic number. Ages are counted from the day of the clock when they are entered.
"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from kpr_portal.embedded.population_families import years_before
from kpr_portal.embedded.population_named import BY_SLUG, named_people
from kpr_portal.ground import clock
from kpr_portal.people.acting import Acting
from kpr_portal.people.basis import BY_MANDATE, Basis, Scope
from kpr_portal.people.embedded_register import EmbeddedPopulationRegister
from kpr_portal.people.models import Person, Representation
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.operations import person_for
from kpr_portal.people.population_register import Area, RegisterPerson
from kpr_portal.people.representation.from_register import refresh_from_register
from kpr_portal.people.representation.powers import give_power, months_from
from kpr_portal.people.representation.queries import representing
from kpr_portal.people.representation.rows import Evidence


def number_of(slug: str) -> NationalId:
    """The number of one of the demo's named people."""
    return BY_SLUG[slug].number


@dataclass
class Family:
    """The named people of the demo, by slug, and ways to act as them."""

    entries: dict[str, RegisterPerson]

    def person(self, slug: str) -> Person:
        """The person, met."""
        return person_for(number_of(slug))

    def change(self, slug: str, **values: Any) -> None:
        """Let the register tell something else of someone from now on."""
        self.entries[slug] = replace(self.entries[slug], **values)
        EmbeddedPopulationRegister().put_many([self.entries[slug]])

    def aged(self, slug: str, years: int) -> None:
        """Let someone turn so many years old today."""
        self.change(slug, birth_date=years_before(clock.today(), years))

    def signs_in(self, slug: str) -> Person:
        """The person, after a sign-in has looked them up."""
        person = self.person(slug)
        refresh_from_register(person)
        return person

    def oneself(self, slug: str) -> Acting:
        """Acting for oneself."""
        return Acting.for_oneself(self.person(slug))

    def acting(self, slug: str, *, for_: str, basis: Basis | None = None) -> Acting:
        """One acting for another by the latest row between them, as a request would find it."""
        actor, subject = self.signs_in(slug), self.person(for_)
        rows = Representation.objects.filter(representative=actor, represented=subject)
        if basis is not None:
            rows = rows.filter(basis=basis.value)
        found = representing(rows.latest("id").key, actor=actor)
        assert found is not None
        return found

    def power(self, giver: str, receiver: str, *scopes: Scope, months: int = 12) -> Representation:
        """Give a power of attorney."""
        return give_power(
            acting=self.oneself(giver),
            receiver=number_of(receiver),
            scopes=scopes or tuple(Scope),
            until=months_from(clock.today(), months),
        )

    def checked(self, representative: str, represented: str, basis: Basis, *scopes: Scope) -> Representation:
        """Let a caseworker have checked what gives this right, whatever the register tells."""
        today = clock.today()
        expires = basis in {Basis.ATTORNEY, Basis.NEXT_OF_KIN}
        covered = scopes or tuple(Scope)
        return Representation.objects.create(
            representative=self.person(representative),
            represented=self.person(represented),
            basis=basis.value,
            insight=Scope.INSIGHT in covered,
            reservation=Scope.RESERVATION in covered,
            areas=Area.PERSONAL.value if basis in BY_MANDATE else "",
            since=today,
            until=months_from(today, 12) if expires else None,
            evidence=Evidence.DOCUMENT,
            document=uuid4(),
            checked_at=clock.now(),
            checked_by=self.person("caseworker"),
        )


def enter_family() -> Family:
    """Enter the named people in the register as it is today."""
    people = named_people(today=clock.today())
    EmbeddedPopulationRegister().put_many(people)
    by_number = {person.number: person for person in people}
    return Family(
        {slug: by_number[named.number] for slug, named in BY_SLUG.items() if named.number in by_number}
    )
